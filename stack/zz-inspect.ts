import { readdirSync } from "node:fs";
import { startPrometheus } from "/work/wt-liveb/grafana-plugin/preview/testing/prometheus.ts";
import { startBusyExporter, startQuietIncidents } from "/work/wt-liveb/grafana-plugin/preview/testing/programs.ts";
import { startPreview } from "/work/wt-liveb/grafana-plugin/preview/server.ts";
import { launchBrowser } from "/work/wt-liveb/grafana-plugin/browser/launch.ts";
import { violations } from "/work/wt-liveb/stack/testing/visit-status-page.ts";
import { setTimeout as sleep } from "node:timers/promises";
const [exporter, incidents, browser] = await Promise.all([startBusyExporter(), startQuietIncidents(), launchBrowser()]);
const prometheus = await startPrometheus(3, undefined, { exporter: exporter.address, incidents: incidents.address, upstream: exporter.upstream, rules: "/work/wt-liveb/provisioning/prometheus/rules/headroom.yml" });
const preview = await startPreview({ port: 0, prometheusUrl: prometheus.url, dashboardsFolder: "/work/wt-liveb/provisioning/grafana/dashboards", scrapeIntervalSeconds: 1 });
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await sleep(8000);
  await page.goto(preview.url + "/?from=now-3m&refresh=2s" + (process.argv[2] ?? ""));
  await page.locator("[data-lane]").first().waitFor();
  await sleep(4000);
  console.log((await violations(page)).map((v) => v.slice(0, 400)).join("\n"));
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press("Tab");
    const told = await page.evaluate(() => { const e = document.activeElement as HTMLElement; if (e === document.body) return "BODY"; const panel = e.closest("[data-panel]"); return `${panel?.getAttribute("data-panel") ?? "-"} ${e.tagName} role=${e.getAttribute("role")} ti=${e.getAttribute("tabindex")} label=${(e.getAttribute("aria-label") ?? "").slice(0,70)} text=${e.textContent!.slice(0, 30)} cls=${String(e.className).slice(0,50)} id=${e.id} testid=${e.dataset["testid"]}`; });
    console.log(i, told);
    if (told === "BODY") break;
  }
  await page.screenshot({ path: "/tmp/liveb/page.png" });
} finally { await browser.close(); await preview.close(); await prometheus.stop(); await exporter.stop(); await incidents.stop(); }

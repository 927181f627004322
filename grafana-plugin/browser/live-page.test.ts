import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import { requireBuilt } from "../preview/places.ts";
import { startPreview, type Preview } from "../preview/server.ts";
import { FIRST, pastRun, SECOND, type PastRun } from "../preview/testing/past-run.ts";
import { startPrometheus, type OwnPrometheus } from "../preview/testing/prometheus.ts";
import { violations } from "../preview/testing/violations.ts";
import { watchedPage, type WatchedPage } from "../preview/testing/watched-page.ts";
import { launchBrowser } from "./launch.ts";

const FOLDER = join(import.meta.dirname, "..", "..", "provisioning", "grafana", "dashboards");

let run: PastRun;
let prometheus: OwnPrometheus;
let preview: Preview;
let browser: Browser;
let watched: WatchedPage;

beforeAll(async () => {
  requireBuilt();
  run = pastRun(Date.now());
  [prometheus, browser] = await Promise.all([
    startPrometheus(1, undefined, undefined, run.text),
    launchBrowser(),
  ]);
  preview = await startPreview({
    port: 0,
    prometheusUrl: prometheus.url,
    dashboardsFolder: FOLDER,
    scrapeIntervalSeconds: 5,
  });
});
afterAll(async () => {
  await browser?.close();
  await preview?.close();
  await prometheus?.stop();
});
beforeEach(async () => {
  watched = await watchedPage(browser);
});
afterEach(() => watched.page.close());

/** Opens a dashboard on the minutes `from` to `to` of the past run. */
async function open(uid: string, from: number, to: number, more = "") {
  const at = (minute: number) => String(run.began + 60_000 * minute);
  const query = `dashboard=${uid}&from=${at(from)}&to=${at(to)}&timezone=utc&refresh=`;
  await watched.page.goto(`${preview.url}/?theme=dark&${query}${more}`);
  await watched.page.getByText(/^Values of/).waitFor();
}

const panel = (title: string) => watched.page.locator("[data-panel]").filter({ hasText: title });
const clock = (minute: number) => new Date(run.began + 60_000 * minute).toISOString().slice(11, 16);

describe("what concerns the whole page", () => {
  it("is that the answers are made up, and since when nobody asks", async () => {
    await open("headroom-overview", 0, 15);
    const badge = watched.page.getByText("SIMULATED", { exact: true });
    await badge.waitFor();
    await watched.page.getByText(`No traffic since ${clock(8)}`, { exact: true }).waitFor();
    await badge.hover();
    await watched.page.getByText(`No model answers: ${FIRST} makes its answers up.`).waitFor();
    expect(watched.complaints).toEqual([]);
  });

  it("is nothing of the kind while models are asked", async () => {
    await open("headroom-overview", 20, 35);
    await panel("Memory by scope").locator(".u-over").waitFor();
    await watched.page.waitForLoadState("networkidle");
    expect(await watched.page.getByText("SIMULATED").count()).toBe(0);
    expect(await watched.page.getByText(/No traffic (since|yet)/).count()).toBe(0);
  });

  it("is what to type where nobody has asked yet", async () => {
    await open("headroom-status", 0, 15);
    const words = "No status requests yet: npm run load -- status";
    await watched.page.getByText(words).first().waitFor();
    expect(await watched.page.getByText("No data", { exact: true }).count()).toBe(0);
  });
});

describe("alerts", () => {
  it("are so many that fire and so many that are pending, and lead to the list of those", async () => {
    await open("headroom-overview", 0, 15, `&var-instance=${FIRST}`);
    const stat = panel("Alerts").first();
    await stat.getByText("1 firing").waitFor();
    await stat.getByText("3 pending").waitFor();
    await stat.getByRole("link", { name: "The alerts that fire or are pending" }).click();
    const list = watched.page.getByRole("table", { name: "Alerts now" });
    await list.waitFor();
    const rows = await list.getByRole("row").allInnerTexts();
    expect(
      rows
        .slice(1)
        .map((row) => row.split("\t").slice(0, 2))
        .sort(),
    ).toEqual([
      ["HeadroomErrorRateHigh", "pending"],
      ["HeadroomLatencyHigh", "pending"],
      ["HeadroomMemoryHigh", "firing"],
      ["HeadroomNoTraffic", "pending"],
    ]);
    expect(rows.find((row) => row.startsWith("HeadroomMemoryHigh"))).toContain(clock(5));
    const runbook = list.getByRole("link", { name: "HeadroomMemoryHigh" });
    expect(await runbook.getAttribute("href")).toMatch(/\/runbooks\/HeadroomMemoryHigh$/);
    await watched.page.goBack();
    await panel("Memory by scope").locator(".u-over").waitFor();
    expect(watched.complaints).toEqual([]);
  });

  it("are states over time", async () => {
    await open("headroom-operations", 0, 15);
    const timeline = panel("Alerts over time");
    const pending = `HeadroomMemoryHigh: pending, ${clock(5)}:00 to ${clock(6)}:00`;
    await timeline.getByTitle(pending).waitFor();
    await timeline.getByTitle(`HeadroomMemoryHigh: firing, ${clock(6)}:00`).waitFor();
    const color = (title: string) =>
      timeline.getByTitle(title).evaluate((bar) => getComputedStyle(bar).backgroundColor);
    expect(await color(pending)).not.toBe(await color("HeadroomMemoryHigh: firing"));
  });

  it("are none where none is pending or fires", async () => {
    await open("headroom-operations", 21, 35);
    await panel("Alerts now").getByText("No alert fires or is pending.").waitFor();
    await panel("Alerts over time").getByText("No alert was pending or fired.").waitFor();
    await panel("Simulated exporters").getByText("0", { exact: true }).waitFor();
  });
});

describe("graphs", () => {
  it("have a thin mark for each incident of the exporters, with its name and its runbook", async () => {
    await open("headroom-overview", 0, 15);
    const marked = watched.page.getByRole("list", { name: "Marked on the graphs" });
    await marked.waitFor();
    const names = (await marked.getByRole("listitem").allInnerTexts()).map((text) => text.trim());
    expect(names).toEqual(["Incident: HeadroomMemoryHigh"]);
    const href = await marked.getByRole("link").getAttribute("href");
    expect(href).toMatch(/^http.*\/runbooks\/HeadroomMemoryHigh$/);
    const graph = panel("Memory by scope");
    const mark = graph.getByRole("link", { name: "Incident: HeadroomMemoryHigh" });
    await mark.waitFor();
    expect(await mark.getAttribute("href")).toBe(href);
    const [{ x, width }, plot] = [(await mark.boundingBox())!, graph.locator(".u-over")];
    const area = (await plot.boundingBox())!;
    expect(Math.abs((x + width / 2 - area.x) / area.width - 6 / 15)).toBeLessThan(0.02);
    expect(width).toBeLessThan(12);
  });

  it("name the exporter where there are several", async () => {
    await open("headroom-overview", 0, 15);
    const legend = panel("Memory by scope").getByRole("button");
    await legend.getByText("system", { exact: true }).waitFor();
    await open("headroom-overview", 20, 35);
    await legend.getByText(`system, ${FIRST}`, { exact: true }).waitFor();
    await legend.getByText(`system, ${SECOND}`, { exact: true }).waitFor();
    await open("headroom-overview", 20, 35, `&var-instance=${SECOND}`);
    await legend.getByText("system", { exact: true }).waitFor();
  });
});

describe("a window of 1440 pixels at 200 %", () => {
  /** Words of lanes that stand over others or beyond their lane, or are cut; run in the page. */
  const unread = () =>
    watched.page.locator("[data-lane]").evaluateAll((all) =>
      all.flatMap((lane) => {
        const words = [...lane.querySelectorAll<HTMLElement>("*")].filter(
          (one) =>
            !one.closest(".uplot") &&
            [...one.childNodes].some((node) => node.nodeType === 3 && node.nodeValue!.trim()),
        );
        const boxes = words.map((one) => one.getBoundingClientRect());
        const own = lane.getBoundingClientRect();
        return words
          .filter((one, i) => {
            const { left, right, top, bottom } = boxes[i]!;
            const isCut = one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0;
            const isBeyond =
              left < own.left ||
              right > own.right + 1 ||
              top < own.top - 1 ||
              bottom > own.bottom + 1;
            const isOver = words.some((other, j) => {
              if (other.contains(one) || one.contains(other)) return false;
              const { left: l, right: r, top: t, bottom: b } = boxes[j]!;
              return left < r - 1 && l < right - 1 && top < b - 1 && t < bottom - 1;
            });
            return isCut || isBeyond || isOver;
          })
          .map((one) => one.textContent);
      }),
    );

  it.each([
    ["a broken limit", "light", 0],
    ["two exporters", "dark", 20],
  ])("shows all words of %s, %s, and breaks no guideline", async (_, theme, from) => {
    await watched.page.close();
    watched = await watchedPage(browser, 1_440, 2);
    await open("headroom-overview", from, from + 15, `&theme=${theme}`);
    const { page } = watched;
    const lanes = page.locator("[data-lane]");
    await lanes.last().scrollIntoViewIfNeeded();
    await lanes.last().locator("canvas").waitFor();
    if (from === 0) {
      const text = await lanes.first().innerText();
      expect(text).toMatch(/Memory used, system\s*3.50 GB\s*warning\s*firing since/);
      await lanes.first().getByRole("link", { name: "Runbook" }).waitFor();
    }
    expect(await unread()).toEqual([]);
    const list = page.getByRole("list", { name: "Limits" });
    expect(await list.evaluate((one) => one.scrollHeight - one.clientHeight)).toBe(0);
    const sideways = "document.scrollingElement.scrollWidth - document.documentElement.clientWidth";
    expect(await page.evaluate(sideways)).toBe(0);
    expect(await violations(page)).toEqual([]);
    expect(watched.complaints).toEqual([]);
  });
});

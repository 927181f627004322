import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { attributionInside } from "@headroom/alerts/rules/measures";
import type { Browser, Locator } from "playwright-core";
import { requireBuilt } from "../preview/places.ts";
import { startPreview, type Preview } from "../preview/server.ts";
import { startPrometheus, type OwnPrometheus } from "../preview/testing/prometheus.ts";
import {
  startBusyExporter,
  startQuietIncidents,
  type BusyExporter,
  type RunningProgram,
} from "../preview/testing/programs.ts";
import { violations } from "../preview/testing/violations.ts";
import { watchedPage } from "../preview/testing/watched-page.ts";
import { launchBrowser } from "./launch.ts";

const PROVISIONING = join(import.meta.dirname, "..", "..", "provisioning");
const FOLDER = join(PROVISIONING, "grafana", "dashboards");
const RULES = join(PROVISIONING, "prometheus", "rules", "headroom.yml");

/** Titles of the panels that are empty because no load run writes to this Prometheus. */
const NEEDS_K6: readonly string[] = [
  "Virtual users",
  "Requests of k6",
  "Latency of k6, P95",
  "Failures of k6",
  "Checks passed",
  "Latency as k6 sees it, P95",
  "Status answers as k6 sees them, P95",
  "Virtual users over time",
  "Checks",
];

/** Titles of the panels that are empty while no alert is pending or firing, as at most times. */
const NEEDS_ALERTS: readonly string[] = ["Alerts over time"];

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly {
    readonly id: number;
    readonly type: string;
    readonly title: string;
    readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
  readonly templating: {
    readonly list: readonly {
      readonly hide?: number;
      readonly allValue: string;
      readonly query: { readonly query: string };
    }[];
  };
}

const dashboards = readdirSync(FOLDER).map(
  (name) => JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as Dashboard,
);
const mayBeEmpty = new Set([...NEEDS_K6, ...NEEDS_ALERTS]);

/** What an empty panel says. */
const EMPTY = /^(no (data|traffic|load run)|NaN|No .*: npm .*)$/i;

let exporter: BusyExporter;
let incidents: RunningProgram;
let prometheus: OwnPrometheus;
let preview: Preview;
let browser: Browser;

beforeAll(async () => {
  requireBuilt();
  [exporter, incidents, browser] = await Promise.all([
    startBusyExporter(),
    startQuietIncidents(),
    launchBrowser(),
  ]);
  const { address, upstream } = exporter;
  const more = { exporter: address, incidents: incidents.address, upstream, rules: RULES };
  prometheus = await startPrometheus(3, undefined, more);
  preview = await startPreview({
    port: 0,
    prometheusUrl: prometheus.url,
    dashboardsFolder: FOLDER,
    scrapeIntervalSeconds: 1,
  });
});
afterAll(async () => {
  await browser?.close();
  await preview?.close();
  await prometheus?.stop();
  await exporter?.stop();
  await incidents?.stop();
});

describe.each(dashboards.map((dashboard) => [dashboard.uid, dashboard] as const))(
  "the provisioned dashboard %s",
  (uid, dashboard) => {
    const panels = dashboard.panels.map((panel) => ({
      ...panel,
      exprs: panel.targets.map(({ expr }) => concrete(expr)),
    }));

    it("has queries that all find numbers, but for k6 and alerts", async () => {
      const expected = panels.filter(({ title }) => !mayBeEmpty.has(title));
      expect(expected.length).toBeGreaterThan(5);
      const open = new Set(
        expected
          .flatMap(({ exprs }) => exprs)
          // Before a model server, no request waits for the exporter's own engine; alerts come and go.
          .filter((expr) => !/k6_|ALERTS|alerts_for_state|headroom_chat_queue_depth/.test(expr)),
      );
      const patience = Date.now() + 240_000;
      while (open.size > 0 && Date.now() < patience) {
        for (const expr of open) if (await findsNumbers(expr)) open.delete(expr);
        if (open.size > 0) await sleep(500);
      }
      expect([...open]).toEqual([]);
      expect(exporter.refused).toEqual([]);
    });

    it("is drawn without an error, a complaint or an empty panel", async () => {
      const { page, complaints, origins } = await watchedPage(browser);
      await page.goto(`${preview.url}/?dashboard=${uid}&theme=dark&from=now-1m&to=now`);
      await page.getByText(/^Values of \d\d:\d\d:\d\d$/).waitFor();
      const empty: string[] = [];
      for (const { id, type, title } of panels) {
        const panel = page.locator(`[data-panel="${id}"]`);
        await panel.getByText(title).first().waitFor();
        expect([title, await panel.getByRole("button", { name: "Panel status" }).count()]).toEqual([
          title,
          0,
        ]);
        expect([title, await panel.getByText("does not draw").count()]).toEqual([title, 0]);
        expect([title, await panel.getByRole("alert").count()]).toEqual([title, 0]);
        if ((await panel.getByText(EMPTY).count()) > 0) empty.push(title);
        else if (type === "timeseries" && !(await getsColour(panel))) empty.push(title);
      }
      expect(empty.filter((title) => !mayBeEmpty.has(title))).toEqual([]);
      // What is certain to be empty is seen to be so, or the eye for the others is blind.
      const withoutK6 = panels
        .map(({ title }) => title)
        .filter((title) => NEEDS_K6.includes(title));
      expect(empty).toEqual(expect.arrayContaining(withoutK6));
      expect(await violations(page)).toEqual([]);
      expect(complaints).toEqual([]);
      expect([...origins]).toEqual([preview.url]);
      await page.close();
    });
  },
);

describe("the overview", () => {
  const open = async () => {
    const { page } = await watchedPage(browser);
    await page.setViewportSize({ width: 1_440, height: 900 });
    await page.goto(`${preview.url}/?dashboard=headroom-overview&from=now-1m&to=now`);
    await page.locator("[data-lane] canvas").first().waitFor();
    return page;
  };

  it("begins with the golden signals and the nearest limits, all in the first screen", async () => {
    const page = await open();
    const bottom = async (place: Locator) => {
      const { y, height } = (await place.boundingBox())!;
      return y + height;
    };
    const titles = ["Latency, P95", "Errors", "Traffic a second", "Queue depth"];
    for (const title of [...titles, "Memory of limit"]) {
      expect(await bottom(page.getByText(title).first())).toBeLessThan(300);
    }
    const list = page.getByRole("list", { name: "Limits" });
    expect(await list.evaluate((one) => one.scrollHeight - one.clientHeight)).toBe(0);
    const lanes = page.locator("[data-lane]");
    expect(await lanes.count()).toBeGreaterThan(5);
    expect(await bottom(lanes.last())).toBeLessThan(900);
    // Behind it are those that have no room, and none of them is lost.
    const more = page.getByRole("button", { name: /\d+ more, the worst: .+ % headroom/ });
    expect(await bottom(more)).toBeLessThan(900);
    await more.click();
    await page.getByRole("button", { name: "worst of 8" }).waitFor();
    expect(await lanes.count()).toBeGreaterThan(12);
    await page.close();
  });

  it("shows the latency of whatever is asked: of messages, and of chat requests", async () => {
    const page = await open();
    const stat = page.locator("[data-panel]").filter({ hasText: "Latency, P95" }).first();
    await expect(stat.innerText()).resolves.toMatch(
      /messages\s*[\d.]+\s*m?s\s*first token\s*[\d.]+\s*m?s/,
    );
    await page.close();
  });

  it("says of the messages inside of each method what the daily check says", async () => {
    const page = await open();
    for (const method of ["occlusion", "prefix"]) {
      const button = page.getByRole("button", { name: method, exact: true });
      await button.click();
      await button.and(page.locator("[aria-pressed=true]")).waitFor();
      const text = await page
        .getByText(/^[\d.]+ %$/)
        .and(page.locator("section strong"))
        .innerText();
      const own = { window: "1m", by: "", matchers: `method="${method}"` };
      const expected = await valueOf(attributionInside(own));
      expect(Math.abs(Number.parseFloat(text) - 100 * expected)).toBeLessThan(5);
    }
    await page.close();
  });
});

it("asks of the preview no more than it can: variables in queries only, and only the known kinds", () => {
  for (const { panels, templating } of dashboards) {
    const rest = panels.map(({ targets: _, ...panel }) => panel);
    // What links take along: the address's time and variables, and a cell's value.
    const known = /\$\{__(url_time_range|all_variables|value\.raw)\}/g;
    expect(JSON.stringify(rest).replaceAll(known, "")).not.toMatch(/\$[\w{]|\[\[/);
    for (const { targets } of panels) {
      for (const { expr, legendFormat } of targets) {
        expect(legendFormat).toMatch(/^(?!__auto$)./);
        const known = /^(instance|model|__rate_interval|__range)$/;
        for (const [, name] of expr.matchAll(/\$\{?(\w+)/g)) expect(name).toMatch(known);
        for (const [, name] of legendFormat.matchAll(/\$\{?(\w+)/g)) expect(name).toBe("exporter");
      }
    }
    for (const variable of templating.list) {
      if (variable.hide) {
        expect(variable.query.query).toMatch(/^query_result\(.+\)$/);
        continue;
      }
      expect(variable).toMatchObject({ type: "query", multi: true, includeAll: true });
      expect(variable.allValue).toBe(".*");
      expect(variable.query.query).toMatch(/^label_values\(.+, \w+\)$/);
    }
  }
});

it("has the dashboard of alerts to which the live page leads from /alerts", async () => {
  const { url } = await fetch(`${preview.url}/alerts`);
  const shown = dashboards.find(({ uid }) => uid === new URL(url).searchParams.get("dashboard"));
  expect(shown?.panels.map(({ title }) => title)).toContain("Alerts over time");
});

it("lists no panel as empty that no dashboard has", () => {
  const titles = dashboards.flatMap(({ panels }) => panels.map(({ title }) => title));
  for (const title of mayBeEmpty) expect(titles).toContain(title);
});

/** The query as Prometheus is asked when all exporters and models are chosen. */
function concrete(expr: string): string {
  return expr
    .replaceAll("$__rate_interval", "4s")
    .replaceAll("$__range", "1m")
    .replaceAll(/\$(instance|model)\b/g, ".*");
}

/** Whether the panel has a graph's colour, now or soon: values come before the curve is drawn. */
async function getsColour(panel: Locator): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await panel.evaluate(hasColour)) return true;
    await sleep(200);
  }
  return false;
}

/** Whether a graph of the panel has a pixel that is not grey: a curve, or a limit. Run in the page. */
function hasColour(panel: Element): boolean {
  return [...panel.querySelectorAll("canvas")].some((canvas) => {
    const { width, height } = canvas;
    if (width === 0 || height === 0) return false;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, width, height);
    for (let i = 0; i < data.length; i += 4) {
      const [red = 0, green = 0, blue = 0, opacity = 0] = data.subarray(i, i + 4);
      // Of a pixel that is hardly there, the colour is not known well.
      if (opacity > 128 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60)
        return true;
    }
    return false;
  });
}

async function findsNumbers(query: string): Promise<boolean> {
  return (await valuesOf(query)).some(Number.isFinite);
}

async function valueOf(query: string): Promise<number> {
  return (await valuesOf(query))[0] ?? Number.NaN;
}

async function valuesOf(query: string): Promise<readonly number[]> {
  const answer = await fetch(`${prometheus.url}/api/v1/query?${new URLSearchParams({ query })}`);
  const { data } = (await answer.json()) as {
    data?: { result: readonly { value: readonly [number, string] }[] };
  };
  return (data?.result ?? []).map(({ value }) => Number(value[1]));
}

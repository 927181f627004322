import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import { launchBrowser } from "./launch.ts";
import { requireBuilt } from "../preview/places.ts";
import { startPreview, type Preview } from "../preview/server.ts";
import { brokenQuery, hostile, ownMetrics } from "../preview/testing/dashboard.ts";
import { startPrometheus, type OwnPrometheus } from "../preview/testing/prometheus.ts";
import { violations } from "../preview/testing/violations.ts";
import { watchedPage, type WatchedPage } from "../preview/testing/watched-page.ts";

let folder: string;
let prometheus: OwnPrometheus;
let preview: Preview;
let browser: Browser;
let watched: WatchedPage;
/** Another server, and what it was asked for. */
let elsewhere: Server;
const asked: string[] = [];

beforeAll(async () => {
  requireBuilt();
  folder = await mkdtemp(join(tmpdir(), "headroom-dashboards-"));
  elsewhere = createServer(({ url = "" }, answer) => {
    asked.push(url);
    answer.end();
  }).listen(0, "127.0.0.1");
  await once(elsewhere, "listening");
  const other = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  for (const dashboard of [ownMetrics, brokenQuery, hostile(other)]) {
    await writeFile(join(folder, `${dashboard.uid}.json`), JSON.stringify(dashboard));
  }
  [prometheus, browser] = await Promise.all([startPrometheus(5), launchBrowser()]);
  const options = { port: 0, prometheusUrl: prometheus.url, dashboardsFolder: folder };
  preview = await startPreview({ ...options, scrapeIntervalSeconds: 1 });
});
afterAll(async () => {
  await browser?.close();
  await preview?.close();
  await prometheus?.stop();
  elsewhere?.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  watched = await watchedPage(browser);
});
afterEach(() => watched.page.close());

/** Red pixels of a panel's graphs: those that hide what is behind, and those that do not. Run in the page. */
function redPixels(element: Element): { solid: number; faint: number } {
  const count = { solid: 0, faint: 0 };
  for (const canvas of element.querySelectorAll("canvas")) {
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, width, height);
    for (let i = 0; i < data.length; i += 4) {
      const [red = 0, green = 0, , opacity = 0] = data.subarray(i, i + 4);
      if (opacity > 10 && red > 150 && green < 130) count[opacity < 50 ? "faint" : "solid"]++;
    }
  }
  return count;
}

const panel = (id: number) => watched.page.locator(`[data-panel="${id}"]`);

async function open(search = "?dashboard=own&theme=dark") {
  await watched.page.goto(`${preview.url}/${search}`);
  await watched.page.locator("[data-panel]").first().waitFor();
}

describe("a dashboard of Prometheus' own metrics", () => {
  it("is drawn by the built plugin and Grafana's components, without a complaint", async () => {
    await open();
    await panel(1).getByText("Goroutines of prometheus").first().waitFor();
    await panel(2).getByText("Targets").waitFor();
    await panel(2).getByText("1").first().waitFor();
    await panel(3).locator(".u-over").waitFor();
    await panel(3).getByText("rate").first().waitFor();
    await panel(5).getByText('does not draw panels of the kind "gauge"').waitFor();
    await watched.page.getByText("Preview, not Grafana").waitFor();
    await watched.page.getByText(/^Values of \d\d:\d\d:\d\d$/).waitFor();
    expect(watched.complaints).toEqual([]);
    expect([...watched.origins]).toEqual([preview.url]);
  });

  it("marks its annotations on the graphs, and says what they are", async () => {
    await open();
    const marked = watched.page.getByRole("list", { name: "Marked on the graphs" });
    await marked.waitFor();
    expect(await marked.getByRole("listitem").allInnerTexts()).toEqual(["prometheus is up"]);
    await panel(3).locator(".u-over").waitFor();
    let red = { solid: 0, faint: 0 };
    for (let attempt = 0; red.solid < 100 && attempt < 600; attempt++) {
      red = await panel(3).evaluate(redPixels);
      await sleep(100);
    }
    // A bar along the bottom, and no shade over the curves.
    expect(red.solid).toBeGreaterThan(100);
    expect(red.faint).toBeLessThan(red.solid);
    expect(watched.complaints).toEqual([]);
  });

  it("says in grey that there is no value any more, and not what the last one was", async () => {
    await open();
    const words = panel(8).getByText("no traffic");
    await words.waitFor();
    const channels = await words.evaluate((element) =>
      getComputedStyle(element)
        .color.match(/[\d.]+/g)!
        .slice(0, 3)
        .map(Number),
    );
    expect(Math.max(...channels) - Math.min(...channels)).toBeLessThan(30);
    expect(await panel(8).innerText()).not.toMatch(/\d/);
  });

  it("says of a panel without values that there is no data", async () => {
    await open();
    await panel(7).getByText("No data").waitFor();
    expect(watched.complaints).toEqual([]);
  });

  it("has one crosshair in all panels", async () => {
    await open();
    await panel(1).getByText("Goroutines of prometheus").first().waitFor();
    const plot = panel(3).locator(".u-over");
    await plot.waitFor();
    // Prometheus has only just begun: its values are at the right.
    const { width } = (await plot.boundingBox())!;
    await plot.hover({ position: { x: width - 25, y: 40 } });
    await watched.page.waitForFunction(() => {
      const line = document.querySelector('[data-panel="1"] .u-cursor-x');
      return line !== null && new DOMMatrix(getComputedStyle(line).transform).m41 > 0;
    });
    await watched.page.locator("#grafana-portal-container").getByText("rate").first().waitFor();
  });

  it("gets new values by itself", async () => {
    await open();
    const clock = watched.page.getByText(/^Values of/);
    const first = await clock.innerText();
    await watched.page.waitForFunction(
      (text) =>
        !document.body.innerText.includes(text) && /Values of/.test(document.body.innerText),
      first,
    );
    expect(await clock.innerText()).not.toBe(first);
  });

  it("keeps the theme in the address", async () => {
    await open();
    const background = () =>
      watched.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await background();
    await watched.page.getByRole("button", { name: "Use the light theme" }).click();
    await watched.page.getByRole("button", { name: "Use the dark theme" }).waitFor();
    expect(await background()).not.toBe(dark);
    expect(new URL(watched.page.url()).searchParams.get("theme")).toBe("light");
  });

  it("makes each change of the address a step that Back returns from", async () => {
    await open("?dashboard=own&theme=dark&from=now-5m&to=now&refresh=1s");
    const { page } = watched;
    const named = (name: string) => new URL(page.url()).searchParams.get(name);
    const before = page.url();
    await page.getByRole("button", { name: "Use the light theme" }).click();
    await page.getByRole("button", { name: "Move time range backwards" }).click();
    await page.waitForFunction(() => !location.search.includes("now-5m"));
    await page.getByRole("combobox", { name: "Dashboard" }).click();
    await page.getByRole("option", { name: "Broken" }).click();
    await page.getByRole("heading", { name: "Unfinished" }).waitFor();
    await page.goBack();
    await panel(2).waitFor();
    expect([named("dashboard"), named("theme")]).toEqual(["own", "light"]);
    await page.goBack();
    await page.waitForFunction(() => location.search.includes("now-5m"));
    await page.getByText("Last 5 minutes").waitFor();
    await page.goBack();
    await page.getByRole("button", { name: "Use the light theme" }).waitFor();
    expect(page.url()).toBe(before);
    await page.goForward();
    await page.getByRole("button", { name: "Use the dark theme" }).waitFor();
  });

  it("offers the refresh of the address, however unusual", async () => {
    await open("?dashboard=own&refresh=7s");
    const picker = watched.page.getByRole("button", { name: /refresh time interval/ });
    expect(await picker.innerText()).toBe("7s");
    await picker.click();
    const offered = await watched.page.getByRole("menuitemradio").allInnerTexts();
    expect(offered).toEqual(["Off", "5s", "7s", "10s", "30s", "1m"]);
  });

  it("refuses what an address cannot mean, and says so", async () => {
    const hostile = {
      refresh: "30d",
      from: "<img src=x onerror=alert(1)>",
      timezone: "Nowhere/Land",
      theme: "pink",
      viewPanel: "__proto__",
    };
    await open(`?dashboard=own&${new URLSearchParams(hostile)}`);
    for (const [name, text] of Object.entries(hostile)) {
      await watched.page.getByText(`${name}="${text}" is `).waitFor();
    }
    // Its own refresh holds, and the page goes on.
    await watched.page.getByRole("button", { name: "1s: choose refresh time interval" }).waitFor();
    await panel(2).getByText("1").first().waitFor();
    expect(watched.complaints).toEqual([]);
  });

  it("fits pages from 360 to 2560 pixels, in one column when narrow", async () => {
    await open();
    for (const width of [360, 768, 1_280, 2_560]) {
      await watched.page.setViewportSize({ width, height: 900 });
      await watched.page.waitForFunction(
        (limit) => document.querySelector('[data-panel="1"]')!.clientWidth <= limit,
        width,
      );
      const [page, first, second] = await Promise.all([
        watched.page.evaluate(() => document.scrollingElement!.scrollWidth),
        panel(1).boundingBox(),
        panel(2).boundingBox(),
      ]);
      expect(page).toBeLessThanOrEqual(width);
      expect(second!.width === first!.width).toBe(width < 800);
    }
  });

  it("changes to another dashboard of the folder", async () => {
    await open();
    await watched.page.getByRole("combobox", { name: "Dashboard" }).click();
    await watched.page.getByRole("option", { name: "Broken" }).click();
    await watched.page.getByRole("heading", { name: "Unfinished" }).waitFor();
    expect(new URL(watched.page.url()).searchParams.get("dashboard")).toBe("broken");
  });
});

describe("the page without a mouse", () => {
  const focused = () =>
    watched.page.evaluate(() => {
      const place = document.activeElement!;
      return place.getAttribute("aria-label") ?? place.textContent;
    });

  it("has a link past the header, and names for everything that Tab stops at", async () => {
    await open();
    await panel(3).locator(".uplot[aria-label]").waitFor();
    await panel(1).locator("[data-lane] .uplot[tabindex='0']").waitFor();
    const { keyboard } = watched.page;
    await keyboard.press("Tab");
    expect(await focused()).toBe("Skip to the panels");
    await keyboard.press("Enter");
    expect(await focused()).toBe("Panels");
    const stops: (string | null)[] = [];
    for (let stop = await next(); stop !== null; stop = await next()) stops.push(stop);
    expect(stops).toEqual([
      "1 inside",
      expect.stringMatching(/^Goroutines of prometheus: /),
      "Goroutines of prometheus over time. Arrow keys move the crosshair.",
      "Samples over time. Arrow keys move the crosshair.",
    ]);

    /** The name of what Tab leads to; null at the end of the page. */
    async function next() {
      await keyboard.press("Tab");
      const isBody = await watched.page.evaluate(() => document.activeElement === document.body);
      return isBody || stops.length > 20 ? null : focused();
    }
  });

  it("moves the crosshair of a graph with the arrow keys", async () => {
    await open();
    const { keyboard } = watched.page;
    await panel(3).locator(".uplot[aria-label]").focus();
    await keyboard.down("ArrowRight");
    await watched.page.waitForFunction(() => {
      const line = document.querySelector('[data-panel="3"] .u-cursor-x');
      return line !== null && new DOMMatrix(getComputedStyle(line).transform).m41 > 0;
    });
    await keyboard.up("ArrowRight");
    expect(watched.complaints).toEqual([]);
  });

  it.each([
    ["dark", 1_280],
    ["light", 360],
  ])("breaks no guideline, %s, at %i pixels", async (theme, width) => {
    await watched.page.setViewportSize({ width, height: 900 });
    await open(`?dashboard=own&theme=${theme}`);
    await panel(3).locator(".uplot[aria-label]").waitFor();
    await panel(8).getByText("no traffic").waitFor();
    expect(await violations(watched.page)).toEqual([]);
  });
});

describe("a query that somebody links as Prometheus' page of it", () => {
  const graph = (expression: string) =>
    watched.page.goto(`${preview.url}/graph?${new URLSearchParams({ "g0.expr": expression })}`);

  it("is drawn, with its values", async () => {
    await graph('prometheus_build_info{job="prometheus"}');
    await panel(1).locator(".u-over").waitFor();
    await panel(1)
      .getByText(/^prometheus_build_info\{/)
      .first()
      .waitFor();
    expect(watched.complaints).toEqual([]);
  });

  it("is text, whatever is in it", async () => {
    await graph('<img src=x onerror="window.ran = true">{"');
    await panel(1).getByText("<img src=x").first().waitFor();
    await panel(1).getByRole("button", { name: "Panel status" }).waitFor();
    expect(await watched.page.evaluate(() => "ran" in window)).toBe(false);
  });
});

describe("a hostile dashboard", () => {
  it("runs nothing that is hidden in its words, and reaches no other server", async () => {
    await open("?dashboard=hostile");
    await panel(1).getByText("Title <img src=").waitFor();
    await panel(2).getByText("Goroutines <img src=").first().waitFor();
    await panel(3).getByText('does not draw panels of the kind "constructor"').waitFor();
    await watched.page.getByText("prometheus <img src=").first().waitFor();
    // Words that are Markdown: what is harmless in them is shown.
    await panel(1).getByTestId("data-testid header-container").locator("svg").first().hover();
    const words = watched.page.locator(".markdown-html");
    await words.locator("strong").getByText("Bold").waitFor();
    expect(await words.locator("script, [onerror]").count()).toBe(0);
    // Grafana lets frames through, without scripts; the page's policy refuses them.
    expect(await words.locator("iframe:not([sandbox])").count()).toBe(0);
    expect(await panel(1).getByRole("link").getAttribute("href")).toBe("#");
    await panel(1).getByRole("link").click();
    expect(await watched.page.evaluate(() => "ran" in window)).toBe(false);
    expect(asked).toEqual([]);
  });
});

describe("what goes wrong", () => {
  it("is a query that Prometheus refuses: the panel has its words", async () => {
    await open("?dashboard=broken");
    await panel(1).getByRole("button", { name: "Panel status" }).hover();
    await watched.page.getByText(/A: .*unclosed left parenthesis/).waitFor();
  });

  it("is an annotation that Prometheus refuses: the page has its words", async () => {
    await open("?dashboard=broken");
    const alert = watched.page.getByRole("alert").filter({ hasText: "annotations" });
    await alert.getByText(/unexpected end of input/).waitFor();
  });

  it("is a dashboard that is not there", async () => {
    await watched.page.goto(`${preview.url}/?dashboard=none`);
    await watched.page.getByText('No dashboard has the uid "none".').waitFor();
  });

  it("is a Prometheus that goes away: a banner, then grey values, until it is back", async () => {
    await open();
    await panel(2).getByText("1").first().waitFor();
    await prometheus.stop();
    await watched.page
      .getByText(/^Prometheus does not answer since \d\d:\d\d \(trying again\)$/)
      .waitFor();
    await panel(1).getByText("Goroutines of prometheus").first().waitFor();
    await looks("grayscale(1)");
    prometheus = await startPrometheus(1, prometheus.port);
    await watched.page.getByText(/^Prometheus does not answer/).waitFor({ state: "detached" });
    await looks("none");
    await panel(2).getByText("1").first().waitFor();
  });

  it("is a Prometheus that is frozen: the same", async () => {
    await open();
    await panel(2).getByText("1").first().waitFor();
    prometheus.freeze(true);
    await watched.page.getByText(/^Prometheus does not answer since/).waitFor();
    await looks("grayscale(1)");
    prometheus.freeze(false);
    await looks("none");
    await watched.page.getByText(/^Prometheus does not answer/).waitFor({ state: "detached" });
  });
});

/** Waits until the panels are drawn through a filter of the style sheet. */
async function looks(filter: string): Promise<void> {
  await watched.page.waitForFunction((wanted) => {
    const grid = document.querySelector("[data-panel]")?.parentElement;
    return grid && getComputedStyle(grid).filter === wanted;
  }, filter);
}

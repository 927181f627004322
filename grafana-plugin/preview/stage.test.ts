import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../browser/launch.ts";
import { requireBuilt } from "./require-built.ts";
import type { StageInput } from "./page/stage/input.ts";
import { startPreview, type Preview } from "./server.ts";
import { watchedPage, type WatchedPage } from "./testing/watched-page.ts";

/** As the page declares it; its own types need a browser's. */
interface Stage {
  show(input: StageInput): Promise<void>;
  update(change: Partial<StageInput>): Promise<void>;
  options(): Record<string, unknown>;
  time(times: number): Promise<number>;
}
type InPage = typeof globalThis & { stage: Stage };

let preview: Preview;
let browser: Browser;
let watched: WatchedPage;

beforeAll(async () => {
  requireBuilt();
  preview = await startPreview({
    port: 0,
    prometheusUrl: "http://127.0.0.1:9",
    dashboardsFolder: import.meta.dirname,
  });
  browser = await launchBrowser();
  watched = await watchedPage(browser);
  await watched.page.goto(`${preview.url}/stage`);
  await watched.page.waitForFunction(() => "stage" in globalThis);
});
afterAll(async () => {
  await browser?.close();
  await preview?.close();
});
beforeEach(() => {
  watched.complaints.length = 0;
});

const times = Array.from({ length: 200 }, (_, index) => 1_700_000_000_000 + index * 5_000);
const input: StageInput = {
  frames: [
    {
      refId: "A",
      fields: [
        { name: "Time", type: "time" as never, values: times },
        { name: "Load", type: "number" as never, values: times.map((_, index) => index % 50) },
      ],
    },
  ],
  options: { version: 1, view: "lanes" },
  width: 640,
  height: 240,
};
const show = (given: StageInput) =>
  watched.page.evaluate((it) => (globalThis as InPage).stage.show(it), given);
const update = (change: Partial<StageInput>) =>
  watched.page.evaluate((it) => (globalThis as InPage).stage.update(it), change);

describe("the stage", () => {
  it("shows one panel in the size that was asked for, without a complaint", async () => {
    await show(input);
    await watched.page.locator("#panel").getByText("Load").first().waitFor();
    expect(await watched.page.locator("#panel").boundingBox()).toEqual({
      x: 0,
      y: 0,
      width: 640,
      height: 240,
    });
    expect(watched.complaints).toEqual([]);
  });

  it("gives the panel its defaults, and what was changed since", async () => {
    await show(input);
    await update({ options: { version: 1, view: "map" } });
    const options = await watched.page.evaluate(() => (globalThis as InPage).stage.options());
    expect(options).toMatchObject({ view: "map" });
    expect(Object.keys(options).length).toBeGreaterThan(2);
  });

  it("times new data, for the panel and for Grafana's own chart", async () => {
    for (const kind of ["panel", "uplot"] as const) {
      await show({ ...input, kind });
      const ms = await watched.page.evaluate(() => (globalThis as InPage).stage.time(3));
      expect(ms).toBeGreaterThan(0);
      expect(await watched.page.locator("#panel canvas").count()).toBeGreaterThan(0);
    }
    expect(watched.complaints).toEqual([]);
  });

  it("says when it has no time range", async () => {
    await expect(show({ ...input, frames: [] })).rejects.toThrow("give the stage `from` and `to`");
  });

  it("shows a panel without data in a given range", async () => {
    await show({ ...input, frames: [], from: 0, to: 60_000 });
    await watched.page.locator("#panel").getByText("No data").waitFor();
    expect(watched.complaints).toEqual([]);
  });
});

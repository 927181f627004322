import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { StageInput } from "../preview/page/stage.tsx";
import { type OpenStage, openStage } from "./stage.ts";

let stage: OpenStage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());
beforeEach(() => {
  stage.complaints.length = 0;
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
  from: times[0]!,
  to: times.at(-1)!,
  width: 640,
  height: 240,
};

describe("the stage", () => {
  it("shows one panel in the size that was asked for, without a complaint", async () => {
    await stage.show(input);
    await stage.page.locator("#panel").getByText("Load").first().waitFor();
    expect(await stage.page.locator("#panel").boundingBox()).toEqual({
      x: 0,
      y: 0,
      width: 640,
      height: 240,
    });
    expect(stage.complaints).toEqual([]);
  });

  it("gives the panel its defaults, and what was changed since", async () => {
    await stage.show(input);
    await stage.update({ options: { version: 1, view: "map" } });
    const options = await stage.page.evaluate(() => window.stage.options());
    expect(options).toMatchObject({ view: "map" });
    expect(Object.keys(options).length).toBeGreaterThan(2);
  });

  it("times new data, for the panel and for Grafana's own chart", async () => {
    for (const kind of ["panel", "uplot"] as const) {
      await stage.show({ ...input, kind });
      const ms = await stage.page.evaluate(() => window.stage.time(3));
      expect(ms).toBeGreaterThan(0);
      expect(await stage.page.locator("#panel canvas").count()).toBeGreaterThan(0);
    }
    expect(stage.complaints).toEqual([]);
  });

  it("shows a panel without data", async () => {
    await stage.show({ ...input, frames: [] });
    await stage.page.locator("#panel").getByText("No data").waitFor();
    expect(stage.complaints).toEqual([]);
  });
});

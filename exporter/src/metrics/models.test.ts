import { describe, expect, it } from "@jest/globals";
import { modelReadyMetrics, type ModelReadiness } from "./models.ts";
import { createExposition } from "./prometheus.ts";
import { samplesOf } from "./testing/samples.ts";

describe("headroom_model_ready", () => {
  it("follows the models from scrape to scrape, and leaves out one that nobody wants", async () => {
    const state: { -readonly [Task in keyof ModelReadiness]: boolean | undefined } = {
      sentiment: true,
      status: undefined,
    };
    const exposition = createExposition();
    modelReadyMetrics(exposition.registry, {
      sentiment: () => state.sentiment,
      status: () => state.status,
    });
    const scraped = async () => Object.fromEntries(await samplesOf(exposition));
    const [sentiment, status] = ["sentiment", "status"].map(
      (task) => `headroom_model_ready{task="${task}"}`,
    ) as [string, string];

    expect(await scraped()).toEqual({ [sentiment]: 1 });
    state.status = false;
    expect(await scraped()).toEqual({ [sentiment]: 1, [status]: 0 });
    Object.assign(state, { sentiment: false, status: true });
    expect(await scraped()).toEqual({ [sentiment]: 0, [status]: 1 });
    state.status = undefined;
    expect(await scraped()).toEqual({ [sentiment]: 0 });
  });
});

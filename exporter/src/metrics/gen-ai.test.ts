import { beforeEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Generation } from "../engine/generator.ts";
import { genAiMetrics, statusGenerations, type GenerationObserver } from "./gen-ai.ts";
import { createExposition, type Exposition } from "./prometheus.ts";
import { samplesOf } from "./testing/samples.ts";

let exposition: Exposition;
let observe: GenerationObserver;
beforeEach(() => {
  exposition = createExposition();
  observe = statusGenerations(genAiMetrics(exposition.registry));
});

const LABELS =
  'gen_ai_operation_name="status_summary",gen_ai_provider_name="headroom",gen_ai_request_model="chat-model"';

/** An empty label is none to Prometheus. */
const DURATION_LABELS = `${LABELS},error_type=""`;

/** 100 tokens in 0.5 s, and 11 tokens with 0.1 s between two of them. */
const GENERATION: Generation = {
  text: "",
  end: "done",
  tokens: { input: 100, evaluated: 60, output: 11 },
  prefillSeconds: 0.5,
  decodeSeconds: 1,
};

const sample = async (series: string) => (await samplesOf(exposition)).get(series);

/** The upper edges of a histogram's buckets, without infinity. */
async function edges(name: string, labels: string): Promise<readonly number[]> {
  const pattern = new RegExp(`^${name}_bucket\\{le="([\\d.e+]+)",${labels}\\}$`);
  return [...(await samplesOf(exposition)).keys()].flatMap((series) => {
    const edge = pattern.exec(series)?.[1];
    return edge === undefined ? [] : [Number(edge)];
  });
}

describe("the metrics of a generated text", () => {
  it("count the wait in the queue as part of the request and of its first token", async () => {
    observe("chat-model", GENERATION, 0.25);
    expect(await sample(`gen_ai_server_request_duration_seconds_sum{${DURATION_LABELS}}`)).toBe(
      1.75,
    );
    expect(await sample(`gen_ai_server_time_to_first_token_seconds_sum{${LABELS}}`)).toBe(0.75);
  });

  it("give the time for each token after the first", async () => {
    observe("chat-model", GENERATION, 0);
    const series = `gen_ai_server_time_per_output_token_seconds_sum{${LABELS}}`;
    expect(await sample(series)).toBeCloseTo(0.1, 9);
  });

  it("count tokens of prompt and text apart", async () => {
    observe("chat-model", GENERATION, 0);
    const usage = (type: string) =>
      sample(`gen_ai_client_token_usage_sum{${LABELS},gen_ai_token_type="${type}"}`);
    expect([await usage("input"), await usage("output")]).toEqual([100, 11]);
  });

  it("have some of OpenTelemetry's bucket edges, those of limits, and what a busy server takes", async () => {
    observe("chat-model", GENERATION, 0);
    expect(await edges("gen_ai_server_request_duration_seconds", DURATION_LABELS)).toEqual([
      ...[0.02, 0.08, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
    ]);
    expect(await edges("gen_ai_server_time_to_first_token_seconds", LABELS)).toEqual([
      ...[0.01, 0.04, 0.1, 0.25, 0.5, 1, 2, 2.5, 5, 10, 20, 40, 80],
    ]);
    expect(await edges("gen_ai_server_time_per_output_token_seconds", LABELS)).toEqual([
      ...[0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5],
    ]);
  });

  it("have an edge for each power of four of tokens, from 64 up to 65,536", async () => {
    observe("chat-model", GENERATION, 0);
    expect(await edges("gen_ai_client_token_usage", `${LABELS},gen_ai_token_type="input"`)).toEqual(
      Array.from({ length: 6 }, (_, i) => 4 ** (i + 3)),
    );
  });

  it("know no time a token of one token, and no first token of none", async () => {
    const { tokens } = GENERATION;
    observe("chat-model", { ...GENERATION, tokens: { ...tokens, output: 1 } }, 0);
    observe("chat-model", { ...GENERATION, tokens: { ...tokens, output: 0 } }, 0);
    expect(await sample(`gen_ai_server_request_duration_seconds_count{${DURATION_LABELS}}`)).toBe(
      2,
    );
    expect(await sample(`gen_ai_server_time_to_first_token_seconds_count{${LABELS}}`)).toBe(1);
    expect(
      await sample(`gen_ai_server_time_per_output_token_seconds_count{${LABELS}}`),
    ).toBeUndefined();
  });

  it("take any text, and show no number that is none", async () => {
    const seconds = fc.double({ min: 0, max: 100, noNaN: true });
    const tokens = fc.record({
      input: fc.nat(4_096),
      evaluated: fc.nat(4_096),
      output: fc.oneof(fc.constantFrom(0, 1), fc.nat(200)),
    });
    fc.assert(
      fc.property(seconds, seconds, seconds, tokens, (prefillSeconds, decodeSeconds, wait, t) => {
        observe("chat-model", { ...GENERATION, prefillSeconds, decodeSeconds, tokens: t }, wait);
      }),
    );
    for (const value of (await samplesOf(exposition)).values()) {
      expect(Number.isFinite(value)).toBe(true);
    }
  });
});

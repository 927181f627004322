import { beforeEach, describe, expect, it } from "@jest/globals";
import { limitsFor, OUTCOME_MEANS, type Outcome } from "@headroom/alerts/limits";
import { chatMetrics, type ChatMetrics, type ChatRequest } from "./chat.ts";
import { genAiMetrics } from "./gen-ai.ts";
import { createExposition, type Exposition } from "./prometheus.ts";
import { samplesOf } from "./testing/samples.ts";

let exposition: Exposition;
let metrics: ChatMetrics;
beforeEach(() => create());

function create(own = {}) {
  const limits = limitsFor(48e9, own);
  exposition = createExposition();
  const genAi = genAiMetrics(exposition.registry, limits);
  metrics = chatMetrics(exposition.registry, genAi, "upstream", limits);
}

/** 100 ms to the first of 11 tokens, then 20 ms for each. */
const STREAM: ChatRequest = {
  operation: "chat",
  model: "m",
  outcome: "ok",
  seconds: 0.35,
  streamed: true,
  firstTokenSeconds: 0.1,
  lastTokenSeconds: 0.3,
  pieces: 11,
  inputTokens: 30,
  outputTokens: 11,
  finish: "stop",
};

const SERIES =
  'gen_ai_operation_name="chat",gen_ai_provider_name="upstream",gen_ai_request_model="m"';
const sample = async (series: string) => (await samplesOf(exposition)).get(series);
const goodput = async () =>
  Promise.all([
    sample('headroom_chat_streams_within_limits_total{model="m"}'),
    sample('headroom_chat_streams_total{model="m"}'),
  ]);

describe("the metrics of a chat request", () => {
  it("tell its times, its tokens and why it ended", async () => {
    metrics.finished(STREAM);
    const perOutputToken = await sample(
      `gen_ai_server_time_per_output_token_seconds_sum{${SERIES}}`,
    );
    expect(perOutputToken).toBeCloseTo(0.02, 9);
    expect(await sample(`gen_ai_server_time_to_first_token_seconds_sum{${SERIES}}`)).toBe(0.1);
    expect(
      await sample(`gen_ai_server_request_duration_seconds_sum{${SERIES},error_type=""}`),
    ).toBe(0.35);
    expect(await sample(`gen_ai_client_token_usage_sum{${SERIES},gen_ai_token_type="input"}`)).toBe(
      30,
    );
    expect(await sample('headroom_chat_finish_reasons_total{model="m",reason="stop"}')).toBe(1);
  });

  it("take a piece for a token where the model does not tell, and say that it did not", async () => {
    metrics.finished({ ...STREAM, inputTokens: undefined, outputTokens: undefined, pieces: 5 });
    const perOutputToken = await sample(
      `gen_ai_server_time_per_output_token_seconds_sum{${SERIES}}`,
    );
    expect(perOutputToken).toBeCloseTo(0.05, 9);
    expect(await sample('headroom_chat_usage_missing_total{model="m"}')).toBe(1);
    expect(
      await sample(`gen_ai_client_token_usage_count{${SERIES},gen_ai_token_type="output"}`),
    ).toBeUndefined();
  });

  it("give an answer in one piece no first token, and leave it out of goodput", async () => {
    metrics.finished({ ...STREAM, streamed: false, firstTokenSeconds: undefined, pieces: 0 });
    expect(
      await sample(`gen_ai_server_time_to_first_token_seconds_count{${SERIES}}`),
    ).toBeUndefined();
    expect(await goodput()).toEqual([undefined, undefined]);
  });

  it("count a deadline before the first token with all of its time", async () => {
    metrics.finished({
      ...STREAM,
      outcome: "deadline",
      seconds: 60,
      ...{ firstTokenSeconds: undefined, lastTokenSeconds: undefined, pieces: 0 },
    });
    expect(await sample(`gen_ai_server_time_to_first_token_seconds_sum{${SERIES}}`)).toBe(60);
    expect(await goodput()).toEqual([undefined, 1]);
  });

  it.each<[string, Partial<ChatRequest>, good: boolean]>([
    ["just below both limits", { firstTokenSeconds: 0.4999, lastTokenSeconds: 1.4898 }, true],
    ["with its first token at the limit", { firstTokenSeconds: 0.5, lastTokenSeconds: 0.6 }, false],
    ["with each token at the limit", { firstTokenSeconds: 0.1, lastTokenSeconds: 1.1 }, false],
    ["of one token", { outputTokens: 1, lastTokenSeconds: 0.1 }, true],
    ["of a server that failed", { outcome: "server_error" }, false],
  ])("judge a stream %s", async (_what, request, good) => {
    metrics.known(["m"]);
    metrics.finished({ ...STREAM, ...request });
    expect(await goodput()).toEqual([Number(good), 1]);
  });

  it.each(Object.keys(OUTCOME_MEANS) as Outcome[])(
    "count %s among streams if well meant",
    async (outcome) => {
      metrics.known(["m"]);
      metrics.finished({ ...STREAM, outcome });
      const [, all] = await goodput();
      expect(all).toBe(OUTCOME_MEANS[outcome] === "excluded" ? 0 : 1);
      const labels = `operation="chat",model="m",outcome="${outcome}"`;
      expect(await sample(`headroom_chat_requests_total{${labels}}`)).toBe(1);
    },
  );

  it("judge by limits of one's own, on whose values buckets end", async () => {
    create({ first_token_p95: { warning: 0.09, critical: 3 } });
    metrics.known(["m"]);
    metrics.finished(STREAM);
    expect(await goodput()).toEqual([0, 1]);
    const bucket = `gen_ai_server_time_to_first_token_seconds_bucket{le="0.09",${SERIES}}`;
    expect(await sample(bucket)).toBe(0);
  });

  it("begin at nothing for the models that are known, and of others what is counted", async () => {
    metrics.known(["m"]);
    for (const [model, times] of [
      ["m", 0],
      ["other", undefined],
    ] as const) {
      const refused = `operation="chat",model="${model}",outcome="refused"`;
      expect(await sample(`headroom_chat_requests_total{${refused}}`)).toBe(0);
      expect(await sample(`headroom_chat_streams_total{model="${model}"}`)).toBe(0);
      const series = SERIES.replace('"m"', `"${model}"`);
      const firstToken = `gen_ai_server_time_to_first_token_seconds_count{${series}}`;
      expect(await sample(firstToken)).toBe(times);
      const gaps = `headroom_chat_inter_token_seconds_count{model="${model}"}`;
      expect(await sample(gaps)).toBe(times);
    }
    metrics.finished({ ...STREAM, model: "other" });
    const others = SERIES.replace('"m"', '"other"');
    expect(await sample(`gen_ai_server_time_to_first_token_seconds_count{${others}}`)).toBe(1);
  });
});

import { limit, LONGEST_TOLD_SECONDS, type Severity } from "../limits.ts";
import { alertRule, onLimit, type AlertingRule, type RuleGroup } from "./group.ts";
import {
  gapQuantile,
  goodput,
  OF_CLIENTS,
  rate,
  REQUESTS,
  streamedQuantile,
  type STREAMED,
} from "./measures.ts";
import type { RuleOptions } from "./options.ts";
import { duration } from "./pace.ts";
import { inWords, upToSeconds, VALUE } from "./wording.ts";

/** As OpenTelemetry calls a model, and as the exporter's own metrics do. */
const BY_MODEL = {
  genAi: "job, instance, gen_ai_request_model",
  own: "job, instance, model",
} as const;

const DASHBOARD = "headroom-chat";

/** The names under which what clients of OpenAI's API get is recorded; `window` is a Prometheus duration. */
export const chatSeries = (window: string) =>
  ({
    firstToken: `instance_gen_ai_request_model:headroom_first_token_seconds:p95_rate${window}`,
    outputToken: `instance_gen_ai_request_model:headroom_output_token_seconds:p95_rate${window}`,
    gap: `instance_model:headroom_chat_inter_token_seconds:p99_rate${window}`,
    goodput: `instance_model:headroom_chat_streams_within_limits_per_streams:ratio_rate${window}`,
    requests: `instance_model_outcome:headroom_chat_requests:rate${window}`,
    tokens: `instance_gen_ai_request_model_gen_ai_token_type:headroom_chat_tokens:rate${window}`,
  }) as const;

/**
 * What clients of OpenAI's API get, whichever engine answers: the times of streamed answers, how many of
 * them are within their limits, and how much is asked. Bucket edges of the histograms lie on the limits.
 */
export function chatRules(options: RuleOptions): RuleGroup {
  const window = duration(options.pace.windowSeconds);
  const series = chatSeries(window);
  const over = (by: string) => ({ window, by });
  const tokens = "gen_ai_client_token_usage_sum";
  return {
    name: "headroom-chat",
    rules: [
      {
        record: series.firstToken,
        expr: streamedQuantile(0.95, "firstToken", over(BY_MODEL.genAi)),
      },
      {
        record: series.outputToken,
        expr: streamedQuantile(0.95, "outputToken", over(BY_MODEL.genAi)),
      },
      { record: series.gap, expr: gapQuantile(0.99, over(BY_MODEL.own)) },
      { record: series.goodput, expr: goodput(over(BY_MODEL.own)) },
      {
        record: series.requests,
        expr: rate(REQUESTS.chat, over(`${BY_MODEL.own}, outcome`)),
      },
      {
        record: series.tokens,
        expr: rate(tokens, over(`${BY_MODEL.genAi}, gen_ai_token_type`), OF_CLIENTS),
      },
      ...(["warning", "critical"] as const).flatMap((severity) => [
        tooSlow(options, "firstToken", severity),
        tooSlow(options, "outputToken", severity),
      ]),
      goodputLow(options),
    ],
  };
}

/** What is said of the times of a streamed answer, where they are too long. */
const SLOW = {
  firstToken: {
    alert: "HeadroomFirstTokenSlow",
    id: "first_token_p95",
    summary:
      "The first token of {{ $labels.gen_ai_request_model }} on {{ $labels.instance }} takes",
    of: "the times to the first token",
    counts:
      "Waiting is included, and so are missed deadlines; refused and aborted requests are not.",
  },
  outputToken: {
    alert: "HeadroomTokensSlow",
    id: "output_token_p95",
    summary: "Each token of {{ $labels.gen_ai_request_model }} on {{ $labels.instance }} takes",
    of: "the times per output token",
    counts: "A time is the mean of one answer.",
  },
} as const;

/** The alerts that are a warning first and critical then, under one name. */
export const OF_BOTH_SEVERITIES: readonly string[] = Object.values(SLOW).map(({ alert }) => alert);

/**
 * One alert of both severities: what to do is the same, and who is told once that it is slow is told again
 * only when it becomes critical.
 */
function tooSlow(
  options: RuleOptions,
  what: keyof typeof STREAMED,
  severity: Severity,
): AlertingRule {
  const { alert, id, summary, of, counts } = SLOW[what];
  const window = duration(options.pace.windowSeconds);
  const allowed = limit(id, severity, options.limits);
  const value = upToSeconds(LONGEST_TOLD_SECONDS[what]);
  return alertRule(options, {
    alert,
    // The window and more: one long prompt, or a model that is loaded for its first request, is over by then.
    ...onLimit(options, chatSeries(window)[what], allowed, "window"),
    dashboard: DASHBOARD,
    summary: `${summary} ${value} (P95)`,
    description:
      `The P95 of ${of} of the streamed answers of the last ${window} is ${value}; ` +
      `the ${severity} limit is ${inWords(allowed)}. ${counts}`,
  });
}

function goodputLow(options: RuleOptions): AlertingRule {
  const window = duration(options.pace.windowSeconds);
  const allowed = limit("goodput", "warning", options.limits);
  const edges = (["first_token_p95", "output_token_p95"] as const).map((id) =>
    inWords(limit(id, "warning", options.limits)),
  );
  return alertRule(options, {
    alert: "HeadroomGoodputLow",
    ...onLimit(options, chatSeries(window).goodput, allowed, "window"),
    dashboard: DASHBOARD,
    summary: `Only ${VALUE.ratio} of the streams of {{ $labels.model }} on {{ $labels.instance }} are good`,
    description:
      `${VALUE.ratio} of the requests to stream of the last ${window} were answered with a first token ` +
      `within ${edges[0]} and each further one within ${edges[1]}; it must be more than ` +
      `${inWords(allowed)}. What clients got wrong or broke off does not count.`,
  });
}

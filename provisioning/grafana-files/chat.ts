import type { QueryVariableBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import * as measured from "@headroom/alerts/rules/measures";
import { EMPTY, NO_DATA, NO_TRAFFIC } from "./appearance.ts";
import {
  type DashboardParts,
  headroomDashboard,
  labelVariable,
  type NamedDashboard,
} from "./dashboard.ts";
import { INSTANCE, perSecond, quantile, RECORDED, series, WINDOW } from "./expressions.ts";
import { type Graph, graphRows } from "./graphs.ts";
import { lanesPanel } from "./limits-panel.ts";
import type { Runbook } from "./runbooks.ts";
import { ERRORS, MEMORY } from "./shared-panels.ts";
import { type StatPanel, statPanels } from "./stat-panels.ts";

/** The limits that chat requests are held against. */
const OWN = ["first_token_p95", "output_token_p95", "goodput", "kv_cache", "error_ratio"];

/** What clients of OpenAI's API get, from the exporter's own engine or the model server behind it. */
export function chatModels(parts: DashboardParts): NamedDashboard {
  const lanes = lanesPanel(
    parts.limits.filter(({ id }) => OWN.includes(id)),
    parts.runbooks,
    {
      work: "chat",
      empty: EMPTY.chat,
      title: "Distance to the limits of chat models",
      description:
        "Times in seconds (P95 over the last minute), by model; goodput, KV cache and errors as shares " +
        `(${ERRORS}).`,
    },
  );
  return headroomDashboard(parts, {
    uid: "headroom-chat",
    title: "Headroom: chat models",
    variables: [modelVariable()],
    rows: [
      { height: 14, panels: [lanes] },
      { height: 4, panels: statPanels(stats(parts.runbooks), parts) },
      ...graphRows([TIMES, LENGTHS, AMOUNTS, OUTCOMES, UPSTREAM, [MEMORY]], parts, EMPTY.chat),
    ],
  });
}

/** Matchers for the models that the dashboard's variable `model` names, by the metric's own label. */
const MODEL = 'model=~"$model"';
const GEN_AI_MODEL = 'gen_ai_request_model=~"$model"';

/** The variable `model`: one, some or all models that clients asked for. */
function modelVariable(): QueryVariableBuilder {
  return labelVariable({
    name: "model",
    label: "Model",
    description: "The models that clients ask for.",
    query: "label_values(headroom_chat_requests_total, model)",
  });
}

/** The numbers in a row, of all models and exporters that are chosen. */
function stats(runbooks: readonly Runbook[]): readonly StatPanel[] {
  return [
    {
      title: "Servers that answer",
      description:
        "Share of the exporters' model servers that answer them now; there is none where the exporter's " +
        "own engine answers.",
      expr: `avg(${series("headroom_upstream_up")})`,
      unit: "percentunit",
      decimals: 0,
      noValue: NO_DATA,
      runbooks: runbooks.filter(({ alert }) => alert === "HeadroomUpstreamDown"),
    },
    {
      title: "Goodput",
      description:
        "Share of the well-meant requests to stream of the last minute that were answered with both times " +
        "below their warnings, of the worst model.",
      expr: `min(${series(RECORDED.chat.goodput, MODEL)})`,
      unit: "percentunit",
      limit: "goodput",
      noValue: NO_TRAFFIC,
    },
    {
      title: "Good streams a second",
      description: "Streamed answers a second over the last minute that were within both limits.",
      expr: perSecond("headroom_chat_streams_within_limits_total", "", MODEL),
      unit: "reqps",
      noValue: NO_TRAFFIC,
    },
    {
      title: "In flight",
      description: "Chat requests that are read, answered or wait at this moment.",
      expr: `sum(${series("headroom_chat_requests_in_flight")})`,
    },
    {
      title: "Waiting upstream",
      description: "Requests that wait inside the model server, where it tells.",
      expr: `sum(${series("upstream:requests_waiting")})`,
    },
    {
      title: "Output token throughput",
      description: "Tokens a second over the last minute that the models wrote.",
      expr: `sum(${series(RECORDED.chat.tokens, 'gen_ai_token_type="output"', GEN_AI_MODEL)})`,
      unit: "short",
      noValue: NO_TRAFFIC,
    },
  ];
}

const NAMED = "{{gen_ai_request_model}}$exporter";

/** P50 and P99 of streamed answers around the P95 that is judged. */
const streamed = (what: keyof typeof measured.STREAMED): Graph["queries"] => {
  const of = (share: number) =>
    measured.streamedQuantile(share, what, {
      window: WINDOW,
      by: "instance, gen_ai_request_model",
      matchers: `${GEN_AI_MODEL}, ${INSTANCE}`,
    });
  return [
    [of(0.5), `P50, ${NAMED}`, what],
    [series(RECORDED.chat[what], GEN_AI_MODEL), `P95, ${NAMED}`, what],
    [of(0.99), `P99, ${NAMED}`, what],
  ];
};

const TIMES: readonly Graph[] = [
  {
    title: "Time to first token",
    description:
      "Seconds of the last minute from acceptance until the first content of a streamed answer leaves; a " +
      "missed deadline counts with its full time. The lines are the limits of P95.",
    unit: "s",
    queries: streamed("firstToken"),
    limit: "first_token_p95",
    showsLimit: true,
  },
  {
    title: "Time per output token",
    description:
      "Seconds for each token after the first, the mean of a streamed answer, of the last minute. The " +
      "lines are the limits of P95.",
    unit: "s",
    queries: streamed("outputToken"),
    limit: "output_token_p95",
    showsLimit: true,
  },
  {
    title: "Goodput over time",
    description:
      "Share of the well-meant requests to stream of the last minute that were answered with both times " +
      "below their warnings.",
    unit: "percentunit",
    queries: [[series(RECORDED.chat.goodput, MODEL), "{{model}}$exporter"]],
    limit: "goodput",
  },
];

const DURATION = "gen_ai_server_request_duration_seconds";

const LENGTHS: readonly Graph[] = [
  {
    title: "Between two tokens, P99",
    description:
      "Seconds between two pieces of a streamed answer as they leave, P99 of the last minute: how long a " +
      "reader waits at worst in the middle of a sentence.",
    unit: "s",
    queries: [[series(RECORDED.chat.gap, MODEL), "{{model}}$exporter"]],
  },
  {
    title: "Whole answers",
    description:
      "Seconds from acceptance to the last byte, streamed or not, of answers and missed deadlines of " +
      "the last minute.",
    unit: "s",
    queries: [0.5, 0.95].map((share) => [
      quantile(
        share,
        DURATION,
        "instance, gen_ai_request_model",
        measured.OF_CLIENTS,
        GEN_AI_MODEL,
      ),
      `P${100 * share}, ${NAMED}`,
    ]),
  },
  {
    title: "Token throughput",
    description: "Tokens a second over the last minute that the models read (input) and wrote.",
    queries: [
      [
        `sum by (gen_ai_token_type) (${series(RECORDED.chat.tokens, GEN_AI_MODEL)})`,
        "{{gen_ai_token_type}}",
      ],
    ],
  },
];

const AMOUNTS: readonly Graph[] = [
  {
    title: "Chat requests by outcome",
    description: "Requests a second over the last minute, by how they ended.",
    unit: "reqps",
    queries: [[`sum by (outcome) (${series(RECORDED.chat.requests, MODEL)})`, "{{outcome}}"]],
  },
  {
    title: "In flight and in the queue",
    description:
      "Number of chat requests that are in work, and of those that wait for the exporter's own engine. " +
      "Those that wait inside a model server stand in another graph.",
    queries: [
      [series("headroom_chat_requests_in_flight"), "in flight$exporter"],
      [series("headroom_chat_queue_depth"), "waiting$exporter"],
    ],
  },
  {
    title: "Chat errors and refusals",
    description: `Of the last minute: ${ERRORS}, which the limits are about; and the refusals among them.`,
    unit: "percentunit",
    queries: [
      [series(RECORDED.errors, 'work="chat"'), "errors$exporter"],
      [series(RECORDED.refusals, 'work="chat"'), "refusals$exporter"],
    ],
    limit: "error_ratio",
    showsLimit: true,
  },
];

const OUTCOMES: readonly Graph[] = [
  {
    title: "Why texts ended",
    description:
      "Answers a second over the last minute, by finish reason: `length` are those that were cut off at " +
      "the number of tokens that was asked for.",
    unit: "reqps",
    queries: [[perSecond("headroom_chat_finish_reasons_total", "reason", MODEL), "{{reason}}"]],
  },
  {
    title: "Answers without usage",
    description:
      "Answers a second over the last minute that did not say how many tokens they took; the time per " +
      "output token is then counted in pieces.",
    unit: "reqps",
    queries: [[perSecond("headroom_chat_usage_missing_total", "model", MODEL), "{{model}}"]],
  },
  {
    title: "Errors of the model server",
    description:
      "Requests a second over the last minute that came to nothing at the model server, by what it did.",
    unit: "reqps",
    noValue: EMPTY.upstream,
    queries: [[perSecond("headroom_upstream_errors_total", "reason"), "{{reason}}"]],
  },
];

const UPSTREAM: readonly Graph[] = (
  [
    {
      title: "Model server up",
      description: "1 while the model server answers the exporter, 0 while it does not.",
      queries: [[series("headroom_upstream_up"), "up$exporter"]],
    },
    {
      title: "KV cache",
      description:
        "Share of the model server's cache of keys and values that is in use, as vLLM, SGLang and older " +
        "llama-server tell it.",
      unit: "percentunit",
      queries: [[series("upstream:kv_cache_usage:ratio"), "KV cache$exporter"]],
      limit: "kv_cache",
      showsLimit: true,
    },
    {
      title: "Requests in the model server",
      description: "Number of requests that the model server works on, and that wait in it.",
      queries: [
        [series("upstream:requests_running"), "running$exporter"],
        [series("upstream:requests_waiting"), "waiting$exporter"],
      ],
    },
  ] as const
).map((graph) => ({ noValue: EMPTY.upstream, ...graph }));

import type { QueryVariableBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { EMPTY, type Told } from "./appearance.ts";
import {
  type DashboardParts,
  headroomDashboard,
  labelVariable,
  type NamedDashboard,
} from "./dashboard.ts";
import { perSecond, quantile, RECORDED, series } from "./expressions.ts";
import { type Graph, graphRows } from "./graphs.ts";
import { lanesPanel } from "./limits-panel.ts";
import { TIMED } from "./shared-panels.ts";

/** Status answers: their time against each target, what became of them, and the chat model. */
export function statusDashboard(parts: DashboardParts): NamedDashboard {
  const lanes = lanesPanel(
    parts.limits.filter(({ id }) => id.startsWith("status_")),
    parts.runbooks,
    {
      empty: EMPTY.status,
      title: "Distance to the target of each scenario",
      description: `Seconds, P95 of the last minute, by scenario. ${TIMED}`,
    },
  );
  return headroomDashboard(parts, {
    uid: "headroom-status",
    title: "Headroom: status analyses",
    variables: [modelVariable()],
    rows: [
      { height: 18, panels: [lanes] },
      ...graphRows([ANSWERS, WORDS, MODELS, LOAD], parts, EMPTY.status),
    ],
  });
}

/** Matcher for what the exporter itself asks the chat models for that the dashboard's variable `model` names. */
const MODEL = 'gen_ai_operation_name="status_summary", gen_ai_request_model=~"$model"';

/** The variable `model`: one, some or all chat models, found by their `headroom_model_info`. */
function modelVariable(): QueryVariableBuilder {
  return labelVariable({
    name: "model",
    label: "Chat model",
    description: "The models that phrase status answers.",
    query: 'label_values(headroom_model_info{task="status"}, model)',
  });
}

/** P50 and P95 of what the chat models took. */
const ofModels = (histogram: string, told?: Told): Graph["queries"] =>
  ([0.5, 0.95] as const).map((share) => {
    const expr = quantile(share, histogram, "gen_ai_request_model", MODEL);
    const legend = `P${100 * share}, {{gen_ai_request_model}}`;
    return told ? [expr, legend, told] : [expr, legend];
  });

const ANSWERS: readonly Graph[] = [
  {
    title: "Answers by outcome",
    description: "Status requests a second over the last minute, by how they ended.",
    unit: "reqps",
    queries: [[perSecond("headroom_status_requests_total", "outcome"), "{{outcome}}"]],
  },
  {
    title: "Answers by scenario",
    description: "Status requests a second over the last minute, by what was asked for.",
    unit: "reqps",
    queries: [[perSecond("headroom_status_requests_total", "scenario"), "{{scenario}}"]],
  },
  {
    title: "Answers in time",
    description: "Share of the answers of the last minute within the target of their scenario.",
    unit: "percentunit",
    queries: [[series(RECORDED.statusInTime), "{{scenario}}$exporter"]],
  },
];

const WORDS: readonly Graph[] = [
  {
    title: "Words outside the grammar",
    description:
      "Share of the requests of the last minute for which the model wrote what its grammar does not " +
      "allow, and the findings spoke. The engine prevents it, so anything but 0 is a defect of it.",
    unit: "percentunit",
    queries: [[series(RECORDED.statusUngrounded), "{{scenario}}$exporter"]],
  },
  {
    title: "Answers in the findings' own sentences",
    description:
      "Share of the requests of the last minute whose summary no model arranged, by reason.",
    unit: "percentunit",
    queries: [[series(RECORDED.statusFallbacks), "{{reason}}$exporter"]],
  },
  {
    title: "Cache hits of status answers",
    description:
      "Share of the looked-up answers of the last minute that a tier held. Redis is only asked " +
      "for what memory did not hold.",
    unit: "percentunit",
    queries: [[series(RECORDED.cacheHits, 'cache="status"'), "{{tier}}$exporter"]],
  },
];

const MODELS: readonly Graph[] = [
  {
    title: "Time to first token of summaries",
    description: "Seconds from a request's place in the model's queue to its first token.",
    unit: "s",
    queries: ofModels("gen_ai_server_time_to_first_token_seconds", "firstToken"),
  },
  {
    title: "Time per output token of summaries",
    description: "Seconds for each token after the first one.",
    unit: "s",
    queries: ofModels("gen_ai_server_time_per_output_token_seconds", "outputToken"),
  },
  {
    title: "Model latency of summaries",
    description: "Seconds from a request's place in the model's queue to its last token.",
    unit: "s",
    queries: ofModels("gen_ai_server_request_duration_seconds"),
  },
];

const LOAD: readonly Graph[] = [
  {
    title: "Tokens",
    description: "Tokens a second over the last minute that the models read and wrote.",
    queries: [
      [
        perSecond("gen_ai_client_token_usage_sum", "gen_ai_token_type", MODEL),
        "{{gen_ai_token_type}}",
      ],
    ],
  },
  {
    title: "Requests in the queue",
    description: "Number of status requests that wait for the chat model.",
    queries: [[series("headroom_status_queue_depth"), "requests$exporter"]],
  },
  {
    title: "Sequences in use",
    description: "Number of the chat model's sequences that work at the moment of the scrape.",
    queries: [[series("headroom_status_sequences_in_use"), "sequences$exporter"]],
  },
];

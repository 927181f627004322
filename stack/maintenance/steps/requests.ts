import { isBroken } from "@headroom/alerts/headroom";
import {
  ERROR_OUTCOMES,
  EXCLUDED_OUTCOMES,
  limit,
  type Limit,
  STATUS_TARGET_SECONDS,
  statusLimit,
  type StatusScenario,
} from "@headroom/alerts/limits";
import { EVIDENCE } from "@headroom/alerts/rules/evidence";
import {
  goodput,
  latencyP95,
  type Over,
  REQUESTS,
  statusP95,
  streamedQuantile,
} from "@headroom/alerts/rules/measures";
import { formatCount, formatLimit, formatShare } from "@headroom/loadtest/report/format";
import { checkedRow, limitRow, type Row, type Step, unknownRow } from "../step.ts";

/** Whether no well-meant request of the last day failed. The limit leaves room that a healthy day does not need. */
export const errors: Step = {
  id: "errors",
  title: "No request failed in the last day",
  async rows({ prometheus, matchers, exporter, at }) {
    const increase = (counter: string, outcome: string): string =>
      `increase(${counter}{${matchers}, outcome${outcome}}[1d])`;
    const count = (outcome: string): Promise<number> => {
      const counters = [REQUESTS.sentiment, REQUESTS.chat];
      const all = counters.map((counter) => increase(counter, outcome)).join(" or ");
      return prometheus.value(`sum(${all})`, at);
    };
    const failed = await count(`=~"${ERROR_OUTCOMES.join("|")}"`);
    const wellMeant = await count(`!~"${EXCLUDED_OUTCOMES.join("|")}"`);
    return [errorsRow(failed, wellMeant, limit("error_ratio", "warning", exporter.limits))];
  },
};

/** How many of the requests failed; both may be NaN and need not be whole. */
export function errorsRow(failed: number, requests: number, allowed: Limit): Row {
  const row = { ...errors, limit: `0 % (alert: ${formatLimit(allowed)})` };
  if (!(requests > 0)) return unknownRow(row, "There was no request in the last day.");
  // An increase is extrapolated to the edges of its time, so one request may count as 0.9.
  const observed = `${formatShare(failed / requests)} (${formatCount(Math.ceil(failed))} of ${formatCount(requests)})`;
  const alerting = isBroken(allowed, failed / requests)
    ? "That is beyond the limit of the alert."
    : "That is within the limit of the alert, which did not have to fire.";
  return checkedRow({ ...row, observed }, failed === 0, {
    detail: `${alerting} The exporter's log names each failure.`,
    runbook: "HeadroomErrorRateHigh",
  });
}

/** The P95 of the requests of the last day. */
export const latency: Step = {
  id: "latency",
  title: "Latency of the last day, P95",
  rows: async ({ prometheus, matchers, exporter, at }) => [
    limitRow({
      id: latency.id,
      title: latency.title,
      limit: limit("latency_p95", "warning", exporter.limits),
      value: await prometheus.value(latencyP95({ matchers, window: "1d", by: "" }), at),
      missing: `A P95 needs ${EVIDENCE.requests} requests; the last day had fewer.`,
      todo: "See whether the queue, the model or the cache takes the time.",
      runbook: "HeadroomLatencyHigh",
    }),
  ],
};

/** What is judged of each chat model that answered in the last day, and by which limit. */
const STREAMED = [
  {
    id: "first_token_p95",
    title: "Time to first token of the last day, P95",
    query: (over: Over) => streamedQuantile(0.95, "firstToken", over),
    by: "gen_ai_request_model",
    todo: "See whether requests wait, prompts are long, or the model is loaded for them.",
    runbook: "HeadroomFirstTokenSlow",
  },
  {
    id: "output_token_p95",
    title: "Time per output token of the last day, P95",
    query: (over: Over) => streamedQuantile(0.95, "outputToken", over),
    by: "gen_ai_request_model",
    todo: "See how many answers are written at once, and what else the machine does.",
    runbook: "HeadroomTokensSlow",
  },
  {
    id: "goodput",
    title: "Goodput of the last day",
    query: goodput,
    by: "model",
    todo: "See whether late beginnings, slow tokens or errors spoil the answers.",
    runbook: "HeadroomGoodputLow",
  },
] as const;

/** The streamed answers of each chat model; nothing where nobody asked for one in the last day. */
export const chatAnswers: Step = {
  id: "chat-answers",
  title: "Streamed answers of the last day",
  async rows({ prometheus, matchers, exporter, at }) {
    const rows = STREAMED.map(async ({ id, title, query, by, todo, runbook }) => {
      const samples = await prometheus.samples(query({ matchers, window: "1d", by }), at);
      return samples.map(({ labels, value }) =>
        limitRow({
          id: `${id.replaceAll("_", "-")}-${labels[by]}`,
          title: `${title}: ${labels[by]}`,
          limit: limit(id, "warning", exporter.limits),
          value,
          missing: "Prometheus has no buckets of it.",
          ...{ todo, runbook },
        }),
      );
    });
    return (await Promise.all(rows)).flat();
  },
};

/** The P95 of each status scenario that was asked for in the last day, and its target. */
export const statusAnswers: Step = {
  id: "status-answers",
  title: "Status answers of the last day, P95",
  async rows({ prometheus, matchers, exporter, at }) {
    const p95 = statusP95({ matchers, window: "1d", by: "scenario" });
    const rows = (await prometheus.samples(p95, at)).flatMap(({ labels: { scenario }, value }) => {
      if (!isScenario(scenario)) return [];
      return [
        limitRow({
          id: `status-${scenario}`,
          title: `Status answers of the last day, P95: ${scenario.replaceAll("-", " ")}`,
          limit: statusLimit(scenario, exporter.limits),
          value,
          missing: "Prometheus has no buckets of it.",
          todo: "Answers are complete at their target, but late: give the chat model more room.",
          runbook: "HeadroomStatusSlow",
        }),
      ];
    });
    if (rows.length > 0) return rows;
    const why = `None was asked for ${EVIDENCE.requests} times in the last day.`;
    return [unknownRow({ ...statusAnswers, limit: "its target" }, why)];
  },
};

const isScenario = (name: string | undefined): name is StatusScenario =>
  name !== undefined && Object.hasOwn(STATUS_TARGET_SECONDS, name);

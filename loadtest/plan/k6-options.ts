import type {
  ConstantArrivalRateScenario,
  ConstantVUsScenario,
  ObjectThreshold,
  Options,
  RampingArrivalRateScenario,
} from "k6/options";
import {
  limit,
  type Limit,
  LIMITS,
  STATUS_TARGET_SECONDS,
  statusLimit,
} from "../../alerts/limits.ts";
import { type ChatLoad, patienceSeconds } from "./chat-load.ts";
import { METRICS, REQUESTS, SCENARIOS, scenarioTag, series, seriesRead } from "./k6-metrics.ts";
import { type Profile, scenariosIn, seeksLimit, type SentimentLoad } from "./profiles.ts";

/** k6's options for a profile. */
export function optionsOf(profile: Profile, limits: readonly Limit[] = LIMITS): Options {
  const { chat } = profile;
  return {
    scenarios: k6Scenarios(profile, limits),
    thresholds: {
      ...Object.fromEntries(seriesRead(profile).map((name) => [name, []])),
      ...thresholdsFor(profile, limits),
    },
    // So that the steps of a sweep can be told apart.
    ...(chat?.arrival.kind === "users" && { tags: { users: String(chat.arrival.users) } }),
    summaryTrendStats: ["avg", "min", "med", "max", "p(90)", "p(95)", "p(99)", "count"],
    // Few, so that one run is few series; without `group` k6 leaves the checks out of the summary.
    systemTags: ["group", "name", "method", "status", "scenario", "check", "expected_response"],
    setupTimeout: "10s",
    teardownTimeout: "10s",
  };
}

/** Never fewer than this: one stall of a busy machine must not look like a machine at its end. */
const LEAST_VUS = 20;

/**
 * How long requests that are under way at the end may still take, in seconds: a status answer that
 * keeps its target has arrived by then.
 */
export const GRACE_SECONDS = Math.max(...Object.values(STATUS_TARGET_SECONDS)) + 1;

/** The same for a profile: what is generated takes longer. */
export const graceSeconds = ({ chat }: Profile, limits?: readonly Limit[]): number =>
  chat ? patienceSeconds(chat, limits) + 1 : GRACE_SECONDS;

/**
 * Virtual users for a rate, by Little's law: enough for every request to take `seconds`, which is the
 * most that it may. When k6 runs out of them that limit is broken, so dropped iterations are a failure
 * and not a weakness of the generator.
 *
 * @param seconds - the critical latency limit unless something else is allowed
 */
export function virtualUsers(requestsPerSecond: number, seconds = slowestMessages()): number {
  return Math.max(LEAST_VUS, Math.ceil(requestsPerSecond * seconds));
}

function slowestMessages(): number {
  const slowest = limit("latency_p95", "critical");
  return slowest.bound === "upper" ? slowest.upper : 1;
}

type K6Scenario = ConstantArrivalRateScenario | RampingArrivalRateScenario | ConstantVUsScenario;

/** k6's scenarios of a profile by name. All of them are bounded in time and in virtual users. */
export function k6Scenarios(
  profile: Profile,
  limits: readonly Limit[] = LIMITS,
): Record<string, K6Scenario> {
  const { sentiment, status, chat, durationSeconds } = profile;
  const duration = `${durationSeconds}s`;
  return {
    ...(chat && {
      [SCENARIOS.chat]: {
        ...chatScenario(chat, duration, patienceSeconds(chat, limits)),
        gracefulStop: `${graceSeconds(profile, limits)}s`,
      },
    }),
    ...(sentiment && { [SCENARIOS.sentiment]: sentimentScenario(sentiment, duration) }),
    ...(status && {
      [SCENARIOS.status]: constantRate(
        // k6 wants whole numbers: one request in the time between two.
        { rate: 1, timeUnit: `${Math.round(1_000 / status.requestsPerSecond)}ms`, duration },
        virtualUsers(
          status.requestsPerSecond,
          Math.max(...status.mix.map((scenario) => STATUS_TARGET_SECONDS[scenario])),
        ),
      ),
    }),
  };
}

const gracefulStop = `${GRACE_SECONDS}s`;

function chatScenario({ arrival }: ChatLoad, duration: string, patience: number): K6Scenario {
  if (arrival.kind === "users") return { executor: "constant-vus", vus: arrival.users, duration };
  // Whole numbers, to a hundredth of a request a second.
  const rate = Math.max(1, Math.round(100 * arrival.requestsPerSecond));
  return constantRate(
    { rate, timeUnit: "100s", duration },
    Math.min(MOST_VUS, virtualUsers(arrival.requestsPerSecond, patience)),
  );
}

/** More than so many open streams are no load for one machine; each takes memory of k6, too. */
export const MOST_VUS = 1_000;

function constantRate(
  rate: Pick<ConstantArrivalRateScenario, "rate" | "timeUnit" | "duration">,
  vus: number,
): ConstantArrivalRateScenario {
  return {
    executor: "constant-arrival-rate",
    ...rate,
    preAllocatedVUs: vus,
    maxVUs: vus,
    gracefulStop,
  };
}

function sentimentScenario({ arrival, batchSize }: SentimentLoad, duration: string): K6Scenario {
  // 500 messages/s in batches of 128 are 3.9 requests/s: 500 requests in 128 s are the same rate.
  const timeUnit = `${batchSize}s`;
  switch (arrival.kind) {
    case "serial":
      return { executor: "constant-vus", vus: 1, duration, gracefulStop };
    case "constant": {
      const rate = arrival.messagesPerSecond;
      return constantRate({ rate, timeUnit, duration }, virtualUsers(rate / batchSize));
    }
    case "rising": {
      const vus = virtualUsers(arrival.to / batchSize);
      return {
        executor: "ramping-arrival-rate",
        startRate: arrival.from,
        timeUnit,
        stages: [{ target: arrival.to, duration }],
        preAllocatedVUs: vus,
        maxVUs: vus,
        gracefulStop,
      };
    }
  }
}

/** What k6 measures for a limit, how it spells the statistic, and what it multiplies by. */
type Measured = readonly [metric: string, statistic: string, scale: number];

/** What k6 measures for each limit that the profile exercises, by the limit's id. */
function measuredFor({ sentiment, status, chat }: Profile): Readonly<Record<string, Measured>> {
  const p95 = (tags: Readonly<Record<string, string>>): Measured => [
    series(METRICS.answerDuration, tags),
    "p(95)",
    // k6 measures times in milliseconds.
    1_000,
  ];
  return {
    ...(sentiment && {
      latency_p95: p95(REQUESTS.sentiment),
      error_ratio: [series(METRICS.requestErrors, REQUESTS.sentiment), "rate", 1],
    }),
    ...(sentiment &&
      sentiment.attribution !== "none" && {
        attribution_entropy: [METRICS.entropy, "avg", 1],
        attribution_sparsity: [METRICS.sparsity, "avg", 1],
      }),
    ...(chat && {
      first_token_p95: [METRICS.firstToken, "p(95)", 1_000],
      output_token_p95: [METRICS.outputToken, "p(95)", 1_000],
      error_ratio: [series(METRICS.requestErrors, REQUESTS.chat), "rate", 1],
      goodput: [METRICS.chatGood, "rate", 1],
    }),
    ...(status &&
      Object.fromEntries(
        scenariosIn(status.mix).map((scenario) => [
          statusLimit(scenario).id,
          p95(scenarioTag(scenario)),
        ]),
      )),
  };
}

/**
 * k6's thresholds for a profile: the limits that k6 can see itself, and those of the run's own
 * (every answer passes its checks, no iteration throws, no iteration is dropped, every status
 * request is answered). The limits look at the requests that they are about, not at all requests.
 *
 * The profile whose rate rises stops at the first one that breaks.
 */
export function thresholdsFor(
  profile: Profile,
  limits: readonly Limit[] = LIMITS,
): Record<string, ObjectThreshold[]> {
  // A sweep looks after each of its steps.
  const stops = seeksLimit(profile) && profile.chat === undefined;
  const thresholds: Record<string, ObjectThreshold[]> = {};
  const add = (metric: string, threshold: string, abortOnFail = stops) =>
    (thresholds[metric] ??= []).push({ threshold, abortOnFail, delayAbortEval: "5s" });

  add("checks", "rate==1", false);
  add(METRICS.exceptions, "count==0", false);
  add("dropped_iterations", "count==0");
  if (profile.status) add(series("http_req_failed", REQUESTS.status), "rate==0");
  const measured = measuredFor(profile);
  for (const limit of limits) {
    const [metric, statistic, scale = 1] = measured[limit.id] ?? [];
    if (metric === undefined) continue;
    // A value at the limit has no headroom left, so it is not allowed.
    if (limit.bound !== "lower") add(metric, `${statistic}<${limit.upper * scale}`);
    if (limit.bound !== "upper") add(metric, `${statistic}>${limit.lower * scale}`);
  }
  return thresholds;
}

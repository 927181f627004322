import { limit, STATUS_TARGET_SECONDS } from "../../alerts/limits.ts";
import { SCENARIOS } from "./k6-metrics.ts";
import type { Profile, SentimentLoad, StatusLoad } from "./profiles.ts";

/** A k6 scenario; the fields are k6's. */
export type Scenario =
  | {
      executor: "constant-arrival-rate";
      rate: number;
      timeUnit: string;
      duration: string;
      preAllocatedVUs: number;
      maxVUs: number;
      gracefulStop: string;
    }
  | {
      executor: "ramping-arrival-rate";
      startRate: number;
      timeUnit: string;
      stages: { target: number; duration: string }[];
      preAllocatedVUs: number;
      maxVUs: number;
      gracefulStop: string;
    }
  | { executor: "constant-vus"; vus: number; duration: string; gracefulStop: string };

/** Never fewer than this: one stall of a busy machine must not look like a machine at its end. */
const LEAST_VUS = 20;

/**
 * How long requests that are under way at the end may still take, in seconds: an answer of any
 * status analysis that keeps its target has arrived by then.
 */
export const GRACE_SECONDS = Math.max(...Object.values(STATUS_TARGET_SECONDS)) + 1;

const slowestMessages = (): number => {
  const slowest = limit("latency_p95", "critical");
  return slowest.bound === "upper" ? slowest.upper : 1;
};

/**
 * Virtual users for a rate, by Little's law: enough for every request to take `seconds`, which is
 * the most that it may. When k6 runs out of them that limit is broken, so dropped iterations are a
 * failure and not a weakness of the generator.
 *
 * @param seconds - the critical latency limit unless something else is allowed
 */
export function virtualUsers(requestsPerSecond: number, seconds = slowestMessages()): number {
  return Math.max(LEAST_VUS, Math.ceil(requestsPerSecond * seconds));
}

function sentimentScenario({ arrival, batchSize }: SentimentLoad, duration: string): Scenario {
  const gracefulStop = `${GRACE_SECONDS}s`;
  // k6 wants whole numbers, and 500 messages/s in batches of 128 are 3.9 requests/s: 500 requests
  // in 128 s are the same rate.
  const timeUnit = `${batchSize}s`;
  switch (arrival.kind) {
    case "serial":
      return { executor: "constant-vus", vus: 1, duration, gracefulStop };
    case "constant": {
      const vus = virtualUsers(arrival.messagesPerSecond / batchSize);
      return {
        executor: "constant-arrival-rate",
        rate: arrival.messagesPerSecond,
        timeUnit,
        duration,
        preAllocatedVUs: vus,
        maxVUs: vus,
        gracefulStop,
      };
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

function statusScenario({ requestsPerSecond, mix }: StatusLoad, duration: string): Scenario {
  const slowest = Math.max(...mix.map((scenario) => STATUS_TARGET_SECONDS[scenario]));
  const vus = virtualUsers(requestsPerSecond, slowest);
  return {
    executor: "constant-arrival-rate",
    // A whole number again: one question in the time between two.
    rate: 1,
    timeUnit: `${Math.round(1_000 / requestsPerSecond)}ms`,
    duration,
    preAllocatedVUs: vus,
    maxVUs: vus,
    gracefulStop: `${GRACE_SECONDS}s`,
  };
}

/** The k6 scenarios of a profile by name. All of them are bounded in time and in virtual users. */
export function scenariosOf(profile: Profile): Record<string, Scenario> {
  const { sentiment, status } = profile;
  const duration = `${profile.durationSeconds}s`;
  return {
    ...(sentiment && { [SCENARIOS.sentiment]: sentimentScenario(sentiment, duration) }),
    ...(status && { [SCENARIOS.status]: statusScenario(status, duration) }),
  };
}

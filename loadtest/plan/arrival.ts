import { limit } from "../../alerts/limits.ts";
import type { Profile } from "./profiles.ts";

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

/** Never fewer than this: a few slow requests in a row must not look like a machine at its end. */
const LEAST_VUS = 10;

/** How long requests that are under way at the end may still take, in seconds. */
export const GRACE_SECONDS = 5;

/**
 * Virtual users for a rate, by Little's law: enough for every request to take as long as the
 * critical latency limit. When k6 runs out of them the limit is broken, so dropped iterations are
 * a failure and not a weakness of the generator.
 */
export function virtualUsers(requestsPerSecond: number): number {
  const slowest = limit("latency_p95", "critical");
  const seconds = slowest.bound === "upper" ? slowest.upper : 1;
  return Math.max(LEAST_VUS, Math.ceil(requestsPerSecond * seconds));
}

/** The k6 scenario of a profile. All of them are bounded in time and in virtual users. */
export function scenarioOf(profile: Profile): Scenario {
  const { arrival, batchSize } = profile;
  const duration = `${profile.durationSeconds}s`;
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

import { GOALS } from "../../alerts/goals.ts";
import type { StatusScenario } from "../../alerts/limits.ts";
import type { AskedStatus } from "./status-answer.ts";
import { STATUS_MIX } from "./status-mix.ts";

/** The load profiles, each a k6 script in `loadtest/profiles/`. */
export const PROFILE_NAMES = [
  "smoke",
  "throughput",
  "interactive",
  "zipf",
  "occlusion",
  "baseline",
  "breakpoint",
  "status",
  "mixed",
  "steady",
  "flood",
] as const;

/** See {@link PROFILE_NAMES}. */
export type ProfileName = (typeof PROFILE_NAMES)[number];

/**
 * How requests arrive.
 *
 * - constant: at a fixed rate, whatever the answers take (open model)
 * - rising: at a rate that grows evenly until a limit breaks (open model)
 * - serial: the next one when the last is answered, over one connection
 */
export type Arrival =
  | { readonly kind: "constant"; readonly messagesPerSecond: number }
  | { readonly kind: "rising"; readonly from: number; readonly to: number }
  | { readonly kind: "serial" };

/** Messages to analyse. */
export interface SentimentLoad {
  readonly arrival: Arrival;
  /** Messages in a request. */
  readonly batchSize: number;
  readonly attribution: "none" | "prefix" | "occlusion";
  /** `different` never repeats a message; `zipf` repeats the popular ones. */
  readonly messages: "different" | "zipf";
  /** Longer messages are cut after so many words; whole ones when absent. */
  readonly mostWords?: number;
  /** Whether the exporter may answer from its cache. */
  readonly cache: "use" | "no-store";
}

/** Questions about the machine. They arrive at a fixed rate, whatever the answers take. */
export interface StatusLoad extends Pick<AskedStatus, "strategy" | "language"> {
  readonly requestsPerSecond: number;
  /** Asked in this order, again and again. */
  readonly mix: readonly StatusScenario[];
  /** Whether the exporter may answer from its cache; it may when absent. */
  readonly cache?: "no-store";
}

/** Messages, questions, or both side by side. */
type Load =
  | { readonly sentiment: SentimentLoad; readonly status?: StatusLoad }
  | { readonly sentiment?: never; readonly status: StatusLoad };

interface Described {
  readonly name: ProfileName;
  /** One line: what the profile shows. */
  readonly shows: string;
  /** How long it runs unless told otherwise. */
  readonly durationSeconds: number;
}

/** What one profile sends. */
export type Profile = Described & Load;

const { messagesPerSecond, batchSize } = GOALS;

const REFERENCE_MESSAGES: SentimentLoad = {
  arrival: { kind: "constant", messagesPerSecond },
  batchSize,
  attribution: "prefix",
  messages: "different",
  cache: "use",
};

const REFERENCE_QUESTIONS: StatusLoad = {
  requestsPerSecond: 1,
  mix: STATUS_MIX,
  strategy: "balanced",
  language: "en",
};

const ALL: Readonly<Record<ProfileName, Omit<Described, "name"> & Load>> = {
  smoke: {
    shows: "that every part works, under a light load",
    sentiment: {
      ...REFERENCE_MESSAGES,
      arrival: { kind: "constant", messagesPerSecond: 80 },
      batchSize: 8,
    },
    durationSeconds: 10,
  },
  throughput: {
    shows: "full batches of different messages with attributions, at the reference rate",
    sentiment: REFERENCE_MESSAGES,
    durationSeconds: 60,
  },
  interactive: {
    shows: "many users at once, one message a request",
    sentiment: { ...REFERENCE_MESSAGES, batchSize: 1, attribution: "none" },
    durationSeconds: 60,
  },
  zipf: {
    shows: "what the caches save when popular messages repeat",
    sentiment: { ...REFERENCE_MESSAGES, batchSize: 16, messages: "zipf" },
    durationSeconds: 60,
  },
  occlusion: {
    shows: "the costlier attribution method, at the reference rate",
    sentiment: { ...REFERENCE_MESSAGES, attribution: "occlusion" },
    durationSeconds: 60,
  },
  baseline: {
    shows: "one message a request, one connection, no cache: what batching is compared with",
    sentiment: {
      ...REFERENCE_MESSAGES,
      arrival: { kind: "serial" },
      batchSize: 1,
      cache: "no-store",
    },
    durationSeconds: 30,
  },
  breakpoint: {
    shows: "the rate at which the first limit breaks",
    sentiment: {
      ...REFERENCE_MESSAGES,
      arrival: { kind: "rising", from: messagesPerSecond, to: 20 * messagesPerSecond },
    },
    durationSeconds: 120,
  },
  status: {
    shows: "the eight questions about the machine, in the reference mix",
    status: REFERENCE_QUESTIONS,
    durationSeconds: 60,
  },
  mixed: {
    shows: "the load of throughput with questions about the machine beside it",
    sentiment: REFERENCE_MESSAGES,
    status: { ...REFERENCE_QUESTIONS, requestsPerSecond: 0.5 },
    durationSeconds: 60,
  },
  steady: {
    shows: "a light load that can break any limit when something is wrong; drills use it",
    sentiment: {
      ...REFERENCE_MESSAGES,
      arrival: { kind: "constant", messagesPerSecond: 80 },
      batchSize: 8,
      // Entropy is at most ln n: of so few words, even equal ones stay below its limit (e^2.5 = 12.2).
      mostWords: 10,
    },
    status: {
      ...REFERENCE_QUESTIONS,
      requestsPerSecond: 4,
      mix: ["urgent-check"],
      strategy: "speed",
      cache: "no-store",
    },
    durationSeconds: 60,
  },
  flood: {
    shows: "far more than a queue takes on: the rest is refused, those let in stay quick",
    sentiment: {
      ...REFERENCE_MESSAGES,
      arrival: { kind: "constant", messagesPerSecond: 10 * messagesPerSecond },
      attribution: "none",
    },
    durationSeconds: 30,
  },
};

/** Whether the profile looks for the limit, so that a broken one is its result and no failure. */
export const seeksLimit = ({ sentiment }: Profile): boolean => sentiment?.arrival.kind === "rising";

/** A run lasts at least and at most this long, in seconds. */
export const DURATION_SECONDS = { least: 1, most: 3600 } as const;

/** Whether `name` is one of {@link PROFILE_NAMES}. */
export function isProfileName(name: string): name is ProfileName {
  return (PROFILE_NAMES as readonly string[]).includes(name);
}

/**
 * The profile called `name`, with another duration when one is given.
 *
 * @param durationSeconds - whole seconds; the profile's own when absent
 * @throws RangeError naming the allowed values when the name or the duration is not one of them
 */
export function profile(name: string, durationSeconds?: number): Profile {
  if (!isProfileName(name)) {
    throw new RangeError(`no profile is called "${name}"; there are ${PROFILE_NAMES.join(", ")}`);
  }
  const found = { name, ...ALL[name] };
  if (durationSeconds === undefined) return found;
  const { least, most } = DURATION_SECONDS;
  if (!Number.isInteger(durationSeconds) || durationSeconds < least || durationSeconds > most) {
    throw new RangeError(
      `the duration must be ${least} to ${most} whole seconds, got ${durationSeconds}`,
    );
  }
  return { ...found, durationSeconds };
}

import { GOALS } from "../../alerts/goals.ts";
import { STATUS_TARGET_SECONDS, type StatusScenario } from "../../alerts/limits.ts";
import type { AskedStatus } from "./answers.ts";
import { changedChat, CHARACTERS_PER_TOKEN, type ChatChange, type ChatLoad } from "./chat-load.ts";

/**
 * How requests arrive.
 *
 * - constant: at a fixed rate, whatever the answers take (open model)
 * - rising: at a rate that grows evenly until a limit breaks (open model)
 * - serial: the next one when the last is answered, over one connection
 */
type Arrival =
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

/** Status requests. They arrive at a fixed rate, whatever the answers take. */
export interface StatusLoad extends Pick<AskedStatus, "strategy" | "language"> {
  readonly requestsPerSecond: number;
  /** Asked in this order, again and again. */
  readonly mix: readonly StatusScenario[];
  /** Whether the exporter may answer from its cache; it may when absent. */
  readonly cache?: "no-store";
}

/** Messages, status requests, or both side by side; or streamed chat requests. */
type Load =
  | { readonly sentiment: SentimentLoad; readonly status?: StatusLoad; readonly chat?: never }
  | { readonly sentiment?: never; readonly status: StatusLoad; readonly chat?: never }
  | { readonly sentiment?: never; readonly status?: never; readonly chat: ChatLoad };

interface Described {
  /** One line: what the profile shows. */
  readonly shows: string;
  /** How long it runs unless told otherwise. */
  readonly durationSeconds: number;
}

/** What one profile sends. */
export type Profile = { readonly name: ProfileName } & Described & Load;

/**
 * The reference mix of status scenarios, asked in this order again and again.
 *
 * 6 of the 14 (42.9 %) repeat one of the same round, so a cache that remembers for a round answers at
 * least the 41.7 % that `GOALS.statusHitRatio` aims for. What a person looks at every few seconds comes
 * most often. Repeats lie some requests apart, since one right after itself would be answered by
 * whatever is still under way.
 */
export const STATUS_MIX = [
  "quick-status",
  "urgent-check",
  "memory-status",
  "overall-health",
  "quick-status",
  "process-information",
  "urgent-check",
  "disk-analysis",
  "memory-status",
  "network-status",
  "quick-status",
  "detailed-analysis",
  "overall-health",
  "urgent-check",
] as const satisfies readonly StatusScenario[];

/** The eight scenarios, in the order of their targets' list. */
export const STATUS_SCENARIOS = Object.keys(STATUS_TARGET_SECONDS) as StatusScenario[];

/** The different scenarios of a mix, each once. */
export const scenariosIn = (mix: readonly StatusScenario[]): readonly StatusScenario[] =>
  STATUS_SCENARIOS.filter((scenario) => mix.includes(scenario));

const { messagesPerSecond, batchSize } = GOALS;

const REFERENCE_MESSAGES: SentimentLoad = {
  arrival: { kind: "constant", messagesPerSecond },
  batchSize,
  attribution: "prefix",
  messages: "different",
  cache: "use",
};

const REFERENCE_STATUS: StatusLoad = {
  requestsPerSecond: 1,
  mix: STATUS_MIX,
  strategy: "balanced",
  language: "en",
};

const REFERENCE_CHAT: ChatLoad = {
  arrival: { kind: "users", users: 4, thinkSeconds: 0 },
  inputTokens: 256,
  outputTokens: 128,
  spread: "uniform",
  sharedPrefix: 0,
  ignoreEos: false,
  charactersPerToken: CHARACTERS_PER_TOKEN,
};

/** The load profiles, each with a k6 script of its name in `loadtest/profiles/`. */
const PROFILES = {
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
    shows: "the eight status scenarios, in the reference mix",
    status: REFERENCE_STATUS,
    durationSeconds: 60,
  },
  mixed: {
    shows: "the load of throughput with status requests beside it",
    sentiment: REFERENCE_MESSAGES,
    status: { ...REFERENCE_STATUS, requestsPerSecond: 0.5 },
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
      ...REFERENCE_STATUS,
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
  chat: {
    shows: "streamed chat requests at a fixed rate",
    chat: { ...REFERENCE_CHAT, arrival: { kind: "constant", requestsPerSecond: 1 } },
    durationSeconds: 60,
  },
  users: {
    shows: "chat users, each of whom sends the next request when the last is answered",
    chat: REFERENCE_CHAT,
    durationSeconds: 60,
  },
  sweep: {
    shows: "how many chat users at once stay within the limits: 1, 2, 4 and so on until one breaks",
    chat: {
      ...REFERENCE_CHAT,
      arrival: { kind: "users", users: 1, thinkSeconds: 0 },
      mostUsers: 32,
    },
    durationSeconds: 120,
  },
} satisfies Readonly<Record<string, Described & Load>>;

/** The name of a load profile. */
export type ProfileName = keyof typeof PROFILES;

/** The names of all load profiles. */
export const PROFILE_NAMES = Object.keys(PROFILES) as readonly ProfileName[];

/** Whether the profile looks for the limit, so that a broken one is its result and no failure. */
export const seeksLimit = ({ sentiment, chat }: Profile): boolean =>
  sentiment?.arrival.kind === "rising" || chat?.mostUsers !== undefined;

/** A run lasts at least and at most this long, in seconds. */
export const DURATION_SECONDS = { least: 1, most: 3600 } as const;

/**
 * The profile called `name`, with another duration or another chat load when one is given.
 *
 * @param durationSeconds - whole seconds; the profile's own when absent
 * @throws RangeError naming the allowed values when the name, the duration or a change is not one of them
 */
export function profile(name: string, durationSeconds?: number, change: ChatChange = {}): Profile {
  const known = PROFILE_NAMES.find((one) => one === name);
  if (!known) {
    throw new RangeError(`no profile is called "${name}"; there are ${PROFILE_NAMES.join(", ")}`);
  }
  const found: Profile = changed({ name: known, ...PROFILES[known] }, change);
  if (durationSeconds === undefined) return found;
  const { least, most } = DURATION_SECONDS;
  if (!Number.isInteger(durationSeconds) || durationSeconds < least || durationSeconds > most) {
    throw new RangeError(
      `the duration must be ${least} to ${most} whole seconds, got ${durationSeconds}`,
    );
  }
  return { ...found, durationSeconds };
}

/** A profile with another chat load, and another duration where one is given. */
export const withChat = (
  { name, shows, durationSeconds }: Profile,
  chat: ChatLoad,
  seconds = durationSeconds,
): Profile => ({ name, shows, durationSeconds: seconds, chat });

function changed(found: Profile, change: ChatChange): Profile {
  if (found.chat) return withChat(found, changedChat(found.chat, change));
  if (Object.values(change).every((value) => value === undefined)) return found;
  throw new RangeError(
    `the profile ${found.name} sends no chat requests, so nothing of them can be set`,
  );
}

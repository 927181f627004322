import { GOALS } from "../../alerts/limits.ts";

/** The load profiles, each a k6 script in `loadtest/profiles/`. */
export const PROFILE_NAMES = [
  "smoke",
  "throughput",
  "interactive",
  "zipf",
  "occlusion",
  "baseline",
  "breakpoint",
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

/** What one profile sends. */
export interface Profile {
  readonly name: ProfileName;
  /** One line: what the profile shows. */
  readonly shows: string;
  readonly arrival: Arrival;
  /** Messages in a request. */
  readonly batchSize: number;
  readonly attribution: "none" | "prefix" | "occlusion";
  /** `different` never repeats a message; `zipf` repeats the popular ones. */
  readonly messages: "different" | "zipf";
  /** Whether the exporter may answer from its cache. */
  readonly cache: "use" | "no-store";
  /** How long it runs unless told otherwise. */
  readonly durationSeconds: number;
}

const { messagesPerSecond, batchSize } = GOALS;

const ALL: Readonly<Record<ProfileName, Omit<Profile, "name">>> = {
  smoke: {
    shows: "that every part works, under a light load",
    arrival: { kind: "constant", messagesPerSecond: 80 },
    batchSize: 8,
    attribution: "prefix",
    messages: "different",
    cache: "use",
    durationSeconds: 10,
  },
  throughput: {
    shows: "full batches of different messages with attributions, at the reference rate",
    arrival: { kind: "constant", messagesPerSecond },
    batchSize,
    attribution: "prefix",
    messages: "different",
    cache: "use",
    durationSeconds: 60,
  },
  interactive: {
    shows: "many users at once, one message a request",
    arrival: { kind: "constant", messagesPerSecond },
    batchSize: 1,
    attribution: "none",
    messages: "different",
    cache: "use",
    durationSeconds: 60,
  },
  zipf: {
    shows: "what the caches save when popular messages repeat",
    arrival: { kind: "constant", messagesPerSecond },
    batchSize: 16,
    attribution: "prefix",
    messages: "zipf",
    cache: "use",
    durationSeconds: 60,
  },
  occlusion: {
    shows: "the costlier attribution method, at the reference rate",
    arrival: { kind: "constant", messagesPerSecond },
    batchSize,
    attribution: "occlusion",
    messages: "different",
    cache: "use",
    durationSeconds: 60,
  },
  baseline: {
    shows: "one message a request, one connection, no cache: what batching is compared with",
    arrival: { kind: "serial" },
    batchSize: 1,
    attribution: "prefix",
    messages: "different",
    cache: "no-store",
    durationSeconds: 30,
  },
  breakpoint: {
    shows: "the rate at which the first limit breaks",
    arrival: { kind: "rising", from: messagesPerSecond, to: 20 * messagesPerSecond },
    batchSize,
    attribution: "prefix",
    messages: "different",
    cache: "use",
    durationSeconds: 120,
  },
};

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

import { limit, type Limit, LIMITS } from "../../alerts/limits.ts";
import { spread as scattered } from "./messages.ts";

/** How the lengths of inputs and of answers are spread around their means. */
export const SPREADS = ["fixed", "uniform", "log-normal"] as const;

/** See {@link SPREADS}. */
export type Spread = (typeof SPREADS)[number];

/**
 * How requests to a chat model arrive.
 *
 * - constant: at a fixed rate, whatever the answers take (open model)
 * - users: each sends its next one when the last is answered and it has thought (closed model)
 */
export type ChatArrival =
  | { readonly kind: "constant"; readonly requestsPerSecond: number }
  | { readonly kind: "users"; readonly users: number; readonly thinkSeconds: number };

/** Streamed chat requests. Lengths are means, in tokens of the model. */
export interface ChatLoad {
  readonly arrival: ChatArrival;
  /** The users are doubled up to so many, until a limit breaks; absent where they stay as they are. */
  readonly mostUsers?: number;
  readonly inputTokens: number;
  /** At most so many are asked for; a model may end earlier unless {@link ignoreEos} says no. */
  readonly outputTokens: number;
  readonly spread: Spread;
  /** Share of the mean input with which all inputs begin alike. */
  readonly sharedPrefix: number;
  /** Whether to send `ignore_eos` and `min_tokens`, which only some servers take. */
  readonly ignoreEos: boolean;
  /** Name of the model; the first that the server lists when absent. */
  readonly model?: string;
  /** How long a text of so many tokens is: estimated at first, then corrected by the model's own count. */
  readonly charactersPerToken: number;
  /** File with a JSON array of conversations to send instead of the repository's texts. */
  readonly prompts?: string;
}

/** What a person may ask for instead of a profile's own. */
export interface ChatChange extends Partial<
  Pick<
    ChatLoad,
    "inputTokens" | "outputTokens" | "spread" | "sharedPrefix" | "ignoreEos" | "model" | "prompts"
  >
> {
  readonly requestsPerSecond?: number;
  /** Of a sweep, the most. */
  readonly users?: number;
  readonly thinkSeconds?: number;
}

/** English text in the vocabularies of today's models, until the model itself has counted. */
export const CHARACTERS_PER_TOKEN = 4;

const BOUNDS = {
  requestsPerSecond: ["a rate", 0.01, 1_000, "requests/s"],
  users: ["the number of users", 1, 512, ""],
  thinkSeconds: ["the time to think", 0, 600, "s"],
  inputTokens: ["an input", 1, 1_000_000, "tokens"],
  outputTokens: ["an answer", 1, 100_000, "tokens"],
  sharedPrefix: ["the shared part of the inputs", 0, 1, ""],
} as const;

/**
 * The load with what is asked for instead.
 *
 * @throws RangeError that says what is out of bounds, or has no place in this kind of load
 */
export function changedChat(load: ChatLoad, change: ChatChange): ChatLoad {
  for (const [name, [title, least, most, unit]] of Object.entries(BOUNDS)) {
    const value = change[name as keyof typeof BOUNDS];
    if (value === undefined || (value >= least && value <= most)) continue;
    throw new RangeError(
      `${title} is from ${least} to ${most} ${unit}`.trimEnd() + `, got ${value}`,
    );
  }
  const { requestsPerSecond, users, thinkSeconds, ...rest } = change;
  if (rest.prompts !== undefined && (rest.inputTokens ?? rest.sharedPrefix) !== undefined) {
    throw new RangeError("prompts of a file are sent as they are: no length and no shared part");
  }
  const changed = { ...load, ...rest };
  const { arrival } = load;
  if (arrival.kind === "constant") {
    if ((users ?? thinkSeconds) !== undefined) {
      throw new RangeError(
        "this profile has a rate and no users; choose the profile users or sweep",
      );
    }
    return { ...changed, arrival: { ...arrival, ...(requestsPerSecond && { requestsPerSecond }) } };
  }
  if (requestsPerSecond !== undefined) {
    throw new RangeError("this profile has users and no rate; choose the profile chat");
  }
  return {
    ...changed,
    ...(load.mostUsers !== undefined && users !== undefined && { mostUsers: users }),
    arrival: {
      ...arrival,
      ...(load.mostUsers === undefined && users !== undefined && { users }),
      ...(thinkSeconds !== undefined && { thinkSeconds }),
    },
  };
}

/** The numbers of users of a sweep: 1, 2, 4 and so on, and last the most. */
export function stepsTo(mostUsers: number): readonly number[] {
  const steps: number[] = [];
  for (let users = 1; users < mostUsers; users *= 2) steps.push(users);
  return [...steps, mostUsers];
}

/** Spread of the logarithm of log-normal lengths; 5 to 95 % of them are 0.4 to 2 times the mean. */
const SIGMA = 0.5;

/** No length is more than so many times its mean. */
const LONGEST = { fixed: 1, uniform: 1.5, "log-normal": 4 } as const;

/**
 * The length number `draw`, the same for the same number: half to one and a half of the mean when
 * `uniform`; else of a normal distribution by Box and Muller (1958), which keeps the mean.
 *
 * @returns a whole number from 1
 */
export function lengthAt(draw: number, mean: number, spread: Spread): number {
  const [first, second] = [scattered(2 * draw + 1), scattered(2 * draw + 2)];
  const times = {
    fixed: 1,
    uniform: 0.5 + first,
    "log-normal": Math.exp(
      SIGMA * Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second) - SIGMA ** 2 / 2,
    ),
  }[spread];
  return Math.max(1, Math.round(mean * Math.min(times, LONGEST[spread])));
}

/** No answer is waited for less long. */
const LEAST_PATIENCE_SECONDS = 30;

/**
 * Longer than the longest answer may take within the critical limits, so that a late one is seen as late
 * and not as missing.
 */
export function patienceSeconds(load: ChatLoad, limits: readonly Limit[] = LIMITS): number {
  const upper = (id: string) => {
    const found = limit(id, "critical", [...limits, ...LIMITS]);
    return found.bound === "lower" ? 0 : found.upper;
  };
  const tokens = load.outputTokens * LONGEST[load.spread];
  const allowed = upper("first_token_p95") + tokens * upper("output_token_p95");
  return Math.max(LEAST_PATIENCE_SECONDS, Math.ceil(allowed));
}

/** A message of a conversation, as OpenAI's API has it; what it holds beside is passed on. */
export interface ChatMessage {
  readonly role: string;
  readonly content: unknown;
}

/** The body of one request. */
export function chatBody(
  { model, ignoreEos }: Pick<ChatLoad, "model" | "ignoreEos">,
  messages: readonly ChatMessage[],
  outputTokens: number,
) {
  return {
    ...(model !== undefined && { model }),
    messages,
    max_tokens: outputTokens,
    stream: true,
    stream_options: { include_usage: true },
    ...(ignoreEos && { ignore_eos: true, min_tokens: outputTokens }),
  };
}

/** A time from one moment to a later one, in one unit. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Which share of a span lies within another one; one without length lies within, or it does not. */
export function overlap(span: Span, within: Span): number {
  const common = Math.min(span.to, within.to) - Math.max(span.from, within.from);
  if (span.to <= span.from) return common >= 0 ? 1 : 0;
  return Math.max(0, common) / (span.to - span.from);
}

/**
 * Users begin one after the other within so many seconds: all at once, their first requests would wait for
 * each other as they never do again. Rates are taken from then on.
 */
export const startsWithin = (durationSeconds: number): number => Math.min(2, durationSeconds / 5);

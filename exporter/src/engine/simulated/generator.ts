import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import PQueue from "p-queue";
import { HeadroomError } from "../../errors.ts";
import { LANGUAGES } from "../../language.ts";
import type {
  Ask,
  ConverseOptions,
  GenerateOptions,
  Generation,
  Generator,
  Grammar,
  Prompt,
} from "../generator.ts";
import { UntilStop } from "../until-stop.ts";
import { answerTo, CONTEXT_TOKENS } from "./answer.ts";
import { isFaulty, type FaultPlan, type LatencyProfile } from "./profiles.ts";

/** Time as the simulated generator feels it; tests bring their own. */
export interface Clock {
  /** Milliseconds on a steady clock. */
  now(): number;
  /** Waits; ends early, without an error, when the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

const MACHINE_CLOCK: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => {}),
};

/** How the simulated generator behaves. */
export interface SimulatedGeneratorOptions {
  readonly profile: LatencyProfile;
  readonly faults?: FaultPlan | undefined;
  readonly clock?: Clock;
}

type WriteOptions = Omit<GenerateOptions, "grammar"> & { readonly stop?: readonly string[] };

/** Characters of a token; close to what real tokenizers reach on English with figures. */
const CHARACTERS_PER_TOKEN = 4;

/** A call with the fault "delay" takes so many times as long. */
const DELAY_FACTOR = 10;

/** What the fault of this name writes: nothing that any grammar allows. */
const GARBAGE = "\u0001\u0002 <|im_start|> <|im_start|> \ufffd\ufffd";

/** What is written without a grammar. */
const TEXT = "This text is simulated.";

/**
 * A Generator without a model: it writes the first of what its grammar allows, and takes as long for
 * it as its profile says. The same calls give the same texts and the same faults.
 */
export function createSimulatedGenerator(options: SimulatedGeneratorOptions): Generator {
  const { profile, faults, clock = MACHINE_CLOCK } = options;
  const lanes = new PQueue({ concurrency: profile.sequences });
  let calls = 0;
  let lastSystem = "";
  /** What clients asked last, the latest first: one text a sequence. */
  const held: string[] = [];

  /** Timers are a millisecond late or more, so each waits for its own moment and not for a span. */
  async function reach(moment: number, signal: AbortSignal): Promise<void> {
    const milliseconds = moment - clock.now();
    if (milliseconds >= 1) await clock.sleep(milliseconds, signal);
  }

  /** How much slower the machine is now than for one alone. */
  function crowding(): number {
    const { together } = profile;
    return together === undefined ? 1 : Math.max(1, lanes.pending / together);
  }

  async function write(
    whole: Iterable<string>,
    { input, evaluated }: { readonly input: number; readonly evaluated: number },
    { maxTokens, signal, onText, stop = [] }: WriteOptions,
  ): Promise<Generation> {
    calls += 1;
    const fault = faults && isFaulty(calls, faults.share) ? faults.fault : undefined;
    const slowness = 1000 * (fault === "delay" ? DELAY_FACTOR : 1);
    const started = clock.now();

    if (fault === "hang" && !signal.aborted) await once(signal, "abort");
    let due = started + (slowness * crowding() * evaluated) / profile.prefillTokensPerSecond;
    await reach(due, signal);
    if (fault === "error") {
      throw new HeadroomError("model_failed", "The simulated engine failed, as its profile says.");
    }
    const first = (due = clock.now());
    const until = new UntilStop(stop);
    let text = "";
    let output = 0;
    const say = (piece: string) => {
      if (piece === "") return;
      text += piece;
      onText?.(piece);
    };
    for (const piece of piecesOf(fault === "garbage" ? [GARBAGE] : whole)) {
      if (signal.aborted || output >= maxTokens || until.found) break;
      if (output > 0) due += (slowness * crowding()) / profile.decodeTokensPerSecond;
      await reach(due, signal);
      if (signal.aborted) break;
      output += 1;
      say(until.add(piece));
    }
    say(until.end());
    const cut = !until.found && output >= maxTokens;
    return {
      text,
      end: signal.aborted ? "aborted" : cut ? "length" : "done",
      tokens: { input, evaluated, output },
      prefillSeconds: (first - started) / 1000,
      decodeSeconds: (clock.now() - first) / 1000,
    };
  }

  function generate(prompt: Prompt, options: GenerateOptions): Promise<Generation> {
    const examples = prompt.examples.flatMap(({ ask, answer }) => [ask, answer]);
    const instructions = tokensIn(prompt.system, ...examples);
    const input = instructions + tokensIn(prompt.ask);
    const evaluated = prompt.system === lastSystem ? input - instructions : input;
    lastSystem = prompt.system;
    const { grammar } = options;
    return write([grammar ? firstOf(grammar) : TEXT], { input, evaluated }, options);
  }

  /** Like a real one, it evaluates only what differs from what one of its sequences holds. */
  async function converse(ask: Ask, { wishes, ...options }: ConverseOptions): Promise<Generation> {
    const asked =
      "text" in ask ? ask.text : ask.turns.map(({ by, text }) => `${by}: ${text}`).join("\n");
    const input = tokensIn(asked);
    if (input >= CONTEXT_TOKENS) {
      throw new HeadroomError(
        "context_length_exceeded",
        `The prompt has ${input} tokens, and the simulated model's context of ${CONTEXT_TOKENS} must have room for ` +
          "it and an answer. Send less.",
        { members: { param: "messages", limit: CONTEXT_TOKENS, count: input, unit: "tokens" } },
      );
    }
    if (profile.sequences === 1) lastSystem = "";
    const known = Math.max(0, ...held.map((text) => sameBeginning(text, asked)));
    held.unshift(asked);
    held.length = Math.min(held.length, profile.sequences);
    const evaluated = Math.max(1, input - Math.floor(known / CHARACTERS_PER_TOKEN));
    const maxTokens = Math.min(wishes.maxTokens ?? Infinity, CONTEXT_TOKENS - input);
    const { stop, json } = wishes;
    return write(answerTo(asked, json), { input, evaluated }, { ...options, maxTokens, stop });
  }

  return {
    model: {
      id: "simulated",
      // What it does wrong changes its texts; its speed does not.
      fingerprint: faults ? `${faults.fault} ${faults.share}` : "faultless",
      engine: "simulated",
      architecture: "none",
      languages: LANGUAGES,
    },
    sequences: profile.sequences,
    get busy() {
      return lanes.pending;
    },
    speed: profile,
    failure: undefined,
    onEnd: () => {},
    generate: (prompt, options) => lanes.add(() => generate(prompt, options)),
    converse: (ask, options) => lanes.add(() => converse(ask, options)),
    pid: undefined,
    deviceMemory: () => undefined,
    close: async () => {},
  };
}

function firstOf(grammar: Grammar): string {
  let text = "";
  for (let place: number | undefined = 0; place !== undefined;) {
    const first: Grammar[number][number] = grammar[place]![0]!;
    text += first.text;
    place = first.next;
  }
  return text;
}

function* piecesOf(texts: Iterable<string>): Iterable<string> {
  for (const text of texts)
    yield* text.match(new RegExp(`[^]{1,${CHARACTERS_PER_TOKEN}}`, "gu")) ?? [];
}

function sameBeginning(one: string, other: string): number {
  let same = 0;
  while (same < one.length && one[same] === other[same]) same++;
  return same;
}

function tokensIn(...texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Math.ceil(text.length / CHARACTERS_PER_TOKEN), 0);
}

import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import PQueue from "p-queue";
import { HeadroomError } from "../../errors.ts";
import { LANGUAGES } from "../../language.ts";
import type { GenerateOptions, Generation, Generator, Grammar, Prompt } from "../generator.ts";
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

  /** Timers are a millisecond late or more, so each waits for its own moment and not for a span. */
  async function reach(moment: number, signal: AbortSignal): Promise<void> {
    const milliseconds = moment - clock.now();
    if (milliseconds >= 1) await clock.sleep(milliseconds, signal);
  }

  async function generate(
    prompt: Prompt,
    { maxTokens, grammar, signal, onText }: GenerateOptions,
  ): Promise<Generation> {
    calls += 1;
    const fault = faults && isFaulty(calls, faults.share) ? faults.fault : undefined;
    const slowness = fault === "delay" ? DELAY_FACTOR : 1;
    const examples = prompt.examples.flatMap(({ ask, answer }) => [ask, answer]);
    const instructions = tokensIn(prompt.system, ...examples);
    const input = instructions + tokensIn(prompt.ask);
    const evaluated = prompt.system === lastSystem ? input - instructions : input;
    lastSystem = prompt.system;
    const started = clock.now();

    if (fault === "hang" && !signal.aborted) await once(signal, "abort");
    await reach(started + (1000 * slowness * evaluated) / profile.prefillTokensPerSecond, signal);
    if (fault === "error") {
      throw new HeadroomError("model_failed", "The simulated engine failed, as its profile says.");
    }
    const first = clock.now();
    let text = "";
    let output = 0;
    const whole = fault === "garbage" ? GARBAGE : grammar ? firstOf(grammar) : TEXT;
    for (const piece of piecesOf(whole)) {
      if (signal.aborted || output >= maxTokens) break;
      await reach(first + (1000 * slowness * output) / profile.decodeTokensPerSecond, signal);
      if (signal.aborted) break;
      text += piece;
      output += 1;
      onText?.(piece);
    }
    return {
      text,
      end: signal.aborted ? "aborted" : output >= maxTokens ? "length" : "done",
      tokens: { input, evaluated, output },
      prefillSeconds: (first - started) / 1000,
      decodeSeconds: (clock.now() - first) / 1000,
    };
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

function piecesOf(text: string): readonly string[] {
  return text.match(new RegExp(`[^]{1,${CHARACTERS_PER_TOKEN}}`, "gu")) ?? [];
}

function tokensIn(...texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Math.ceil(text.length / CHARACTERS_PER_TOKEN), 0);
}

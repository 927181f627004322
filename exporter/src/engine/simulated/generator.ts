import PQueue from "p-queue";
import { HeadroomError } from "../../errors.ts";
import { LANGUAGES } from "../../language.ts";
import { MACHINE_CLOCK, type Clock } from "../clock.ts";
import type { GenerateOptions, Generation, Generator, Prompt } from "../generator.ts";
import type { Choice, Grammar } from "../grammar.ts";
import { isFaulty, type FaultPlan } from "./faults.ts";
import type { LatencyProfile } from "./latency-profiles.ts";

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
  let busy = 0;
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
    const instructions = tokensIn(prompt.system) + sum(prompt.examples.map(tokensOfExample));
    const input = instructions + tokensIn(prompt.ask);
    const evaluated = prompt.system === lastSystem ? input - instructions : input;
    lastSystem = prompt.system;
    const started = clock.now();
    const result = (text: string, output: number, first: number): Generation => ({
      text,
      end: signal.aborted ? "aborted" : output >= maxTokens ? "length" : "done",
      tokens: { input, evaluated, output },
      prefillSeconds: (first - started) / 1000,
      decodeSeconds: (clock.now() - first) / 1000,
    });

    if (fault === "hang") await untilAborted(signal);
    await reach(started + (1000 * slowness * evaluated) / profile.prefillTokensPerSecond, signal);
    if (fault === "error") {
      throw new HeadroomError("model_failed", "The simulated engine failed, as its profile says.");
    }
    const first = clock.now();
    let text = "";
    let output = 0;
    for (const piece of piecesOf(
      fault === "garbage" ? GARBAGE : grammar ? firstOf(grammar) : TEXT,
    )) {
      if (signal.aborted || output >= maxTokens) break;
      await reach(first + (1000 * slowness * output) / profile.decodeTokensPerSecond, signal);
      if (signal.aborted) break;
      text += piece;
      output += 1;
      onText?.(piece);
    }
    return result(text, output, first);
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
      return busy;
    },
    speed: profile,
    failure: undefined,
    onEnd: () => {},
    generate: (prompt, options) =>
      lanes.add(async () => {
        busy += 1;
        try {
          return await generate(prompt, options);
        } finally {
          busy -= 1;
        }
      }),
    pid: undefined,
    deviceMemory: async () => undefined,
    close: async () => {},
  };
}

function firstOf(grammar: Grammar): string {
  let text = "";
  for (let place: number | undefined = 0; place !== undefined;) {
    const first: Choice = grammar[place]![0]!;
    text += first.text;
    place = first.next;
  }
  return text;
}

function piecesOf(text: string): readonly string[] {
  return text.match(new RegExp(`[^]{1,${CHARACTERS_PER_TOKEN}}`, "gu")) ?? [];
}

function tokensIn(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

function tokensOfExample({ ask, answer }: Prompt["examples"][number]): number {
  return tokensIn(ask) + tokensIn(answer);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

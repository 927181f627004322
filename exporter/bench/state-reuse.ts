import type { Generator, Prompt } from "../src/engine/generator.ts";

/** Time to the first token with and without the state of the instructions, in seconds. */
export interface StateReuse {
  readonly reused: number;
  readonly anew: number;
  /** Tokens evaluated in either case. */
  readonly tokens: { readonly reused: number; readonly anew: number };
}

/**
 * Asks each question in turn with instructions that the model holds and with new ones.
 *
 * @param prompts - different questions with the same instructions
 */
export async function measureStateReuse(
  generator: Generator,
  prompts: readonly Prompt[],
): Promise<StateReuse> {
  const ask = (prompt: Prompt) =>
    generator.generate(prompt, { maxTokens: 1, signal: new AbortController().signal });
  const reused = [];
  const anew = [];
  for (const [i, prompt] of prompts.entries()) {
    // Another beginning shares no state with what was evaluated before.
    anew.push(await ask({ ...prompt, system: `${i} ${prompt.system}` }));
    await ask({ ...prompt, ask: "" });
    reused.push(await ask(prompt));
  }
  return {
    reused: median(reused.map(({ prefillSeconds }) => prefillSeconds)),
    anew: median(anew.map(({ prefillSeconds }) => prefillSeconds)),
    tokens: {
      reused: median(reused.map(({ tokens }) => tokens.evaluated)),
      anew: median(anew.map(({ tokens }) => tokens.evaluated)),
    },
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

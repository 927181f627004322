import { LlamaCompletion, type LlamaChat } from "node-llama-cpp";
import type { Ask, ConverseOptions, GenerateOptions, Generation, Prompt } from "../../generator.ts";
import { converseOn, tokensOf } from "./converse.ts";
import { generateOn } from "./generate.ts";

/** A sequence, and the two ways in which node-llama-cpp writes on it. */
export interface Lane {
  readonly chat: LlamaChat;
  readonly completion: LlamaCompletion;
  /** Instructions of the last prompt; undefined when its last text was a client's. */
  instructions: string | undefined;
}

/** Sequences, lent one at a time; who finds none waits for the next that is given back. */
export class Lanes {
  readonly all: readonly LlamaChat[];
  readonly #free: Lane[];
  readonly #prompts: ((lane: Lane) => void)[] = [];
  readonly #clients: ((lane: Lane) => void)[] = [];

  constructor(chats: readonly LlamaChat[]) {
    this.all = chats;
    this.#free = chats.map((chat) => {
      const completion = new LlamaCompletion({ contextSequence: chat.sequence });
      return { chat, completion, instructions: "" };
    });
  }

  /**
   * Generates a text on a sequence: on one that had the same instructions last, because that one still
   * holds their state, or else on the one that is free the longest.
   */
  async generate(prompt: Prompt, options: GenerateOptions): Promise<Generation> {
    const lane = await this.#lend(this.#prompts, ({ instructions }) =>
      Number(instructions === prompt.system),
    );
    lane.instructions = prompt.system;
    return generateOn(lane.chat, prompt, options).finally(() => this.#giveBack(lane));
  }

  /**
   * Answers a client on the sequence that holds most of what it asks, but on one that holds instructions only where
   * there is no other: status requests have no time to evaluate them again.
   */
  async converse(ask: Ask, options: ConverseOptions): Promise<Generation> {
    const tokens = tokensOf(this.all[0]!, ask);
    const lane = await this.#lend(this.#clients, ({ chat, instructions }) => {
      const { firstDifferentIndex } = chat.sequence.compareContextTokens(tokens);
      return firstDifferentIndex + (instructions === undefined ? chat.sequence.contextSize : 0);
    });
    lane.instructions = undefined;
    return converseOn(lane, ask, tokens, options).finally(() => this.#giveBack(lane));
  }

  /** The last free one, where there are several, is not for clients: one that is gone may still hold another. */
  get #isFreeForClients(): boolean {
    return this.#free.length > (this.all.length > 1 ? 1 : 0);
  }

  #lend(waiting: ((lane: Lane) => void)[], fitness: (lane: Lane) => number): Promise<Lane> {
    const isFree = waiting === this.#clients ? this.#isFreeForClients : this.#free.length > 0;
    if (!isFree) return new Promise((resolve) => waiting.push(resolve));
    const fits = this.#free.map(fitness);
    const [lane] = this.#free.splice(fits.indexOf(Math.max(...fits)), 1);
    return Promise.resolve(lane!);
  }

  #giveBack(lane: Lane): void {
    const prompt = this.#prompts.shift();
    if (prompt) return prompt(lane);
    this.#free.push(lane);
    if (this.#clients.length > 0 && this.#isFreeForClients)
      this.#clients.shift()!(this.#free.pop()!);
  }
}

import type { LlamaChat } from "node-llama-cpp";

/** Sequences, lent one at a time; who finds none waits for the next that is given back. */
export class Lanes {
  readonly all: readonly LlamaChat[];
  readonly #free: { readonly chat: LlamaChat; readonly last: string }[];
  readonly #waiting: ((chat: LlamaChat) => void)[] = [];

  constructor(chats: readonly LlamaChat[]) {
    this.all = chats;
    this.#free = chats.map((chat) => ({ chat, last: "" }));
  }

  /**
   * Runs work on a sequence: on one that ran work of the same kind last, because that one still
   * holds the state of its instructions, or else on the one that is free the longest.
   */
  async use<T>(kind: string, work: (chat: LlamaChat) => Promise<T>): Promise<T> {
    const chat = this.#take(kind) ?? (await this.#next());
    try {
      return await work(chat);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(chat);
      else this.#free.push({ chat, last: kind });
    }
  }

  #take(kind: string): LlamaChat | undefined {
    const same = this.#free.findIndex(({ last }) => last === kind);
    return this.#free.splice(Math.max(0, same), 1)[0]?.chat;
  }

  #next(): Promise<LlamaChat> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

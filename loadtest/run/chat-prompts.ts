import { readFile, writeFile } from "node:fs/promises";
import type { ChatLoad, ChatMessage } from "../plan/chat-load.ts";
import { readTexts } from "../plan/messages.ts";
import { promptAt, readPromptFile } from "../plan/prompts.ts";
import { CouldNotRun } from "./could-not-run.ts";

/** A file of prompts of a person's own, and where to put what is in it. */
export interface OwnPrompts {
  readonly from: string;
  readonly to: string;
}

/** What is known of the prompts of a load before it. */
export interface ReadyPrompts {
  /** What the requests before the load ask: a prompt like those of the load, and none of them. */
  readonly like: (load: ChatLoad) => readonly ChatMessage[];
  /** The file that k6 reads; absent for the repository's texts. */
  readonly file?: string;
  readonly notes: readonly string[];
}

const DATA = new URL("../../exporter/models/sentiment/data/tweets.tsv", import.meta.url);

/** So many lines without a prompt are named. */
const NAMED = 10;

/**
 * Reads the file of prompts, if there is one, writes it as k6 reads it, and notes the lines that were left out.
 *
 * @throws CouldNotRun when it holds none
 */
export async function readyPrompts(own: OwnPrompts | undefined): Promise<ReadyPrompts> {
  if (!own) {
    const texts = readTexts([await readFile(DATA, "utf8")]);
    return {
      like: (load) => promptAt(0, 0, { ...load, spread: "fixed", sharedPrefix: 0 }, texts),
      notes: [],
    };
  }
  const { prompts, leftOut } = readPromptFile(await readFile(own.from, "utf8"));
  const lines = leftOut.map(({ line, why }) => `line ${line}: ${why}`);
  const named = lines.slice(0, NAMED).join("; ");
  const last = prompts.at(-1);
  if (!last) {
    throw new CouldNotRun(`${own.from} holds no prompt`, named || "it is empty", "Correct it");
  }
  await writeFile(own.to, JSON.stringify(prompts));
  const more = lines.length > NAMED ? `; and ${lines.length - NAMED} more` : "";
  return {
    like: () => last,
    file: own.to,
    notes: [
      `${prompts.length} prompts of ${own.from}, again from the first when they are used up`,
      ...(lines.length > 0 ? [`lines that hold no prompt were left out: ${named}${more}`] : []),
    ],
  };
}

/** Bounds of what can be right; a server that counts otherwise would make the prompts absurd. */
const CHARACTERS = { least: 0.5, most: 12 } as const;

/** How long a token is by the model's own count, where it has one. */
export function correctedLength(
  { charactersPerToken }: ChatLoad,
  messages: readonly ChatMessage[],
  inputTokens: number | undefined,
): number {
  if (!inputTokens) return charactersPerToken;
  const characters = messages.reduce((sum, { content }) => sum + String(content).length, 0);
  return Math.min(CHARACTERS.most, Math.max(CHARACTERS.least, characters / inputTokens));
}

import { type ChatLoad, type ChatMessage, lengthAt } from "./chat-load.ts";
import { messageAt, type Text } from "./messages.ts";

/** Messages that lie between the first ones of two prompts. */
const MESSAGES_APART = 64;

/** Where the part that is the same for all prompts begins. */
const SHARED_FROM = 7;

const TASK = "\n\nGo on with this text in the same manner.";

/**
 * Prompt number `number`, of the repository's texts. It begins with its number, so that no two are alike
 * and no cache of a beginning helps, but for the part that all are told to share.
 *
 * @param draw - which length it has; runs that begin at another number draw the same lengths
 */
export function promptAt(
  number: number,
  draw: number,
  load: Pick<ChatLoad, "inputTokens" | "spread" | "sharedPrefix" | "charactersPerToken">,
  texts: ArrayLike<Text>,
): readonly ChatMessage[] {
  const { inputTokens, spread, sharedPrefix, charactersPerToken } = load;
  const shared = Math.round(inputTokens * sharedPrefix * charactersPerToken);
  const whole = Math.round(lengthAt(draw, inputTokens, spread) * charactersPerToken);
  const own =
    sharedPrefix === 1
      ? ""
      : `[${number}] ${textFrom(number * MESSAGES_APART, whole - shared - TASK.length, texts)}`;
  const content = `${textFrom(SHARED_FROM, shared, texts)}${shared > 0 ? "\n\n" : ""}${own}${TASK}`;
  return [{ role: "user", content }];
}

/** So many characters of the messages from number `first` on, to the end of a word. */
function textFrom(first: number, characters: number, texts: ArrayLike<Text>): string {
  const messages = texts.length ** 2;
  let text = "";
  for (let i = 0; text.length < characters; i += 1) {
    text += `${messageAt((first + i) % messages, texts)} `;
  }
  return text.slice(0, Math.max(0, characters)).replace(/ \S*$/, "");
}

/** What a file of prompts holds. */
export interface PromptFile {
  readonly prompts: readonly (readonly ChatMessage[])[];
  /** Lines that hold none, by their number from 1, each with why. */
  readonly leftOut: readonly { readonly line: number; readonly why: string }[];
}

/**
 * Reads prompts, one JSON object a line: `{"conversations": [{"from": "human", "value": ...}]}` as ShareGPT
 * has it, of which the first turn of a human counts; `{"messages": [...]}` as OpenAI has it, without answers
 * at the end; or `{"prompt": "..."}`.
 */
export function readPromptFile(text: string): PromptFile {
  const prompts: (readonly ChatMessage[])[] = [];
  const leftOut: { line: number; why: string }[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const found = promptIn(line);
    if (typeof found === "string") leftOut.push({ line: i + 1, why: found });
    else prompts.push(found);
  }
  return { prompts, leftOut };
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string =>
  typeof value === "string" && value.trim() !== "";

/** The conversation of a line, or why there is none. */
function promptIn(line: string): readonly ChatMessage[] | string {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return "no JSON";
  }
  if (Array.isArray(json)) return "an array: write one conversation a line (jq -c '.[]')";
  if (!isObject(json)) return "no object";
  const { prompt, messages, conversations } = json;
  if (isText(prompt)) return [{ role: "user", content: prompt }];
  if (Array.isArray(messages)) {
    const isMessage = (one: unknown): one is Json & ChatMessage =>
      isObject(one) &&
      isText(one["role"]) &&
      (isText(one["content"]) || Array.isArray(one["content"]));
    if (!messages.every(isMessage)) return "a message without a role or without content";
    const last = messages.findLastIndex(({ role }) => role !== "assistant");
    return last < 0 ? "no message but answers" : messages.slice(0, last + 1);
  }
  if (!Array.isArray(conversations)) return "neither conversations, messages nor a prompt";
  const human = conversations.find(
    (turn): turn is Json & { readonly value: string } =>
      isObject(turn) && ["human", "user"].includes(String(turn["from"])) && isText(turn["value"]),
  );
  return human ? [{ role: "user", content: human.value }] : "no turn of a human";
}

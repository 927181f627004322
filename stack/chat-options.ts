import { type Command, Option } from "commander";
import { type ChatChange, SPREADS, type Spread } from "@headroom/loadtest/plan/chat-load";
import { asArgument, existingFile, parseDuration } from "./options.ts";

/** What the options of {@link addChatOptions} say. */
export interface ChatOptions {
  readonly rate?: number;
  readonly users?: number;
  /** Seconds. */
  readonly think?: number;
  readonly input?: number;
  readonly output?: number;
  readonly spread?: Spread;
  readonly sharedPrefix?: number;
  readonly ignoreEos?: true;
  /** An absolute path. */
  readonly prompts?: string;
  readonly seed?: number;
}

/** Adds the options that change the load of the profiles chat, users and sweep. */
export function addChatOptions(command: Command): Command {
  const options = [
    number("--rate <number>", "of chat: requests a second"),
    whole("--users <number>", "of users: how many; of sweep: how many at most"),
    new Option(
      "--think <time>",
      "of users and sweep: time between an answer and the next request, like 5s",
    ).argParser(asArgument(parseDuration)),
    whole(
      "--input <tokens>",
      "mean length of a prompt; estimated, then corrected by the model's own count",
    ),
    whole("--output <tokens>", "mean length of an answer, at most"),
    new Option(
      "--spread <kind>",
      "how both lengths are spread around their means: not at all, evenly from half to one and a half\n" +
        "of them, or log-normal with a sigma of 0.5",
    ).choices(SPREADS),
    number(
      "--shared-prefix <share>",
      "with how much of the mean prompt all begin alike, from 0 to 1",
    ),
    new Option(
      "--prompts <file>",
      'prompts of your own, a JSON object a line: {"conversations": [{"from": "human", "value": "..."}]},\n' +
        '{"messages": [{"role": "user", "content": "..."}]} or {"prompt": "..."}',
    ).argParser(asArgument(existingFile)),
    new Option(
      "--ignore-eos",
      "send ignore_eos and min_tokens, for servers that take them: all answers are whole",
    ),
    whole("--seed <number>", "the same number sends the same prompts again"),
  ];
  for (const option of options) command.addOption(option.helpGroup("Chat loads:"));
  return command;
}

/** What they ask for instead of a profile's own. */
export function chatChangeOf(options: ChatOptions): ChatChange {
  const { rate, users, think, input, output, spread, sharedPrefix, ignoreEos, prompts } = options;
  return {
    ...(rate !== undefined && { requestsPerSecond: rate }),
    ...(users !== undefined && { users }),
    ...(think !== undefined && { thinkSeconds: think }),
    ...(input !== undefined && { inputTokens: input }),
    ...(output !== undefined && { outputTokens: output }),
    ...(spread !== undefined && { spread }),
    ...(sharedPrefix !== undefined && { sharedPrefix }),
    ...(ignoreEos && { ignoreEos }),
    ...(prompts !== undefined && { prompts }),
  };
}

const number = (flags: string, description: string) =>
  new Option(flags, description).argParser(asArgument(numberIn));

const whole = (flags: string, description: string) =>
  new Option(flags, description).argParser(
    asArgument((text) => {
      const value = numberIn(text);
      if (!Number.isSafeInteger(value))
        throw new RangeError(`a whole number is wanted, got "${text}"`);
      return value;
    }),
  );

function numberIn(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new RangeError(`a number is wanted, got "${text}"`);
  return Number(text);
}

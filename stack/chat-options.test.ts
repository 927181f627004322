import { describe, expect, it } from "@jest/globals";
import { Command, CommanderError } from "commander";
import { addChatOptions, chatChangeOf, type ChatOptions } from "./chat-options.ts";

function read(...args: string[]) {
  const command = addChatOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return command.parse(args, { from: "user" }).opts<ChatOptions>();
}

describe("the options of chat loads", () => {
  it("say what is asked for instead of a profile's own, and nothing else", () => {
    expect(chatChangeOf(read())).toEqual({});
    expect(
      chatChangeOf(
        read(
          ...["--users", "8", "--think", "1m", "--input", "1000", "--output", "50"],
          ...["--spread", "log-normal", "--shared-prefix", "0.5", "--ignore-eos", "--seed", "7"],
        ),
      ),
    ).toEqual({
      users: 8,
      thinkSeconds: 60,
      inputTokens: 1000,
      outputTokens: 50,
      spread: "log-normal",
      sharedPrefix: 0.5,
      ignoreEos: true,
    });
    expect(chatChangeOf(read("--rate", "0.5"))).toEqual({ requestsPerSecond: 0.5 });
  });

  it.each([
    [["--users", "many"], /a number is wanted, got "many"/],
    [["--users", "1.5"], /a whole number is wanted/],
    [["--rate", "-1"], /a number is wanted/],
    [["--spread", "normal"], /Allowed choices are fixed, uniform, log-normal/],
    [["--prompts", "/nowhere/prompts.jsonl"], /there is no file/],
    [["--think", "soon"], /a duration is like/],
  ])("are refused by name when they cannot be used: %j", (args, says) => {
    expect(() => read(...args)).toThrow(CommanderError);
    expect(() => read(...args)).toThrow(says);
  });
});

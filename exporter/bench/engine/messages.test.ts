import { describe, expect, it } from "@jest/globals";
import { batchesOf, MESSAGES, messagesOfWords } from "./messages.ts";

describe("the bench's messages", () => {
  it("are other ones in the next round, until all have had their turn", () => {
    const both = [...batchesOf(0, 2, 128).flat(), ...batchesOf(1, 2, 128).flat()];
    expect(both).toEqual(MESSAGES.slice(0, 512));
    expect(batchesOf(MESSAGES.length, 1, 1)).toEqual(batchesOf(0, 1, 1));
  });

  it.each([4, 256])("have %p words when so many are asked for", (words) => {
    const messages = messagesOfWords(words, 20, 3);
    expect(messages.map((message) => message.split(" ").length)).toEqual(
      new Array<number>(20).fill(words),
    );
    expect(new Set(messages).size).toBe(20);
  });
});

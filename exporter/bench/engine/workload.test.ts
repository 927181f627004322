import { describe, expect, it } from "@jest/globals";
import { atOnce, batchesOf, MESSAGES, messagesOfWords } from "./workload.ts";

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

it("jobs are done so many at once", async () => {
  let running = 0;
  let most = 0;
  const job = async () => {
    most = Math.max(most, ++running);
    await new Promise(setImmediate);
    running--;
  };
  await atOnce(
    3,
    Array.from({ length: 10 }, () => job),
  );
  expect({ most, running }).toEqual({ most: 3, running: 0 });
});

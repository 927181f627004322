import { describe, expect, it } from "@jest/globals";
import { fullest } from "./fullest.ts";

const memory = (usedBytes: number, capacityBytes: number) => ({ usedBytes, capacityBytes });

describe("the device that memory is told of", () => {
  it("is the one that is nearest to its capacity, and never a sum", () => {
    expect(fullest([memory(3, 10), undefined, memory(2, 4)])).toEqual(memory(2, 4));
    expect(fullest([memory(3, 10), memory(4, 10)])).toEqual(memory(4, 10));
  });

  it("is none where no process uses one", () => {
    expect(fullest([undefined, undefined])).toBeUndefined();
    expect(fullest([])).toBeUndefined();
  });
});

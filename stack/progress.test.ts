import { describe, expect, it } from "@jest/globals";
import { activityOn, liveLineOn } from "./progress.ts";

const streamOf = (isTTY: boolean, columns = 40) => {
  const written: string[] = [];
  return { written, isTTY, columns, write: (text: string) => written.push(text) };
};

describe("activityOn", () => {
  it("tells the beginning and the end in whole lines outside a terminal", async () => {
    const stream = streamOf(false);
    expect(await activityOn(stream)("Building", async () => 42)).toBe(42);
    expect(stream.written.join("")).toBe("Building ...\nBuilding: done\n");
  });

  it("tells a failure and passes it on", async () => {
    const stream = streamOf(true);
    const failing = activityOn(stream)("Building", () => Promise.reject(new Error("no space")));
    await expect(failing).rejects.toThrow("no space");
    expect(stream.written.at(-1)).toBe("\r\x1b[KBuilding: failed\n");
  });
});

describe("liveLineOn", () => {
  it("rewrites one line on a terminal, never wider than it", () => {
    const stream = streamOf(true, 10);
    const line = liveLineOn(stream);
    line.show("short");
    line.show("much too long for ten");
    line.end();
    line.end();
    expect(stream.written).toEqual(["\r\x1b[Kshort", "\r\x1b[Kmuch t...", "\n"]);
  });

  it("writes a line every five seconds elsewhere", () => {
    const stream = streamOf(false);
    let time = 0;
    const line = liveLineOn(stream, () => time);
    for (time = 0; time <= 11_000; time += 1_000) line.show(`${time}`);
    line.end();
    expect(stream.written).toEqual(["0\n", "5000\n", "10000\n"]);
  });
});

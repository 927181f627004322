import { describe, expect, it } from "@jest/globals";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("./testing/log-much.ts", import.meta.url));

/** Runs the program that logs 4 MB, by a shell that says where its lines go. */
async function run(redirection: string): Promise<{ code: number | null; turns: string[] }> {
  const command = `exec "$0" "$1" ${redirection}`;
  const child = spawn("sh", ["-c", command, process.execPath, PROGRAM], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  // Its lines go to nobody: the pipe is never read.
  let told = "";
  child.stderr.on("data", (data: Buffer) => (told += String(data)));
  const [code] = (await once(child, "exit")) as [number | null];
  return { code, turns: told.split("\n").filter(Boolean) };
}

const ALL_TURNS = ["turn 1", "turn 2", "turn 3", "turn 4", "left"];

describe("the log", () => {
  it("does not hold the exporter up when nobody reads it", async () => {
    expect(await run("")).toEqual({ code: 0, turns: ALL_TURNS });
  });

  if (platform() === "linux") {
    it("does not hold it up when the disk is full", async () => {
      expect(await run("> /dev/full")).toEqual({ code: 0, turns: ALL_TURNS });
    });
  }

  it("stops at the limit of a file, and the exporter goes on", async () => {
    const folder = await mkdtemp(join(tmpdir(), "headroom-log-"));
    const file = join(folder, "log");
    const { code, turns } = await run(`> ${file}; `.replace("; ", ""));
    expect([code, turns]).toEqual([0, ALL_TURNS]);
    const lines = (await readFile(file, "utf8")).trim().split("\n");
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
    const messages = lines.map((line) => JSON.parse(line) as { msg: string; lines?: number });
    const lost = messages.filter(({ msg }) => msg === "lines of this log were lost");
    const written = messages.length - lost.length;
    // What was dropped while the disk was behind is counted where it is missing.
    expect(written + lost.reduce((sum, { lines: count }) => sum + count!, 0)).toBe(4 * 1000 + 1);
    await rm(folder, { recursive: true });
  });
});

import { describe, expect, it } from "@jest/globals";
import { runQuietly } from "./run.ts";

const run = (code: string, signal = new AbortController().signal) =>
  runQuietly(process.execPath, ["-e", code], { signal });

describe("runQuietly", () => {
  it("fails with the end of what the command wrote", async () => {
    await expect(run(`console.error("disk is full"); process.exit(4)`)).rejects.toThrow(
      /ended with exit code 4:\ndisk is full/,
    );
  });

  it("gives the command an empty standard input", async () => {
    await expect(
      run(`process.stdin.on("end", () => process.exit(0)).resume()`),
    ).resolves.toBeUndefined();
  });

  it("ends the command when the signal says so", async () => {
    const controller = new AbortController();
    const running = run("setInterval(() => {}, 1000)", controller.signal);
    controller.abort(new Error("interrupted"));
    await expect(running).rejects.toThrow("interrupted");
  });

  it("says when there is no such command", async () => {
    const signal = new AbortController().signal;
    await expect(runQuietly("no-such-command-anywhere", [], { signal })).rejects.toThrow(
      /no-such-command-anywhere cannot start/,
    );
  });
});

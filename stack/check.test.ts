import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { CheckResult } from "./maintenance/run-check.ts";
import { type SmallStack, startSmallStack } from "./maintenance/testing/small-stack.ts";

/** So long Prometheus may take until it has seen two values of every counter. */
const PATIENCE_MS = 60_000;

const run = (...args: string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const command = [join(import.meta.dirname, "check.ts"), ...args];
    execFile(process.execPath, command, { cwd: import.meta.dirname }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

const at = ({ exporter, incidents, prometheus }: SmallStack): string[] => [
  ...["--url", exporter, "--incidents", incidents],
  ...["--prometheus", prometheus],
];

/** Asks until Prometheus counts requests, which the checks judge. */
async function untilCounted(stack: SmallStack): Promise<void> {
  const query = "sum(increase(sentiment_requests_total[1d])) > 20";
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    await stack.ask(10);
    const address = `${stack.prometheus}/api/v1/query?${new URLSearchParams({ query })}`;
    const body = (await (await fetch(address)).json()) as { data: { result: unknown[] } };
    if (body.data.result.length > 0) return;
    await sleep(1_000);
  }
  throw new Error("Prometheus has not counted the requests");
}

const verdicts = ({ steps }: CheckResult) =>
  Object.fromEntries(steps.map(({ id, verdict }) => [id, verdict]));

describe("a check of a healthy stack", () => {
  let stack: SmallStack;
  beforeAll(async () => {
    stack = await startSmallStack();
    await untilCounted(stack);
  });
  afterAll(() => stack?.stop());

  it("passes daily, and knows what it cannot know yet", async () => {
    const { code, stdout } = await run("daily", "--json", ...at(stack));
    const result = JSON.parse(stdout) as CheckResult;
    expect(result.steps.filter(({ verdict }) => verdict === "fail")).toEqual([]);
    expect(code).toBe(0);
    expect(result).toMatchObject({
      kind: "daily",
      url: stack.exporter,
      prometheus: stack.prometheus,
      simulated: true,
    });
    expect(verdicts(result)).toMatchObject({
      scrape: "pass",
      rules: "pass",
      ready: "pass",
      "model-sentiment": "pass",
      alerts: "pass",
      incidents: "pass",
      errors: "pass",
      latency: "pass",
      "memory-peak-process": "pass",
      "memory-peak-system": "pass",
      "memory-trend-process": "unknown",
      "entropy-mean-prefix": "pass",
      "sparsity-mean-prefix": "pass",
      anomalies: "unknown",
    });
    const { pass, fail, unknown } = result.counts;
    expect(pass + fail + unknown).toBe(result.steps.length);
    expect(new Set(result.steps.map(({ id }) => id)).size).toBe(result.steps.length);
  });

  it("prints a table whose last line counts", async () => {
    const { code, stdout, stderr } = await run("daily", ...at(stack));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^step +observed +limit +verdict$/m);
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(
      /^daily check: \d+ passed, 0 failed, \d+ unknown$/,
    );
    expect(stderr).toContain("Reading Prometheus and the exporter: done");
  });

  it("prints weekly as Markdown, and misses the week before", async () => {
    const { stdout } = await run("weekly", "--markdown", ...at(stack));
    expect(stdout).toMatch(/^\| This week is like the week before \| - \| .* \| unknown \|$/m);
    expect(stdout).toMatch(/^\| The accelerator is used \|/m);
    expect(stdout).toMatch(/^\| Answers found in the cache: sentiment, memory \|/m);
    expect(stdout).toMatch(/^\| The saved baseline is there and not old \|/m);
  });

  it("goes through metrics, configuration and documentation monthly", async () => {
    const { stdout } = await run("monthly", "--skip-load", "--json", ...at(stack));
    const result = JSON.parse(stdout) as CheckResult;
    expect(verdicts(result)).toMatchObject({
      "full-load": "unknown",
      "metrics-arrive": "pass",
      "metrics-numbers": "pass",
      "metrics-move": "pass",
      queue: "pass",
      "cache-room": "pass",
      "batch-size": "pass",
      queries: "pass",
    });
    // The documentation of a checkout is judged as it is; its steps have tests of their own.
    for (const id of ["generated", "links", "commands"]) {
      expect(["pass", "fail"]).toContain(verdicts(result)[id]);
    }
  });
});

describe("a check of a stack with trouble", () => {
  let stack: SmallStack;
  beforeAll(async () => {
    stack = await startSmallStack({ HEADROOM_SIMULATE_ERROR_RATIO: "1" });
    await untilCounted(stack);
  });
  afterAll(() => stack?.stop());

  it("fails daily, says what to do, and exits with 1", async () => {
    const { code, stdout } = await run("daily", ...at(stack));
    expect(code).toBe(1);
    expect(stdout).toMatch(/^No request failed in the last day +100\.0 % .* fail$/m);
    expect(stdout).toContain(`${stack.incidents}/runbooks/HeadroomErrorRateHigh`);
  });

  it("could not run without an exporter, and says where it looked", async () => {
    const elsewhere = "http://127.0.0.1:1";
    const { code, stderr } = await run("daily", ...at(stack), "--url", elsewhere);
    expect(code).toBe(2);
    expect(stderr).toContain(`the exporter at ${elsewhere} cannot be read`);
  });

  it("could not run without Prometheus, and says what to start", async () => {
    await stack.stopPrometheus();
    const { code, stdout, stderr } = await run("daily", ...at(stack));
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`Prometheus at ${stack.prometheus} cannot be read`);
    expect(stderr).toContain("npm start");
  });
});

describe("a check that is interrupted", () => {
  it("ends with 130, also while Prometheus does not answer", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const command = [join(import.meta.dirname, "check.ts")];
    const child = spawn(process.execPath, [...command, "daily", "--prometheus", url], {
      cwd: import.meta.dirname,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const ended = once(child, "close");
    await once(silent, "request");
    child.kill("SIGINT");
    expect((await ended)[0]).toBe(130);
    silent.closeAllConnections();
    silent.close();
  });
});

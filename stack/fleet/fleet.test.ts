import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { parseMetrics } from "@headroom/loadtest/report/prometheus-text";
import { segmentArguments } from "@headroom/loadtest/run/k6";
import { ROOT } from "../places.ts";
import { haproxyConfig } from "./balancer.ts";
import type { Checked } from "./check.ts";
import { requireAddresses } from "./fleet.ts";
import { serveTargets } from "./generated-targets.ts";
import { POINTS } from "./points.ts";
import { agrees, quantileOf, type RawSeries } from "./raw-data.ts";

/** What is gone when a balancer before two replicas is wrong; `npm run fleet -- --check` shows the rest. */
const IN_TESTS = ["killed", "rolling"];

const fleet = (...args: readonly string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const command = [join(ROOT, "stack", "fleet.ts"), ...args];
    execFile(process.execPath, command, { cwd: ROOT }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

describe("npm run fleet", () => {
  it("loses nothing to a kill and to a rolling restart, with real parts", async () => {
    const { code, stdout } = await fleet(
      ...["--check", "--only", ...IN_TESTS, "--replicas", "2", "--duration", "4s", "--json"],
    );
    const checked = JSON.parse(stdout) as Checked[];
    expect(checked.map(({ name, problems }) => ({ name, problems }))).toEqual(
      IN_TESTS.map((name) => ({ name, problems: [] })),
    );
    expect(code).toBe(0);
  });

  it.each([["0"], ["-1"], ["33"], ["two"]])("refuses %s replicas in words", async (count) => {
    const { code, stderr } = await fleet("--replicas", count);
    expect(stderr).toContain(`replicas are 1 to 32; got "${count}"`);
    expect(code).toBe(2);
  });
});

it("says in the documents of each point that it passed", async () => {
  const text = await readFile(join(ROOT, "docs", "fleet.md"), "utf8");
  const [, table = ""] = /<!-- fleet:begin -->([^]*)<!-- fleet:end -->/.exec(text) ?? [];
  const rows = [...table.matchAll(/^\| ([\w-]+) .* passed +\|$/gm)].map(([, row]) => row);
  expect(rows).toEqual(POINTS.map(({ name }) => name));
});

it("shows one exporter's metrics at many addresses, where counters go on and gauges stay", async () => {
  const page = (count: number) => `# TYPE c counter\nc_total{of="a b"} ${count}\ng ${count}\n`;
  const at = performance.now() / 1000;
  const targets = await serveTargets(2, [
    { text: page(0), at: at - 10 },
    { text: page(100), at },
  ]);
  try {
    const pages = await Promise.all(
      targets.urls.map(async (url) => parseMetrics(await (await fetch(url)).text())),
    );
    expect(new Set(targets.urls).size).toBe(2);
    for (const [counter, gauge] of pages) {
      expect(counter).toMatchObject({ name: "c_total", labels: { of: "a b" } });
      expect(counter!.value).toBeGreaterThan(100);
      expect(gauge).toMatchObject({ name: "g", value: 100 });
    }
  } finally {
    targets.close();
  }
});

describe("the addresses of a fleet", () => {
  const replica = (host: string, port: number) => [{ name: "replica-1", host, port }];

  it("are refused where this machine does not have them, with what to type", async () => {
    // Kept for documents (RFC 5737): no machine has it.
    await expect(requireAddresses(replica("192.0.2.1", 9700))).rejects.toThrow(
      "sudo ifconfig lo0 alias 192.0.2.1 up",
    );
  });

  it("are refused where somebody listens already", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    try {
      await expect(requireAddresses(replica("127.0.0.1", port))).rejects.toThrow(
        `Port ${port} of 127.0.0.1 cannot be had (EADDRINUSE)`,
      );
    } finally {
      server.close();
    }
  });
});

it("repeats sentiment and status requests that got no answer, and of all else only what nobody has begun", () => {
  const replicas = [{ name: "replica-1", host: "127.0.0.2", port: 9700 }];
  const text = haproxyConfig({ port: 9700, figuresPort: 8404, replicas });
  const [, pure = "", once = ""] = /backend pure\n([^]*)backend once\n([^]*)frontend/.exec(text)!;
  expect(pure).toContain("retry-on conn-failure empty-response junk-response 503\n");
  expect(once).toContain("retry-on conn-failure 503\n");
  expect(text).not.toContain("response-timeout");
});

it("gives each k6 its part, as k6-operator does", () => {
  expect(segmentArguments({ index: 1, of: 3 })).toEqual([
    ...["--execution-segment", "1/3:2/3"],
    ...["--execution-segment-sequence", "0,1/3,2/3,1"],
  ]);
});

describe("what is computed from raw data", () => {
  const bucket = (instance: string, le: string, grew: number): RawSeries => ({
    labels: { instance, le },
    values: [
      [0, 100],
      [10, 100 + grew],
    ],
  });
  const slow = [bucket("b", "0.1", 0), bucket("b", "1", 100), bucket("b", "+Inf", 100)];

  it("is the P95 of all requests, and not the mean of the exporters' own", () => {
    const quick = [bucket("a", "0.1", 900), bucket("a", "1", 900), bucket("a", "+Inf", 900)];
    // 950 of 1000: half of the slow ones lie between 0.1 s and 1 s.
    expect(quantileOf(0.95, [...quick, ...slow])).toBeCloseTo(0.55);
    expect((quantileOf(0.95, quick) + quantileOf(0.95, slow)) / 2).toBeCloseTo(0.525, 2);
  });

  it("is at most the last edge that a bucket has", () => {
    expect(quantileOf(0.95, [bucket("a", "1", 0), bucket("a", "+Inf", 10)])).toBe(1);
  });

  it("agrees within a twentieth", () => {
    const compared = { record: "", labels: {}, computed: 100 };
    expect(agrees({ ...compared, recorded: 104 })).toBe(true);
    expect(agrees({ ...compared, recorded: 106 })).toBe(false);
    expect(agrees({ ...compared, recorded: Number.NaN })).toBe(false);
  });
});

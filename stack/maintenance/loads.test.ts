import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { LIMITS } from "@headroom/alerts/limits";
import { K6 } from "@headroom/loadtest/testing/k6-program";
import {
  type RunningExporter,
  startSimulatedExporter,
} from "@headroom/loadtest/testing/simulated-exporter";
import { runLoad } from "../load-run.ts";
import { type ExporterState, readExporter } from "./exporter-reader.ts";
import type { Step } from "./step.ts";
import { baselineAge } from "./steps/baseline-age.ts";
import { fullLoad } from "./steps/full-load.ts";
import { newBaseline } from "./steps/new-baseline.ts";

const { signal } = new AbortController();

let folder: string;
let exporter: RunningExporter;
let state: ExporterState;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-loads-"));
  exporter = await startSimulatedExporter({});
  state = await readExporter(exporter.url, undefined, signal);
});
afterAll(async () => {
  await exporter?.stop();
  await rm(folder, { recursive: true, force: true });
});

const load = (profile: string) => () =>
  runLoad({
    k6: K6,
    target: exporter.url,
    profile,
    durationSeconds: 3,
    outDir: join(folder, profile),
    signal,
    stream: { write: () => {} },
  });

const rowsOf = (step: Step) =>
  step.rows({
    exporter: state,
    incidents: "",
    instance: new URL(exporter.url).host,
    matchers: "",
    at: Date.now() / 1000,
    limits: LIMITS,
    // These steps ask the exporter alone.
    prometheus: {} as never,
  });

describe("the baseline of a check", () => {
  it("is missing, then measured and saved, and the next one is compared with it", async () => {
    const baselines = join(folder, "baselines");
    const said: string[] = [];
    const renew = newBaseline({
      run: load("baseline"),
      folder: baselines,
      say: (text) => said.push(text),
    });
    expect(await rowsOf(baselineAge(baselines))).toMatchObject([{ verdict: "fail" }]);
    expect(await rowsOf(renew)).toMatchObject([{ id: "new-baseline", verdict: "pass" }]);
    expect(await rowsOf(baselineAge(baselines))).toMatchObject([
      { verdict: "pass", observed: "0 days old" },
    ]);
    await rowsOf(renew);
    expect(await readdir(baselines)).toHaveLength(1);
    expect(said).toEqual([
      "New baseline: the first one for this model and machine.",
      expect.stringMatching(
        /^New baseline: [\d.]+x the throughput, [\d.]+x the speed of the saved/,
      ),
    ]);
  });
});

describe("the full load of a check", () => {
  it("is judged by every limit that it exercises", async () => {
    const rows = await rowsOf(fullLoad(load("throughput")));
    const ids = rows.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(
      expect.arrayContaining([
        "load-latency-p95-warning",
        "load-memory-used-process-critical",
        "load-attribution-entropy-mean-warning",
      ]),
    );
    expect(rows.find(({ id }) => id === "load-errors-critical")?.verdict).toBe("pass");
  });
});

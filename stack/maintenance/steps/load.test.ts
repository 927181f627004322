import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { limit } from "@headroom/alerts/limits";
import { verdictOn } from "@headroom/loadtest/report/verdicts";
import { K6 } from "@headroom/loadtest/testing/k6-program";
import {
  type RunningExporter,
  startSimulatedExporter,
} from "@headroom/loadtest/testing/simulated-exporter";
import { runLoad } from "../../load-run.ts";
import { type ExporterState, readExporter } from "../examine.ts";
import type { Step } from "../step.ts";
import { baselineAge, baselineRow, fullLoad, loadRows, newBaseline } from "./load.ts";

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
  it("is compared with every limit that it exercises", async () => {
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

describe("a baseline", () => {
  const now = Date.parse("2026-03-31T00:00:00Z") / 1000;
  const saved = (measuredAt: string) => ({ measuredAt }) as never;

  it("must be there and not too old", () => {
    expect(baselineRow(saved("2026-03-30T00:00:00Z"), now)).toMatchObject({
      verdict: "pass",
      observed: "1 days old",
    });
    expect(baselineRow(saved("2026-01-01T00:00:00Z"), now).verdict).toBe("fail");
    expect(baselineRow(undefined, now).detail).toContain("--update-baseline");
  });
});

describe("a full load", () => {
  it("has a row for each limit and each condition of the run", () => {
    const latency = limit("latency_p95", "warning");
    const rows = loadRows({
      verdicts: [
        verdictOn(latency, "Latency, P95", 0.7),
        verdictOn(limit("error_ratio", "critical"), "Errors", 0),
        verdictOn(limit("attribution_entropy", "warning"), "Entropy", Number.NaN),
      ],
      checks: [{ about: "load", title: "The load was offered", holds: true, found: "yes" }],
      files: { markdown: "report.md", json: "", k6Log: "" },
    });
    expect(rows.map(({ verdict }) => verdict)).toEqual(["fail", "pass", "unknown", "pass"]);
    expect(rows[0]!.detail).toContain("report.md");
  });
});

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { k6Scenarios } from "./plan/k6-options.ts";
import { profile, PROFILE_NAMES, STATUS_MIX } from "./plan/profiles.ts";
import {
  CouldNotRun,
  exitCode,
  runProfile,
  type Progress,
  type Report,
  type RunOptions,
} from "./run.ts";
import { exampleReply } from "./testing/example-answers.ts";
import { K6 } from "./testing/k6-program.ts";
import { startSimulatedExporter, type RunningExporter } from "./testing/simulated-exporter.ts";
import { STAND_IN_STATUS_METRICS, startStandIn, type StandIn } from "./testing/stand-in.ts";

const run = promisify(execFile);
const script = (name: string) => fileURLToPath(new URL(`profiles/${name}.ts`, import.meta.url));

let folder: string;
const options = (target: string): RunOptions => ({
  k6: K6,
  target,
  profile: "smoke",
  durationSeconds: 1,
  outDir: path.join(folder, "run"),
  baselines: path.join(folder, "baselines"),
});

/** The numbers of the messages, of a profile that sends some. */
function sentimentOf({ measurements }: Report) {
  const { sentiment } = measurements;
  if (!sentiment) throw new Error("the profile sent no messages");
  return sentiment;
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "headroom-load-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("a load run against the real exporter with the simulated engine", () => {
  let exporter: RunningExporter;
  beforeAll(async () => {
    exporter = await startSimulatedExporter();
  });
  afterAll(() => exporter.stop());

  it("stays within the limits, reports it and is told apart from a real one", async () => {
    const seen: Progress[] = [];
    const report = await runProfile({
      ...options(exporter.url),
      durationSeconds: 3,
      saveBaseline: true,
      onProgress: (progress) => seen.push(progress),
    });

    expect(report.checks.filter(({ holds }) => !holds)).toEqual([]);
    expect(report.verdicts.filter(({ status }) => status !== "within")).toEqual([]);
    expect(exitCode(report)).toBe(0);
    expect(report.exporter.simulated).toBe(true);

    const { memory } = report.measurements;
    const { requests, messages, attribution, server } = sentimentOf(report);
    expect(messages.answered).toBe(requests * 8);
    expect(server.outcomes).toEqual({ ok: requests });
    expect(memory.peakBytes.process).toBeGreaterThan(0);
    expect(attribution?.entropy.messages).toBeGreaterThan(0);
    const { entropy, sparsity, bothInRange = Number.NaN } = attribution!;
    expect(bothInRange).toBeGreaterThanOrEqual(entropy.inRange + sparsity.inRange - 1 - 1e-9);
    expect(bothInRange).toBeLessThanOrEqual(Math.min(entropy.inRange, sparsity.inRange));

    expect(seen.length).toBeGreaterThan(0);
    expect(seen.at(-1)!.nearest!.headroom).toBeLessThanOrEqual(1);
    expect(JSON.parse(await readFile(report.files.json, "utf8"))).toMatchObject({ version: 4 });
    expect(await readFile(report.files.markdown, "utf8")).toContain("SIMULATED");
    expect(await readFile(report.files.html!, "utf8")).toContain("<html");

    const again = await runProfile(options(exporter.url));
    expect(again.gains).toHaveLength(1);
    expect(again.firstMessage).not.toBe(report.firstMessage);
  });

  it.each([...PROFILE_NAMES])(
    "has a profile %s whose answers have the right shape",
    async (name) => {
      const report = await runProfile({ ...options(exporter.url), profile: name });
      // A small machine may leave a part of the heavy ones without an answer.
      const ofLoad = ["Messages were answered", "The load was offered in full"];
      const failed = report.checks.filter(({ holds, title }) => !holds && !ofLoad.includes(title));
      expect(failed).toEqual([]);
      expect(report.verdicts.length).toBeGreaterThan(0);
    },
  );

  it("counts the same status answers as the exporter", async () => {
    const report = await runProfile({
      ...options(exporter.url),
      profile: "status",
      durationSeconds: 3,
    });
    const { status } = report.measurements;
    expect(exitCode(report)).toBe(0);
    expect(status?.successShare).toBe(1);
    expect(status?.outcomes).toEqual({ ok: status?.requests });
  });

  it("asks for the eight scenarios once after a load, and shows the answers", async () => {
    const report = await runProfile({ ...options(exporter.url), askStatus: true });
    // What k6 takes is only known on Linux.
    for (const note of report.notes)
      expect(note).toMatch(/^k6 itself took \d\.\d\d of the \d+ cores/);
    expect(report.statusAnswers?.map(({ failure }) => failure)).toEqual(Array(8).fill(undefined));
    expect(await readFile(report.files.markdown, "utf8")).toContain("in eight answers");
  });

  it("finds repeated messages in the cache", async () => {
    const report = await runProfile({
      ...options(exporter.url),
      profile: "zipf",
      durationSeconds: 3,
    });
    const { cache, server, requests } = sentimentOf(report);
    expect(cache.hitRate).toBeGreaterThan(0.1);
    expect(server.outcomes).toEqual({ ok: requests });
  });

  it("stops when it is told to, and reports what there is", async () => {
    const abort = new AbortController();
    const report = await runProfile({
      ...options(exporter.url),
      durationSeconds: 60,
      signal: abort.signal,
      // Not before k6 sends: until then a busy machine has none that could report.
      onProgress: ({ sentiment }) => {
        if ((sentiment?.messagesPerSecond ?? 0) > 0) abort.abort();
      },
    });
    expect(report.measurements.complete).toBe(false);
    expect(report.measurements.run.seconds).toBeLessThan(60);
    expect(sentimentOf(report).messages.answered).toBeGreaterThan(0);
    expect(report.notes.join()).toContain("stopped before its time");
    expect(exitCode(report)).toBe(2);
  });

  it("sends k6's series to Prometheus when it is given an address", async () => {
    const prometheus = await startStandIn("");
    const report = await runProfile({
      ...options(exporter.url),
      prometheusWriteUrl: `${prometheus.url}/api/v1/write`,
    });
    await prometheus.stop();
    expect(exitCode(report)).toBe(0);
    expect(prometheus.posted).toContainEqual({
      path: "/api/v1/write",
      bytes: expect.any(Number),
    });
  });
});

describe("a load run against a stand-in that answers status requests", () => {
  let standIn: StandIn;
  afterEach(() => standIn.stop());
  const start = async (reply: Parameters<typeof startStandIn>[0]) => {
    standIn = await startStandIn(reply, STAND_IN_STATUS_METRICS);
    return { ...options(standIn.url), durationSeconds: 3 };
  };

  it("asks in the order of the mix, and counts what the answers say", async () => {
    const remembering = (path: string, body: string) => {
      const reply = exampleReply(path, body);
      const isCached = path.endsWith(STATUS_MIX[1]);
      return isCached ? { body: reply.body.replace('"cached":false', '"cached":true') } : reply;
    };
    const report = await runProfile({ ...(await start(remembering)), profile: "status" });
    const { status } = report.measurements;
    expect(report.checks.filter(({ holds }) => !holds)).toEqual([]);
    expect(standIn.posted.slice(0, 3).map(({ path }) => path)).toEqual(
      STATUS_MIX.slice(0, 3).map((scenario) => `/v1/status/${scenario}`),
    );
    expect(status?.requests).toBe(standIn.posted.length);
    expect(status).toMatchObject({ successShare: 1, modelShare: 1, cached: 1 });
    const of = (wanted: string) => status?.scenarios.find(({ scenario }) => scenario === wanted);
    expect(of(STATUS_MIX[0])).toMatchObject({ requests: 1, answers: 1, cached: 0, fromModel: 1 });
    expect(of(STATUS_MIX[1])).toMatchObject({ requests: 1, answers: 1, cached: 1, fromModel: 1 });
  });

  it("keeps the times of messages and status requests apart in `mixed`", async () => {
    const slowly = (path: string, body: string) => ({
      ...exampleReply(path, body),
      ...(path !== "/v1/sentiment" && { afterMs: 600 }),
    });
    const report = await runProfile({ ...(await start(slowly)), profile: "mixed" });
    const { sentiment, status } = report.measurements;
    expect(status?.latency.p50).toBeGreaterThan(sentiment?.latency.max ?? NaN);
    expect(sentiment?.requests).toBe(
      standIn.posted.filter(({ path }) => path === "/v1/sentiment").length,
    );
    expect(exitCode(report)).toBe(0);
  });

  it.each([
    ["is refused", { status: 503, body: "{}" }, "Every status request was answered"],
    ["is of another shape", { body: "{}" }, "Every answer passes its checks"],
  ])("fails when an answer %s", async (_, reply, title) => {
    const report = await runProfile({
      ...(await start((path, body) =>
        path.endsWith("urgent-check") ? reply : exampleReply(path, body),
      )),
      profile: "status",
      durationSeconds: 2,
    });
    expect(report.checks.filter(({ holds }) => !holds).map((check) => check.title)).toContain(
      title,
    );
    expect(exitCode(report)).toBe(1);
  });

  it("notes that there is no such route when status requests are to follow the load", async () => {
    const report = await runProfile({
      ...(await start((path, body) =>
        path === "/v1/sentiment" ? exampleReply(path, body) : { status: 404, body: "{}" },
      )),
      durationSeconds: 1,
      askStatus: true,
    });
    expect(report.statusAnswers).toBeUndefined();
    expect(report.notes.join()).toContain("no route /v1/status");
    expect(exitCode(report)).toBe(0);
  });

  it("measures answers, and not how quickly the others are refused or sent back", async () => {
    let asked = 0;
    const overloaded = (path: string, body: string) => {
      const turn = (asked += 1) % 10;
      if (turn === 0) return { ...exampleReply(path, body), afterMs: 600 };
      return { status: turn === 5 ? 413 : 503, body: "{}" };
    };
    const report = await runProfile(await start(overloaded));
    const { requests, wellMeant, failed, refused, errorRatio, latency } = sentimentOf(report);
    expect(latency.p50).toBeGreaterThan(0.5);
    // What was sent back as too large is no error, and no evidence of health either.
    expect(requests - wellMeant).toBeGreaterThan(0);
    expect(refused).toBe(failed);
    expect(errorRatio).toBeCloseTo(8 / 9, 1);
    expect(report.verdicts[0]).toMatchObject({ title: "Errors", limit: { severity: "warning" } });
    expect(report.checks.find(({ title }) => title === "Messages were answered")).toMatchObject({
      holds: false,
      found: expect.stringMatching(/^[\d,]+ of [\d,]+ \([\d.]+ %\)$/),
    });
    const broken = report.verdicts.filter(({ status }) => status === "broken");
    expect(broken.map(({ limit }) => `${limit.severity} ${limit.id}`).sort()).toEqual([
      "critical error_ratio",
      "warning error_ratio",
      "warning latency_p95",
    ]);
  });

  it("counts an answer that does not come as one at the end of the client's patience", async () => {
    const silent = (path: string, body: string) => ({
      ...exampleReply(path, body),
      afterMs: 11_000,
    });
    const report = await runProfile({ ...(await start(silent)), durationSeconds: 5 });
    const { latency, failed, refused, errorRatio } = sentimentOf(report);
    expect(latency.p50).toBeGreaterThan(9.9);
    expect(failed).toBeGreaterThan(0);
    expect(refused).toBe(0);
    expect(errorRatio).toBe(1);
    expect(exitCode(report)).toBe(1);
  });

  it("says which memory it judges, and judges each scope that there is", async () => {
    const report = await runProfile({ ...(await start(exampleReply)), durationSeconds: 1 });
    const memory = report.verdicts.filter(({ limit }) => limit.id === "memory");
    expect(memory.map(({ title }) => title)).toEqual([
      "Memory used, system",
      "Memory used, system",
      "Memory used, process",
      "Memory used, process",
    ]);
    expect(await readFile(report.files.markdown, "utf8")).toContain(
      "Memory is judged by system 16.00 GB (warning from 11.20 GB, 70 % of it), " +
        "process 16.00 GB (warning from 11.20 GB, 70 % of it)",
    );
  });

  it("says that a run without messages is not saved as a baseline", async () => {
    const report = await runProfile({
      ...(await start(exampleReply)),
      profile: "status",
      durationSeconds: 1,
      saveBaseline: true,
    });
    expect(report.notes.join()).toContain("not saved as a baseline");
  });
});

describe("a load run that goes wrong", () => {
  it("breaks the error limit when the model fails half of the batches", async () => {
    const exporter = await startSimulatedExporter({ HEADROOM_SIMULATE_ERROR_RATIO: "0.5" });
    const report = await runProfile({ ...options(exporter.url), durationSeconds: 2 });
    await exporter.stop();
    expect(report.verdicts.find(({ limit }) => limit.id === "error_ratio")!.status).toBe("broken");
    expect(exitCode(report)).toBe(1);
  });

  it("breaks the latency limit when the model is slow", async () => {
    const exporter = await startSimulatedExporter({ HEADROOM_SIMULATE_LATENCY_MS: "600" });
    const report = await runProfile({
      ...options(exporter.url),
      profile: "baseline",
      durationSeconds: 4,
    });
    await exporter.stop();
    const broken = report.verdicts.filter(({ status }) => status === "broken");
    expect(broken.map(({ limit }) => `${limit.severity} ${limit.id}`)).toContain(
      "warning latency_p95",
    );
    expect(exitCode(report)).toBe(1);
  });

  it("fails when the exporter dies on the way", async () => {
    const exporter = await startSimulatedExporter();
    let dying: Promise<void> | undefined;
    const report = await runProfile({
      ...options(exporter.url),
      durationSeconds: 8,
      // On a busy machine k6 takes seconds to start.
      onProgress: ({ sentiment }) => {
        if (sentiment?.messagesPerSecond) dying ??= exporter.stop("SIGKILL");
      },
    });
    await dying;
    expect(report.notes.join()).toMatch(/readings of the exporter's metrics failed/);
    expect(report.checks.filter(({ holds }) => !holds).map(({ title }) => title)).toEqual(
      expect.arrayContaining(["Messages were answered", "The exporter ran from start to end"]),
    );
    // Most requests failed to connect, which takes no time.
    const { latency, failed, wellMeant } = sentimentOf(report);
    expect(failed).toBeGreaterThan(wellMeant / 2);
    expect(latency.p50).toBeGreaterThan(0);
    expect(exitCode(report)).toBe(1);
  });

  describe("because of what answers", () => {
    let standIn: StandIn;
    afterEach(() => standIn.stop());

    it.each([
      ["an answer of another shape", '{"model":"m","simulated":false,"results":[]}'],
      ["an answer that is no JSON", "<html>"],
    ])("fails on %s", async (_, answer) => {
      standIn = await startStandIn(answer);
      const report = await runProfile(options(standIn.url));
      expect(report.checks.filter(({ holds }) => !holds).map(({ title }) => title)).toContain(
        "Every answer passes its checks",
      );
      expect(exitCode(report)).toBe(1);
    });

    it("does not take place when status requests are to be sent that it does not answer", async () => {
      standIn = await startStandIn("");
      await expect(runProfile({ ...options(standIn.url), profile: "status" })).rejects.toThrow(
        /answers no status requests: .*no headroom_status_requests_total/,
      );
    });

    it("does not take place against something else", async () => {
      standIn = await startStandIn("", "other_metric 1\n");
      await expect(runProfile(options(standIn.url))).rejects.toThrow(/no headroom_build_info/);
    });
  });

  it("does not take place when nothing listens, and says what to do", async () => {
    const gone = await startStandIn("");
    await gone.stop();
    const failed = runProfile(options(gone.url));
    await expect(failed).rejects.toBeInstanceOf(CouldNotRun);
    await expect(failed).rejects.toThrow(
      /is not ready: .*ECONNREFUSED.* Start it with `npm run dev`/,
    );
  });

  it.each([
    ["another machine", { target: "http://192.0.2.1:9700" }, /only against this machine/],
    ["an unknown profile", { profile: "soak" }, /there are smoke, throughput/],
    ["no end", { durationSeconds: 100_000 }, /1 to 3600 whole seconds/],
    ["no k6", { k6: "/nowhere/k6" }, /k6 does not run: .*ENOENT.*npm start/],
    ["another program for k6", { k6: process.execPath }, /k6 does not run/],
  ])("does not take place with %s", async (_, change, says) => {
    const failed = runProfile({ ...options("http://127.0.0.1:9"), ...change });
    await expect(failed).rejects.toBeInstanceOf(CouldNotRun);
    await expect(failed).rejects.toThrow(says);
  });
});

describe("a k6 script on its own", () => {
  // One of each kind; every script is run above.
  it.each(["mixed", "breakpoint", "sweep"] as const)("loads: %s", async (name) => {
    const { stdout, stderr } = await run(K6, ["inspect", script(name)]);
    expect(stderr).toBe("");
    expect(Object.keys(JSON.parse(stdout).scenarios)).toEqual(
      Object.keys(k6Scenarios(profile(name))),
    );
  });

  it("refuses to load another machine", async () => {
    const env = { ...process.env, HEADROOM_TARGET: "http://192.0.2.1:9700" };
    await expect(
      run(K6, ["run", "--quiet", "--address", "", script("smoke")], { env }),
    ).rejects.toMatchObject({
      code: 107,
      stderr: expect.stringContaining("load runs only against this machine"),
    });
  });

  it("ends with k6's own code for a crossed threshold when answers are wrong", async () => {
    const standIn = await startStandIn("[]");
    const env = { ...process.env, HEADROOM_TARGET: standIn.url, HEADROOM_DURATION: "1" };
    const failed = run(K6, ["run", "--quiet", "--address", "", script("smoke")], { env });
    await expect(failed).rejects.toMatchObject({ code: 99 });
    await standIn.stop();
  });
});

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { exitCode, renderTerminal, type Report, runProfile, type RunOptions } from "./run.ts";
import { type ChatStandIn, type Script, startChatStandIn } from "./testing/chat-stand-in.ts";
import { K6 } from "./testing/k6-program.ts";
import { startSimulatedExporter } from "./testing/simulated-exporter.ts";

let folder: string;
let server: ChatStandIn | undefined;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "headroom-chat-load-"));
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  await rm(folder, { recursive: true });
});

const SHORT = { inputTokens: 40, outputTokens: 8 };

async function run(script: Script, options: Partial<RunOptions> = {}): Promise<Report> {
  server = await startChatStandIn(script);
  return runProfile({
    k6: K6,
    target: server.url,
    profile: "users",
    durationSeconds: 1,
    outDir: path.join(folder, "run"),
    baselines: path.join(folder, "baselines"),
    ...options,
    chat: { ...SHORT, ...options.chat },
  });
}

function chatOf({ measurements: { chat } }: Report) {
  if (!chat) throw new Error("the profile sent no chat requests");
  return chat;
}

describe("a load of chat requests", () => {
  it("measures users, with prompts of the length that the model counts, all different", async () => {
    const report = await run({}, { chat: { users: 2, spread: "fixed" } });
    const chat = chatOf(report);
    expect(report.checks.filter(({ holds }) => !holds)).toEqual([]);
    expect(exitCode(report)).toBe(0);
    expect(chat.answers).toBe(chat.requests);
    expect(chat.finishes.length).toBe(chat.answers);
    expect(chat.goodput).toBe(1);
    // It counts five characters a token where four were estimated.
    expect(chat.inputTokens).toBeGreaterThan(0.8 * 40);
    expect(chat.inputTokens).toBeLessThan(1.2 * 40);
    expect(chat.outputTokens).toBe(8);
    const seen = server!.seen.slice(2);
    expect(new Set(seen.map(({ content }) => content)).size).toBe(seen.length);
    expect(seen[0]!.body).toMatchObject({
      model: "scripted-1",
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(seen[0]!.body).not.toHaveProperty("ignore_eos");
    // 20 ms to the first token and 2 ms to each of the seven after it, by whatever the machine adds.
    expect(chat.firstToken.p50).toBeGreaterThan(0.018);
    expect(chat.outputToken.p50).toBeGreaterThan(0.0018);
    expect(chat.outputToken.p50).toBeLessThan(chat.firstToken.p50);
  });

  it("keeps a rate, and says what it is told to say", async () => {
    const chat = { requestsPerSecond: 5, model: "other", ignoreEos: true, sharedPrefix: 1 };
    const report = await run({}, { profile: "chat", chat, durationSeconds: 2 });
    expect(chatOf(report).requests).toBeGreaterThanOrEqual(9);
    expect(report.chatServer).toMatchObject({ model: "other", simulated: true });
    const seen = server!.seen.slice(2);
    expect(new Set(seen.map(({ content }) => content)).size).toBe(1);
    expect(seen[0]!.body).toMatchObject({ model: "other", ignore_eos: true });
  });

  it("sends the prompts of a file, and names the lines without one", async () => {
    const prompts = path.join(folder, "prompts.jsonl");
    await writeFile(
      prompts,
      '{"prompt":"one"}\nnonsense\n{"messages":[{"role":"user","content":"two"}]}',
    );
    server = await startChatStandIn();
    const report = await runProfile({
      k6: K6,
      target: server.url,
      profile: "users",
      durationSeconds: 1,
      outDir: path.join(folder, "run"),
      chat: { prompts, outputTokens: 4 },
    });
    expect(new Set(server.seen.map(({ content }) => content))).toEqual(new Set(["one", "two"]));
    expect(report.notes.join()).toContain("line 2: no JSON");
  });

  it("is compared with what was saved of the same load", async () => {
    const first = await run({}, { saveBaseline: true });
    expect(first.notes.join()).toContain("saved as the baseline");
    await server!.stop();
    const second = await run({});
    expect(second.gains).toMatchObject([
      { over: expect.stringContaining("4 users in the saved run") },
    ]);
    await server!.stop();
    expect((await run({}, { chat: { outputTokens: 9 } })).gains).toEqual([]);
  });

  it.each([
    ["error event", 1],
    ["cut off", 1],
    ["refuses", 1],
  ] as const)("counts an answer as an error: %s", async (fault, errorRatio) => {
    const report = await run({ fault, rightAnswers: 2 });
    expect(chatOf(report).errorRatio).toBe(errorRatio);
    expect(chatOf(report).goodput).toBe(0);
    expect(exitCode(report)).toBe(1);
  });

  it("fails on what is no stream, and counts pieces where no tokens are told", async () => {
    const wrong = await run({ fault: "no stream", rightAnswers: 2 });
    const failed = wrong.checks.filter(({ holds }) => !holds).map(({ title }) => title);
    expect(failed).toContain("Every answer passes its checks");
    await server!.stop();
    const silent = chatOf(await run({ fault: "no usage" }));
    expect(silent.usageMissing).toBe(silent.answers);
    expect(silent.outputTokens).toBeGreaterThan(0);
    expect(silent.inputTokensPerSecond).toBeNaN();
  });
});

describe("a load of chat requests through the exporter before a model server", () => {
  it("sees what the exporter sees, and judges by the limits that it has", async () => {
    const file = path.join(folder, "limits.json");
    await writeFile(file, '{"first_token_p95": {"warning": 0.05, "critical": 0.06}}');
    server = await startChatStandIn({ firstTokenMs: 100 });
    const exporter = await startSimulatedExporter({
      HEADROOM_UPSTREAM_URL: server.url,
      HEADROOM_LIMITS_FILE: file,
    });
    const report = await runProfile({
      k6: K6,
      target: exporter.url,
      profile: "users",
      durationSeconds: 3,
      outDir: path.join(folder, "run"),
      chat: SHORT,
    }).finally(() => exporter.stop());
    const chat = chatOf(report);
    expect(report.chatServer).toMatchObject({
      model: "scripted-1",
      server: "scripted",
      version: "1.2.3",
      upstream: server.url,
      simulated: false,
    });
    expect(chat.server.outcomes).toEqual({ ok: chat.requests });
    expect(chat.agreement).toBeDefined();
    expect(chat.goodput).toBe(0);
    const broken = report.verdicts.filter(({ status }) => status === "broken");
    expect(broken.map(({ limit }) => `${limit.severity} ${limit.id}`).sort()).toEqual([
      "critical first_token_p95",
      "warning first_token_p95",
      "warning goodput",
    ]);
    expect(exitCode(report)).toBe(1);
  });
});

describe("a load of chat requests that does not take place", () => {
  it.each([
    [
      "a server on another machine",
      { upstream: "http://gpu.example:8000" },
      {},
      /--allow-remote gpu\.example/,
    ],
    [
      "a server of which it is not told where it is",
      { upstream: null },
      {},
      /not tell where it passes requests on to: \/v1\/hardware answered 500/,
    ],
    ["answers that are no stream", { fault: "no stream" as const }, {}, /no whole stream/],
    ["a server that fails", { fault: "refuses" as const }, {}, /answered with 500: no/],
    ["users and a rate", {}, { requestsPerSecond: 3 }, /users and no rate/],
    ["an input of nothing", {}, { inputTokens: 0 }, /an input is from 1/],
  ])("because of %s", async (_, script, chat, says) => {
    await expect(run(script, { chat })).rejects.toThrow(says);
  });
});

describe("a sweep", () => {
  // A request takes about 0.4 s, and only one at once: of two users, each waits as long for its turn.
  const ONE: Script = { capacity: 1, firstTokenMs: 300, tokenMs: 20 };
  const sweep = { profile: "sweep", durationSeconds: 40, chat: { spread: "fixed" as const } };

  it("finds how many users a server bears, and says so first", async () => {
    const report = await run(ONE, { ...sweep, saveBaseline: true });
    expect(report.sweep?.steps.map(({ users }) => users)).toEqual([1, 2]);
    expect(report.sweep?.end).toEqual({ kind: "limit" });
    expect(exitCode(report)).toBe(0);
    const says =
      /^1 user stays within your limits; at 2, the first token takes .* \(limit 500 ms\)\.$/m;
    expect(renderTerminal(report)).toMatch(says);
    expect(renderTerminal(report)).toContain("warning 500 ms");
    const markdown = await readFile(report.files.markdown, "utf8");
    expect(markdown).toContain("](report.svg)");
    expect(await readFile(report.files.html!, "utf8")).toContain("<svg");
    expect(await readFile(report.files.chart!, "utf8")).toContain("2 users");
    // What it shows beside is of the one user that it bears.
    expect(report.verdicts.filter(({ status }) => status === "broken")).toEqual([]);
    expect(report.notes.join()).toContain("saved as the baseline");
  });

  it("says that more were not tried when no limit broke", async () => {
    const report = await run({}, { ...sweep, chat: { users: 1, spread: "fixed" } });
    expect(renderTerminal(report)).toMatch(
      /^1 user stays within your limits; more were not tried\.$/m,
    );
  });

  it("ends with an error when nothing is answered", async () => {
    const report = await run({ fault: "refuses", rightAnswers: 2 }, sweep);
    expect(report.sweep?.end.kind).toBe("failed");
    expect(exitCode(report)).toBe(1);
  });
});

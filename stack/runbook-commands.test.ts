import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { configHelp } from "@headroom/exporter/config";
import { configHelp as incidentsHelp } from "@headroom/incidents/config";
import { PROFILE_NAMES } from "@headroom/loadtest/plan/profiles";
import manifest from "../package.json" with { type: "json" };
import { ROOT } from "./places.ts";
import { blocksOf, inlineCode, readRunbooks, type RunbookBlock } from "./testing/runbook-blocks.ts";
import { startRunbookStack, type RunbookStack } from "./testing/runbook-stack.ts";

/** What a block may be marked with: `linux` is run here, and the others are not, for this reason. */
const MARKS: Readonly<Record<string, string>> = {
  linux: process.platform === "linux" ? "" : "it is for Linux",
  macos: "it is for macOS",
  nvidia: "it needs a card and the driver of NVIDIA",
  root: "it reads the kernel's log, which users and containers may not",
};

/** Programs that are not everywhere, and the mark that a block with one of them must have. */
const PROGRAMS: Readonly<Record<string, string | undefined>> = {
  ...{ curl: undefined, "redis-cli": undefined, npm: undefined, tail: undefined },
  ...{ ps: "linux", free: "linux", dmesg: "root", "nvidia-smi": "nvidia" },
  ...{ top: "macos", vm_stat: "macos", sysctl: "macos", pmset: "macos", powermetrics: "macos" },
};

/** Sections whose commands only look; the others hold what changes something. */
const LOOKING = ["Diagnosis", "First five minutes"];

/** Queries that find nothing in a stack that is new and well, and before a model server. */
const NOTHING_YET = /forecast4h|offset 1d|headroom_chat_queue_depth/;

const runbooks = await readRunbooks();
const blocks = runbooks.flatMap(blocksOf);
const shell = blocks.filter(({ language }) => language === "sh");
const queries = blocks.filter(({ language }) => language === "promql");
const reasonNotToRun = ({ marks }: RunbookBlock): string =>
  marks.map((mark) => MARKS[mark] ?? "").join("");
const run = shell.filter((block) => reasonNotToRun(block) === "");

let stack: RunbookStack;
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "headroom-curl-"));
  // An answer that says that something is wrong is no success of the command.
  await writeFile(join(home, ".curlrc"), "fail-with-body\n");
  stack = await startRunbookStack();
  for (const attribution of ["none", "prefix", "occlusion"]) {
    await post("/v1/sentiment", { messages: ["a good film", "a bad meal"], attribution });
  }
  await sh("redis-cli -u redis://127.0.0.1:6379 config set slowlog-log-slower-than 0");
  await watched();
});
afterAll(async () => {
  await stack.stop();
  await rm(home, { recursive: true });
});

async function post(path: string, request: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify(request);
  const answer = await fetch(stack.exporter + path, { method: "POST", headers, body });
  expect([answer.status, (await answer.text()) !== ""]).toEqual([200, true]);
}

const STREAMED = {
  model: "simulated",
  messages: [{ role: "user", content: "Say something." }],
  ...{ max_tokens: 4, stream: true, stream_options: { include_usage: true } },
};

/** Runs a command as somebody would who pastes it in the checkout. */
function sh(command: string) {
  const env = { ...process.env, CURL_HOME: home, HEADROOM_INCIDENTS_FOLDER: stack.folder };
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile("bash", ["-c", stack.here(command)], { cwd: ROOT, env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, out, err }),
    );
  });
}

async function ask(query: string): Promise<{ status: string; series: number }> {
  const url = `${stack.prometheus}/api/v1/query?query=${encodeURIComponent(query)}`;
  const { status, data } = (await (await fetch(url)).json()) as {
    status: string;
    data?: { result: unknown[] };
  };
  return { status, series: data?.result.length ?? 0 };
}

/** Waits until Prometheus has seen traffic twice and has evaluated the rules. */
async function watched(): Promise<void> {
  while ((await ask("instance_method:attribution_entropy_nats:mean1m > 0")).series < 2) {
    await post("/v1/sentiment", { messages: [`a film ${Date.now()}`], attribution: "prefix" });
    await post("/v1/sentiment", { messages: [`a meal ${Date.now()}`], attribution: "occlusion" });
    await post("/v1/status/quick-status", { language: "en" });
    for (let i = 0; i < 2; i++) await post("/v1/chat/completions", STREAMED);
    await sleep(300);
  }
}

describe("what a runbook says to look at", () => {
  it.each(
    run.flatMap(({ runbook, section, lines }) => lines.map((line) => [runbook, section, line])),
  )("%s, %s: %s", async (_runbook, section, command) => {
    // What changes something is written in a sentence, and no block is there to be pasted by mistake.
    expect(LOOKING).toContain(section);
    const { code, out, err } = await sh(command);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out.trim()).not.toBe("");
  });

  it.each(queries.flatMap(({ runbook, lines }) => lines.map((line) => [runbook, line])))(
    "%s asks Prometheus %s",
    async (_runbook, query) => {
      const { status, series } = await ask(query);
      expect(status).toBe("success");
      if (!NOTHING_YET.test(query)) expect(series).toBeGreaterThan(0);
    },
  );

  const inline = runbooks.flatMap((runbook) =>
    inlineCode(runbook)
      .filter((code) => code.startsWith("curl "))
      .map((code) => [runbook.runbook, code] as const),
  );
  it.each(inline)("%s, in a sentence: %s", async (_runbook, command) => {
    const { code, out } = await sh(command);
    expect(code).toBe(0);
    expect(out.trim()).not.toBe("");
  });
});

describe("what is not run here", () => {
  it("is marked with what it needs, and only that", () => {
    for (const block of shell) {
      for (const mark of block.marks) expect(Object.keys(MARKS)).toContain(mark);
      for (const line of block.lines) {
        const program = /^(?:sudo )?(\S+)/.exec(line)?.[1] ?? "";
        expect({ line, known: Object.hasOwn(PROGRAMS, program) }).toEqual({ line, known: true });
        const needed = PROGRAMS[program] === undefined ? [] : [PROGRAMS[program]];
        expect({ line, marks: block.marks }).toEqual({ line, marks: needed });
      }
    }
    const left = shell.filter((block) => reasonNotToRun(block) !== "");
    expect(left.every(({ marks }) => marks.length > 0)).toBe(true);
    expect(run.length).toBeGreaterThan(left.length);
  });

  it("is written in a language that a test knows", () => {
    expect(new Set(blocks.map(({ language }) => language))).toEqual(new Set(["sh", "promql"]));
  });
});

describe("what a runbook says to do", () => {
  const everywhere = runbooks.map((runbook) => [runbook.runbook, runbook] as const);

  it.each(everywhere)("%s names only scripts, profiles and files that exist", (_name, { text }) => {
    for (const [, script = ""] of text.matchAll(/\bnpm run (?:--silent )?([\w:]+)/g)) {
      expect(Object.keys(manifest.scripts)).toContain(script);
    }
    for (const [, profile = ""] of text.matchAll(/\bnpm run load -- (\w+)/g)) {
      expect(PROFILE_NAMES).toContain(profile);
    }
  });

  it.each(everywhere)("%s names only settings that there are", (_name, { text }) => {
    const known = new Set(`${configHelp()}${incidentsHelp()}`.match(/\bHEADROOM_\w+/g));
    for (const [setting] of text.matchAll(/\bHEADROOM_\w+/g)) expect(known).toContain(setting);
  });

  it.each(everywhere)("%s names only paths that are served", async (_name, runbook) => {
    for (const path of inlineCode(runbook).filter((code) => /^\/[a-z][\w/-]*$/.test(code))) {
      const served = [stack.exporter, stack.incidents].map(
        async (url) => (await fetch(url + path)).status,
      );
      expect({ path, known: (await Promise.all(served)).some((status) => status !== 404) }).toEqual(
        {
          ...{ path, known: true },
        },
      );
    }
  });

  it.each(["incident", "model"])("names only what npm run %s can do", async (command) => {
    const { out } = await sh(`npm run --silent ${command} -- --help`);
    const texts = runbooks.map(({ text }) => text).join("\n");
    const asked = [
      ...texts.matchAll(new RegExp(`npm run (?:--silent )?${command} -- (\\w+)`, "g")),
    ];
    expect(asked.length).toBeGreaterThan(0);
    for (const [, sub] of asked) expect(out).toMatch(new RegExp(`^  ${sub}\\b`, "m"));
  });

  it("changes Redis as it says, and nothing in it that is not ours", async () => {
    const redis = "redis-cli -u redis://127.0.0.1:6379";
    await sh(`${redis} mset headroom:1:a x headroom:1:b y own c`);
    const codes = runbooks.flatMap(inlineCode).filter((code) => code.startsWith("redis-cli "));
    expect(codes.length).toBeGreaterThan(1);
    for (const code of new Set(codes)) {
      const { out, code: exit } = await sh(code);
      expect({ code, exit }).toEqual({ code, exit: 0 });
      // Redis tells of errors with exit code 0.
      expect(out).toMatch(/^(OK|\d+)$/m);
    }
    expect((await sh(`${redis} --scan --pattern 'headroom:1:[ab]'`)).out).toBe("");
    expect((await sh(`${redis} get own`)).out).toBe("c\n");
    expect((await sh(`${redis} config get maxmemory-policy`)).out).toContain("allkeys-lru");
  });
});

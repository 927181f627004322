import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "@jest/globals";
import manifest from "../package.json" with { type: "json" };
import { commandsOf } from "./docs/testing/named.ts";
import { ROOT } from "./places.ts";

const run = (file: string, ...args: string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const command = [join(import.meta.dirname, file), ...args];
    execFile(process.execPath, command, { cwd: import.meta.dirname }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

/** What the help of each command says, by the script of package.json. */
const HELP: Readonly<Record<string, readonly string[]>> = {
  start: ["--exit", "--profile", "--model", "--chat-model", "--simulate", "--port", "--upstream"],
  load: ["--url", "--duration", "--chat-model", "--save-baseline", "--prometheus", "breakpoint"],
  check: ["daily", "--prometheus", "--url", "--json", "--update-baseline", "--skip-load"],
  "check:vulkan": ["Mesa", ".tools/"],
  "check:server": ["--pairs", "llama-cpp-python", "130 interrupted"],
  doctor: ["--install", "--json", "HEADROOM_CHAT_THREADS"],
  test: ["--only", "--fast", "promtool"],
  lint: ["--fix", "--shape"],
  "build:panel": ["grafana-plugin/dist"],
  screenshots: ["light and dark", "--port"],
  drill: ["--alert", "--json", "HeadroomExporterDown", "130 interrupted"],
  docs: ["--check", "docs/metrics.md"],
  "containers:check": ["--pull", ".tools/containers", "130 interrupted"],
  chaos: ["--only", "--json", "--markdown", "redis-frozen", "130 interrupted"],
};

/** Those that only hand on what they are given. */
const PROGRAMS: Readonly<Record<string, string>> = {
  dev: "exporter/dev.ts",
  "bench:panel": "grafana-plugin/browser/bench.ts",
};
const COMMANDS = Object.entries(manifest.scripts).flatMap(([script, text]) => {
  const program = PROGRAMS[script] ?? /^exec node (\S+\.ts)$/.exec(text)?.[1];
  return program === undefined ? [] : [{ script, program }];
});

interface Explained {
  readonly help: string;
  readonly examples: readonly string[];
  readonly problems: readonly string[];
}
let explained: readonly Explained[];

beforeAll(async () => {
  // All in one process: most of the time of a command is that of its imports.
  const files = ["stack/testing/parse-examples.mjs", ...COMMANDS.map(({ program }) => program)];
  const { stdout } = await promisify(execFile)(process.execPath, files, { cwd: ROOT });
  explained = JSON.parse(stdout) as readonly Explained[];
});

describe("the commands", () => {
  it.each(COMMANDS)("npm run $script explains itself, with examples", ({ script }) => {
    const place = COMMANDS.findIndex((command) => command.script === script);
    const { help, examples, problems } = explained[place]!;
    const inOneLine = help.replace(/\s+/g, " ");
    for (const text of HELP[script] ?? []) expect(inOneLine).toContain(text);
    if (HELP[script]) expect(help).toMatch(/Exit codes:/);
    // What is wrong with one, its own options have told.
    expect(problems).toEqual([]);
    expect(examples.length).toBeGreaterThanOrEqual(2);
    for (const example of examples) {
      expect(commandsOf(`\`${example}\``).map((command) => command.script)).toContain(script);
    }
  });

  it("are all that there are", () => {
    const scripts = Object.keys(manifest.scripts).filter((name) => !name.startsWith("pre"));
    // Two builds in one, of which neither has options.
    expect(COMMANDS.map(({ script }) => script)).toEqual(
      scripts.filter((name) => name !== "build"),
    );
  });

  it.each([
    ["start.ts", ["--duration", "never"], "30s, 2m or 1m30s"],
    ["start.ts", ["--duration", "20h"], "a load lasts 1 to 3600 s"],
    ["start.ts", ["--profile", "everything"], "Allowed choices are smoke"],
    ["start.ts", ["--port", "70000"], "1 to 65535"],
    ["start.ts", ["--model", "no-such.gguf"], "there is no file"],
    ["start.ts", ["--chat-model", "no-such.gguf"], "other choices are auto, none, smollm2-135m"],
    ["start.ts", ["--limits", "no-such.json"], "there is no file"],
    ["start.ts", ["--upstream", "http://192.0.2.1"], "name it again: --allow-remote 192.0.2.1"],
    ["start.ts", ["--upstream", "http://127.0.0.1:11434"], "ollama serve"],
    ["start.ts", ["--upstream-model", "qwen3"], "--upstream <address>"],
    ["load.ts", ["smoke", "--upstream", "http://127.0.0.1:8000/v1"], "vllm serve"],
    ["load.ts", [], "missing required argument"],
    ["load.ts", ["smoke", "--url", "http://127.0.0.1:1", "--simulate"], "cannot be used with"],
    ["load.ts", ["mixed", "--url", "http://127.0.0.1:1", "--chat-model", "none"], "cannot be used"],
    ["check.ts", [], "missing required argument"],
    ["check.ts", ["hourly"], "Allowed choices are daily, weekly, monthly"],
    ["check.ts", ["daily", "--url", "nowhere"], "it is like http://127.0.0.1:9700"],
    ["check.ts", ["daily", "--update-baseline"], "belongs to the weekly check"],
    ["check.ts", ["weekly", "--skip-load"], "belongs to the monthly check"],
    ["check.ts", ["daily", "--json", "--markdown"], "choose --json or --markdown"],
    ["check.ts", ["monthly", "--skip-load", "--duration", "5s"], "--duration needs a load"],
    ["check.ts", ["daily", "--prometheus", "http://127.0.0.1:1"], "npm start"],
    ["check-vulkan.ts", ["everything"], "too many arguments"],
    ["check-server.ts", ["everything"], "too many arguments"],
    ["check-server.ts", ["--pairs", "many"], "pairs are 2 to 1000"],
    ["doctor.ts", ["everything"], "too many arguments"],
    ["test.ts", ["--only", "luck"], "Allowed choices are tools"],
    ["docs.ts", ["everything"], "too many arguments"],
    ["containers-check.ts", ["everything"], "too many arguments"],
    ["drill.ts", ["--alert", "HeadroomLuck"], "Allowed choices are HeadroomLatencyHigh"],
    ["chaos.ts", ["--only", "luck"], "Allowed choices are exporter-sigterm"],
  ])("%s %j could not run, and says what is allowed", async (file, args, message) => {
    const { code, stdout, stderr } = await run(file, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });
});

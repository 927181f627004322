import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";

const run = (file: string, ...args: string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const command = [join(import.meta.dirname, file), ...args];
    execFile(process.execPath, command, { cwd: import.meta.dirname }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

describe("the commands", () => {
  it.each([
    [
      "start.ts",
      ["--exit", "--profile", "--model", "--chat-model", "--simulate", "--port", "--upstream"],
    ],
    ["load.ts", ["--url", "--duration", "--chat-model", "--save-baseline", "breakpoint"]],
    ["check.ts", ["daily", "--prometheus", "--url", "--json", "--update-baseline", "--skip-load"]],
    ["check-vulkan.ts", ["Mesa", ".tools/"]],
    ["check-server.ts", ["--pairs", "llama-cpp-python", "130 interrupted"]],
    ["doctor.ts", ["--install", "--json", "HEADROOM_CHAT_THREADS"]],
    ["test.ts", ["--only", "--fast", "promtool"]],
    ["lint.ts", ["--fix", "--shape"]],
    ["build-panel.ts", ["grafana-plugin/dist"]],
    ["screenshots.ts", ["light and dark", "--port"]],
    ["drill.ts", ["--alert", "--json", "HeadroomExporterDown", "130 interrupted"]],
    ["docs.ts", ["--check", "docs/metrics.md"]],
    ["chaos.ts", ["--only", "--json", "--markdown", "redis-frozen", "130 interrupted"]],
  ])("%s explains itself", async (file, expected) => {
    const { code, stdout } = await run(file, "--help");
    expect(code).toBe(0);
    for (const text of expected) expect(stdout).toContain(text);
    expect(stdout).toMatch(/Exit codes:/);
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
    ["drill.ts", ["--alert", "HeadroomLuck"], "Allowed choices are HeadroomLatencyHigh"],
    ["chaos.ts", ["--only", "luck"], "Allowed choices are exporter-sigterm"],
  ])("%s %j could not run, and says what is allowed", async (file, args, message) => {
    const { code, stdout, stderr } = await run(file, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });
});

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { pino } from "pino";
import { loadConfig } from "./config.ts";
import { smollm2 } from "./engine/llama/testing/smollm2.ts";
import { startExporter, type Exporter } from "./exporter.ts";
import { readEvents } from "./http/testing/read-events.ts";
import type { StatusAnswer } from "./status/answer.ts";
import { SCENARIO_NAMES } from "./status/scenarios.ts";

// Fetched while the tests are collected, so that a machine without an index has fewer tests.
if (await smollm2()) {
  describe("the exporter with its own chat model", () => {
    let exporter: Exporter;
    beforeAll(async () => {
      const config = loadConfig({ HEADROOM_PORT: "0" });
      exporter = await startExporter(config, pino({ level: "silent" }));
      while (!(await fetch(`${exporter.url}/readyz`)).ok);
    });
    afterAll(() => exporter.stop());

    const post = (scenario: string, body: object) =>
      fetch(`${exporter.url}/v1/status/${scenario}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const metrics = async () => (await fetch(`${exporter.url}/metrics`)).text();

    it.each(SCENARIO_NAMES)("answers %s in time and truly", async (scenario) => {
      let answer: StatusAnswer;
      let tries = 0;
      do {
        answer = (await (await post(scenario, {})).json()) as StatusAnswer;
        expect(answer).toMatchObject({ engine: "llama.cpp", simulated: false });
        expect(answer.deadline.met).toBe(true);
        // The findings stand in where the machine is too busy with other tests for the model.
      } while (answer.summaryFrom !== "model" && ++tries < 10);
      expect(answer.summaryFrom).toBe("model");
      expect(answer.summary).toMatch(/^(OK|WARNING|CRITICAL)\b/);
      expect(answer.findings.length).toBeGreaterThan(0);
    });

    it("reuses the state of its instructions", async () => {
      const body = { strategy: "quality" };
      const answer = (await (await post("overall-health", body)).json()) as StatusAnswer;
      expect(answer.tokens.evaluated).toBeLessThan(answer.tokens.input);
      expect(answer.budget!.outputTokens).toBeGreaterThanOrEqual(answer.tokens.output);
    });

    it("answers Japanese with the findings, because the model does not speak it", async () => {
      const answer = (await (
        await post("memory-status", { language: "ja" })
      ).json()) as StatusAnswer;
      expect(answer).toMatchObject({ fallback: "language", engine: "none" });
      expect(answer.summary).toMatch(/メモリ使用率は\d/);
    });

    it("streams an answer", async () => {
      const events = await readEvents(
        await post("quick-status", { stream: true, strategy: "speed" }),
      );
      expect(events[0]!.event).toBe("findings");
      expect(events.at(-1)).toMatchObject({ event: "done", data: { engine: "llama.cpp" } });
    });

    it("takes the model's process along when it is killed", async () => {
      const main = fileURLToPath(new URL("./main.ts", import.meta.url));
      const child = spawn(process.execPath, [main], {
        env: { ...process.env, HEADROOM_PORT: "0" },
      });
      let log = "";
      for await (const chunk of child.stdout) {
        log += chunk;
        if (log.includes("the chat model is ready")) break;
      }
      const { stdout } = await promisify(execFile)("pgrep", ["-P", String(child.pid)]);
      const model = Number(stdout.trim().split("\n").at(-1));
      const isRunning = () => {
        try {
          return process.kill(model, 0);
        } catch {
          return false;
        }
      };
      expect(isRunning()).toBe(true);
      child.kill("SIGKILL");
      await once(child, "close");
      while (isRunning()) await new Promise((resolve) => setTimeout(resolve, 10));
    });

    it("shows the model, its tokens and its memory in the metrics", async () => {
      const text = await metrics();
      expect(text).toContain('headroom_model_info{task="status",model="smollm2-135m"');
      expect(text).toMatch(
        /gen_ai_client_token_usage_count\{[^}]*gen_ai_token_type="output"\} [1-9]/,
      );
      expect(text).toMatch(/headroom_memory_used_bytes\{scope="chat"\} [1-9]\d{7}/);
      expect(text).toContain("headroom_status_sequences_in_use 0");
    });
  });
}

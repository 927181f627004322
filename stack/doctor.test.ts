import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { generatedModel } from "@headroom/exporter/engine/llama/testing/generated-model";
import { startModelServer, type ModelServer } from "@headroom/exporter/models/testing/model-server";

const COMMAND = [join(import.meta.dirname, "doctor.ts")];
const MODEL = "hf:user/repository/model.gguf";

let hub: ModelServer;
let folder: string;
/** Variables that name a stand-in for each tool, so that nothing is built or installed here. */
let tools: Record<string, string>;

const options = (env: NodeJS.ProcessEnv) => ({
  cwd: import.meta.dirname,
  env: { ...process.env, HF_ENDPOINT: hub.url, HEADROOM_MODELS_FOLDER: folder, ...env },
});
const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [...COMMAND, ...args], options(env), (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

beforeAll(async () => {
  hub = await startModelServer({ content: generatedModel() });
  folder = await mkdtemp(join(tmpdir(), "headroom-doctor-"));
  const file = join(folder, "any-tool");
  await writeFile(file, "#!/bin/sh\necho version 99.1.0\n", { mode: 0o755 });
  const names = ["K6", "PROMETHEUS", "PROMTOOL", "ALERTMANAGER", "AMTOOL", "REDIS_SERVER"];
  tools = Object.fromEntries(names.map((name) => [`HEADROOM_${name}`, file]));
});
afterAll(async () => {
  await hub.close();
  await rm(folder, { recursive: true });
});

describe("npm run doctor", () => {
  it("shows this machine, and that npm start can run when its tools are here", async () => {
    const { code, stdout } = await run([], tools);
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("Ready: npm start can run.");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Processor +\S/m);
    expect(stdout).toMatch(/^Engine +node-llama-cpp 3\.\S+; its binary for \S+ starts/m);
    expect(stdout).toMatch(/^k6 +99\.1 +npm start +makes the load +\S+any-tool$/m);
    expect(stdout).toMatch(/^Chat +The chat model smollm2-135m is not on this machine\. Fetch it/m);
  });

  it("says what to type when tools are missing, and that npm start cannot run", async () => {
    const nothing = { PATH: "", HEADROOM_PROMETHEUS: join(folder, "nowhere") };
    const { code, stdout } = await run([], nothing);
    expect(code).toBe(1);
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^Not ready: .*prometheus/);
    expect(stdout).toMatch(/^docker +missing +optional/m);
    expect(stdout).toMatch(/^prometheus +\S.*install.* prometheus/m);
    expect(stdout).toContain("HEADROOM_PROMETHEUS names");
  });

  it("prints one JSON document for programs, with what the configuration says", async () => {
    const env = { ...tools, HEADROOM_CHAT_THREADS: "3", HEADROOM_CHAT_MODEL: "./no.gguf" };
    const { code, stdout } = await run(["--json"], env);
    const report = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(Object.keys(report)).toEqual([
      ...["ready", "obstacles", "facts", "limits", "runtime"],
      ...["disk", "programs", "models", "ceilings", "plan", "advice"],
    ]);
    expect(report).toMatchObject({
      ready: true,
      facts: { platform: process.platform, gpu: { known: true } },
      plan: { threads: { value: 3, source: "override" } },
      runtime: { node: { version: process.versions.node, newEnough: true } },
      models: { chat: { wanted: "./no.gguf", state: "missing" }, folder },
    });
    expect(report.facts.gpu).toHaveProperty("value");
    expect(report.programs).toHaveLength(11);
  });

  it("says nothing about a chat model that is not wanted", async () => {
    const { code, stdout } = await run(["--json"], { ...tools, HEADROOM_CHAT_MODEL: "none" });
    const report = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(report).not.toHaveProperty("plan");
    expect(report.models.chat.state).toBe("none wanted");
    expect(JSON.stringify(report.advice)).not.toMatch(/model|HEADROOM_CHAT/);
  });

  it("could not look with a wrong configuration, and names the variable", async () => {
    const { code, stdout, stderr } = await run([], { HEADROOM_CHAT_THREADS: "lots" });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^The configuration is wrong:\n.*HEADROOM_CHAT_THREADS="lots"/);
  });

  it("sets the machine up with --install, and shows what then is here", async () => {
    const { code, stdout, stderr } = await run(["--install"], {
      ...tools,
      HEADROOM_CHAT_MODEL: MODEL,
    });
    expect(stderr).toMatch(/Fetched: .*user_repository_model\.gguf/);
    expect(stdout).toMatch(/^Chat +user_repository_model: \S+user_repository_model\.gguf$/m);
    expect(code).toBe(0);
  });

  it("ends with 130 when the set-up is interrupted, and leaves nothing half made", async () => {
    hub.behave({ content: Buffer.alloc(12 << 20, "GGUF"), pieceMs: 20 });
    const env = { ...tools, HEADROOM_CHAT_MODEL: "hf:user/repository/slow.gguf" };
    const asked = hub.requests.length;
    const args = [...COMMAND, "--install"];
    const child = spawn(process.execPath, args, { ...options(env), stdio: "ignore" });
    while (hub.requests.length < asked + 3) await new Promise((done) => setTimeout(done, 20));
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([130, null]);
    expect(await readdir(folder)).not.toContain("user_repository_slow.gguf");
  });
});

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { generatedModel } from "@headroom/exporter/engine/llama/testing/generated-model";
import { startModelServer, type ModelServer } from "@headroom/exporter/models/testing/model-server";

const COMMAND = [join(import.meta.dirname, "model.ts")];
const MODEL = "hf:user/repository/model.gguf";
const FILE = "user_repository_model.gguf";

let hub: ModelServer;
let modelsFolder: string;
const options = (chatModel: string) => ({
  cwd: import.meta.dirname,
  env: {
    ...process.env,
    HF_ENDPOINT: hub.url,
    HEADROOM_MODELS_FOLDER: modelsFolder,
    HEADROOM_CHAT_MODEL: chatModel,
  },
});
const run = (args: readonly string[], chatModel = "auto") =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const done = (error: unknown, stdout: string, stderr: string) =>
      resolve({ code: error ? Number((error as { code?: number }).code) : 0, stdout, stderr });
    execFile(process.execPath, [...COMMAND, ...args], options(chatModel), done);
  });

beforeAll(async () => {
  hub = await startModelServer({ content: generatedModel() });
  modelsFolder = await mkdtemp(join(tmpdir(), "headroom-model-"));
});
afterAll(async () => {
  await hub.close();
  await rm(modelsFolder, { recursive: true });
});

describe("npm run model", () => {
  it("explains itself", async () => {
    const { code, stdout } = await run(["--help"]);
    expect(code).toBe(0);
    for (const text of ["list", "get", "path", "Exit codes:"]) expect(stdout).toContain(text);
  });

  it("lists the models in a table with what is here", async () => {
    const { code, stdout } = await run(["list"]);
    const [header, ...rows] = stdout.trimEnd().split("\n");
    expect(code).toBe(0);
    expect(header?.split(/ {2,}/)).toEqual([
      ...["id", "size", "licence", "languages", "memory from", "here"],
    ]);
    expect(rows[0]?.split(/ {2,}/)).toEqual([
      ...["smollm2-135m", "98 MB", "Apache-2.0", "en", "2 GB", "no"],
    ]);
  });

  it("fetches a model, checks it the next time, and then knows its path", async () => {
    expect(await run(["path"], MODEL)).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining(`npm run model -- get ${MODEL}`),
    });
    const first = await run(["get", MODEL]);
    expect(first).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/Fetched: .*model\.gguf/),
    });
    const second = await run(["get", MODEL]);
    expect(second).toMatchObject({ code: 0, stderr: expect.stringContaining("is here already") });
    const path = join(modelsFolder, FILE);
    expect(await run(["path"], MODEL)).toMatchObject({ code: 0, stdout: `${path}\n` });
  });

  it("ends with 130 when it is interrupted, and leaves no file under the model's name", async () => {
    hub.behave({ content: Buffer.alloc(12 << 20, "GGUF"), pieceMs: 20 });
    const args = [...COMMAND, "get", "hf:user/repository/slow.gguf"];
    const child = spawn(process.execPath, args, { ...options("auto"), stdio: "ignore" });
    while (hub.requests.length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([130, null]);
    expect(await readdir(modelsFolder)).not.toContain("user_repository_slow.gguf");
  });

  it.each([
    [["get", "unheard-of"], '"unheard-of" cannot be fetched. Give one of smollm2-135m'],
    [["get", "none"], '"none" cannot be fetched'],
    [["get"], "missing required argument"],
    [["put"], "unknown command"],
  ])("%j could not run, and says what is allowed", async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });
});

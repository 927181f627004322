import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { buildExporter } from "./builds.ts";
import { makeRunFolder, ROOT } from "./places.ts";
import { addressOf, exporterService } from "./services.ts";
import { Session } from "./session.ts";

let folder: string;
let session: Session;
let upstream: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-upstream-"));
  session = new Session({
    folder: await makeRunFolder(folder),
    activity: (_title, work) => work(),
    signal: new AbortController().signal,
    say: () => {},
  });
  await buildExporter(session);
  const port = await session.port("upstream", 9780);
  await session.start({ ...exporterService({ simulate: true }, port), name: "upstream" });
  upstream = addressOf(port);
});
afterAll(async () => {
  await session.stop();
  await rm(folder, { recursive: true });
});

const start = (...args: readonly string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const command = [join(ROOT, "stack", "start.ts"), ...args];
    execFile(process.execPath, command, { cwd: ROOT }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

describe("npm start before a model server", () => {
  it("says in a sentence how many users it bears, and ends with 0", async () => {
    const options = ["--exit", "--duration", "20s", "--port", "9770"];
    const { code, stdout, stderr } = await start("--upstream", `${upstream}/v1`, ...options);
    expect(stderr).toContain(`The model server at ${upstream}/v1 has simulated.`);
    const door = "http:\\S+/v1/chat/completions";
    expect(stdout).toMatch(new RegExp(`^Chat API +${door} -> ${upstream}/v1$`, "m"));
    // How many depends on what else the machine does.
    expect(stdout).toMatch(/users? (at once )?stays? within your limits/);
    expect(stdout).toMatch(/^Profile sweep: /m);
    expect(stdout).toContain(`Model simulated, server headroom, version unknown at ${upstream}`);
    expect(code).toBe(0);
  });
});

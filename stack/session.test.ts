import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-session-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What the command does after its services are ready. */
type Then = "stay" | "throw" | "exit" | "stubborn" | "hang" | "chatter";

/** A service that a stop does not end, and that starts another program, whose id is all it logs. */
const STUBBORN = `
  process.on("SIGTERM", () => {});
  console.log(require("node:child_process").spawn("sleep", ["600"]).pid);
  setInterval(() => {}, 1000);`;

/** A command as `npm start` is one: starts two services, prints their ids, and goes on as told. */
function command(then: Then): string {
  const from = (file: string) => JSON.stringify(join(import.meta.dirname, file));
  const server = then === "stubborn" ? STUBBORN : `setInterval(() => {}, 1000);`;
  return `
    import { begin, runCommand } from ${from("command.ts")};
    import { makeRunFolder } from ${from("places.ts")};
    import { say } from ${from("progress.ts")};
    import { Session } from ${from("session.ts")};
    await runCommand(async () => {
      const running = begin(2);
      const { signal } = running;
      const folder = await makeRunFolder(${JSON.stringify(folder)});
      const session = new Session({ ...running, folder, say });
      try {
        for (const name of ["one", "two"]) {
          const service = await session.start({
            name,
            command: process.execPath,
            args: ["-e", ${JSON.stringify(server)}],
            probe: async () => true,
            limitSeconds: 120,
          });
          console.log(service.pid);
        }
        console.log("ready");
        if (${JSON.stringify(then)} === "throw") throw new Error("the disk is full");
        if (${JSON.stringify(then)} === "exit") process.exit(7);
        if (${JSON.stringify(then)} === "hang") await new Promise(() => {});
        // More than a pipe holds.
        if (${JSON.stringify(then)} === "chatter") console.log("words ".repeat(200_000));
        await new Promise((resolve, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason)),
        );
      } finally {
        await session.stop();
      }
    });`;
}

async function run(then: Then) {
  const child = spawn(process.execPath, ["--input-type=module", "-e", command(then)], {
    cwd: import.meta.dirname,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const code = new Promise<number | null>((resolve) => child.once("close", resolve));
  while (!stdout.includes("ready") && child.exitCode === null) await sleep(20);
  child.stdout.pause();
  const pids = stdout.split("\n").map(Number).filter(Boolean);
  return { child, code, pids, errors: () => stderr };
}

/** What stubborn services started. */
async function grandchildren(): Promise<number[]> {
  const [name] = await readdir(folder);
  const logs = ["one", "two"].map((service) =>
    join(folder, name as string, "logs", `${service}.log`),
  );
  const started = async () =>
    (await Promise.all(logs.map((log) => readFile(log, "utf8")))).map(Number);
  while ((await started()).includes(0)) await sleep(20);
  return started();
}

const isRunning = (pid: number) =>
  new Promise<boolean>((resolve) => {
    execFile("ps", ["-o", "stat=", "-p", String(pid)], (_error, stdout) =>
      resolve(stdout.trim() !== "" && !stdout.trim().startsWith("Z")),
    );
  });

async function allEnd(pids: readonly number[]): Promise<boolean> {
  for (let tries = 0; tries < 2_400; tries++) {
    const running = await Promise.all(pids.map(isRunning));
    if (!running.includes(true)) return true;
    await sleep(50);
  }
  return false;
}

describe("a session", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("stops its services at %s", async (signal) => {
    const { child, code, pids } = await run("stay");
    expect(pids).toHaveLength(2);
    expect(await isRunning(pids[0] as number)).toBe(true);
    child.kill(signal);
    expect(await code).toBe(130);
    expect(await allEnd(pids)).toBe(true);
  });

  it("stops its services and tells why when the command fails", async () => {
    const { code, pids, errors } = await run("throw");
    expect(await code).toBe(2);
    expect(errors()).toContain("the disk is full");
    expect(await allEnd(pids)).toBe(true);
  });

  it("leaves nothing behind when the process ends without stopping it", async () => {
    const { code, pids } = await run("exit");
    expect(await code).toBe(7);
    expect(await allEnd(pids)).toBe(true);
  });

  it("kills services that do not end, at the second Ctrl-C", async () => {
    const { child, code, pids } = await run("stubborn");
    child.kill("SIGINT");
    // The same Ctrl-C may come twice, from the terminal and from npm, so wait until it is another.
    await sleep(600);
    child.kill("SIGINT");
    expect(await code).toBe(130);
    expect(await allEnd(pids)).toBe(true);
  });

  it("takes everything along when it is killed, also what its services started", async () => {
    const { child, pids } = await run("stubborn");
    const all = [...pids, ...(await grandchildren())];
    expect(await Promise.all(all.map(isRunning))).toEqual([true, true, true, true]);
    child.kill("SIGKILL");
    expect(await allEnd(all)).toBe(true);
  });

  it("ends in bounded time when the command hangs", async () => {
    const { child, code, pids, errors } = await run("hang");
    child.kill("SIGTERM");
    expect(await code).toBe(130);
    expect(errors()).toContain("Not all has stopped within 2 s");
    expect(await allEnd(pids)).toBe(true);
  });

  it("ends in bounded time when nobody reads what it writes", async () => {
    const { child, pids } = await run("chatter");
    await sleep(500);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([130, null]);
    expect(await allEnd(pids)).toBe(true);
  });

  it("keeps the output of each service in a log of its own", async () => {
    const { child, code, pids } = await run("stay");
    child.kill("SIGTERM");
    await code;
    expect(pids).toHaveLength(2);
    const [name] = await readdir(folder);
    expect(await readFile(join(folder, name as string, "logs", "one.log"), "utf8")).toBe("");
    expect(await readFile(join(folder, name as string, "logs", "two.log"), "utf8")).toBe("");
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@headroom/alerts/testing/free-port";

/** A program of Prometheus' family that serves one test. */
export interface OwnServer {
  readonly url: string;
  /** Ends it, and removes its folder. */
  stop(): Promise<void>;
}

const PATIENCE_MS = 30_000;

/**
 * Starts a program on a free port of loopback and waits until it is ready.
 *
 * @param folder - what belongs to it alone; removed when it is stopped
 * @param args - without the address that it listens on
 * @throws Error when it does not come up
 */
export async function startOwnServer(
  program: string,
  { folder, args }: { readonly folder: string; readonly args: readonly string[] },
): Promise<OwnServer> {
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const child = spawn(program, [...args, `--web.listen-address=${address}`], { stdio: "ignore" });
  const ended = once(child, "close");
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const end = performance.now() + PATIENCE_MS;
  while (!(await fetch(`${url}/-/ready`).catch(() => undefined))?.ok) {
    if (performance.now() > end || child.exitCode !== null) {
      await stop();
      throw new Error(`${program} did not come up`);
    }
    await sleep(50);
  }
  return { url, stop };
}

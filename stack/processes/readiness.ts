import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { lastLines } from "./log-tail.ts";
import { endedError, type Part } from "./part.ts";

/** Says whether a part can be used; false and an exception both mean "not yet". */
export type Probe = () => Promise<boolean>;

const RETRY_MS = 100;
const PROBE_LIMIT_MS = 2_000;

/** Ready when a GET of `url` is answered with a status of the 200s. */
export function httpProbe(url: string): Probe {
  return async () => {
    const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_LIMIT_MS) });
    await response.body?.cancel();
    return response.ok;
  };
}

/** Ready when the port takes connections. */
export function portProbe(port: number, host = "127.0.0.1"): Probe {
  return () =>
    new Promise((resolve) => {
      const socket = connect({ port, host, timeout: PROBE_LIMIT_MS });
      const done = (ready: boolean) => {
        socket.destroy();
        resolve(ready);
      };
      socket.once("connect", () => done(true));
      socket.once("error", () => done(false));
      socket.once("timeout", () => done(false));
    });
}

/**
 * Waits until a part can be used.
 *
 * @throws Error with the end of its log when it ends or when the time limit passes first, or the
 * signal's reason when that ends the wait
 */
export async function waitUntilReady(
  part: Part,
  probe: Probe,
  options: { readonly limitSeconds: number; readonly signal: AbortSignal },
): Promise<void> {
  const deadline = Date.now() + options.limitSeconds * 1000;
  for (;;) {
    options.signal.throwIfAborted();
    // Asked before the probe as well as after: another program may answer on the same port.
    if (!part.isRunning()) throw await endedError(part);
    const ready = await probe().catch(() => false);
    if (!part.isRunning()) throw await endedError(part);
    if (ready) return;
    if (Date.now() > deadline) {
      throw new Error(
        `${part.name} was not ready after ${options.limitSeconds} s. The end of ${part.logFile}:\n${lastLines(part.logFile)}`,
      );
    }
    await sleep(RETRY_MS, undefined, { signal: options.signal }).catch(() => {});
  }
}

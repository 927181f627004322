import { connect, createServer } from "node:net";

/** Says whether a service can be used; false and an exception both mean "not yet". */
export type Probe = () => Promise<boolean>;

const PROBE_LIMIT_MS = 2_000;

const HIGHEST_PORT = 65_535;
/** Far enough past any handful of programs that are configured side by side. */
const TRIES = 100;

/** Ready when a GET of `url` is answered with a status of the 200s. */
export function httpProbe(url: string): Probe {
  return async () => {
    const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_LIMIT_MS) });
    await response.body?.cancel();
    return response.ok;
  };
}

/** Ready when the port of 127.0.0.1 takes connections. */
export function portProbe(port: number): Probe {
  return () =>
    new Promise((resolve) => {
      const socket = connect({ port, host: "127.0.0.1", timeout: PROBE_LIMIT_MS });
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
 * A port on 127.0.0.1 that is free now: the preferred one, else the next one that is.
 *
 * @param taken - ports that are promised to other services of this process; the found one is added
 * @throws Error when none of the next hundred is free
 */
export async function freePort(preferred: number, taken = new Set<number>()): Promise<number> {
  const last = Math.min(preferred + TRIES - 1, HIGHEST_PORT);
  for (let port = preferred; port <= last; port++) {
    if (taken.has(port)) continue;
    // Before it is looked at, so that whoever asks meanwhile gets another.
    taken.add(port);
    if (await isFree(port)) return port;
    taken.delete(port);
  }
  throw new Error(`No port from ${preferred} to ${last} is free on 127.0.0.1. Name another one.`);
}

async function isFree(port: number): Promise<boolean> {
  // Some systems let 127.0.0.1 be bound beside a server on all addresses, so ask there too.
  return (await canListen(port)) && !(await portProbe(port)());
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}

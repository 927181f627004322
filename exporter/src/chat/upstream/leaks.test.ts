import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { Agent, request, type IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createRandom } from "../../../models/sentiment/training/random.ts";
import { until } from "../../cache/testing/until.ts";
import { startDoor, type Door } from "./testing/door.ts";
import {
  answers,
  delta,
  raw,
  startScriptedUpstream,
  startStream,
  STREAM,
  streams,
  wellBehaved,
  type Script,
  type ScriptedUpstream,
} from "./testing/scripted-upstream.ts";

/** Thirty in a hundred go wrong. `HEADROOM_LEAK_REQUESTS=10000` is the long run. */
const REQUESTS = Number(process.env["HEADROOM_LEAK_REQUESTS"] ?? 1_000);
const FAULTS = 0.3;
const AT_ONCE = 32;
const SEED = 16;

/** What a server does, and after how many milliseconds the client goes away, if it does. */
type Fault = readonly [script: Script, goesAfterMs?: number];

const silent: Script = () => {};
const FAULTY: readonly Fault[] = [
  [silent, 5],
  [silent],
  [(res) => void startStream(res).write(": ping\n\n"), 5],
  [(res) => void startStream(res).write(delta({ content: "a" })), 5],
  [(res) => void startStream(res).write(delta({ content: "a" }))],
  [wellBehaved, 1],
  [(res) => res.socket!.destroy()],
  [(res) => startStream(res).write(STREAM[1]!, () => res.socket?.destroy())],
  [raw("nonsense\r\n\r\n")],
  [answers(200, "<html>", { "Content-Type": "text/html" })],
  [answers(500, "{}")],
  [answers(429, "{}")],
  [streams(STREAM[0]!)],
  [streams("x".repeat(2_000_000))],
];

let upstream: ScriptedUpstream;
let door: Door;
let agent: Agent;
/** Of test files that ran in this process before, which may keep theirs. */
let otherSockets: number;
const warnings: string[] = [];
const onWarning = ({ name, message }: Error) => void warnings.push(`${name}: ${message}`);
beforeAll(async () => {
  otherSockets = sockets();
  process.on("warning", onWarning);
  upstream = await startScriptedUpstream((res, received) => {
    const fault = received.headers["x-fault"];
    const script = fault === undefined ? wellBehaved : FAULTY[Number(fault)]![0];
    return script(res, received);
  });
  door = await startDoor(upstream, {}, { chatTimeoutSeconds: 0.2 });
  agent = new Agent({ keepAlive: true });
});
afterAll(async () => {
  process.off("warning", onWarning);
  await door.close();
  await upstream.close();
});

/** @returns once the connection is done with it, however that was */
function ask(fault: number | undefined, stream: boolean): Promise<void> {
  const goesAfterMs = fault === undefined ? undefined : FAULTY[fault]![1];
  return new Promise((resolve) => {
    const sent = request(`${door.url}/v1/chat/completions`, {
      method: "POST",
      agent,
      headers: {
        "Content-Type": "application/json",
        ...(fault !== undefined && { "X-Fault": fault }),
      },
    });
    sent.on("error", () => {}).on("close", resolve);
    sent.on("response", (answer: IncomingMessage) => answer.on("error", () => {}).resume());
    sent.end(JSON.stringify({ model: "tiny", messages: [], stream }));
    if (goesAfterMs !== undefined) setTimeout(() => sent.destroy(), goesAfterMs);
  });
}

async function askMany(count: number, random: () => number): Promise<void> {
  let left = count;
  const lane = async () => {
    while (left-- > 0) {
      const isFaulty = random() < FAULTS;
      await ask(isFaulty ? Math.floor(random() * FAULTY.length) : undefined, random() < 0.7);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  await until(() => door.admission.requests === 0);
  upstream.forget();
}

const sockets = () =>
  process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** What is left when nothing is under way, and connections without work are closed. */
async function standing() {
  agent.destroy();
  const atDoor = promisify(door.server.getConnections.bind(door.server));
  await until(async () => {
    upstream.closeIdle();
    door.server.closeIdleConnections();
    const open = (await upstream.connections()) + (await atDoor());
    return open === 0 && sockets() <= otherSockets;
  });
  for (let i = 0; i < 3; i++) {
    collect();
    await sleep(20);
  }
  return process.memoryUsage();
}

it(`leaves nothing behind after ${REQUESTS} requests of which 30 % go wrong`, async () => {
  const random = createRandom(SEED);
  await askMany(REQUESTS / 4, random);
  const before = await standing();
  await askMany(REQUESTS, random);
  const after = await standing();
  expect(door.admission).toMatchObject({ requests: 0, bytes: 0 });
  expect(door.drain.inFlight).toBe(0);
  expect(warnings).toEqual([]);
  // Nearly every request came so far as to be counted, and every kind of end was among them.
  const counted = await door.samples("headroom_chat_requests_total");
  const all = Object.values(counted).reduce((sum, one) => sum + one, 0);
  expect(all).toBeGreaterThan(REQUESTS);
  const outcomes = Object.keys(counted).map((series) => /outcome="(\w+)"/.exec(series)![1]);
  expect(new Set(outcomes)).toEqual(
    new Set(["ok", "server_error", "refused", "aborted", "deadline"]),
  );
  // A request that stayed would keep some kilobytes.
  const grown = (of: "heapUsed" | "external") => (after[of] - before[of]) / REQUESTS;
  expect(grown("heapUsed")).toBeLessThan(1_000);
  expect(grown("external")).toBeLessThan(1_000);
});

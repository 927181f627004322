import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { DrillStack } from "../../drill/drill-stack.ts";
import { askFor, connectTo, costly, countedInWords, headOf } from "../ask.ts";
import type { Found, Row } from "../row.ts";

const CONNECTIONS = 2_000;
const HOLD_MS = 8_000;

/** Slow clients, who must get what they came for in the end. */
const SLOW = 20;
const SLICES = 20;
const SLICE_MS = 250;

const ABORTS = 200;

const STUCK = 203;
const SILENT = 60;
/** What so many answers that wait for their readers may take beside a normal growth. */
const MOST_GROWN_MB = 250;

/** Both limits of latency and errors may be met by the steady load among so many others. */
const CROWDED = [
  ...["HeadroomSaturated", "HeadroomErrorRateHigh", "HeadroomErrorRateCritical"],
  ...["HeadroomLatencyHigh", "HeadroomLatencyCritical"],
];

/** A whole request to score messages. */
function requestOf(body: unknown): string {
  const text = JSON.stringify(body);
  return headOf(text.length) + text;
}

const REQUEST = requestOf(costly(0, 8));
const HEAD = REQUEST.slice(0, REQUEST.indexOf("\r\n\r\n") + 4);

/** Messages of a number and so many words of one letter. */
const wordy = (messages: number, words: number) => ({
  messages: Array.from({ length: messages }, (_, i) => `${i}${" a".repeat(words)}`),
  attribution: "prefix",
});

/** The status in the first line of what arrives until the other side ends; NaN without one. */
function statusFrom(socket: Socket): Promise<number> {
  let head = "";
  socket.on("data", (data: Buffer) => (head = head.slice(0, 20) + String(data).slice(0, 20)));
  return new Promise((resolve) => {
    socket.once("close", () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1])));
  });
}

/** Opens so many connections at once, and gives those that opened. */
async function connections(stack: DrillStack, count: number): Promise<Socket[]> {
  const all = await Promise.all(Array.from({ length: count }, () => connectTo(stack)));
  return all.filter((socket) => socket !== undefined);
}

/** Clients that ask for much and never read; whether the answers that wait for them are bounded. */
async function neverRead(stack: DrillStack, count: number, request: string): Promise<Found> {
  const before = await processMemory(stack);
  const open = await connections(stack, count);
  for (const socket of open) socket.pause().write(request);
  await sleep(HOLD_MS);
  const grown = Math.round(((await processMemory(stack)) - before) / 1e6);
  for (const socket of open) socket.destroy();
  const note = `the exporter's processes grew by ${grown} MB`;
  return { note, problems: grown < MOST_GROWN_MB ? [] : [note] };
}

/** What the exporter's processes take, as it says itself. */
async function processMemory({ exporter }: DrillStack): Promise<number> {
  const page = await (await fetch(`${exporter}/metrics`)).text();
  return Number(/^headroom_memory_used_bytes\{scope="process"\} (\S+)$/m.exec(page)?.[1]);
}

/** Takes connections until they break off in the middle of something. */
async function abortAt(stack: DrillStack, stage: (socket: Socket) => Promise<void>): Promise<void> {
  for (const socket of await connections(stack, ABORTS)) {
    await stage(socket);
    socket.resetAndDestroy();
  }
}

const STAGES: Readonly<Record<string, (socket: Socket) => Promise<void>>> = {
  connected: async () => undefined,
  "half a head": async (socket) => void socket.write("POST /v1/sentiment HTTP/1.1\r\nHost: 12"),
  "no body": async (socket) => void socket.write(HEAD),
  "half a body": async (socket) => void socket.write(REQUEST.slice(0, HEAD.length + 50)),
  asked: async (socket) => void socket.write(REQUEST),
  "about to be answered": async (socket) => {
    socket.write(REQUEST);
    await sleep(10);
  },
};

/** Clients that are many, slow, rude or too quick. */
export const CLIENT_ROWS: readonly Row[] = [
  {
    name: "connections",
    fault: `${CONNECTIONS} connections are opened and say nothing`,
    async run(stack): Promise<Found> {
      const open = await connections(stack, CONNECTIONS);
      await sleep(HOLD_MS);
      for (const socket of open) socket.destroy();
      const missing = CONNECTIONS - open.length;
      return { problems: missing === 0 ? [] : [`${missing} connections were refused`] };
    },
  },
  {
    name: "slow-senders",
    fault: `${SLOW} clients take ${(SLICES * SLICE_MS) / 1000} s to send a request`,
    async run(stack): Promise<Found> {
      const all = await connections(stack, SLOW);
      const statuses = all.map(statusFrom);
      for (let slice = 0; slice < SLICES; slice++) {
        const ends = [slice, slice + 1].map((i) => Math.round((i * REQUEST.length) / SLICES));
        for (const socket of all) socket.write(REQUEST.slice(...ends));
        await sleep(SLICE_MS);
      }
      await sleep(1_000);
      for (const socket of all) socket.end();
      const answers = await Promise.all(statuses);
      const good = answers.filter((status) => status === 200).length;
      return {
        problems: good === SLOW ? [] : [`only ${good} of ${SLOW} slow senders got an answer`],
      };
    },
  },
  {
    name: "slow-readers",
    fault: `${SLOW} clients take ${(SLICES * SLICE_MS) / 1000} s to read an answer`,
    async run(stack): Promise<Found> {
      const request = requestOf(costly(0, 32)).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
      const all = await connections(stack, SLOW);
      let whole = 0;
      await Promise.all(
        all.map(async (socket) => {
          let text = "";
          socket.write(request);
          const closed = new Promise((resolve) => socket.once("close", resolve));
          for (let slice = 0; slice < SLICES; slice++) {
            text += String(socket.read(4_096) ?? "");
            await sleep(SLICE_MS);
          }
          socket.on("data", (data: Buffer) => (text += String(data)));
          await closed;
          if (text.startsWith("HTTP/1.1 200") && text.trimEnd().endsWith("}")) whole++;
        }),
      );
      return {
        problems: whole === SLOW ? [] : [`only ${whole} of ${SLOW} slow readers got it all`],
      };
    },
  },
  {
    name: "half-sent",
    fault: `${STUCK} clients send 600 kB of a request, and then nothing`,
    async run(stack) {
      const open = await connections(stack, STUCK);
      for (const socket of open) socket.write(headOf(900_000) + "a".repeat(600_000));
      await sleep(HOLD_MS);
      for (const socket of open) socket.destroy();
    },
  },
  {
    name: "silent-readers",
    fault: `${SILENT} clients ask for answers of 2 MB, and never read them`,
    run: (stack) => neverRead(stack, SILENT, requestOf(wordy(128, 400))),
    // Making those answers keeps the processors busy, whoever reads them.
    expect: { p95Ms: 5_000, mayAlert: CROWDED },
  },
  {
    name: "too-much-work",
    fault: "one client asks again and again for what would take minutes, for 10 s",
    async run(stack): Promise<Found> {
      const answers = await askFor(10_000, `${stack.exporter}/v1/sentiment`, () => ({
        ...wordy(128, 2_040),
        attribution: "occlusion",
      }));
      const wrong = answers.filter((answer) => answer !== 413).length;
      return {
        problems: wrong === 0 ? [] : [`${wrong} of them were not refused`],
        note: countedInWords(answers),
      };
    },
  },
  {
    name: "never-read",
    fault: `${STUCK} clients ask for much and never read for ${HOLD_MS / 1000} s`,
    run: (stack) => neverRead(stack, STUCK, requestOf(costly(0, 128)).repeat(10)),
    expect: { mayAlert: CROWDED, errorRatio: 0.5 },
  },
  {
    name: "aborts",
    fault: `${ABORTS} clients break off at each of ${Object.keys(STAGES).length} stages`,
    async run(stack) {
      for (const stage of Object.values(STAGES)) await abortAt(stack, stage);
    },
  },
  {
    name: "flood",
    fault: "ten times the load of the reference",
    async run(stack) {
      stack.startLoad("flood");
      await sleep(15_000);
      await stack.stopLoad("flood");
    },
    // Refusing is the answer to that; being silent is not.
    expect: { errorRatio: 0.95, p95Ms: 5_000, mayAlert: CROWDED },
  },
  {
    name: "costly-beside",
    fault: "one client asks for all it may in one request after the other, for 10 s",
    async run(stack): Promise<Found> {
      const answers = await askFor(10_000, `${stack.exporter}/v1/sentiment`, (number) =>
        costly(number, 128),
      );
      return { note: countedInWords(answers), lost: answers.filter((a) => a === "lost").length };
    },
    expect: { mayAlert: CROWDED },
  },
];

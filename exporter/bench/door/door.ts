import { fork } from "node:child_process";
import { once } from "node:events";
import { Agent, request, type IncomingMessage } from "node:http";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { DOOR_BOUNDS } from "@headroom/alerts/bench-bounds";
import { formatShare } from "@headroom/loadtest/report/format";
import { readProcessMemory } from "../../src/hardware/memory/process-memory.ts";
import { thisMachine } from "../../src/hardware/sources.ts";
import { startBuiltExporter } from "../built-exporter.ts";
import { inTurn, type BenchRun } from "../engine/run.ts";
import { verdictInDoubt, type Section } from "../engine/section.ts";
import { doubtOf, quantile, spreadOf } from "../engine/spread.ts";

/** Clients at once, each with so many answers a round, of so many tokens. */
const CLIENTS = 8;
const ANSWERS = 4;
const TOKENS = 32;
/** Between two tokens: a server of a hundred tokens a second for each client. */
const EVERY_MS = 10;
/** Streams that are open while memory is read, and how long they settle before, in milliseconds. */
const STREAMS = 200;
const SETTLE_MS = 2_000;
const TIMES = 4;

/** What the door adds to a model server: time to the first token, time a token, and memory of streams. */
export async function door(run: BenchRun): Promise<Section> {
  const { rounds, signal } = run;
  await using opened = new AsyncDisposableStack();
  const server = fork(fileURLToPath(new URL("paced-server.ts", import.meta.url)), { signal });
  opened.defer(() => void server.disconnect());
  // Ended by the signal.
  server.on("error", () => {});
  const [port] = (await once(server, "message", { signal })) as [number];
  const direct = `http://127.0.0.1:${port}`;
  const exporter = opened.use(
    await startBuiltExporter(
      { HEADROOM_CHAT_MODEL: "none", HEADROOM_UPSTREAM_URL: direct, HEADROOM_CHAT_QUEUE: "1000" },
      signal,
    ),
  );
  const agent = opened.adopt(new Agent({ keepAlive: true }), (one) => one.destroy());
  const firsts = { direct: [] as number[], door: [] as number[] };
  const turn = (url: string, first: number[]) => async () => {
    const answers = await askAtOnce(url, agent, signal);
    first.push(
      quantile(
        answers.map(({ firstSeconds }) => firstSeconds),
        0.95,
      ),
    );
    const seconds = answers.reduce((sum, answer) => sum + answer.seconds, 0);
    return (answers.length * TOKENS) / seconds;
  };
  const [ratesDirect, ratesDoor] = (await inTurn(
    [turn(direct, firsts.direct), turn(exporter.url, firsts.door)],
    { ...run, what: "directly and through the door" },
  )) as [number[], number[]];
  const [firstDirect, firstDoor] = [firsts.direct.slice(-rounds), firsts.door.slice(-rounds)];
  const added = spreadOf(firstDoor.map((seconds, i) => seconds - firstDirect[i]!));
  const lost = spreadOf(ratesDoor.map((rate, i) => 1 - rate / ratesDirect[i]!));
  const bytes = await bytesOfStreams(exporter, agent, run);
  const bounds = DOOR_BOUNDS;
  const ms = (seconds: number) => `${(1000 * seconds).toFixed(2)} ms`;
  const mb = (some: number) => `${(some / 1e6).toFixed(2)} MB`;
  return {
    part: "door",
    title: "The door before a model server",
    how: [
      `${CLIENTS} clients, who begin one after the other, each with ${ANSWERS} streamed answers of ${TOKENS} tokens a round, one every ` +
        `${EVERY_MS} ms, of a server without a model: directly and through the exporter in turn. Server, exporter and ` +
        "clients share the cores.",
    ],
    tables: [
      {
        head: ["what the door adds", "directly", "through it", "difference", "at most", "verdict"],
        rows: [
          [
            "P95 to the first token",
            ms(spreadOf(firstDirect).median),
            ms(spreadOf(firstDoor).median),
            ms(added.median),
            ms(bounds.firstTokenSeconds),
            verdictInDoubt(added.median, doubtOf(added, rounds), bounds.firstTokenSeconds),
          ],
          [
            "tokens a second and stream",
            spreadOf(ratesDirect).median.toFixed(1),
            spreadOf(ratesDoor).median.toFixed(1),
            formatShare(lost.median),
            formatShare(bounds.rateLost),
            verdictInDoubt(lost.median, doubtOf(lost, rounds), bounds.rateLost),
          ],
          [
            "memory of a hundred open streams",
            "-",
            mb(bytes),
            mb(bytes),
            mb(bounds.bytesPerHundredStreams),
            verdictInDoubt(bytes, 0, bounds.bytesPerHundredStreams),
          ],
        ],
      },
    ],
    conclusions: ["Medians of the pairs."],
    figures: { firstDirect, firstDoor, ratesDirect, ratesDoor, bytesPerHundredStreams: bytes },
  };
}

interface Answer {
  /** To the first byte of the body. */
  readonly firstSeconds: number;
  readonly seconds: number;
}

async function askAtOnce(url: string, agent: Agent, signal: AbortSignal): Promise<Answer[]> {
  const lane = async (_: unknown, number: number) => {
    const answers: Answer[] = [];
    // Not all in one moment, again and again: that would measure a queue of eight.
    await sleep((number * TOKENS * EVERY_MS) / CLIENTS, undefined, { signal });
    for (let i = 0; i < ANSWERS; i++) answers.push(await ask(url, agent, signal));
    return answers;
  };
  return (await Promise.all(Array.from({ length: CLIENTS }, lane))).flat();
}

async function ask(url: string, agent: Agent, signal: AbortSignal): Promise<Answer> {
  const startedAt = performance.now();
  const since = () => (performance.now() - startedAt) / 1000;
  const answer = await open(url, agent, signal, { max_tokens: TOKENS, every_ms: EVERY_MS });
  let firstSeconds: number | undefined;
  for await (const bytes of answer as AsyncIterable<Buffer>) {
    if (bytes.includes(" token")) firstSeconds ??= since();
  }
  return { firstSeconds: firstSeconds!, seconds: since() };
}

async function open(
  url: string,
  agent: Agent,
  signal: AbortSignal,
  fields: object,
): Promise<IncomingMessage> {
  const headers = { "Content-Type": "application/json" };
  const sent = request(`${url}/v1/chat/completions`, { method: "POST", agent, headers, signal });
  sent.end(JSON.stringify({ model: "paced", messages: [], stream: true, ...fields }));
  const [answer] = (await once(sent, "response", { signal })) as [IncomingMessage];
  if (answer.statusCode !== 200) throw new Error(`The answer's status is ${answer.statusCode}.`);
  return answer;
}

/** What a hundred streams that are open add to the exporter's memory, in bytes: the median of some times. */
async function bytesOfStreams(
  { url, pid }: { readonly url: string; readonly pid: number },
  agent: Agent,
  { tell, signal }: BenchRun,
): Promise<number> {
  const memory = async () => {
    await sleep(SETTLE_MS, undefined, { signal });
    const { bytes } = await readProcessMemory(thisMachine(SETTLE_MS), [process.pid, pid]);
    return bytes.get(pid)!;
  };
  const added: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    tell(`memory of ${STREAMS} streams`, time, TIMES);
    const before = await memory();
    const fields = { max_tokens: 1e6, every_ms: 100 };
    const streams = await Promise.all(
      Array.from({ length: STREAMS }, () => open(url, agent, signal, fields)),
    );
    for (const stream of streams) stream.on("error", () => {}).resume();
    added.push((100 * ((await memory()) - before)) / STREAMS);
    for (const stream of streams) stream.destroy();
  }
  // The first time memory is used that stays with the exporter, whatever is open.
  return spreadOf(added.slice(1)).median;
}

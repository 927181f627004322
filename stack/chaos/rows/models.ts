import { rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { DrillStack } from "../../drill/drill-stack.ts";
import { ROOT } from "../../places.ts";
import { post } from "../ask.ts";
import type { Row } from "../row.ts";

/** Longer than the exporter lets a process of a model be silent. */
const NOTICED_MS = 10_000;

/** A model of the exporter's own, named after its process. */
const EMBEDDED = join(ROOT, "exporter/models/sentiment/sentiment.gguf");
const ownModel = (pid: string | number) => join(tmpdir(), `headroom-chaos-${pid}.gguf`);

/** Ended more often than a quarter of an hour allows, which an operator should know. */
const RESTARTS = ["HeadroomModelRestarting"];

/** The exporter with two scorers, and a chat model where the row needs one. */
const TWO = { variables: { HEADROOM_WORKERS: "2" } };
const CHAT = { variables: { HEADROOM_WORKERS: "2", HEADROOM_CHAT_MODEL: "auto" } };

/** Processes with models end, hang, or lose their file. */
export const MODEL_ROWS: readonly Row[] = [
  {
    name: "scorer-killed",
    fault: "one of two scorers is killed (SIGKILL) in the middle of requests",
    setup: TWO,
    run: (stack) => stack.signalScorer("SIGKILL"),
  },
  {
    name: "scorer-aborts",
    fault: "one of two scorers aborts, as native code does (SIGABRT)",
    setup: TWO,
    run: (stack) => stack.signalScorer("SIGABRT"),
  },
  {
    name: "scorer-hangs",
    fault: "one of two scorers hangs at work (SIGSTOP)",
    setup: TWO,
    async run(stack) {
      await stack.signalScorer("SIGSTOP");
      await sleep(NOTICED_MS);
    },
    // What it had is answered by the other one once that is noticed, after 5 s without a word.
    expect: { p95Ms: 8_000, mayAlert: ["HeadroomLatencyHigh", "HeadroomLatencyCritical"] },
  },
  {
    name: "scorers-killed",
    fault: "both scorers are killed at once",
    setup: TWO,
    async run(stack) {
      for (const pid of await stack.modelProcesses("sentiment")) process.kill(pid, "SIGKILL");
    },
    expect: { p95Ms: 5_000, mayAlert: ["HeadroomLatencyHigh", "HeadroomLatencyCritical"] },
  },
  {
    name: "scorer-dies-again",
    fault: "the only scorer is killed every 3 s, three times",
    setup: { variables: { HEADROOM_WORKERS: "1" } },
    async run(stack) {
      for (let time = 0; time < 3; time++) {
        await stack.signalScorer("SIGKILL");
        await sleep(3_000);
      }
    },
    expect: {
      p95Ms: 5_000,
      alerts: RESTARTS,
      mayAlert: ["HeadroomLatencyHigh", "HeadroomLatencyCritical"],
    },
  },
  {
    name: "model-file-cut",
    fault: "the model's file is cut off under the exporter, and a scorer is killed",
    setup: {
      variables: { HEADROOM_WORKERS: "2" },
      shell: {
        exporter: `cp "${EMBEDDED}" "${ownModel("$$")}"; export HEADROOM_MODEL="${ownModel("$$")}"`,
      },
    },
    async run(stack) {
      const file = ownModel(stack.pidOf("exporter"));
      const kept = `${file}.kept`;
      // The file keeps its place and time when it comes back; only its content was lost meanwhile.
      await rename(file, kept);
      await writeFile(file, "");
      await stack.signalScorer("SIGKILL");
      await sleep(5_000);
      await rename(kept, file);
      await sleep(NOTICED_MS);
      await rm(file);
    },
    // The other scorer answers for both; nobody gets an answer of another file.
    expect: { mayAlert: [...RESTARTS, "HeadroomLatencyHigh"] },
  },
  {
    name: "chat-killed",
    fault: "the chat model's process is killed at work, and again while it is loaded",
    setup: CHAT,
    run: (stack) => duringStatusRequests(stack, "SIGKILL"),
    expect: { mayAlert: ["HeadroomModelUnavailable", ...RESTARTS, "HeadroomStatusSlow"] },
  },
  {
    name: "chat-hangs",
    fault: "the chat model's process hangs at work (SIGSTOP), and again while it is loaded",
    setup: CHAT,
    run: (stack) => duringStatusRequests(stack, "SIGSTOP"),
    // Loading the chat model again and again keeps the processors busy.
    expect: {
      p95Ms: 3_000,
      mayAlert: ["HeadroomModelUnavailable", ...RESTARTS, "HeadroomStatusSlow"],
    },
  },
];

/** Every request is answered, by the model or from the findings. */
async function duringStatusRequests(stack: DrillStack, signal: NodeJS.Signals) {
  const address = `${stack.exporter}/v1/status/quick-status`;
  for (let time = 0; time < 2; time++) {
    const [pid] = await untilThere(stack);
    const asking = Array.from({ length: 4 }, () => post(address, { strategy: "quality" }));
    await sleep(300);
    process.kill(pid!, signal);
    const answers = await Promise.all(asking);
    const wrong = answers.filter((answer) => answer !== 200);
    if (wrong.length > 0)
      return { problems: [`a status request was answered with ${wrong.join()}`] };
    await untilGone(stack, pid!);
  }
  return {};
}

async function untilThere(stack: DrillStack): Promise<readonly number[]> {
  for (let i = 0; i < 600; i++) {
    const pids = await stack.modelProcesses("status");
    if (pids.length > 0) return pids;
    await sleep(50);
  }
  throw new Error("the chat model's process was not started again");
}

async function untilGone(stack: DrillStack, pid: number): Promise<void> {
  for (let i = 0; i < 1200 && (await stack.modelProcesses("status")).includes(pid); i++) {
    await sleep(50);
  }
}

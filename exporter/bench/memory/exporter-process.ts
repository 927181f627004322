import { setTimeout as sleep } from "node:timers/promises";
import { STATUS_TARGET_SECONDS, type StatusScenario } from "@headroom/alerts/limits";
import type { Language } from "../../src/language.ts";
import type { StatusAnswer } from "../../src/status/answer.ts";
import { startBuiltExporter } from "../built-exporter.ts";

const COLLECT_OFTEN = new URL("./collect-often.js", import.meta.url).href;
const SCENARIOS = Object.keys(STATUS_TARGET_SECONDS) as StatusScenario[];

/** Resident memory of the exporter's processes, in bytes. */
export interface ResidentMemory {
  /** Of the exporter's own process. */
  readonly exporter: number;
  /** Of the chat model's process. */
  readonly chat: number;
  readonly total: number;
}

/** What kind of exporter is started. */
export interface ExporterChoice {
  /** In which it is asked. */
  readonly language: Language;
  /** With the simulated engine, which has no model. */
  readonly simulate?: boolean;
  /** Has V8 collect all garbage every second, in the chat model's process too. */
  readonly collectOften?: boolean;
  readonly signal: AbortSignal;
}

/** An exporter in processes of its own. */
export interface ExporterProcess {
  /** The estimate of the chat model's plan, in bytes. */
  plannedBytes(): Promise<number>;
  memory(): Promise<ResidentMemory>;
  /**
   * Asks the model, past the cache; the analyses take turns with the number of the question.
   *
   * @throws Error when the model was not asked
   */
  ask(question: number): Promise<StatusAnswer>;
  /**
   * Has a batch of messages scored and attributed, past the cache.
   *
   * @throws Error when it is refused
   */
  score(messages: readonly string[]): Promise<void>;
  /** Ends it and waits for that. */
  stop(): Promise<void>;
}

/**
 * Starts the built exporter, and waits until its chat model is loaded.
 *
 * @throws Error with what it said, when it ends before that or the model cannot be loaded
 * @throws the signal's reason when it aborts
 */
export async function startExporterProcess(choice: ExporterChoice): Promise<ExporterProcess> {
  const { language, simulate = false, collectOften = false, signal } = choice;
  const { url, stop } = await startBuiltExporter(
    {
      HEADROOM_SIMULATE: String(simulate),
      HEADROOM_SIMULATE_PROFILE: "instant",
      HEADROOM_SIMULATE_FAULT: "",
      ...(collectOften && { NODE_OPTIONS: `--import=${COLLECT_OFTEN}` }),
    },
    signal,
  );
  try {
    await untilLoaded(url, signal);
    return {
      plannedBytes: async () => {
        const { plan } = (await getJson(`${url}/v1/hardware`, signal)) as {
          plan: { memoryBytes: number };
        };
        return plan.memoryBytes;
      },
      memory: () => readMemory(url, signal),
      score: (messages) => score(url, messages, signal),
      ask: (question) => ask(url, SCENARIOS[question % SCENARIOS.length]!, language, signal),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Longer than the exporter takes from one reading of its memory to the next, on Linux. */
const READING_MS = 1_500;

async function untilLoaded(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { chatModel } = (await getJson(`${url}/v1/hardware`, signal)) as {
      chatModel: { phase: string; text: string };
    };
    // The exporter reads memory once a second; the first reading with the model is to come.
    if (chatModel.phase === "ready") return void (await sleep(READING_MS, undefined, { signal }));
    if (chatModel.phase !== "loading") throw new Error(`No chat model: ${chatModel.text}`);
    await sleep(100, undefined, { signal });
  }
}

async function ask(
  url: string,
  scenario: StatusScenario,
  language: Language,
  signal: AbortSignal,
): Promise<StatusAnswer> {
  const response = await fetch(`${url}/v1/status/${scenario}`, {
    method: "POST",
    headers: { "content-type": "application/json", "cache-control": "no-store" },
    body: JSON.stringify({ language }),
    signal,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`The exporter refused a question: ${text}`);
  const answer = JSON.parse(text) as StatusAnswer;
  const { fallback } = answer;
  if (fallback === "no_model" || fallback === "model_failed" || fallback === "language") {
    throw new Error(`The model was not asked (${fallback}), so there is nothing to measure.`);
  }
  return answer;
}

async function score(url: string, messages: readonly string[], signal: AbortSignal): Promise<void> {
  const response = await fetch(`${url}/v1/sentiment`, {
    method: "POST",
    headers: { "content-type": "application/json", "cache-control": "no-store" },
    body: JSON.stringify({ messages, attribution: "prefix", words: false }),
    signal,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`The exporter refused a batch: ${text}`);
}

async function readMemory(url: string, signal: AbortSignal): Promise<ResidentMemory> {
  const page = await (await fetch(`${url}/metrics`, { signal })).text();
  const used = (scope: string): number => {
    const line = new RegExp(`^headroom_memory_used_bytes\\{scope="${scope}"\\} (\\S+)$`, "m");
    return Number(line.exec(page)?.[1]);
  };
  const [total, chat] = [used("process"), used("chat")];
  return { total, chat, exporter: total - chat };
}

async function getJson(url: string, signal: AbortSignal): Promise<unknown> {
  return (await fetch(url, { signal })).json();
}

import { setTimeout as sleep } from "node:timers/promises";
import { STATUS_TARGET_SECONDS } from "@headroom/alerts/limits";
import type { Language } from "../../src/language.ts";
import type { StatusAnswer } from "../../src/status/answer.ts";
import { startBuiltExporter } from "../built-exporter.ts";

const COLLECT_OFTEN = new URL("./collect-often.js", import.meta.url).href;
const SCENARIOS = Object.keys(STATUS_TARGET_SECONDS);

/** Longer than the exporter takes from one reading of its memory to the next, on Linux. */
const READING_MS = 1_500;

/** Resident memory in bytes: of the exporter's own process, and of its chat model's. */
export interface ResidentMemory {
  readonly exporter: number;
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
}

/** An exporter in processes of its own, which end when it is disposed of. */
export type ExporterProcess = Awaited<ReturnType<typeof startExporterProcess>>;

/**
 * Starts the built exporter, and waits until its chat model is loaded.
 *
 * @throws Error with what it said, when it ends before that or the model cannot be loaded
 * @throws the signal's reason when it aborts
 */
export async function startExporterProcess(
  { language, simulate = false, collectOften = false }: ExporterChoice,
  signal: AbortSignal,
) {
  const exporter = await startBuiltExporter(
    {
      HEADROOM_SIMULATE: String(simulate),
      HEADROOM_SIMULATE_PROFILE: "instant",
      HEADROOM_SIMULATE_FAULT: "",
      ...(collectOften && { NODE_OPTIONS: `--import=${COLLECT_OFTEN}` }),
    },
    signal,
  );
  const { url } = exporter;
  const hardware = async () =>
    (await (await fetch(`${url}/v1/hardware`, { signal })).json()) as Hardware;
  try {
    for (;;) {
      const { phase, text } = (await hardware()).chatModel;
      if (phase === "ready") break;
      if (phase !== "loading") throw new Error(`No chat model: ${text}`);
      await sleep(100, undefined, { signal });
    }
    // The exporter reads memory once a second; the first reading with the model is to come.
    await sleep(READING_MS, undefined, { signal });
  } catch (error) {
    await exporter[Symbol.asyncDispose]();
    throw error;
  }
  const post = async (path: string, body: object): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", "cache-control": "no-store" },
      body: JSON.stringify(body),
      signal,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`The exporter refused a request to ${path}: ${text}`);
    return JSON.parse(text);
  };
  return {
    /** The estimate of the chat model's plan, in bytes. */
    plannedBytes: async () => (await hardware()).plan.memoryBytes,
    async memory(): Promise<ResidentMemory> {
      const page = await (await fetch(`${url}/metrics`, { signal })).text();
      const used = (scope: string): number => {
        const line = new RegExp(`^headroom_memory_used_bytes\\{scope="${scope}"\\} (\\S+)$`, "m");
        return Number(line.exec(page)?.[1]);
      };
      const [total, chat] = [used("process"), used("chat")];
      return { total, chat, exporter: total - chat };
    },
    /**
     * Asks the model, past the cache; the scenarios take turns with the number of the request.
     *
     * @throws Error when the model was not asked
     */
    async ask(number: number): Promise<StatusAnswer> {
      const path = `/v1/status/${SCENARIOS[number % SCENARIOS.length]}`;
      const answer = (await post(path, { language })) as StatusAnswer;
      const { fallback } = answer;
      if (fallback === "no_model" || fallback === "model_failed" || fallback === "language") {
        throw new Error(`The model was not asked (${fallback}), so there is nothing to measure.`);
      }
      return answer;
    },
    /** Has a batch of messages scored and attributed, past the cache. @throws Error when it is refused */
    async score(messages: readonly string[]): Promise<void> {
      await post("/v1/sentiment", { messages, attribution: "prefix", words: false });
    },
    [Symbol.asyncDispose]: exporter[Symbol.asyncDispose],
  };
}

/** What is read of `GET /v1/hardware`. */
interface Hardware {
  readonly chatModel: { readonly phase: string; readonly text: string };
  readonly plan: { readonly memoryBytes: number };
}

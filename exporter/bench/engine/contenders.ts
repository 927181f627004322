import { httpContender, startSentimentExporter } from "./http.ts";
import { llamaCppPython } from "./llama-cpp-python.ts";
import { nodeLlamaCpp, openTokens } from "./node-llama-cpp.ts";
import { pipelineContender, startPipeline } from "./pipeline.ts";
import { rawCApi } from "./raw-c-api.ts";
import type { BenchRun } from "./run.ts";
import type { Absent, Contender } from "./workload.ts";

/** Everything that is measured side by side, in the order of its rows. */
export interface Contenders {
  readonly all: readonly (Contender | Absent)[];
  /** Threads or processes that each of them uses. */
  readonly workers: number;
  /** Name of the model. */
  readonly model: string;
}

/**
 * Starts all contenders on one model.
 *
 * @param opened - is given what must be ended
 */
export async function startContenders(
  { config, tell, signal }: BenchRun,
  opened: AsyncDisposableStack,
): Promise<Contenders> {
  const file = config.model;
  const start = <T>(what: string, starting: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    tell(`starting ${what}`);
    return starting();
  };
  const pipeline = opened.use(await start("the pipeline", () => startPipeline(config)));
  const workers = pipeline.scorers.length;
  let raw: Contender | Absent = unlike("rawCApi", "llama.cpp's C API, raw loop");
  let python: readonly (Contender | Absent)[] = [unlike("python", "llama-cpp-python")];
  if (await hasPlainEnd(file)) {
    raw = opened.use(await start("the raw loop", () => rawCApi(file, workers)));
    python = await start("llama-cpp-python", () => llamaCppPython(file, workers));
    for (const one of python) if (!("absent" in one)) opened.use(one);
  }
  const node = opened.use(await start("node-llama-cpp", () => nodeLlamaCpp(file, workers)));
  const own = opened.use(pipelineContender(pipeline));
  const exporter = opened.use(await start("the exporter", () => startSentimentExporter(signal)));
  const http = opened.use(await httpContender(exporter));
  return { all: [raw, node, ...python, own, http], workers, model: pipeline.scorers[0]!.model.id };
}

/** Whether all prefixes of a message are read in one pass, as the simple loops do it. */
async function hasPlainEnd(file: string): Promise<boolean> {
  await using tokens = await openTokens(file);
  return tokens.after.length === 0;
}

function unlike(id: string, name: string): Absent {
  return { id, name, absent: "not measured: this model's template goes on after the message" };
}

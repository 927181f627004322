import { createBareLoop } from "../../bare-loop.ts";
import { splitWords } from "../../../src/sentiment/words.ts";
import type { BenchRun } from "../bench-run.ts";
import type { Absent, Contender } from "../contender.ts";
import { httpContender, startSentimentExporter } from "../http/exporter.ts";
import { llamaCppPython } from "../llama-cpp-python/contender.ts";
import { pipelineContender, startPipeline } from "../pipeline.ts";
import { rawCApi } from "../raw-c-api/contender.ts";
import { openTokens } from "../tokens.ts";

type Keep = <O extends { close(): Promise<unknown> }>(opened: O) => O;

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
 * @param keep - is given what must be closed
 */
export async function startContenders(run: BenchRun, keep: Keep): Promise<Contenders> {
  const { config, tell, signal } = run;
  const step = async <T>(what: string, start: () => Promise<T>) => {
    signal.throwIfAborted();
    tell(`starting ${what}`);
    return start();
  };
  const pipeline = keep(await step("the pipeline", () => startPipeline(config)));
  const workers = pipeline.scorers.length;
  const peers = (await hasPlainEnd(config.model))
    ? {
        raw: keep(await step("the raw loop", () => rawCApi(config.model, workers))),
        python: await step("llama-cpp-python", () => llamaCppPython(config.model, workers)),
      }
    : {
        raw: unlike("rawCApi", "llama.cpp's C API, raw loop"),
        python: [unlike("python", "llama-cpp-python")],
      };
  for (const one of peers.python) if (!("absent" in one)) keep(one);
  const node = keep(await step("node-llama-cpp", () => nodeLlamaCpp(config.model, workers)));
  const own = keep(pipelineContender(pipeline));
  const exporter = await step("the exporter", () => startSentimentExporter(signal));
  keep({ close: () => exporter.stop() });
  const http = keep(await httpContender(exporter));
  return {
    all: [peers.raw, node, ...peers.python, own, http],
    workers,
    model: pipeline.scorers[0]!.model.id,
  };
}

/** node-llama-cpp's own calls, one for each score that is read. */
async function nodeLlamaCpp(file: string, contexts: number): Promise<Contender> {
  const loop = await createBareLoop(file, contexts);
  return {
    id: "nodeLlamaCpp",
    name: "node-llama-cpp, bare loop",
    includes: "words, tokens, its own threads; no attribution, no queue",
    share: 1 / 2,
    async run(batches) {
      const words = batches.flat().map(splitWords);
      await loop.run(words, "prefixes");
      return undefined;
    },
    close: () => loop.close(),
  };
}

/** Whether all prefixes of a message are read in one pass, as the simple loops do it. */
async function hasPlainEnd(file: string): Promise<boolean> {
  const tokens = await openTokens(file);
  await tokens.dispose();
  return tokens.after.length === 0;
}

function unlike(id: string, name: string): Absent {
  return { id, name, absent: "not measured: this model's template goes on after the message" };
}

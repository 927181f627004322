/**
 * Measures the engine: side by side with the bare library and its peers, with and without metrics, as
 * load and sizes grow, and where the time goes when nothing more is answered.
 */
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { thisMachine } from "@headroom/loadtest/report/baseline";
import { loadConfig } from "../src/config.ts";
import { inRounds, type BenchRun } from "./engine/bench-run.ts";
import { asMarkdown, asText, type Section } from "./engine/figures/section.ts";
import { installPython } from "./engine/llama-cpp-python/environment.ts";
import { growth } from "./engine/parts/growth/growth.ts";
import { methods } from "./engine/parts/methods.ts";
import { observing } from "./engine/parts/observing.ts";
import { pairs } from "./engine/parts/pairs.ts";
import { saturation } from "./engine/parts/saturation.ts";
import { scrape } from "./engine/parts/scrape.ts";
import { progressOn } from "./memory/progress.ts";

const COULD_NOT_RUN = 2;
const INTERRUPTED = 130;

/** The parts, in their order. */
const PARTS = { pairs, methods, observing, scrape, growth, saturation } as const;
type Part = keyof typeof PARTS;

interface Options {
  readonly rounds: number;
  readonly only: readonly Part[];
  readonly llamaCppPython?: true;
  readonly json?: string;
  readonly markdown?: string;
}

const atLeastOne = (text: string) => {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError("give a whole number above 0");
};
/** npm starts commands in the checkout; a path is meant from where the person is. */
const path = (text: string) => resolve(process.env["INIT_CWD"] ?? ".", text);

const command = new Command("npm run bench --")
  .description(
    "Measures the engine: side by side with its peers, as load grows, and what fills first.",
  )
  .option("--rounds <n>", "how often each thing is measured", atLeastOne, 20)
  .addOption(
    new Option("--only <part...>", "only these parts")
      .choices(Object.keys(PARTS))
      .default(Object.keys(PARTS), "all"),
  )
  .option("--llama-cpp-python", "first build llama-cpp-python from PyPI (some 8 minutes, once)")
  .option("--json <file>", "also write everything that was measured")
  .option("--markdown <file>", "also write the tables for a document")
  .addHelpText(
    "after",
    `
pairs       the C API, node-llama-cpp, llama-cpp-python, the pipeline, HTTP: the same messages in turn
methods     the pipeline against node-llama-cpp by each method of attribution
observing   with and without the metrics of batches, messages and attributions
scrape      GET /metrics without load, at the goal's rate and at saturation
growth      batches, words, workers, clients, models
saturation  processor time by thread at saturation, and what more cores and machines would bear

All parts take some 6 minutes. The HEADROOM_ variables hold for the exporter's own parts.

Exit codes: 0 done; 2 could not run; 130 interrupted.`,
  )
  .exitOverride();
const interrupt = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => interrupt.abort());
const progress = progressOn(process.stderr);

try {
  await bench(command.parse().opts<Options>());
} catch (error) {
  progress.end();
  process.exitCode = exitCodeOf(error);
}

async function bench({ rounds, only, llamaCppPython, json, markdown }: Options): Promise<void> {
  const machine = thisMachine();
  const run: BenchRun = {
    config: loadConfig(process.env),
    machine,
    rounds,
    tell: progress.tell,
    signal: interrupt.signal,
  };
  if (llamaCppPython) await installPython(progress.tell, interrupt.signal);
  const measuredAt = new Date().toISOString();
  const memory = `${(machine.memoryBytes / 1e9).toFixed(0)} GB`;
  const where =
    `${machine.cpu}, ${machine.cores} cores, ${memory}, ${machine.os}, Node ${machine.node}; ` +
    `${measuredAt.slice(0, 10)}, ${inRounds(rounds)}`;
  console.log(where);
  const sections: Section[] = [];
  for (const part of Object.keys(PARTS) as Part[]) {
    if (!only.includes(part)) continue;
    const section = await PARTS[part](run);
    progress.end();
    console.log(`\n${asText(section)}`);
    sections.push(section);
  }
  if (json !== undefined) {
    const figures = Object.fromEntries(sections.map((section) => [section.part, section.figures]));
    await writeFile(
      path(json),
      `${JSON.stringify({ machine, measuredAt, rounds, ...figures }, null, 2)}\n`,
    );
  }
  if (markdown !== undefined) {
    const text = ["# The engine, measured", where, ...sections.map(asMarkdown)].join("\n\n");
    await writeFile(path(markdown), `${text}\n`);
  }
}

function exitCodeOf(error: unknown): number {
  if (interrupt.signal.aborted) return INTERRUPTED;
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : COULD_NOT_RUN;
  console.error((error as Error).message);
  return COULD_NOT_RUN;
}

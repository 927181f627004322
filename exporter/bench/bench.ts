/**
 * Measures the engine: side by side with the bare library and its peers, with and without metrics, as
 * load and sizes grow, and where the time goes when nothing more is answered.
 */
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Command, Option } from "commander";
import { thisMachine } from "@headroom/loadtest/report/baseline";
import { screenOn } from "@headroom/loadtest/report/terminal";
import { loadConfig } from "../src/config.ts";
import { atLeastOne, runCommand, type Running } from "./command.ts";
import { door } from "./door/door.ts";
import { growth } from "./engine/growth.ts";
import { installPython } from "./engine/llama-cpp-python.ts";
import { methods } from "./engine/methods.ts";
import { observing } from "./engine/observing.ts";
import { pairs } from "./engine/pairs.ts";
import { inRounds } from "./engine/run.ts";
import { saturation } from "./engine/saturation.ts";
import { scrape } from "./engine/scrape.ts";
import { asMarkdown, asText, type Section } from "./engine/section.ts";

/** The parts, in their order. */
const PARTS = { pairs, methods, observing, scrape, growth, saturation, door } as const;
type Part = keyof typeof PARTS;
const NAMES = Object.keys(PARTS) as Part[];

interface Options {
  readonly rounds: number;
  readonly only: readonly Part[];
  readonly llamaCppPython?: true;
  readonly json?: string;
  readonly markdown?: string;
}

const command = new Command("npm run bench --")
  .description(
    "Measures the engine: side by side with its peers, as load grows, and what fills first.",
  )
  .option("--rounds <n>", "how often each thing is measured", atLeastOne, 20)
  .addOption(
    new Option("--only <part...>", "only these parts").choices(NAMES).default(NAMES, "all"),
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
door        a model server directly and through the exporter: first token, tokens/s, memory of streams

All parts take some 6 minutes. The HEADROOM_ variables hold for the exporter's own parts.

Exit codes: 0 done; 2 could not run; 130 interrupted.`,
  )
  .addHelpText(
    "after",
    "\nExamples:\n  npm run bench -- --only pairs methods --rounds 5\n  npm run bench -- --json bench.json --markdown bench.md",
  )
  .exitOverride();

await runCommand(async (running) => {
  await bench(command.parse().opts<Options>(), running);
  return 0;
});

async function bench(
  { rounds, only, llamaCppPython, json, markdown }: Options,
  { tell, clear, signal }: Running,
): Promise<void> {
  const machine = thisMachine();
  const run = { config: loadConfig(process.env), machine, rounds, tell, signal };
  if (llamaCppPython) await installPython(tell, signal);
  const measuredAt = new Date().toISOString();
  const memory = `${(machine.memoryBytes / 1e9).toFixed(0)} GB`;
  const where =
    `${machine.cpu}, ${machine.cores} cores, ${memory}, ${machine.os}, Node ${machine.node}; ` +
    `${measuredAt.slice(0, 10)}, ${inRounds(rounds)}`;
  console.log(where);
  const sections: Section[] = [];
  for (const part of NAMES.filter((name) => only.includes(name))) {
    const section = await PARTS[part](run);
    clear();
    console.log(`\n${asText(section, screenOn())}`);
    sections.push(section);
  }
  if (json !== undefined) {
    const figures = Object.fromEntries(sections.map((section) => [section.part, section.figures]));
    const all = { machine, measuredAt, rounds, ...figures };
    await writeFile(path(json), `${JSON.stringify(all, null, 2)}\n`);
  }
  if (markdown !== undefined) {
    const text = ["# The engine, measured", where, ...sections.map(asMarkdown)].join("\n\n");
    await writeFile(path(markdown), `${text}\n`);
  }
}

/** npm starts commands in the checkout; a path is meant from where the person is. */
function path(text: string): string {
  return resolve(process.env["INIT_CWD"] ?? ".", text);
}

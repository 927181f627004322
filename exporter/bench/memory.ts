/**
 * Measures the memory of status answers and of sentiment batches on the built exporter with the
 * configured chat model, and judges it.
 */
import { cpus } from "node:os";
import { Command } from "commander";
import { screenOn } from "@headroom/loadtest/report/terminal";
import { loadConfig } from "../src/config.ts";
import { findChatModel } from "../src/models/find-model.ts";
import { runCommand, type Running } from "./command.ts";
import { startExporterProcess, type ExporterChoice } from "./memory/exporter-process.ts";
import { measureCache, type CacheBounds } from "./memory/full-cache.ts";
import { hasNoHeadroom, tableOf, type Measurement } from "./memory/measurement.ts";
import {
  measureAnswers,
  measureBatches,
  measureConcurrency,
  measureLeak,
  measureLoad,
  measureOptimiser,
  type Amounts,
  type Measured,
} from "./memory/measurements.ts";

const FULL: Amounts = { answers: 50, atOnce: 20, warmUp: 200, repeated: 200, batches: 10_000 };
const QUICK: Amounts = { answers: 3, atOnce: 2, warmUp: 2, repeated: 4, batches: 10 };

const command = new Command("npm run memory --")
  .description(
    "Measures the memory of status answers and sentiment batches, and holds it against its limits.",
  )
  .option("--quick", "few answers: shows that everything works, says little about a leak")
  .addHelpText(
    "after",
    "\nIt starts exporters of its own, one after the other, and takes some ten minutes.\n" +
      "HEADROOM_CHAT_MODEL chooses the model.\n" +
      "\nExit codes: 0 all within their limits; 1 one is broken; 2 could not run;\n130 interrupted.",
  )
  .addHelpText(
    "after",
    "\nExamples:\n  npm run memory -- --quick\n  HEADROOM_CHAT_MODEL=qwen2.5-1.5b npm run memory",
  )
  .exitOverride();

await runCommand(async (running) => {
  const { quick } = command.parse().opts<{ quick?: true }>();
  const config = loadConfig(process.env);
  const model = await findChatModel({
    wanted: config.chatModel,
    modelsFolder: config.modelsFolder,
    languages: config.chatLanguages,
  });
  if (model.state === "missing") throw new Error(model.text);
  const language = model.languages[0] ?? "en";
  const cache = { entries: config.cacheEntries || 1, bytes: config.cacheBytes };
  const measurements = await measureAll(running, { language }, quick ? QUICK : FULL, cache);
  running.clear();
  console.log(
    `${model.id}; ${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}; 1 MB = 1e6 bytes`,
  );
  console.log(tableOf(measurements, screenOn()));
  return measurements.some(hasNoHeadroom) ? 1 : 0;
});

/** Takes all measurements, one after the other, on exporters that are started and stopped for them. */
async function measureAll(
  { tell, signal }: Running,
  asked: ExporterChoice,
  amounts: Amounts,
  bounds: CacheBounds,
): Promise<Measurement[]> {
  const on = async (
    choice: ExporterChoice,
    measure: (measured: Measured) => Promise<Measurement[]>,
  ) => {
    tell("starting an exporter");
    await using exporter = await startExporterProcess(choice, signal);
    return await measure({ exporter, amounts, tell, signal });
  };
  return [
    ...(await on(asked, async (measured) => {
      const load = await measureLoad(measured);
      const { measurement, given } = await measureAnswers(measured);
      tell("the cache at its bound");
      const cache = await measureCache(given, bounds);
      return [load, measurement, cache, await measureConcurrency(measured)];
    })),
    ...(await on({ ...asked, collectOften: true }, async (measured) => [
      await measureLeak(measured),
      await measureBatches(measured),
    ])),
    ...(await on({ language: "en", simulate: true }, async (measured) => [
      await measureOptimiser(measured),
    ])),
  ];
}

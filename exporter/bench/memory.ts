/**
 * Measures the memory of status analyses and of sentiment batches on the built exporter with the
 * configured chat model, and judges it.
 */
import { cpus } from "node:os";
import { Command, CommanderError } from "commander";
import { loadConfig } from "../src/config.ts";
import { findChatModel } from "../src/models/find-model.ts";
import { measureAll } from "./memory/measure.ts";
import { hasNoHeadroom, tableOf } from "./memory/measurement.ts";
import { progressOn } from "./memory/progress.ts";
import type { Amounts } from "./memory/running.ts";

const COULD_NOT_RUN = 2;
const INTERRUPTED = 130;

const FULL: Amounts = { answers: 50, atOnce: 20, warmUp: 200, repeated: 200, batches: 10_000 };
const QUICK: Amounts = { answers: 8, atOnce: 4, warmUp: 4, repeated: 8, batches: 20 };

const command = new Command("npm run memory --")
  .description(
    "Measures the memory of status analyses and sentiment batches, and holds it against its limits.",
  )
  .option("--quick", "few answers: shows that everything works, says little about a leak")
  .addHelpText(
    "after",
    "\nIt starts exporters of its own, one after the other, and takes some ten minutes.\n" +
      "HEADROOM_CHAT_MODEL chooses the model.\n" +
      "\nExit codes: 0 all within their limits; 1 one is broken; 2 could not run; 130 interrupted.",
  )
  .exitOverride();
const interrupt = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => interrupt.abort());

try {
  const { quick } = command.parse().opts<{ quick?: true }>();
  process.exitCode = await run(quick ? QUICK : FULL, interrupt.signal);
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

async function run(amounts: Amounts, signal: AbortSignal): Promise<number> {
  const config = loadConfig(process.env);
  const model = await findChatModel({
    wanted: config.chatModel,
    modelsFolder: config.modelsFolder,
    languages: config.chatLanguages,
  });
  if (model.state === "missing") throw new Error(model.text);
  const progress = progressOn(process.stderr);
  try {
    const measurements = await measureAll({
      language: model.languages[0] ?? "en",
      cache: { entries: config.cacheEntries || 1, bytes: config.cacheBytes },
      amounts,
      tell: progress.tell,
      signal,
    });
    progress.end();
    console.log(
      `${model.id}; ${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}; 1 MB = 1e6 bytes`,
    );
    for (const line of tableOf(measurements)) console.log(line);
    return measurements.some(hasNoHeadroom) ? 1 : 0;
  } finally {
    progress.end();
  }
}

function exitCodeOf(error: unknown): number {
  if (interrupt.signal.aborted) return INTERRUPTED;
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : COULD_NOT_RUN;
  console.error((error as Error).message);
  return COULD_NOT_RUN;
}

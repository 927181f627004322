import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { MEMORY_CHECKS } from "@headroom/alerts/bench-bounds";
import { STATUS_TARGET_SECONDS } from "@headroom/alerts/limits";
import { megabytes, type Measurement } from "./measurement.ts";
import type { Running } from "./running.ts";

/** One of each analysis. */
const QUESTIONS = Object.keys(STATUS_TARGET_SECONDS).length;

/**
 * What the exporter takes besides model and runtime. The simulated engine stands for the models: it
 * has none, so that only what the exporter itself takes is left beside Node.
 */
export async function measureOptimiser({ exporter, tell }: Running): Promise<Measurement> {
  tell("everything but model and runtime");
  for (let i = 0; i < QUESTIONS; i++) await exporter.ask(i);
  const whole = (await exporter.memory()).exporter;
  const runtime = await runtimeMemory();
  return {
    check: MEMORY_CHECKS.optimiser,
    value: whole - runtime,
    how:
      `an exporter with the simulated engine has ${megabytes(whole)} after ${QUESTIONS} questions; ` +
      `Node alone ${megabytes(runtime)}`,
  };
}

/** Resident memory of a process that runs nothing, in bytes. */
async function runtimeMemory(): Promise<number> {
  const child = fork(fileURLToPath(new URL("./runtime.js", import.meta.url)), { execArgv: [] });
  const ended = once(child, "disconnect").then(() => {
    throw new Error("The process with Node alone ended without an answer.");
  });
  // The answer comes first, unless there is none.
  const [bytes] = (await Promise.race([once(child, "message"), ended])) as [number];
  return bytes;
}

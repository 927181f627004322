/**
 * A program that starts the engine as the workers do, without a model, and prints one line of JSON:
 * `{"release"}` of llama.cpp, or `{"problem"}`. The library logs the reason of a problem before. It
 * is a program because a binary that does not fit the processor ends the process that loads it.
 */
import { startLlama } from "./engine.ts";

try {
  const llama = await startLlama(false);
  console.log(JSON.stringify({ release: llama.llamaCppRelease.release }));
  await llama.dispose();
} catch (error) {
  console.log(JSON.stringify({ problem: (error as Error).message }));
}

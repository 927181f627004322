/**
 * A program that starts the engine as the workers do, without a model, and prints one line of JSON:
 * `{"release"}` of llama.cpp, or `{"problem"}`. The library logs the reason of a problem before. It
 * is a program because a binary that does not fit the processor ends the process that loads it.
 */
import { getLlama, LlamaLogLevel } from "node-llama-cpp";

try {
  const llama = await getLlama({
    build: "never",
    gpu: false,
    skipDownload: true,
    logLevel: LlamaLogLevel.error,
  });
  tell({ release: llama.llamaCppRelease.release });
  await llama.dispose();
} catch (error) {
  tell({ problem: (error as Error).message });
}

function tell(line: { readonly release: string } | { readonly problem: string }): void {
  console.log(JSON.stringify(line));
}

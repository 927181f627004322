import type { Config } from "../config.ts";
import type { PlanOverrides } from "../hardware/plan.ts";

/** The values of the chat model's plan that the configuration sets (HEADROOM_CHAT_*). */
export function planOverrides(config: Config): PlanOverrides {
  return {
    gpuLayers: config.chatGpuLayers,
    threads: config.chatThreads,
    contextSize: config.chatContext,
    batchSize: config.chatBatch,
    sequences: config.chatSequences,
    mmap: config.chatMmap,
    mlock: config.chatMlock,
    ropeScale: config.chatRopeScale,
  };
}

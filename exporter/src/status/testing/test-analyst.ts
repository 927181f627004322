import { AnswerCache } from "../../cache/answer-cache.ts";
import { MemoryTier } from "../../cache/memory.ts";
import { createSimulatedGenerator } from "../../engine/simulated/generator.ts";
import { LATENCY_PROFILES } from "../../engine/simulated/profiles.ts";
import type { Generator } from "../../engine/generator.ts";
import { createAnalyst, type Analyst } from "../analyst.ts";
import type { StatusAnswer, Summary } from "../answer.ts";
import type { Readers } from "../snapshot/reader.ts";
import { createSnapshots, type Snapshots } from "../snapshot/snapshots.ts";
import { ModelQueue } from "../summary/model-queue.ts";
import { PROMPT_READERS } from "./scripted-readers.ts";

/** What a test decides; the rest is a calm machine and the simulated engine without latency. */
export interface TestAnalystOptions {
  readonly generator?: Generator;
  readonly readers?: Partial<Readers>;
  /** Another analyst's. */
  readonly cache?: AnswerCache<Summary>;
  /** No model at all. */
  readonly without?: "model";
}

/** An analyst with all that a test looks at. */
export interface TestAnalyst extends Analyst {
  readonly snapshots: Snapshots;
  readonly queue: ModelQueue | undefined;
  readonly cache: AnswerCache<Summary>;
  readonly answers: readonly StatusAnswer[];
}

/** Creates the real analyst around scripted readings of a machine. */
export function createTestAnalyst(options: TestAnalystOptions = {}): TestAnalyst {
  const snapshots = createSnapshots({
    ttlSeconds: 2,
    readers: { ...PROMPT_READERS, ...options.readers },
  });
  const generator =
    options.generator ?? createSimulatedGenerator({ profile: LATENCY_PROFILES.instant });
  const queue = options.without === "model" ? undefined : new ModelQueue(generator, "en");
  const answers: StatusAnswer[] = [];
  const memory = { entries: 100, bytes: 1e6, ttlSeconds: 60, observe: () => {} };
  const cache = options.cache ?? new AnswerCache([new MemoryTier<Summary>(memory)]);
  const analyst = createAnalyst({
    snapshots,
    model: () => queue,
    cache,
    observer: { asked: () => {}, answered: (answer) => answers.push(answer) },
  });
  return { ...analyst, snapshots, queue, cache, answers };
}

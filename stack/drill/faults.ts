import { freemem } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GOALS } from "@headroom/alerts/goals";
import { OPERATION_LIMITS } from "@headroom/alerts/limits";
import type { DrillStack, ServiceName, Setup } from "./drill-stack.ts";
import type { ModelServerSettings } from "./model-server.ts";
import {
  DRILL_INTERVAL_SECONDS,
  HISTORY_SECONDS,
  withGoodput,
  withHalfTheTime,
  withMemory,
} from "./rules.ts";

/** Something that goes wrong on purpose. */
export interface Fault {
  /** In words, for the table: "half of all batches fail". */
  readonly what: string;
  readonly setup?: Setup;
  /** Brings it about, and gives what ends it. */
  inject(stack: DrillStack): Promise<() => Promise<void>>;
}

/** The exporter is started again with other settings, which are taken back at the end. */
export function exporterWith(what: string, variables: Readonly<Record<string, string>>): Fault {
  return {
    what,
    async inject(stack) {
      await stack.restartExporter(variables);
      return () => stack.restartExporter();
    },
  };
}

/** A request waits for the batch before its own, so it takes up to twice the time of a batch. */
export const batchesOf = (milliseconds: number): Fault =>
  exporterWith(`a batch takes ${milliseconds} ms`, {
    HEADROOM_SIMULATE_LATENCY_MS: String(milliseconds),
  });

/**
 * The chat model hangs. Its answers are replaced just in time, so that a target cannot be missed by
 * this; the rules of this drill allow half of it.
 */
export const modelHangs: Fault = {
  ...exporterWith("the chat model hangs, half the target is allowed", {
    HEADROOM_SIMULATE_FAULT: "hang",
  }),
  setup: { limits: withHalfTheTime },
};

/** A model server that is asked all the time. */
const ASKED: Setup = { upstream: true, loads: ["chat"] };

/** The model server is started again with other settings, which are taken back at the end. */
export const modelServerWith = (what: string, settings: ModelServerSettings): Fault => ({
  what,
  setup: ASKED,
  async inject(stack) {
    await stack.restartUpstream(settings);
    return () => stack.restartUpstream();
  },
});

/**
 * A share of each kind that no P95 and no limit of errors sees; together they are too many for this drill,
 * which asks for more than the limit, so that each of them keeps its distance.
 */
export const someOfAll: Fault = {
  ...modelServerWith("one in 33 begins late, one is slow, one fails; 95 % shall be good", {
    bad: 3,
  }),
  setup: { ...ASKED, limits: withGoodput(0.95) },
};

/**
 * The model server is killed without a word, and started again at the end. Nobody asks it: what requests
 * still show when it is back would be told of.
 */
export const modelServerKilled: Fault = {
  what: "the model server is killed",
  setup: { upstream: true },
  async inject(stack) {
    await stack.killService("upstream");
    return () => stack.startService("upstream");
  },
};

/** A load far beyond what the exporter can do: one full batch at a time, in a tenth of a second. */
export const flood: Fault = {
  what: "four times the load that it can bear",
  setup: {
    variables: {
      HEADROOM_QUEUE_MESSAGES: String(GOALS.batchSize),
      HEADROOM_SIMULATE_LATENCY_MS: "100",
    },
  },
  async inject(stack) {
    stack.startLoad("flood");
    return () => stack.stopLoad("flood");
  },
};

/** Nobody asks any more, until the end. */
export const noLoad: Fault = {
  what: "nobody asks any more",
  async inject(stack) {
    await stack.stopLoad("steady");
    return async () => stack.startLoad("steady");
  },
};

/** A service is away until the end. */
const without = (service: ServiceName, what: string): Fault => ({
  what,
  async inject(stack) {
    await stack.stopService(service);
    return () => stack.startService(service);
  },
});

export const exporterStopped = without("exporter", "the exporter is stopped");

export const incidentsStopped = without("incidents", "the incidents process is stopped");

/** Redis is killed, and started again at the end. */
export const redisKilled: Fault = {
  what: "Redis is killed",
  setup: { redis: true },
  async inject(stack) {
    await stack.killService("redis");
    return () => stack.startService("redis");
  },
};

/** Kills something again and again; from the last time on it stays up by itself. */
function killed(times: number, lifeMs: number, kill: (stack: DrillStack) => Promise<void>) {
  return async (stack: DrillStack) => {
    for (let time = 0; time < times; time++) {
      await kill(stack);
      await sleep(lifeMs);
    }
    return async () => {};
  };
}

const { restarts, modelRestarts } = OPERATION_LIMITS;

/** Long enough that each start of the exporter is scraped at least once. */
const EXPORTER_LIFE_MS = 3 * 1000 * DRILL_INTERVAL_SECONDS;

/** The exporter is killed without a word and started again, as when memory runs out, again and again. */
export const exporterKilled: Fault = {
  what: `the exporter is killed ${restarts.upper} times`,
  inject: killed(restarts.upper, EXPORTER_LIFE_MS, async (stack) => {
    await stack.killService("exporter");
    await stack.restartExporter();
  }),
};

/** Longer than a model takes to be started again, the pause before the third start included. */
const MODEL_LIFE_MS = 3_000;

/** The sentiment model's process is killed, as when memory runs out, again and again. */
export const modelKilled: Fault = {
  what: `the model's process is killed ${modelRestarts.upper} times`,
  setup: {
    variables: { HEADROOM_SIMULATE: "false", HEADROOM_CHAT_MODEL: "none", HEADROOM_WORKERS: "1" },
  },
  inject: killed(modelRestarts.upper, MODEL_LIFE_MS, (stack) => stack.signalScorer("SIGKILL")),
};

const BALLAST = join(import.meta.dirname, "ballast.mjs");

/** Other programs come and go; a step is more than that. No fault takes more than three of them. */
const STEP_BYTES = Math.round(Math.min(1e9, Math.max(400e6, freemem() / 8)));

/** Another program takes real memory: so many steps of those in which the limits lie. */
export function ballast(what: string, steps: number): Fault {
  return {
    what,
    setup: {
      limits: (used) => withMemory({ warning: used + STEP_BYTES, critical: used + 2 * STEP_BYTES }),
    },
    inject: (stack) => stack.runBeside("ballast", [BALLAST, String(steps * STEP_BYTES)]),
  };
}

/** Another program takes more and more real memory. */
export const leak: Fault = {
  what: "another program leaks memory",
  setup: {
    limits: (used) => {
      const grown = grownInHistory(used);
      // Further than the drill gets, and within what the trend foretells: four histories ahead.
      return withMemory({ warning: used + 3.5 * grown, critical: used + 7 * grown });
    },
  },
  inject(stack) {
    const grown = grownInHistory(stack.usedAtStart);
    const perSecond = Math.round(grown / HISTORY_SECONDS);
    return stack.runBeside("ballast", [BALLAST, String(3 * grown), String(perSecond)]);
  },
};

/** Bytes of the leak over one history: twice the rise that a forecast asks for, and more than noise. */
function grownInHistory(usedBytes: number): number {
  return Math.max(STEP_BYTES, 0.05 * usedBytes);
}

import { headroom } from "@headroom/alerts/headroom";
import { limit, limitsWithin, MEMORY_FRACTION, type Severity } from "@headroom/alerts/limits";
import type { Rule, Situation } from "./advice.ts";
import { gigabytes, valueOf } from "./facts.ts";
import { planMemory, type PlanMemory } from "./plan-memory.ts";
import { hasOwnMemory, type Planned } from "./plan.ts";

/** From this share of the plan's memory on, the KV cache is worth making smaller. */
const LARGE_SHARE = 0.25;

/** Eight-bit weights take 8.5 bits with their scales (Q8_0 of llama.cpp); more changes little. */
const EIGHT_BITS = 8;

/** Files of the next step, from four to eight bits or from one model size to the next. */
const NEXT_STEP = 2;

const doesNotFit: Rule = (situation) => {
  if (!exceedsFree(situation)) return undefined;
  const set = namesWith(situation, "override");
  const why = `The plan needs ${needs(situation)}, and ${free(situation)} is free.`;
  return set.length > 0
    ? {
        code: "override_does_not_fit",
        severity: "warning",
        what: `Lower or remove what configuration sets: ${set.join(", ")}.`,
        why,
        effect: "The plan can be made to fit; now the machine may swap, or loading may fail.",
      }
    : {
        code: "model_does_not_fit",
        severity: "warning",
        what: "Choose a smaller model, or free memory.",
        why: `${why} It has been reduced as far as it goes.`,
        effect: "The model loads, and the machine does not swap.",
      };
};

const closeToLimit: Rule = (situation) => {
  const outlook = memoryOutlook(situation);
  if (!outlook || outlook.belowWarning >= 0 || exceedsFree(situation)) return undefined;
  const { usedBytes, alertsFrom } = outlook;
  const level = usedBytes >= alertsFrom.critical ? "critical" : "warning";
  return {
    code: "close_to_memory_limit",
    severity: "warning",
    what: "Close other programs, or give the machine or the container more memory.",
    why:
      `With the model ${gigabytes(usedBytes)} of memory will be used; the alert is ${level} from ` +
      `${ceilingInWords(outlook, level)}.`,
    effect: "The memory alert stays quiet, and there is room for bursts of requests.",
  };
};

const smallerQuantisation: Rule = (situation) => {
  const { weights, total } = memory(situation);
  if (!isTight(situation) || weights < total / 2) return undefined;
  return {
    code: "smaller_quantisation",
    severity: "info",
    what: "Use a quantisation of the model with fewer bits, or a smaller model.",
    why: `The weights are ${gigabytes(weights)} of the ${gigabytes(total)} that the plan needs.`,
    effect: "Four bits instead of eight take half the memory, with slightly worse answers.",
  };
};

const smallerContext: Rule = (situation) => {
  const { kvCache, total } = memory(situation);
  if (!isTight(situation) || kvCache < LARGE_SHARE * total) return undefined;
  return {
    code: "smaller_context",
    severity: "info",
    what: "Set a smaller context, or fewer sequences.",
    why: `Keys and values are ${gigabytes(kvCache)} of the ${gigabytes(total)} that the plan needs.`,
    effect: "Their memory shrinks in proportion to both.",
  };
};

const reduced: Rule = (situation) => {
  const names = namesWith(situation, "memory");
  if (names.length === 0) return undefined;
  return {
    code: "plan_reduced",
    severity: "info",
    what: "Free memory and start again.",
    why: `Too little memory was free, so these were lowered: ${names.join(", ")}.`,
    effect: "Longer prompts, more requests side by side, or the graphics processor.",
  };
};

const larger: Rule = (situation) => {
  const outlook = memoryOutlook(situation);
  const { fileBytes, bitsPerWeight } = situation.model;
  if (!outlook || namesWith(situation, "memory").length > 0) return undefined;
  if (outlook.belowWarning < (NEXT_STEP - 1) * fileBytes) return undefined;
  const quantised = bitsPerWeight !== undefined && bitsPerWeight < EIGHT_BITS;
  return {
    code: quantised ? "larger_quantisation" : "larger_model",
    severity: "info",
    what: quantised
      ? "If answers are not good enough, use an eight-bit quantisation of the model."
      : "If answers are not good enough, use a larger model.",
    why: `${gigabytes(fileBytes + outlook.belowWarning)} of weights would fit below the memory alert; these have ${gigabytes(fileBytes)}.`,
    effect: "Better answers, and fewer tokens a second.",
  };
};

function isTight(situation: Situation): boolean {
  return exceedsFree(situation) || (memoryOutlook(situation)?.belowWarning ?? 0) < 0;
}

function memory({ facts, model, plan }: Situation): PlanMemory {
  return planMemory(model, {
    contextSize: plan.contextSize.value,
    batchSize: plan.batchSize.value,
    sequences: plan.sequences.value,
    gpuLayers: plan.gpuLayers.value,
    onOwnMemory: hasOwnMemory(facts),
  });
}

/** Names of the values that cost memory and come from the given source. */
function namesWith({ plan }: Situation, source: Planned<number>["source"]): string[] {
  const { sequences, contextSize, batchSize, gpuLayers } = plan;
  return Object.entries({ sequences, contextSize, batchSize, gpuLayers }).flatMap(
    ([name, planned]) => (planned.source === source ? [name] : []),
  );
}

function needs({ plan }: Situation): string {
  return gigabytes(plan.memoryBytes);
}

function free({ facts }: Situation): string {
  return gigabytes(valueOf(facts.availableMemoryBytes) ?? 0);
}

/** Rules about whether the model fits, and what else would. */
export const MEMORY_RULES: readonly Rule[] = [
  doesNotFit,
  closeToLimit,
  smallerQuantisation,
  smallerContext,
  reduced,
  larger,
];

/** What memory will look like once the model is loaded, where it comes nearest to its limit. */
interface MemoryOutlook {
  readonly scope: "system" | "container";
  /** Used now and by the plan together, in bytes. */
  readonly usedBytes: number;
  readonly capacityBytes: number;
  /** Where the memory alert of each severity fires, in bytes. */
  readonly alertsFrom: Readonly<Record<Severity, number>>;
  /** Left below the level at which the memory alert warns, in bytes; negative above it. */
  readonly belowWarning: number;
}

/** The outlook for whichever ceiling binds, machine or container; undefined when neither is known. */
function memoryOutlook({ facts, plan, limits }: Situation): MemoryOutlook | undefined {
  const outlooks = (["container", "system"] as const).flatMap((scope): MemoryOutlook[] => {
    const memory = facts.memory[scope];
    if (!memory) return [];
    const { capacityBytes } = memory;
    const usedBytes = memory.usedBytes + plan.memoryBytes;
    const within = limitsWithin({ [scope]: capacityBytes }, limits);
    const from = (severity: Severity): number => {
      const found = limit("memory", severity, within);
      return found.bound === "upper" ? found.upper : Infinity;
    };
    const alertsFrom = { warning: from("warning"), critical: from("critical") };
    const belowWarning = alertsFrom.warning - usedBytes;
    return [{ scope, usedBytes, capacityBytes, alertsFrom, belowWarning }];
  });
  const left = ({ alertsFrom, usedBytes }: MemoryOutlook): number =>
    headroom({ bound: "upper", upper: alertsFrom.warning }, usedBytes);
  return outlooks.sort((a, b) => left(a) - left(b))[0];
}

/** Which ceiling binds, and why there: "11.2 GB on, 70 % of the container's 16.0 GB". */
function ceilingInWords(outlook: MemoryOutlook, severity: Severity): string {
  const { scope, capacityBytes, alertsFrom } = outlook;
  const share = MEMORY_FRACTION[severity];
  const whose = scope === "container" ? "container" : "machine";
  const from = alertsFrom[severity];
  return from < share * capacityBytes
    ? `${gigabytes(from)} on, the limit in bytes (the ${whose} has ${gigabytes(capacityBytes)})`
    : `${gigabytes(from)} on, ${Math.round(100 * share)} % of the ${whose}'s ${gigabytes(capacityBytes)}`;
}

/** Whether the plan needs more than is free; false when that is not known. */
function exceedsFree({ facts, plan }: Pick<Situation, "facts" | "plan">): boolean {
  const free = valueOf(facts.availableMemoryBytes);
  return free !== undefined && plan.memoryBytes > free;
}

const stretched: Rule = ({ plan, model }) => {
  const { contextSize, ropeScale } = plan;
  const trained = model.trainContextSize;
  if (trained === undefined || contextSize.value <= trained) return undefined;
  const why = `The context is ${contextSize.value} tokens, and the model was trained on ${trained}.`;
  return contextSize.value > trained * ropeScale.value
    ? {
        code: "context_beyond_training",
        severity: "warning",
        what: `Set a context of at most ${trained} tokens, or leave the rope scale to the plan.`,
        why: `${why} A rope scale of ${ropeScale.value} does not reach that far.`,
        effect: "Answers to long prompts stay coherent.",
      }
    : {
        code: "context_stretched",
        severity: "info",
        what: `Set a context of at most ${trained} tokens unless prompts need more.`,
        why: `${why} Its positions are stretched by ${ropeScale.value}.`,
        effect: "The model sees positions as in its training, and its answers are better.",
      };
};

/** Rules about the context against the model's training. */
export const CONTEXT_RULES: readonly Rule[] = [stretched];

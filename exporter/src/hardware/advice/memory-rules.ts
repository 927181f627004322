import { valueOf } from "../fact.ts";
import { gigabytes } from "../gigabytes.ts";
import { hasOwnMemory } from "../make-plan.ts";
import { planMemory, type PlanMemory } from "../plan-memory.ts";
import type { Planned } from "../plan.ts";
import type { Rule, Situation } from "./advice.ts";
import { ceilingInWords, exceedsFree, memoryOutlook } from "./memory-share.ts";

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

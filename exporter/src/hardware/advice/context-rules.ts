import type { Rule } from "./advice.ts";

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

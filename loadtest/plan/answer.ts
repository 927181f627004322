import { isNumber, isObject, type Json } from "./json-shape.ts";

/** What was asked, as far as the answer's shape depends on it. */
export interface Asked {
  readonly messages: number;
  readonly attribution: "none" | "prefix" | "occlusion";
}

/** What one well-formed answer says. */
export interface Reading {
  /** Results that came from the exporter's cache. */
  readonly cached: number;
  /** Entropy of each attribution that has one, in nats. */
  readonly entropies: readonly number[];
  /** Gini index of each attribution that has one. */
  readonly sparsities: readonly number[];
  /** Attributions without entropy and sparsity. */
  readonly undefinedAttributions: number;
}

const isShare = (value: unknown): boolean => isNumber(value) && value >= 0 && value <= 1;

/** The answer may round; more than this between score and probability is a defect. */
const PROBABILITY_TOLERANCE = 0.005;

const resultsOf = (body: unknown): readonly Json[] =>
  isObject(body) && Array.isArray(body["results"]) ? body["results"].filter(isObject) : [];

const classified = ({ label, score, probability, cached }: Json): boolean =>
  (label === "positive" || label === "negative" || label === "neutral") &&
  isNumber(score) &&
  isShare(probability) &&
  Math.abs((probability as number) - 1 / (1 + Math.exp(-score))) <= PROBABILITY_TOLERANCE &&
  typeof cached === "boolean";

const attributed = (result: Json, method: Asked["attribution"]): boolean => {
  const attribution = result["attribution"];
  if (method === "none") return attribution === undefined;
  if (!isObject(attribution) || attribution["method"] !== method) return false;
  const { words, entropy, sparsity, undefinedReason } = attribution;
  if (!Array.isArray(words)) return false;
  const wordsFit = words.every(
    (word) => isObject(word) && typeof word["text"] === "string" && isNumber(word["value"]),
  );
  const isDefined = isNumber(entropy) && entropy >= 0 && isShare(sparsity);
  const isUndefined = entropy === null && sparsity === null && typeof undefinedReason === "string";
  return wordsFit && (isDefined || isUndefined);
};

/** The checks of an answer's shape by name, each with whether it holds. */
export function checkAnswer(body: unknown, asked: Asked): Record<string, boolean> {
  const results = resultsOf(body);
  return {
    "the answer names its model and says whether it is simulated":
      isObject(body) && typeof body["model"] === "string" && typeof body["simulated"] === "boolean",
    "the answer holds one result a message": results.length === asked.messages,
    "each result has a label, a score and the probability that belongs to it":
      results.every(classified),
    "each result has the attributions that were asked for": results.every((result) =>
      attributed(result, asked.attribution),
    ),
  };
}

/** Reads the figures out of an answer that passed {@link checkAnswer}. */
export function readAnswer(body: unknown): Reading {
  const results = resultsOf(body);
  const attributions = results.map((result) => result["attribution"]).filter(isObject);
  return {
    cached: results.filter((result) => result["cached"] === true).length,
    entropies: attributions.map(({ entropy }) => entropy).filter(isNumber),
    sparsities: attributions.map(({ sparsity }) => sparsity).filter(isNumber),
    undefinedAttributions: attributions.filter(({ entropy }) => entropy === null).length,
  };
}

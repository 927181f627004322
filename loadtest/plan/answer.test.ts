import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { checkAnswer, readAnswer } from "./answer.ts";

const attribution = {
  method: "prefix",
  words: [
    { text: "so", value: 0 },
    { text: "good", value: 1 },
  ],
  entropy: 1.2,
  sparsity: 0.4,
};
const result = {
  label: "positive",
  score: 1,
  probability: 1 / (1 + Math.exp(-1)),
  cached: true,
  attribution,
};
const answer = { model: "m", simulated: false, attribution: "prefix", results: [result] };
const asked = { messages: 1, attribution: "prefix" } as const;

const failing = (body: unknown, of: Parameters<typeof checkAnswer>[1] = asked) =>
  Object.entries(checkAnswer(body, of))
    .filter(([, holds]) => !holds)
    .map(([name]) => name);

const withResult = (change: object) => ({ ...answer, results: [{ ...result, ...change }] });
const withAttribution = (change: object) =>
  withResult({ attribution: { ...attribution, ...change } });

describe("the shape of an answer", () => {
  it("passes when it is right", () => {
    expect(failing(answer)).toEqual([]);
    expect(
      failing(withAttribution({ entropy: null, sparsity: null, undefinedReason: "one_word" })),
    ).toEqual([]);
    expect(
      failing(
        { ...answer, results: [{ label: "neutral", score: 0, probability: 0.5, cached: false }] },
        { messages: 1, attribution: "none" },
      ),
    ).toEqual([]);
  });

  it.each([
    ["no model", { ...answer, model: undefined }, /names its model/],
    ["a missing result", { ...answer, results: [] }, /one result a message/],
    ["a result too many", { ...answer, results: [result, result] }, /one result a message/],
    ["a result that is null", { ...answer, results: [null] }, /one result a message/],
    ["an unknown label", withResult({ label: "angry" }), /has a label/],
    ["a probability of another score", withResult({ probability: 0.2 }), /probability/],
    ["a probability above 1", withResult({ probability: 1.2, score: 50 }), /probability/],
    ["a score that is null", withResult({ score: null }), /has a label/],
    ["another method", withAttribution({ method: "occlusion" }), /attributions/],
    ["no attribution", withResult({ attribution: undefined }), /attributions/],
    ["a word without value", withAttribution({ words: [{ text: "so" }] }), /attributions/],
    ["undefined without a reason", withAttribution({ entropy: null }), /attributions/],
    ["a sparsity above 1", withAttribution({ sparsity: 1.4 }), /attributions/],
  ])("fails with %s", (_, body, check) => {
    expect(failing(body).join()).toMatch(check);
  });

  it("fails, and never throws, whatever else the body is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        expect(failing(body)).not.toEqual([]);
        readAnswer(body);
      }),
    );
  });
});

it("reads the figures of an answer", () => {
  const undefinedResult = { ...result, cached: false, attribution: { entropy: null } };
  expect(readAnswer({ results: [result, undefinedResult] })).toEqual({
    cached: 1,
    entropies: [1.2],
    sparsities: [0.4],
    undefinedAttributions: 1,
  });
});

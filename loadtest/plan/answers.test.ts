import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  checkAnswer,
  checkStatusAnswer,
  FALLBACK_REASONS,
  readAnswer,
  readStatusAnswer,
} from "./answers.ts";
import { exampleStatusAnswer } from "../testing/example-answers.ts";

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

describe("of status", () => {
  const answer = exampleStatusAnswer();
  const asked = { scenario: "memory-status", strategy: "balanced", language: "en" } as const;

  const failing = (body: unknown, of: Parameters<typeof checkStatusAnswer>[1] = asked) =>
    Object.entries(checkStatusAnswer(body, of))
      .filter(([, holds]) => !holds)
      .map(([name]) => name);

  const without = (...fields: string[]) =>
    Object.fromEntries(Object.entries(answer).filter(([name]) => !fields.includes(name)));
  const own = (fallback: string) => ({
    ...answer,
    summaryFrom: "findings",
    fallback,
  });
  const withFinding = (change: object) => ({
    ...answer,
    findings: [answer.findings[0], { ...answer.findings[1], ...change }],
  });

  describe("the shape of a status answer", () => {
    it.each([
      ["the model's words", answer],
      ["the findings' sentences", own("deadline")],
      ["the findings' sentences because the model left its grammar", own("ungrounded")],
      ["no model", { ...own("no_model"), engine: "none", model: null, budget: null }],
      ["nothing found", { ...answer, findings: [], status: "ok" }],
      ["all its time used", { ...answer, timingsMs: { ...answer.timingsMs, total: 3_500 } }],
    ])("passes with %s", (_, body) => {
      expect(failing(body)).toEqual([]);
    });

    it.each([
      ["another scenario's answer", { ...answer, scenario: "quick-status" }, /what was asked/],
      ["another strategy", { ...answer, strategy: "speed" }, /what was asked/],
      ["another language", { ...answer, language: "ja" }, /what was asked/],
      ["an unknown engine", { ...answer, engine: "oracle" }, /who answered/],
      ["no model", without("model"), /who answered/],
      ["no word whether it is simulated", without("simulated"), /who answered/],
      ["no word whether it is cached", without("cached"), /who answered/],
      ["no time of its snapshot", { ...answer, takenAt: "lately" }, /who answered/],
      ["no list of what is unavailable", without("unavailable"), /who answered/],
      ["findings that are no list", { ...answer, findings: {} }, /findings are a list/],
      ["an unknown severity", withFinding({ severity: "bad" }), /findings are a list/],
      ["a finding without text", withFinding({ text: "" }), /findings are a list/],
      [
        "a value that is no number",
        withFinding({ values: [{ name: "used", value: null }] }),
        /list/,
      ],
      ["a better status than its findings", { ...answer, status: "ok" }, /worst severity/],
      ["a worse status than its findings", { ...answer, status: "critical" }, /worst severity/],
      ["an empty summary", { ...answer, summary: " " }, /summary is a text/],
      ["nobody who wrote the summary", without("summaryFrom"), /summary is a text/],
      ["an unknown reason", own("mood"), /summary is a text/],
      ["a reason for the model's words", { ...answer, fallback: "deadline" }, /summary is a text/],
      [
        "a time that is null",
        { ...answer, timingsMs: { ...answer.timingsMs, queue: null } },
        /times/,
      ],
      ["a time below 0", { ...answer, timingsMs: { ...answer.timingsMs, decode: -1 } }, /times/],
      ["no tokens", without("tokens"), /times, tokens/],
      ["no budget", without("budget"), /times, tokens/],
      [
        "a missed deadline",
        { ...answer, deadline: { ...answer.deadline, met: false } },
        /deadline/,
      ],
      [
        "a late answer",
        { ...answer, timingsMs: { ...answer.timingsMs, total: 3_501 } },
        /deadline/,
      ],
    ])("fails with %s", (_, body, check) => {
      expect(failing(body).join()).toMatch(check);
    });

    it("fails, and never throws, whatever else the body is", () => {
      fc.assert(
        fc.property(fc.jsonValue(), (body) => {
          expect(failing(body)).not.toEqual([]);
          expect(readStatusAnswer(body)).toBeUndefined();
        }),
      );
    });

    it("fails when any one field has become something else", () => {
      const field = fc.constantFrom(...Object.keys(answer));
      fc.assert(
        fc.property(field, fc.constantFrom(undefined, 7, [], "?"), (name, value) => {
          // A list may be empty, and a name of a model and a summary may be any text.
          fc.pre(!(Array.isArray(value) && name === "unavailable"));
          fc.pre(!(value === "?" && (name === "model" || name === "summary")));
          expect(failing({ ...answer, [name]: value })).not.toEqual([]);
        }),
      );
    });
  });

  describe("what a status answer says", () => {
    it("is read with its times in seconds", () => {
      expect(readStatusAnswer(answer)).toEqual({
        status: "warning",
        summary: answer.summary,
        fromModel: true,
        cached: false,
        engine: "llama.cpp",
        model: "SmolLM2-135M-Instruct",
        simulated: false,
        seconds: 0.9,
      });
    });

    it.each(FALLBACK_REASONS)("holds why the summary is not the model's: %s", (reason) => {
      expect(readStatusAnswer(own(reason))).toMatchObject({
        fromModel: false,
        fallback: reason,
      });
    });

    it("is there for every answer that passes its checks", () => {
      const change = fc.record(
        {
          cached: fc.boolean(),
          summary: fc.string(),
          model: fc.option(fc.string()),
          engine: fc.constantFrom("none", "simulated", 1),
          simulated: fc.oneof(fc.boolean(), fc.string()),
          timingsMs: fc.constantFrom({}, { ...answer.timingsMs, total: 1 }),
        },
        { requiredKeys: [] },
      );
      fc.assert(
        fc.property(change, (changed) => {
          const body = { ...answer, ...changed };
          fc.pre(failing(body).length === 0);
          expect(readStatusAnswer(body)).toBeDefined();
        }),
      );
    });
  });
});

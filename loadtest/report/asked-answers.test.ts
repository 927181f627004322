import { describe, expect, it } from "@jest/globals";
import { readStatusAnswer } from "../plan/status-answer.ts";
import { exampleStatusAnswer } from "../testing/example-answers.ts";
import { answersCheck, askedAnswer } from "./asked-answers.ts";

const reading = readStatusAnswer(exampleStatusAnswer())!;
const proper = { reading, wrong: [] };

describe("an answer to a question that was asked once", () => {
  it("holds what was said, in what time, and the target", () => {
    expect(askedAnswer("urgent-check", 1.5, proper)).toEqual({
      scenario: "urgent-check",
      seconds: 1.5,
      targetSeconds: 2,
      status: "warning",
      summary: reading.summary,
      summaryFrom: "model",
      engine: "llama.cpp",
      model: "SmolLM2-135M-Instruct",
      simulated: false,
    });
  });

  it("is in time at its target, and late after it", () => {
    expect(askedAnswer("urgent-check", 2, proper).failure).toBeUndefined();
    const late = askedAnswer("urgent-check", 2.001, proper);
    expect(late.failure).toBe("it came after its target");
    expect(late.summary).toBe(reading.summary);
  });

  it("says what is wrong with it", () => {
    const answer = askedAnswer("urgent-check", 3, { reading, wrong: ["it is right"] });
    expect(answer.failure).toBe("it came after its target; not so: it is right");
  });

  it("may be missing", () => {
    expect(askedAnswer("disk-analysis", 0.1, { failure: "it answered 503" })).toEqual({
      scenario: "disk-analysis",
      seconds: 0.1,
      targetSeconds: 4.5,
      failure: "it answered 503",
    });
  });
});

describe("the condition that each question has an answer", () => {
  const answers = [
    askedAnswer("urgent-check", 1, proper),
    askedAnswer("disk-analysis", 1, { failure: "it answered 503" }),
  ];

  it("does not hold when one has none, and names it", () => {
    expect(answersCheck(answers)).toMatchObject({
      holds: false,
      found: "disk-analysis: it answered 503",
    });
  });

  it("holds when all have", () => {
    expect(answersCheck(answers.slice(0, 1))).toMatchObject({ holds: true, found: "1 of 1" });
  });
});

import { afterEach, describe, expect, it } from "@jest/globals";
import { readStatusAnswer } from "../plan/answers.ts";
import { STATUS_SCENARIOS } from "../plan/profiles.ts";
import { answersCheck, askedAnswer, askStatus, type StatusRequest } from "./ask-status.ts";
import { exampleReply, exampleStatusAnswer } from "../testing/example-answers.ts";
import { type StandIn, startStandIn } from "../testing/stand-in.ts";

let standIn: StandIn;
afterEach(() => standIn.stop());

describe("asking for each status scenario once", () => {
  it("gives eight answers in order, and tells what is being asked", async () => {
    standIn = await startStandIn(exampleReply);
    const requests: StatusRequest[] = [];
    const { answers } = await askStatus({
      target: standIn.url,
      onStatusRequest: (request) => requests.push(request),
    });
    expect(answers?.map(({ scenario }) => scenario)).toEqual(STATUS_SCENARIOS);
    expect(answers?.every(({ failure, summary }) => failure === undefined && summary)).toBe(true);
    expect(requests.at(-1)).toEqual({ scenario: STATUS_SCENARIOS.at(-1), number: 8, of: 8 });
    expect(standIn.posted.map(({ path }) => path)).toEqual(
      STATUS_SCENARIOS.map((scenario) => `/v1/status/${scenario}`),
    );
  });

  it("goes on after a failure, an answer of another shape, and one that is no JSON", async () => {
    standIn = await startStandIn((path, body) => {
      if (path.endsWith("quick-status")) return { status: 503, body: "{}" };
      if (path.endsWith("disk-analysis")) return { body: "{}" };
      if (path.endsWith("urgent-check")) return { body: "<html>" };
      if (path.endsWith("memory-status")) return exampleReply("/v1/status/network-status", body);
      return exampleReply(path, body);
    });
    const { answers } = await askStatus({ target: standIn.url });
    const failures = Object.fromEntries(
      (answers ?? []).flatMap(({ scenario, failure }) => (failure ? [[scenario, failure]] : [])),
    );
    expect(failures).toEqual({
      "quick-status": "it answered 503",
      "disk-analysis": expect.stringContaining("not so: the summary is a text"),
      "urgent-check": expect.stringContaining("JSON"),
      "memory-status": "not so: the status answer is one to what was asked",
    });
    expect(answers).toHaveLength(8);
  });

  it("ends at once when there is no such route", async () => {
    standIn = await startStandIn(() => ({ status: 404, body: "{}" }));
    expect(await askStatus({ target: standIn.url })).toEqual({ none: "no such route" });
    expect(standIn.posted).toHaveLength(1);
  });

  it("stops when it is told to, in the middle of an answer", async () => {
    const abort = new AbortController();
    standIn = await startStandIn((path, body) => {
      if (!path.endsWith("memory-status")) return exampleReply(path, body);
      abort.abort();
      return { ...exampleReply(path, body), afterMs: 200 };
    });
    const asked = await askStatus({ target: standIn.url, signal: abort.signal });
    expect(asked).toEqual({ none: "stopped" });
    expect(standIn.posted.at(-1)?.path).toBe("/v1/status/memory-status");
  });
});

const reading = readStatusAnswer(exampleStatusAnswer())!;
const proper = { reading, wrong: [] };

describe("an answer to a status request that was sent once", () => {
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

describe("the condition that each status request has an answer", () => {
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

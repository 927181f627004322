import { afterEach, describe, expect, it } from "@jest/globals";
import { STATUS_SCENARIOS } from "../plan/status-mix.ts";
import { exampleReply } from "../testing/example-answers.ts";
import { startStandIn, type StandIn } from "../testing/stand-in.ts";
import { askStatus, type Question } from "./ask-status.ts";

let standIn: StandIn;
afterEach(() => standIn.stop());

describe("asking each question about the machine once", () => {
  it("gives eight answers in order, and tells what is being asked", async () => {
    standIn = await startStandIn(exampleReply);
    const questions: Question[] = [];
    const { answers } = await askStatus({
      target: standIn.url,
      onQuestion: (question) => questions.push(question),
    });
    expect(answers?.map(({ scenario }) => scenario)).toEqual(STATUS_SCENARIOS);
    expect(answers?.every(({ failure, summary }) => failure === undefined && summary)).toBe(true);
    expect(questions.at(-1)).toEqual({ scenario: STATUS_SCENARIOS.at(-1), number: 8, of: 8 });
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

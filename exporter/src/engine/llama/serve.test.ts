import { describe, expect, it } from "@jest/globals";
import type { ScoreRequest, Scores } from "../scorer.ts";
import { createSimulatedScorer } from "../simulated/scorer.ts";
import type { FromScorer } from "./messages.ts";
import { unpackScores } from "./packed.ts";
import { serve, type ScoringModel } from "./serve.ts";

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** A model that takes as many steps for a batch as its text says, and tells each; "fail" fails. */
function start() {
  const simulated = createSimulatedScorer({ latencySeconds: 0, errorRatio: 0 });
  const steps: string[] = [];
  const told: FromScorer[] = [];
  let closed = "";
  const model: ScoringModel = {
    info: simulated.model,
    async score(requests, { throwIfCancelled, turn }): Promise<Scores[]> {
      const [name, count] = requests[0]!.text.split(" ") as [string, string];
      for (let i = 0; i < Number(count); i++) {
        await turn(async () => {
          throwIfCancelled();
          steps.push(name);
          await nextTurn();
          if (name === "fail") throw new Error("the engine failed");
        });
      }
      return simulated.score(requests);
    },
    rest: () => {},
    dispose: async () => void (closed += "disposed "),
  };
  const tell = serve(
    model,
    (message) => told.push(message),
    () => (closed += "closed"),
  );
  return {
    ...{ steps, told, tell },
    closed: () => closed,
    score(id: number, text: string, long = false) {
      const requests: ScoreRequest[] = [{ text, ask: "prefixes" }];
      tell({ type: "score", id, requests, long });
    },
    /** Until so many were answered. */
    async answered(count: number): Promise<void> {
      while (told.length <= count) await nextTurn();
    },
  };
}

const outcomes = (told: readonly FromScorer[]) =>
  told.flatMap((message) => ("id" in message ? [`${message.id} ${message.type}`] : []));

describe("the process of a model", () => {
  it("is ready first, and gives each batch its own scores", async () => {
    const { told, score, answered } = start();
    score(1, "a 1");
    score(2, "bc 2");
    await answered(2);
    expect(told[0]).toMatchObject({ type: "ready", model: { id: "simulated" } });
    expect(outcomes(told)).toEqual(["1 scores", "2 scores"]);
    const [first, second] = told.slice(1).map((message) => {
      if (message.type !== "scores") throw new Error("no scores");
      return unpackScores(message.scores)[0]!.bounds;
    });
    expect([first, second]).toEqual([
      [0, 1, 2, 3],
      [0, 2, 3, 4],
    ]);
  });

  it("does a long batch and short ones in turn, so that neither waits for the other", async () => {
    const { steps, told, score, answered } = start();
    score(1, "long 9", true);
    for (const id of [2, 3, 4]) score(id, `short${id} 2`);
    await answered(4);
    expect(outcomes(told)).toEqual(["2 scores", "3 scores", "4 scores", "1 scores"]);
    const last = steps.indexOf("short4");
    // While the three short ones took six steps, the long one had about as many.
    expect(steps.slice(0, last).filter((name) => name === "long").length).toBeGreaterThanOrEqual(3);
    expect(steps.filter((name) => name === "long")).toHaveLength(9);
  });

  it("does short batches, and long ones, one after the other", async () => {
    const { steps, score, answered } = start();
    score(1, "a 2");
    score(2, "b 2");
    score(3, "c 3", true);
    score(4, "d 3", true);
    await answered(4);
    const only = (...names: string[]) => steps.filter((name) => names.includes(name)).join("");
    expect([only("a", "b"), only("c", "d")]).toEqual(["aabb", "cccddd"]);
  });

  it("never starts a batch that was cancelled while it waited", async () => {
    const { steps, told, tell, score, answered } = start();
    score(1, "a 3");
    score(2, "b 3");
    score(3, "c 1");
    tell({ type: "cancel", id: 2 });
    await answered(3);
    expect(outcomes(told)).toEqual(["1 scores", "2 failed", "3 scores"]);
    expect(steps.join("")).toBe("aaac");
  });

  it("ends a batch that is cancelled between two steps", async () => {
    const { steps, told, tell, score, answered } = start();
    score(1, "a 1000", true);
    while (steps.length < 3) await nextTurn();
    tell({ type: "cancel", id: 1 });
    score(2, "b 1", true);
    await answered(2);
    expect(outcomes(told)).toEqual(["1 failed", "2 scores"]);
    expect(steps.length).toBeLessThan(10);
    // Too late, and nobody minds.
    tell({ type: "cancel", id: 1 });
  });

  it("goes on after a batch that failed", async () => {
    const { told, score, answered } = start();
    score(1, "fail 1");
    score(2, "b 1");
    await answered(2);
    expect(told[1]).toEqual({ type: "failed", id: 1, message: "the engine failed" });
    expect(outcomes(told)).toEqual(["1 failed", "2 scores"]);
  });

  it("ends what it has, frees the model and closes", async () => {
    const { told, tell, score, answered, closed } = start();
    score(1, "a 1000");
    score(2, "b 1000", true);
    await nextTurn();
    tell({ type: "close" });
    await answered(2);
    while (!closed().includes("closed")) await nextTurn();
    expect(outcomes(told).sort()).toEqual(["1 failed", "2 failed"]);
    expect(closed()).toBe("disposed closed");
  });
});

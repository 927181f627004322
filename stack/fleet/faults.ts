import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, costly, countedInWords, post } from "../chaos/ask.ts";
import { openStreams, type Stream } from "./chat-streams.ts";
import type { Fleet } from "./fleet.ts";
import { lossesOf, type Point, underLoad } from "./trial.ts";

/** Requests of the point's own that one replica has when it is killed, on average. */
const BUSY = 8;
/** Streams that each replica answers meanwhile, and their tokens: some seconds long. */
const STREAMS = 2;
const TOKENS = 120;

/** A replica ends at once. */
export const KILLED: Point = {
  name: "killed",
  what: "a replica is killed: its sentiment requests are asked elsewhere, and of streams only its own break",
  async run(fleet, trial) {
    const [victim] = fleet.replicas;
    const { load, result } = await underLoad("killed", fleet, trial, "zipf", async () => {
      await sleep(1_000);
      const streams = await openStreams(fleet.door, STREAMS * fleet.replicas.length, TOKENS);
      const count = BUSY * fleet.replicas.length;
      const asked = Array.from({ length: count }, (_, i) =>
        post(`${fleet.door}/v1/sentiment`, costly(i, 64)),
      );
      let had = 0;
      const onStreams = streams.filter(({ servedBy }) => servedBy === victim!.name).length;
      for (let look = 0; look < 50 && had <= onStreams; look++) {
        had = (await fleet.served()).get(victim!.name)!.inFlight;
      }
      const before = (await fleet.served()).get(victim!.name)!.repeated;
      fleet.kill(victim!);
      const answers = await Promise.all(asked);
      const ends = await Promise.all(streams.map(({ end }) => end));
      const repeated = (await fleet.served()).get(victim!.name)!.repeated - before;
      await fleet.back(victim!);
      return { had, answers, repeated, broken: brokenOf(streams, ends) };
    });
    const { had, answers, repeated, broken } = result;
    const others = broken.filter((name) => name !== victim!.name);
    const own = broken.length - others.length;
    return {
      seen:
        `it had ${had} requests; ${repeated} were asked elsewhere: ${countedInWords(answers)}; ` +
        `${own} streams broke; the load got ${load.answers} answers`,
      problems: [
        ...lossesOf(load),
        ...(answers.every((answer) => answer === 200)
          ? []
          : [`sentiment requests got ${countedInWords(answers)}`]),
        ...(had > 0 && repeated > 0
          ? []
          : ["it had nothing that could be lost when it was killed"]),
        ...(own > 0 ? [] : ["no stream of the killed replica broke"]),
        ...(others.length > 0 ? [`streams of ${others.join(", ")} broke as well`] : []),
      ],
    };
  },
};

/** All of them end and begin again in order. */
export const ROLLING: Point = {
  name: "rolling",
  what: "all replicas are restarted one after the other, and nothing is lost: no sentiment request, no stream",
  async run(fleet, trial) {
    const { load, result } = await underLoad("rolling", fleet, trial, "zipf", async () => {
      const streams: Stream[] = [];
      let over = false;
      const asked = Array.from({ length: BUSY }, (_, i) => askUntil(() => over, fleet, i));
      for (const replica of fleet.replicas) {
        streams.push(...(await openStreams(fleet.door, fleet.replicas.length, TOKENS)));
        await fleet.restart(replica);
      }
      over = true;
      const ends = await Promise.all(streams.map(({ end }) => end));
      const answers = (await Promise.all(asked)).flat();
      return { streams: streams.length, broken: brokenOf(streams, ends), answers };
    });
    const { streams, broken, answers } = result;
    return {
      seen:
        `${load.answers} answers of the load and ${countedInWords(answers)}; ` +
        `${streams - broken.length} of ${streams} streams came to their end`,
      problems: [
        ...lossesOf(load),
        ...(answers.every((answer) => answer === 200)
          ? []
          : [`sentiment requests got ${countedInWords(answers)}`]),
        ...(broken.length > 0 ? [`streams of ${broken.join(", ")} broke`] : []),
      ],
    };
  },
};

/** One client after the other's answer, each time on a new connection. */
async function askUntil(over: () => boolean, fleet: Fleet, client: number): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (!over()) {
    answers.push(
      await post(`${fleet.door}/v1/sentiment`, costly(1000 * client + answers.length, 1)),
    );
  }
  return answers;
}

/** The replicas of the streams that did not come to their end. */
const brokenOf = (streams: readonly Stream[], ends: readonly string[]): readonly string[] =>
  streams.filter((_, i) => ends[i] !== "whole").map(({ servedBy }) => servedBy);

import { setTimeout as sleep } from "node:timers/promises";
import { zipfRank, zipfShares } from "@headroom/loadtest/plan/messages";
import { formatShare } from "@headroom/loadtest/report/format";
import type { Served } from "./balancer.ts";
import { KILLED, ROLLING } from "./faults.ts";
import { agrees, compareRules } from "./raw-data.ts";
import { lossesOf, type Point, TRIAL_RULES, underLoad } from "./trial.ts";

/** Each replica gets at least and at most this share of an equal share. */
const SPREAD = { least: 0.7, most: 1.3 } as const;

/** The `zipf` profile: see `loadtest/lib/send-messages.ts`. */
const ZIPF = { messages: 5000, exponent: 1 } as const;
/** What one cache knows before the answer of a message is in it: some are asked for twice at once. */
const HIT_TOLERANCE = 0.03;

const NOBODY: Served = { requests: 0, inFlight: 0, repeated: 0, isUp: false };

const SPREADS: Point = {
  name: "spread",
  what: "requests spread evenly, each is counted once, and k6's segments repeat no message",
  async run(fleet, trial) {
    const before = await fleet.served();
    const { load } = await underLoad("spread", fleet, trial, "smoke", () =>
      sleep(1000 * trial.seconds),
    );
    const after = await fleet.served();
    const given = fleet.replicas.map(
      ({ name }) => (after.get(name) ?? NOBODY).requests - (before.get(name) ?? NOBODY).requests,
    );
    const all = given.reduce((sum, count) => sum + count, 0);
    const shares = given.map((count) => (count / all) * given.length);
    const isEven = shares.every((share) => share >= SPREAD.least && share <= SPREAD.most);
    return {
      seen: `${given.join(" + ")} requests, ${load.answers} answers, ${load.cached} messages known already`,
      problems: [
        ...lossesOf(load),
        ...(isEven ? [] : [`the replicas got ${given.join(", ")} requests`]),
        // A request that k6 gives up at its end is with a replica and not among its answers.
        ...(Math.abs(all - load.answers) <= trial.segments * 5
          ? []
          : [`the replicas got ${all} requests, and clients ${load.answers} answers`]),
        ...(load.cached === 0 ? [] : [`${load.cached} messages were sent more than once`]),
      ],
    };
  },
};

const SHARED_CACHE: Point = {
  name: "cache",
  what: "what one replica knows all know: the fleet's hit rate is that of one cache",
  async run(fleet, trial) {
    const { load } = await underLoad("cache", fleet, trial, "zipf", () =>
      sleep(1000 * trial.seconds),
    );
    const shares = zipfShares(ZIPF.messages, ZIPF.exponent);
    const different = new Set(
      Array.from({ length: load.messages }, (_, draw) => zipfRank(draw, shares)),
    ).size;
    const [ideal, hits] = [1 - different / load.messages, load.cached / load.messages];
    return {
      seen: `${formatShare(hits)} of ${load.messages} messages were known, of one cache ${formatShare(ideal)}`,
      problems: [
        ...lossesOf(load),
        ...(Math.abs(hits - ideal) <= HIT_TOLERANCE
          ? []
          : [`the hit rate is ${formatShare(hits)}, and of one cache ${formatShare(ideal)}`]),
      ],
    };
  },
};

const RULED: Point = {
  name: "rules",
  what: "the rules see each replica and the whole as the raw data has them, one of which is slow and fails",
  async run(fleet, trial) {
    const odd = fleet.replicas.at(-1)!;
    await fleet.restart(odd, {
      HEADROOM_SIMULATE_LATENCY_MS: "150",
      HEADROOM_SIMULATE_ERROR_RATIO: "0.3",
    });
    const { result: compared } = await underLoad("rules", fleet, trial, "zipf", async () => {
      await sleep(1000 * (2 * TRIAL_RULES.pace.windowSeconds));
      return compareRules(fleet.prometheus, TRIAL_RULES);
    });
    const wrong = compared.filter((one) => !agrees(one));
    const ofAll = compared.filter(({ labels }) => labels["instance"] === undefined);
    const p95s = compared.filter(({ record }) => record.includes(":p95_rate"));
    return {
      seen:
        `${compared.length} values agree, ${ofAll.length} of them of the whole; P95 ` +
        p95s.map(({ recorded }) => `${(1000 * recorded).toFixed(0)} ms`).join(", "),
      problems: [
        ...(compared.length < 3 * fleet.replicas.length
          ? [`only ${compared.length} values were recorded`]
          : []),
        ...wrong.map(
          ({ record, labels, recorded, computed }) =>
            `${record}${JSON.stringify(labels)} is ${recorded}, and ${computed} by the raw data`,
        ),
      ],
    };
  },
};

/** All of them, in the order in which one fleet goes through them. */
export const POINTS: readonly Point[] = [SPREADS, SHARED_CACHE, KILLED, ROLLING, RULED];

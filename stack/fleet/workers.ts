import { costly, post } from "../chaos/ask.ts";
import { folderWithin } from "../places.ts";
import { Session } from "../session.ts";
import { Fleet } from "./fleet.ts";
import type { Trial } from "./trial.ts";

/** The two ways to use two cores, behind the same balancer. */
const ARMS = {
  "one process, two workers": { replicas: 1, workers: "2" },
  "two processes, a worker each": { replicas: 2, workers: "1" },
} as const;

/** The name of one of them. */
export type Arm = keyof typeof ARMS;

/** Messages a second of each, in the order of the rounds. */
export type Throughputs = Readonly<Record<Arm, readonly number[]>>;

const ROUNDS = 3;
/** More than both have in work, so that none waits for the next request. */
const CLIENTS = 8;
const BATCH = 128;
const WARM_MS = 2_000;

/** How far one may be from the other. */
export const ARMS_DIFFER = 0.1;

/**
 * Lets both answer the same costly requests with the embedded model for as long as a trial lasts, one after
 * the other, again and again, each time in a fleet of its own.
 *
 * @throws Error when a fleet does not start or a request is not answered, or the signal's reason
 */
export async function compareArms(trial: Trial): Promise<Throughputs> {
  const found: Record<Arm, number[]> = {
    "one process, two workers": [],
    "two processes, a worker each": [],
  };
  for (let round = 1; round <= ROUNDS; round++) {
    // The order changes, or whatever slows the machine down over time would be held against one.
    const arms = (Object.keys(ARMS) as Arm[]).toSorted(() => (round % 2 === 0 ? -1 : 1));
    for (const arm of arms) {
      const measured = await trial.session.activity(`round ${round} of ${ROUNDS}: ${arm}`, () =>
        throughputOf(arm, round, trial),
      );
      found[arm].push(measured);
    }
  }
  return found;
}

/** The middle one; there are three. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function throughputOf(arm: Arm, round: number, { session, tools, seconds }: Trial) {
  const { replicas, workers } = ARMS[arm];
  const folder = await folderWithin(session.folder, `${round}-${replicas}`);
  const { signal, say } = session;
  const own = new Session({ signal, say, folder, activity: (_title, work) => work() });
  try {
    const fleet = await Fleet.start(own, tools, {
      replicas,
      intervalSeconds: 5,
      variables: { HEADROOM_WORKERS: workers, HEADROOM_CHAT_MODEL: "none" },
    });
    await answered(fleet, WARM_MS, 0);
    return (await answered(fleet, 1000 * seconds, 1)) / seconds;
  } finally {
    await own.stop();
  }
}

/** Messages that were answered to clients who ask again at once, within so much time. */
async function answered({ door }: Fleet, ms: number, series: number): Promise<number> {
  const end = performance.now() + ms;
  let messages = 0;
  const ask = async (client: number) => {
    for (let number = 0; performance.now() < end; number++) {
      const body = costly(1e6 * series + 1e4 * client + number, BATCH);
      const answer = await post(`${door}/v1/sentiment`, body);
      if (answer !== 200) throw new Error(`a request got ${answer} instead of an answer`);
      if (performance.now() < end) messages += BATCH;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, client) => ask(client)));
  return messages;
}

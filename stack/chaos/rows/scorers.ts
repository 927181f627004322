import { setTimeout as sleep } from "node:timers/promises";
import type { DrillStack } from "../../drill/drill-stack.ts";
import { within } from "../ask.ts";
import type { Found, Row } from "../row.ts";

/** A scorer is looked at every few seconds, and what it had is evaluated by another one. */
const NOTICED_MS = 30_000;

const SETUP = { variables: { HEADROOM_WORKERS: "2" } } as const;

/** What has just been sent to a scorer waits for as long as it takes to notice. */
const LATE = {
  p95Ms: 10_000,
  recoverySeconds: 60,
  mayAlert: ["HeadroomModelRestarting", "HeadroomLatencyHigh", "HeadroomLatencyCritical"],
};

/** Sends a signal to so many of the scorers, and waits until each has been replaced. */
async function struck(stack: DrillStack, signal: NodeJS.Signals, count: number): Promise<Found> {
  const before = await stack.scorers();
  const exporter = stack.pidOf("exporter");
  const victims = before.slice(0, count);
  for (const victim of victims) process.kill(victim, signal);
  const replaced = await within(NOTICED_MS, async () => {
    const now = await stack.scorers().catch((): readonly number[] => []);
    return now.length === before.length && victims.every((victim) => !now.includes(victim));
  });
  await sleep(1_000);
  return {
    problems: [
      ...(replaced ? [] : [`not replaced within ${NOTICED_MS / 1000} s`]),
      ...(stack.pidOf("exporter") === exporter ? [] : ["the exporter fell with it"]),
    ],
  };
}

/** Processes with the sentiment model end or hang, each of two, or both. */
export const SCORER_ROWS: readonly Row[] = [
  {
    name: "scorer-killed",
    fault: "one of two scorers is killed (SIGKILL)",
    setup: SETUP,
    run: (stack) => struck(stack, "SIGKILL", 1),
    expect: LATE,
  },
  {
    name: "scorer-aborts",
    fault: "one of two scorers aborts, as native code does (SIGABRT)",
    setup: SETUP,
    run: (stack) => struck(stack, "SIGABRT", 1),
    expect: LATE,
  },
  {
    name: "scorer-frozen",
    fault: "one of two scorers is frozen (SIGSTOP)",
    setup: SETUP,
    run: (stack) => struck(stack, "SIGSTOP", 1),
    // It counts as hanging after 10 s without a word, which is when k6 gives up on what it had.
    expect: { ...LATE, lost: 2 },
  },
  {
    name: "scorers-killed",
    fault: "both of two scorers are killed (SIGKILL)",
    setup: SETUP,
    run: (stack) => struck(stack, "SIGKILL", 2),
    expect: LATE,
  },
];

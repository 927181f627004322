import { setTimeout as sleep } from "node:timers/promises";
import { limit } from "@headroom/alerts/limits";
import { DrillStack, type DrillTools } from "../drill/drill-stack.ts";
import { samplesOf } from "../drill/loads.ts";
import { alertsAt, Watch } from "../drill/watch.ts";
import type { Session } from "../session.ts";
import { type Seen, seenBetween } from "./steady-load.ts";
import { type Expectation, type Found, RECOVERY_SECONDS, type Row } from "./row.ts";

/** How a row went. */
export interface RowResult {
  readonly name: string;
  readonly fault: string;
  /** Absent when the row could not be carried out. */
  readonly seen?: Seen;
  /** Of the steady load's and the row's own requests. */
  readonly lost?: number;
  readonly lostAlerts?: number;
  readonly alerts?: readonly string[];
  /** From the end of the fault until all was as before. */
  readonly recoverySeconds?: number;
  readonly note?: string;
  /** Why this machine cannot have the fault; such a row has neither passed nor failed. */
  readonly skipped?: string;
  /** What did not hold; empty when the row passed. */
  readonly problems: readonly string[];
}

/** The real engine; a model that chats would take a core from it for most of the time. */
const REAL_ENGINE = { HEADROOM_SIMULATE: "false", HEADROOM_CHAT_MODEL: "none" };

const QUIET_SECONDS = 60;
const LOOK_MS = 100;

/** So long all must have been well, one look after the other. */
const WELL_MS = 2_000;

/**
 * Brings one fault about under a steady load, and compares what followed with what the row expects.
 *
 * @throws Error when a service does not start, or the signal's reason
 */
export async function runRow(row: Row, session: Session, tools: DrillTools): Promise<RowResult> {
  const { name, fault, setup = {}, expect = {} } = row;
  const skipped = await row.lacks?.();
  if (skipped !== undefined) return { name, fault, skipped, problems: [] };
  const variables = { ...REAL_ENGINE, ...setup.variables };
  const stack = await DrillStack.start(session, tools, { ...setup, variables });
  const alerts = watchAlerts(stack);
  try {
    await new Watch(stack, session.signal).untilQuiet(QUIET_SECONDS);
    const start = Date.now();
    const found = (await row.run(stack, session.signal)) ?? {};
    const end = Date.now();
    const most = expect.recoverySeconds ?? RECOVERY_SECONDS;
    const well = () => isWell(stack, setup.redis === true);
    const recoverySeconds = await recovery(well, end, most, session.signal);
    const stillFiring = await alerts.settle(QUIET_SECONDS, session.signal);
    const until = Date.now();
    await stack.stop();
    const seen = await seenBetween(samplesOf(session.folder), start, until);
    const problems = [
      ...(recoverySeconds === undefined ? [`not as before within ${most} s`] : []),
      ...stillFiring.map((alert) => `${alert} did not resolve`),
      ...problemsOf(expect, seen, found, alerts.fired),
    ];
    return {
      ...{ name, fault, seen, problems },
      lost: seen.lost + (found.lost ?? 0),
      lostAlerts: found.lostAlerts ?? 0,
      alerts: [...alerts.fired].sort(),
      ...(recoverySeconds !== undefined && { recoverySeconds }),
      ...(found.note !== undefined && { note: found.note }),
    };
  } finally {
    alerts.stop();
    await stack.stop();
  }
}

/** Compares what was seen with what may be seen at most. */
export function problemsOf(
  expect: Expectation,
  seen: Seen,
  { lost = 0, lostAlerts = 0, problems = [] }: Found,
  fired: ReadonlySet<string>,
): string[] {
  const { alerts = [], mayAlert = [], errorRatio = 0 } = expect;
  const latency = limit("latency_p95", "critical");
  const p95Ms = expect.p95Ms ?? (latency.bound === "upper" ? 1000 * latency.upper : 0);
  const errors = Object.values(seen.errors).reduce((sum, count) => sum + count, 0);
  const ratio = errors / (errors + seen.answers);
  const allLost = seen.lost + lost;
  const missing = alerts.filter((alert) => !fired.has(alert));
  const others = [...fired].filter((alert) => ![...alerts, ...mayAlert].includes(alert));
  return [
    ...(seen.answers === 0 ? ["the steady load got no answer"] : []),
    ...(allLost > (expect.lost ?? 0) ? [`${allLost} requests were taken and not answered`] : []),
    ...(lostAlerts > 0 ? [`${lostAlerts} alerts were lost`] : []),
    ...(seen.away > 0 && !expect.away ? [`${seen.away} requests were not even taken`] : []),
    ...(ratio > errorRatio
      ? [`${errors} answers were errors: ${JSON.stringify(seen.errors)}`]
      : []),
    ...(seen.p95Ms > p95Ms ? [`the P95 was ${seen.p95Ms.toFixed(0)} ms, above ${p95Ms} ms`] : []),
    ...missing.map((alert) => `${alert} did not fire`),
    ...others.map((alert) => `${alert} fired`),
    ...problems,
  ];
}

/** Remembers every alert that fires; Prometheus itself may be away for a while. */
function watchAlerts({ prometheus }: DrillStack) {
  const fired = new Set<string>();
  let now: readonly string[] = [];
  let over = false;
  const looking = (async () => {
    while (!over) {
      const alerts = await alertsAt(prometheus).catch(() => undefined);
      now = alerts ? [...alerts.keys()] : now;
      for (const [alert, state] of alerts ?? []) if (state === "firing") fired.add(alert);
      await sleep(LOOK_MS);
    }
  })();
  return {
    fired,
    stop: () => void (over = true),
    /** Waits until none is even pending; those that still are after so long. */
    async settle(seconds: number, signal: AbortSignal): Promise<readonly string[]> {
      const end = performance.now() + 1000 * seconds;
      await sleep(WELL_MS);
      while (now.length > 0 && performance.now() < end && !signal.aborted) await sleep(LOOK_MS);
      over = true;
      await looking;
      signal.throwIfAborted();
      return now;
    },
  };
}

/**
 * Seconds from the end of the fault until the exporter was ready and answered, look after look;
 * undefined when that does not come in time.
 */
async function recovery(
  well: () => Promise<boolean>,
  end: number,
  most: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  let wellSince = Infinity;
  while (Date.now() - wellSince < WELL_MS || wellSince === Infinity) {
    signal.throwIfAborted();
    const started = Date.now();
    wellSince = (await well()) ? Math.min(wellSince, started) : Infinity;
    if (wellSince === Infinity && Date.now() - end > 1000 * most) return undefined;
    await sleep(LOOK_MS);
  }
  return Math.max(0, wellSince - end) / 1000;
}

/** Whether the exporter is ready, answers, and uses its Redis. */
async function isWell({ exporter }: DrillStack, withRedis: boolean): Promise<boolean> {
  const signal = AbortSignal.timeout(WELL_MS);
  const asked = { method: "POST", headers: { "Content-Type": "application/json" }, signal };
  try {
    const answers = await Promise.all([
      fetch(`${exporter}/readyz`, { signal }),
      fetch(`${exporter}/v1/sentiment`, { ...asked, body: '{"messages": ["how good it is"]}' }),
    ]);
    const [state] = await Promise.all(answers.map((answer) => answer.text()));
    const isReady = answers.every(({ ok }) => ok) && !state?.includes('"degraded"');
    if (!withRedis || !isReady) return isReady;
    // A tier that is away has no such value.
    const metrics = await (await fetch(`${exporter}/metrics`, { signal })).text();
    return /^headroom_cache_entries\{.*tier="redis"/m.test(metrics);
  } catch {
    return false;
  }
}

import { isBroken } from "../../alerts/headroom.ts";
import type { RunCheck } from "./assessment.ts";
import { formatBytes, formatSeconds, formatValue } from "./format.ts";
import type { Measurements } from "./measurements.ts";
import type { Verdict } from "./verdicts.ts";

/** One number of users, and what came of it. */
export interface Step {
  readonly users: number;
  readonly measurements: Measurements;
  readonly verdicts: readonly Verdict[];
  readonly checks: readonly RunCheck[];
}

/**
 * How a sweep ended: at a limit, after its last step, out of time, without enough answers to judge by,
 * because it was told to stop, or with something that must not happen.
 */
export type SweepEnd =
  | { readonly kind: "limit" | "last" | "time" | "evidence" | "stopped" }
  | { readonly kind: "failed"; readonly check: RunCheck };

/** What a sweep found: its steps by their number of users; those that broke a limit are the last. */
export interface Sweep {
  readonly steps: readonly Step[];
  readonly end: SweepEnd;
}

/** The place of the last step that stayed within the limits; -1 when none did. */
export function lastWithin({ steps, end }: Sweep): number {
  if (end.kind === "last" || end.kind === "time") return steps.length - 1;
  return end.kind === "limit" ? steps.findLastIndex((step) => !isOver(step)) : steps.length - 2;
}

/** Whether a step broke a limit. */
const isOver = ({ verdicts }: Pick<Step, "verdicts">): boolean =>
  verdicts.some(({ status }) => status === "broken");

/** The step that a report is about beside its sweep: the last within the limits, or the first. */
export const shownStep = (sweep: Sweep): Step => sweep.steps[Math.max(0, lastWithin(sweep))]!;

/** "1 user", "8 users". */
export const usersInWords = (users: number): string => `${users} user${users === 1 ? "" : "s"}`;

/** What the sweep found, in one or two sentences. Only what was measured is said. */
export function sweepInWords(sweep: Sweep): string {
  const { steps, end } = sweep;
  const best = steps[lastWithin(sweep)];
  // Where limits broke, the least number of users at which they did.
  const last = steps[lastWithin(sweep) + 1] ?? steps.at(-1)!;
  const within = best && `${bearing(best.users)} within your limits`;
  switch (end.kind) {
    case "last":
      return `${within}; more were not tried.`;
    case "time":
      return `${within}; the time was over before more were tried.`;
    case "limit": {
      const why = brokenInWords(last.verdicts);
      if (within) return `${within}; at ${last.users}, ${why}.`;
      const all = last.users === 1 ? "Not even one user stays" : `${last.users} users do not stay`;
      return `${all} within your limits: ${why}.`;
    }
    case "evidence": {
      const { chat, run } = last.measurements;
      const few =
        `only ${chat?.firstToken.count ?? 0} streamed answers came in ${formatSeconds(run.seconds)}, ` +
        "too few to judge (a longer --duration gives more)";
      return within
        ? `${within}; at ${last.users}, ${few}.`
        : `At ${usersInWords(last.users)}, ${few}.`;
    }
    case "stopped":
      return `The sweep was stopped at ${usersInWords(last.users)}. ${within ?? "No step was whole"}.`;
    case "failed": {
      const { title, found } = end.check;
      const before = within ? ` Before, ${lowerFirst(within)}.` : "";
      return `The sweep ended with an error at ${usersInWords(last.users)}: not so: ${lowerFirst(title)} (${found}).${before}`;
    }
  }
}

/** What a load of one rate, or of one number of users, came to. `load` is what it was, in words. */
export function chatInWords(load: string, verdicts: readonly Verdict[]): string {
  if (verdicts.some(({ status }) => status === "broken")) {
    return `At ${load}, ${brokenInWords(verdicts)}.`;
  }
  const hasEvidence = verdicts.some(
    ({ limit, status }) => limit.id === "first_token_p95" && status === "within",
  );
  if (!hasEvidence) return `At ${load}, too few answers came to judge.`;
  return `${load} ${load.startsWith("1 user") ? "stays" : "stay"} within your limits.`;
}

const bearing = (users: number): string =>
  users === 1 ? "1 user stays" : `${users} users at once stay`;

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Causes before what follows from them: goodput falls when times or errors rise. */
const ORDER = ["first_token_p95", "output_token_p95", "error_ratio", "goodput"];

/** The limit that broke, by what a user notices of it. The warning breaks first. */
function brokenInWords(verdicts: readonly Verdict[]): string {
  const place = ({ limit: { id } }: Verdict) =>
    (ORDER.indexOf(id) + ORDER.length + 1) % (ORDER.length + 1);
  const [broken] = verdicts
    .filter(({ limit, observed }) => isBroken(limit, observed))
    .sort((a, b) => place(a) - place(b) || edgeOf(a) - edgeOf(b));
  if (!broken) return "a limit broke";
  const { limit, observed } = broken;
  const edge = formatValue(edgeOf(broken), limit.unit, limit.id);
  const allowed = `(limit ${edge})`;
  const rounded = formatValue(observed, limit.unit, limit.id);
  // At its limit a value looks like it, and is as broken.
  const value = rounded === edge ? `no less than ${edge}` : rounded;
  switch (limit.id) {
    case "first_token_p95":
      return `the first token takes ${value} ${allowed}`;
    case "output_token_p95":
      return `each further token takes ${value} ${allowed}`;
    case "error_ratio":
      return `${rounded} of the requests fail ${allowed}`;
    case "goodput":
      return `only ${rounded} of the requests meet the limits ${allowed}`;
    default:
      return `${lowerFirst(limit.title)} is ${rounded} ${allowed}`;
  }
}

const edgeOf = ({ limit }: Verdict): number =>
  limit.bound === "lower" ? limit.lower : limit.upper;

/**
 * The knee: the step with the most power, which is throughput over response time (Kleinrock, "On flow
 * control in computer networks", 1978). Beyond it users wait longer for little more.
 *
 * @returns its place; undefined with fewer than three steps that were answered
 */
export function kneeOf({ steps }: Sweep): number | undefined {
  const powers = steps.map(({ measurements: { chat } }) =>
    chat && chat.answers > 0 ? chat.outputTokensPerSecond / chat.latency.mean : 0,
  );
  if (powers.filter((power) => power > 0).length < 3) return undefined;
  return powers.indexOf(Math.max(...powers));
}

/** Most memory of the model server where it is on this machine, else of the exporter. */
export function memoryInWords({ memory: { peakBytes } }: Measurements): string {
  const bytes = peakBytes.upstream ?? peakBytes.process;
  return bytes === undefined ? "-" : formatBytes(bytes);
}

/** Whether a step stayed within the limits, in a word. */
export function stepInWords(sweep: Sweep, place: number): string {
  if (place <= lastWithin(sweep)) return kneeOf(sweep) === place ? "within, the knee" : "within";
  const { kind } = sweep.end;
  return { limit: "BROKEN", failed: "FAILED", evidence: "too few", stopped: "stopped" }[
    kind as "limit"
  ];
}

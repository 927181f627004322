import { execFile } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { graceSeconds } from "../plan/k6-options.ts";
import type { Limit } from "@headroom/alerts/limits";
import type { Profile } from "../plan/profiles.ts";
import { CouldNotRun } from "./could-not-run.ts";
import { spawnTied } from "./tied-process.ts";

/** What one run of k6 needs to know. */
export interface K6Run {
  readonly k6: string;
  readonly profile: Profile;
  readonly target: string;
  readonly firstMessage: number;
  readonly token?: string | undefined;
  readonly prometheusWriteUrl?: string | undefined;
  /** Those that the exporter holds to; Headroom's own when absent. */
  readonly limits?: readonly Limit[] | undefined;
  /** The host that may be put under load besides this machine. */
  readonly allowRemote?: string | undefined;
  /** Files that k6 writes; its dashboard only when it is named. */
  readonly summary: string;
  readonly html?: string | undefined;
  readonly log: string;
  /** For every measured value a line of JSON with its time; without a name, none is written. */
  readonly samples?: string;
  /** Which part of the load this k6 makes, of how many; all of it when absent. */
  readonly segment?: { readonly index: number; readonly of: number };
  readonly signal?: AbortSignal | undefined;
}

/** How k6 ended. */
export interface K6End {
  readonly code: number | null;
  readonly killedBy: NodeJS.Signals | null;
  /** Whether it was asked to stop before its time. */
  readonly stopped: boolean;
  /** Cores that it took on average; absent where that is not known. */
  readonly cores?: number;
}

/** k6 stops at a signal within its grace time; much later it hangs. */
const killAfterMs = ({ profile, limits }: K6Run): number =>
  (graceSeconds(profile, limits) + 10) * 1_000;
/** Time for starting up and writing the summary, beyond the profile's own. */
const SPARE_MS = 60_000;

const THRESHOLD_CROSSED = 99;
const INTERRUPTED = 105;

const script = (profile: Profile): string =>
  fileURLToPath(new URL(`../profiles/${profile.name}.ts`, import.meta.url));

function environmentOf(run: K6Run): NodeJS.ProcessEnv {
  return {
    ...process.env,
    HEADROOM_TARGET: run.target,
    HEADROOM_DURATION: String(run.profile.durationSeconds),
    HEADROOM_FIRST_MESSAGE: String(run.firstMessage),
    HEADROOM_SUMMARY: run.summary,
    HEADROOM_TOKEN: run.token ?? "",
    HEADROOM_CHAT: run.profile.chat ? JSON.stringify(run.profile.chat) : "",
    HEADROOM_LIMITS: run.limits ? JSON.stringify(run.limits) : "",
    HEADROOM_ALLOW_REMOTE: run.allowRemote ?? "",
    K6_NO_USAGE_REPORT: "true",
    ...(run.html !== undefined && {
      K6_WEB_DASHBOARD: "true",
      // No port: only the file at the end. With its usual period of 10 s short runs have none.
      K6_WEB_DASHBOARD_PORT: "-1",
      K6_WEB_DASHBOARD_PERIOD: "1s",
      K6_WEB_DASHBOARD_EXPORT: run.html,
    }),
    // With the default ones but those that repeat the script, and with what went wrong.
    ...(run.samples !== undefined && { K6_SYSTEM_TAGS: "status,name,error_code" }),
    ...(run.prometheusWriteUrl && {
      K6_PROMETHEUS_RW_SERVER_URL: run.prometheusWriteUrl,
      K6_PROMETHEUS_RW_TREND_STATS: "p(95),p(99),avg,max",
      K6_PROMETHEUS_RW_PUSH_INTERVAL: "1s",
    }),
  };
}

/**
 * The version that `k6 version` prints.
 *
 * @throws Error when it does not run or prints something else
 */
export async function k6Version(k6: string): Promise<string> {
  const { stdout } = await promisify(execFile)(k6, ["version"]);
  const version = /^k6 v(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1];
  if (!version) throw new Error(`it printed "${stdout.slice(0, 80)}"`);
  return version;
}

/**
 * k6's options for one part of a load, as k6-operator gives them to its pods: together the parts make
 * the whole, and `iterationInTest` numbers their iterations without a gap and without a repetition.
 */
export function segmentArguments({ index, of }: NonNullable<K6Run["segment"]>): readonly string[] {
  const edges = Array.from({ length: of + 1 }, (_, i) =>
    i === 0 || i === of ? i / of : `${i}/${of}`,
  );
  return [
    ...["--execution-segment", `${edges[index]}:${edges[index + 1]}`],
    ...["--execution-segment-sequence", edges.join(",")],
  ];
}

/**
 * Runs k6 to its end. Aborting the signal interrupts it, by its process id; it then still writes
 * its summary.
 */
export async function runK6(run: K6Run): Promise<K6End> {
  const outputs = [
    ...(run.prometheusWriteUrl ? ["--out", "experimental-prometheus-rw"] : []),
    ...(run.samples === undefined ? [] : ["--out", `json=${run.samples}`]),
    ...(run.segment ? segmentArguments(run.segment) : []),
  ];
  // Ctrl-C in the terminal does not reach it: a second interrupt makes it end without a summary.
  const child = spawnTied(
    run.k6,
    ["run", "--quiet", "--no-color", "--address", "", ...outputs, script(run.profile)],
    { env: environmentOf(run), stdio: ["ignore", "pipe", "pipe"] },
  );
  const log = createWriteStream(run.log);
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const timers: NodeJS.Timeout[] = [];
  let stopped = false;
  const stop = () => {
    if (stopped) return;
    stopped = true;
    child.kill("SIGINT");
    timers.push(setTimeout(() => child.kill("SIGKILL"), killAfterMs(run)));
  };
  timers.push(setTimeout(stop, run.profile.durationSeconds * 1_000 + killAfterMs(run) + SPARE_MS));
  run.signal?.addEventListener("abort", stop, { once: true });
  if (run.signal?.aborted) stop();
  const started = performance.now();
  let cores: number | undefined;
  // A process that has ended cannot be asked any more.
  const sampling = setInterval(async () => {
    const seconds = child.pid === undefined ? undefined : await processorSeconds(child.pid);
    if (seconds !== undefined) cores = (1_000 * seconds) / (performance.now() - started);
  }, 1_000);
  try {
    const [code, killedBy] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    return { code, killedBy, stopped, ...(cores !== undefined && { cores }) };
  } finally {
    clearInterval(sampling);
    timers.forEach(clearTimeout);
    run.signal?.removeEventListener("abort", stop);
    log.end();
  }
}

const LAST_LINES = 8;

/**
 * Refuses an end that leaves no figures: bad options, a script that does not load, a crash.
 *
 * @throws CouldNotRun with the last lines of k6's log
 */
export async function requireFigures(end: K6End, logFile: string): Promise<void> {
  if (end.code === 0 || end.code === THRESHOLD_CROSSED || end.code === INTERRUPTED) return;
  const lines = (await readFile(logFile, "utf8").catch(() => "")).trim().split("\n");
  throw new CouldNotRun(
    "k6 ended without figures",
    `exit code ${end.code ?? "none"}${end.killedBy ? `, killed by ${end.killedBy}` : ""}; ` +
      `the last lines of ${logFile} are:\n${lines.slice(-LAST_LINES).join("\n")}\n`,
    "Look there for the cause",
  );
}

/** Clock ticks of a second in /proc on every Linux that Node runs on (sysconf(_SC_CLK_TCK)). */
const TICKS = 100;

/**
 * Processor seconds that a process has taken (proc(5), stat: utime and stime).
 *
 * @returns undefined when it is gone, and where there is no /proc
 */
export async function processorSeconds(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return stat === undefined ? undefined : secondsOf(stat);
}

/** The same of what such a file says; the name before may hold spaces and parentheses. */
export function secondsOf(stat: string): number | undefined {
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13)
    .map(Number);
  const seconds = (user! + system!) / TICKS;
  return Number.isFinite(seconds) ? seconds : undefined;
}

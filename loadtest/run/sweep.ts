import { type ChatLoad, stepsTo } from "../plan/chat-load.ts";
import { withChat } from "../plan/profiles.ts";
import { lastWithin, type Step, type Sweep, type SweepEnd, usersInWords } from "../report/sweep.ts";
import type { ReadyChat } from "./chat-server.ts";
import type { Preflight } from "./preflight.ts";
import { type Loaded, type Loading, putLoad } from "./put-load.ts";

/** Answers that a step is long enough for: a P95 takes 20, and the pace of the step before is a guess. */
const WANTED_ANSWERS = 25;

/** A step is never shorter, so that it is more than its beginning. */
const LEAST_SECONDS = 8;

/** Where no more than this share more users broke a limit, nothing between is tried. */
const CLOSE_ENOUGH = 0.25;

/** Nor longer, unless the whole sweep may take more than four of them. */
const MOST_SECONDS = 30;

/**
 * Measures one number of users after the other until a limit breaks, which is the result and no failure, and
 * then, while there is time, numbers between the last that bore it and the first that did not.
 *
 * @param numbers - of users, rising
 * @param seconds - that all steps may take, that one request takes while nothing else runs, and that a user
 *   thinks after it
 * @param measureStep - puts the load of so many users on for so many seconds
 */
export async function sweepUsers(
  numbers: readonly number[],
  seconds: { readonly all: number; readonly request: number; readonly think?: number },
  measureStep: (users: number, seconds: number, number: number) => Promise<Loaded>,
): Promise<{ readonly sweep: Sweep; readonly loads: readonly Loaded[] }> {
  const done: { readonly step: Step; readonly load: Loaded }[] = [];
  let [left, request] = [seconds.all, seconds.request];
  const most = Math.max(MOST_SECONDS, Math.floor(seconds.all / 4));

  /** @returns undefined where there is no time left for it; the first takes what there is */
  async function measure(users: number): Promise<Loaded | undefined> {
    const length = Math.min(stepSeconds(users, request + (seconds.think ?? 0), most), left);
    if (done.length > 0 && length < LEAST_SECONDS) return undefined;
    const load = await measureStep(users, length, done.length);
    const { measurements, verdicts, checks } = load;
    done.push({ step: { users, measurements, verdicts, checks }, load });
    left -= length;
    request = measurements.chat?.latency.mean ?? request;
    return load;
  }

  async function rise(): Promise<SweepEnd> {
    for (const users of numbers) {
      const isFirst = done.length === 0;
      const load = await measure(users);
      if (!load) return { kind: "time" };
      const end = endAfter(load, isFirst);
      if (end) return end;
    }
    return { kind: "last" };
  }

  let end = await rise();
  let [within, over] = [done.at(-2)?.step.users ?? 0, done.at(-1)!.step.users];
  while (end.kind === "limit" && within > 0 && over - within > Math.max(1, within * CLOSE_ENOUGH)) {
    const users = Math.round((within + over) / 2);
    const load = await measure(users);
    if (!load) break;
    const found = endAfter(load, false);
    if (found?.kind === "failed") {
      // What must not happen is told, and not the limit beyond it.
      end = found;
      done.splice(0, Infinity, ...done.filter(({ step }) => step.users <= users));
    } else if (found && found.kind !== "limit") {
      // It tells nothing; what was found before holds.
      done.pop();
      break;
    }
    if (found) over = users;
    else within = users;
  }
  done.sort((a, b) => a.step.users - b.step.users);
  return {
    sweep: { steps: done.map(({ step }) => step), end },
    loads: done.map(({ load }) => load),
  };
}

/** Whole seconds within which so many users get the wanted answers, at the pace of the step before. */
function stepSeconds(users: number, requestSeconds: number, most: number): number {
  const wanted = Math.ceil((WANTED_ANSWERS * requestSeconds) / users);
  return Math.min(most, Math.max(LEAST_SECONDS, wanted));
}

function endAfter(
  { measurements, verdicts, checks }: Loaded,
  isFirst: boolean,
): SweepEnd | undefined {
  if (!measurements.complete) return { kind: "stopped" };
  const broken = verdicts.filter(({ status }) => status === "broken");
  // More users than before may leave a server without an answer; a single one must get some.
  const isOverload = !isFirst && broken.length > 0;
  const check = checks.find(({ holds, about }) => !holds && !(about === "load" && isOverload));
  if (check) return { kind: "failed", check };
  if (broken.length > 0) return { kind: "limit" };
  const hasEvidence = verdicts.some(
    ({ limit, status }) => limit.id === "first_token_p95" && status === "within",
  );
  return hasEvidence ? undefined : { kind: "evidence" };
}

/** What of a sweep a report shows: the last step within the limits, or the first when none was. */
export interface Swept {
  readonly load: Loaded;
  readonly log: string;
  readonly sweep: Sweep;
  readonly notes: readonly string[];
}

/** Another step has other prompts. */
const PROMPTS_APART = 100_000;

/** Puts one number of users after the other on the exporter, each as a load of its own. */
export async function putSweep(
  ready: Preflight,
  { load, secondsAlone }: ReadyChat,
  loading: Omit<Loading, "files">,
  inFolder: (name: string) => string,
): Promise<Swept> {
  const { profile } = ready;
  const seconds = {
    all: profile.durationSeconds,
    request: secondsAlone,
    think: thinkSecondsOf(load),
  };
  const logOf = (users: number) => inFolder(`k6-${users}-users.log`);
  const { sweep, loads } = await sweepUsers(
    stepsTo(load.mostUsers ?? 1),
    seconds,
    (users, durationSeconds, i) =>
      putLoad(withChat(profile, withUsers(load, users), durationSeconds), ready, {
        ...loading,
        firstMessage: loading.firstMessage + i * PROMPTS_APART,
        files: { summary: inFolder(`k6-${users}-users.json`), log: logOf(users) },
      }),
  );
  const shown = Math.max(0, lastWithin(sweep));
  return {
    load: loads[shown]!,
    log: logOf(sweep.steps[shown]!.users),
    sweep,
    notes: loads.flatMap(({ notes }, i) =>
      notes.map((note) => `at ${usersInWords(sweep.steps[i]!.users)}: ${note}`),
    ),
  };
}

const withUsers = (load: ChatLoad, users: number): ChatLoad => ({
  ...load,
  arrival: { kind: "users", users, thinkSeconds: thinkSecondsOf(load) },
});

const thinkSecondsOf = ({ arrival }: ChatLoad): number =>
  arrival.kind === "users" ? arrival.thinkSeconds : 0;

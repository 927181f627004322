import { seeksLimit, type Profile } from "../plan/profiles.ts";
import type { AskedAnswer } from "../run/ask-status.ts";
import type { Assessment, RunCheck } from "./assessment.ts";
import type { Gain, Machine } from "./baseline.ts";
import type { Measurements } from "./measurements.ts";
import type { Identity } from "./snapshot.ts";

/**
 * All that is known about a run. Saved as JSON, where a number that could not be measured is null.
 */
export interface Report extends Assessment {
  /** Version of this shape. */
  readonly version: 3;
  readonly profile: Profile;
  /** When the load began, ISO 8601. */
  readonly startedAt: string;
  readonly target: string;
  /** Number of the first message; the same number sends the same messages again. */
  readonly firstMessage: number;
  readonly exporter: Identity;
  readonly machine: Machine;
  readonly k6Version: string;
  readonly measurements: Measurements;
  readonly gains: readonly Gain[];
  /** The answer to each status scenario, asked for once after the load; absent when none was. */
  readonly statusAnswers?: readonly AskedAnswer[];
  /** What went wrong beside the load, in words. */
  readonly notes: readonly string[];
  /** Files of this run, as absolute paths. */
  readonly files: Readonly<Record<"json" | "markdown" | "k6Log", string>> & {
    /** k6's own dashboard; absent when the run was too short for one. */
    readonly html?: string;
  };
}

/** Whether anything in the report was made up by a simulated engine. */
export function isSimulated({ exporter, profile, statusAnswers = [] }: Report): boolean {
  const askedChat = profile.status !== undefined && exporter.chat?.engine === "simulated";
  return exporter.simulated || askedChat || statusAnswers.some(({ simulated }) => simulated);
}

/**
 * The conditions of the run itself that do not hold, so that its figures cannot be trusted. The
 * profile that looks for a limit may leave requests out when it finds it.
 */
export function failedChecks({ checks, profile }: Report): readonly RunCheck[] {
  return checks.filter(({ holds, about }) => !holds && !(seeksLimit(profile) && about === "load"));
}

/**
 * The exit code of a run: 0 within limits, 1 when a limit is broken or the answers cannot be
 * trusted, 2 when the run was stopped before its time and nothing is broken so far.
 *
 * The profile that looks for a limit only fails on wrong answers.
 */
export function exitCode(report: Report): 0 | 1 | 2 {
  const untrusted = failedChecks(report).length > 0;
  const broken = report.verdicts.some(({ status }) => status === "broken");
  if (untrusted || (broken && !seeksLimit(report.profile))) return 1;
  return report.measurements.complete ? 0 : 2;
}

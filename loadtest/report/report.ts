import { seeksLimit, type Profile } from "../plan/profiles.ts";
import type { AskedAnswer } from "../run/ask-status.ts";
import type { ChatServer } from "../run/chat-server.ts";
import type { Assessment, RunCheck } from "./assessment.ts";
import type { Gain, Machine } from "./baseline.ts";
import type { Measurements } from "./measurements.ts";
import { lastWithin, type Sweep } from "./sweep.ts";
import type { Identity } from "./snapshot.ts";

/**
 * All that is known about a run. Saved as JSON, where a number that could not be measured is null.
 */
export interface Report extends Assessment {
  /** Version of this shape. */
  readonly version: 4;
  readonly profile: Profile;
  /** When the load began, ISO 8601. */
  readonly startedAt: string;
  readonly target: string;
  /** Number of the first message; the same number sends the same messages again. */
  readonly firstMessage: number;
  readonly exporter: Identity;
  /** Who answered the chat requests, of a profile that sends some. */
  readonly chatServer?: ChatServer;
  readonly machine: Machine;
  /** How many exporters and load pods there were; absent where both are one process. */
  readonly fleet?: { readonly exporters: number; readonly pods: number };
  readonly k6Version: string;
  readonly measurements: Measurements;
  /** The steps of a sweep; all else is then of the last step within the limits, or of its only one. */
  readonly sweep?: Sweep;
  readonly gains: readonly Gain[];
  /** The answer to each status scenario, asked for once after the load; absent when none was. */
  readonly statusAnswers?: readonly AskedAnswer[];
  /** What went wrong beside the load, in words. */
  readonly notes: readonly string[];
  /** Files of this run, as absolute paths. */
  readonly files: Readonly<Record<"json" | "markdown", string>> & {
    /** Absent where each pod has its own. */
    readonly k6Log?: string;
    /** k6's own dashboard, absent when the run was too short for one; of a sweep, a page of its own. */
    readonly html?: string;
    /** The chart of a sweep. */
    readonly chart?: string;
  };
}

/** What a terminal shows of a report; k6 alone knows neither the machine nor files. */
export type Shown = Omit<Report, "version" | "machine" | "k6Version" | "files"> &
  Partial<Pick<Report, "machine" | "k6Version" | "files">>;

/** Whether anything in the report was made up by a simulated engine. */
export function isSimulated(report: Shown): boolean {
  const { exporter, profile, chatServer, statusAnswers = [] } = report;
  if (chatServer) return chatServer.simulated;
  const askedChat = profile.status !== undefined && exporter.chat?.engine === "simulated";
  return exporter.simulated || askedChat || statusAnswers.some(({ simulated }) => simulated);
}

/**
 * The conditions of the run itself that do not hold, so that its figures cannot be trusted. The
 * profile that looks for a limit may leave requests out when it finds it.
 */
export function failedChecks({ checks, profile }: Shown): readonly RunCheck[] {
  return checks.filter(({ holds, about }) => !holds && !(seeksLimit(profile) && about === "load"));
}

/**
 * The exit code of a run: 0 within limits, 1 when a limit is broken or the answers cannot be
 * trusted, 2 when the run was stopped before its time and nothing is broken so far.
 *
 * The profile that looks for a limit only fails on wrong answers.
 */
export function exitCode(report: Shown): 0 | 1 | 2 {
  const untrusted = failedChecks(report).length > 0;
  const { sweep } = report;
  if (sweep?.end.kind === "failed") return 1;
  if (sweep?.end.kind === "stopped") return 2;
  // Too few answers to say whether even one user fits.
  if (sweep?.end.kind === "evidence" && lastWithin(sweep) < 0) return 2;
  const broken = report.verdicts.some(({ status }) => status === "broken");
  if (untrusted || (broken && !seeksLimit(report.profile))) return 1;
  return report.measurements.complete ? 0 : 2;
}

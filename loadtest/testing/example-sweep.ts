import { profile, withChat } from "../plan/profiles.ts";
import { assess } from "../report/assessment.ts";
import type { ChatFigures } from "../report/k6-figures.ts";
import { measure } from "../report/measurements.ts";
import type { Step } from "../report/sweep.ts";
import { EXAMPLE_LIMITS, exampleFigures, exampleSnapshot } from "./example-run.ts";

const times = (seconds: number, count: number) => ({
  mean: seconds,
  p50: seconds,
  p90: seconds,
  p95: seconds,
  p99: seconds,
  max: seconds,
  count,
});

/** What differs between the steps of an example. */
export interface StepChange {
  readonly firstToken?: number;
  readonly outputToken?: number;
  readonly answers?: number;
  readonly failed?: number;
  readonly goodput?: number;
  readonly seconds?: number;
  readonly wrongAnswers?: number;
  readonly complete?: boolean;
}

/** One step of a sweep for tests: so many users, whose answers of 100 tokens take 2 s and more. */
export function exampleStep(users: number, change: StepChange = {}): Step {
  const { firstToken = 0.2, outputToken = 0.02, failed = 0, goodput = 1, seconds = 12 } = change;
  const { answers = 40, wrongAnswers = 0, complete = true } = change;
  const { chat } = profile("sweep");
  const load = { ...chat!, arrival: { kind: "users", users, thinkSeconds: 0 } as const };
  const used = withChat(profile("sweep"), load, seconds);
  const figures: ChatFigures = {
    requests: answers + failed,
    wellMeant: answers + failed,
    failed,
    refused: 0,
    dropped: 0,
    answers,
    usageMissing: 0,
    pieces: 100 * answers,
    latency: times(2 + firstToken, answers),
    firstToken: times(firstToken, answers),
    outputToken: times(outputToken, answers),
    goodput,
    inputTokens: 256,
    outputTokens: 100,
    finishes: { stop: answers, length: 0, other: 0 },
    inTime: { requests: answers, inputTokens: 256 * answers, outputTokens: 100 * answers },
  };
  const { sentiment: _, ...run } = exampleFigures({
    seconds,
    checks: [{ name: "shape", passes: answers - wrongAnswers, fails: wrongAnswers }],
  });
  const measurements = measure({
    profile: used,
    complete,
    k6: { ...run, chat: figures },
    snapshots: [exampleSnapshot(0, 0), exampleSnapshot(seconds, 1)],
    answersAfter: true,
  });
  const { verdicts, checks } = assess(used, measurements, EXAMPLE_LIMITS);
  return { users, measurements, verdicts, checks };
}

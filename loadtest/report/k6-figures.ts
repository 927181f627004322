import { FALLBACK_REASONS, type FallbackReason } from "../plan/answers.ts";
import { FINISHES, METRICS, REQUESTS, SCENARIOS, scenarioTag, series } from "../plan/k6-metrics.ts";
import {
  type Profile,
  scenariosIn,
  type SentimentLoad,
  type StatusLoad,
} from "../plan/profiles.ts";

/** Everything that k6 counted. */
export interface K6Figures extends RunFigures {
  readonly sentiment?: SentimentFigures;
  readonly status?: StatusFigures;
  readonly chat?: ChatFigures;
}

/** What k6 counted over the whole run, whatever it asked. */
export interface RunFigures {
  /** How long the run took. */
  readonly seconds: number;
  /** Iterations that could not start because every virtual user was still waiting. */
  readonly dropped: number;
  /** Iterations that ended with an exception. */
  readonly exceptions: number;
  /** Checks of the answers, with how often each held and did not. */
  readonly checks: readonly { name: string; passes: number; fails: number }[];
}

/** What k6 counted of the messages. */
export type SentimentFigures = ReturnType<typeof sentimentFigures>;

/** What k6 counted of the status requests. */
export type StatusFigures = ReturnType<typeof statusFigures>;

/** What k6 counted of the chat requests. */
export type ChatFigures = ReturnType<typeof chatFigures>;

/** What k6 counted of one status scenario. */
export type ScenarioFigures = StatusFigures["scenarios"][number];

/** The JSON that `lib/script.ts` writes. */
interface SummaryFile {
  readonly seconds: number;
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly checks: RunFigures["checks"];
}

/**
 * Reads the figures that the k6 script of `profile` wrote at its end. Times become seconds.
 *
 * @throws SyntaxError when `json` is not such a summary
 */
export function readK6Figures(json: string, { sentiment, status, chat }: Profile): K6Figures {
  const { seconds, metrics, checks } = JSON.parse(json) as Partial<SummaryFile>;
  if (typeof seconds !== "number" || !metrics || !Array.isArray(checks)) {
    throw new SyntaxError("the k6 summary lacks seconds, metrics or checks");
  }
  const summary = new Summary(metrics);
  return {
    seconds,
    dropped: summary.count("dropped_iterations"),
    exceptions: summary.count(METRICS.exceptions),
    checks,
    ...(sentiment && { sentiment: sentimentFigures(summary, sentiment) }),
    ...(status && { status: statusFigures(summary, status) }),
    ...(chat && { chat: chatFigures(summary) }),
  };
}

/** k6's metrics by name. One that is missing counts as empty. */
class Summary {
  readonly #metrics: SummaryFile["metrics"];

  constructor(metrics: SummaryFile["metrics"]) {
    this.#metrics = metrics;
  }

  /** A number of a metric: the count of a counter or trend unless another is named. */
  count(metric: string, name = "count"): number {
    return this.#metrics[metric]?.[name] ?? 0;
  }

  /** A statistic of a trend or rate; NaN when it is empty. `values` is the trend that counts them. */
  statistic(metric: string, name: string, values = metric): number {
    return this.count(values) === 0 ? Number.NaN : (this.#metrics[metric]?.[name] ?? Number.NaN);
  }

  /** The times of answers and of missed deadlines as the client sees them; k6 has milliseconds. */
  latency(tags: Readonly<Record<string, string>>) {
    return this.times(series(METRICS.answerDuration, tags));
  }

  /** The times of a trend in seconds. */
  times(metric: string) {
    const seconds = (name: string) => this.statistic(metric, name) / 1_000;
    return {
      mean: seconds("avg"),
      p50: seconds("med"),
      p90: seconds("p(90)"),
      p95: seconds("p(95)"),
      p99: seconds("p(99)"),
      max: seconds("max"),
    };
  }
}

function requestFigures(summary: Summary, kind: keyof typeof REQUESTS) {
  const tags = REQUESTS[kind];
  const errors = series(METRICS.requestErrors, tags);
  // k6 counts what is true as a "pass", and here an error is true.
  const failed = summary.count(errors, "passes");
  return {
    /** Requests that were sent. */
    requests: summary.count(series("http_reqs", tags)),
    /** Of these, the ones that were answered or are errors; not those that the client got wrong. */
    wellMeant: failed + summary.count(errors, "fails"),
    /** Of the well-meant ones, the errors, refused ones included. See `OUTCOME_MEANS`. */
    failed,
    /** Requests answered with 503. */
    refused: summary.count(series(METRICS.requestsRefused, tags)),
    /** Requests that were not sent because every virtual user was still waiting. */
    dropped: summary.count(series("dropped_iterations", { scenario: SCENARIOS[kind] })),
    latency: summary.latency(tags),
  };
}

function sentimentFigures(summary: Summary, { attribution }: SentimentLoad) {
  const quality = (metric: string, inRange: string) => ({
    /** Those that have an attribution. */
    messages: summary.count(metric),
    mean: summary.statistic(metric, "avg"),
    /** Share of the messages within the limit. */
    inRange: summary.statistic(inRange, "rate", metric),
  });
  return {
    ...requestFigures(summary, "sentiment"),
    messages: {
      sent: summary.count(METRICS.messagesSent),
      answered: summary.count(METRICS.messagesAnswered),
      cached: summary.count(METRICS.messagesCached),
    },
    ...(attribution !== "none" && {
      attribution: {
        method: attribution,
        entropy: quality(METRICS.entropy, METRICS.entropyInRange),
        sparsity: quality(METRICS.sparsity, METRICS.sparsityInRange),
        /** Share of the messages within both limits, as the quality map counts them. */
        bothInRange: summary.statistic(METRICS.bothInRange, "rate", METRICS.entropy),
        undefined: summary.count(METRICS.attributionUndefined),
      },
    }),
  };
}

function statusFigures(summary: Summary, { mix }: StatusLoad) {
  const fallbacks = FALLBACK_REASONS.map((reason) => [
    reason,
    summary.count(series(METRICS.statusFallbacks, { reason })),
  ]);
  return {
    ...requestFigures(summary, "status"),
    /** By scenario, in the order of the targets' list; only those of the profile's mix. */
    scenarios: scenariosIn(mix).map((scenario) => {
      const tags = scenarioTag(scenario);
      return {
        scenario,
        requests: summary.count(series("http_reqs", tags)),
        latency: summary.latency(tags),
        /** Answers that passed every check. */
        answers: summary.count(series(METRICS.statusAnswers, tags)),
        cached: summary.count(series(METRICS.statusCached, tags)),
        /** Answers whose summary a model arranged. */
        fromModel: summary.count(series(METRICS.statusFromModel, tags)),
      };
    }),
    /** Answers whose summary is the findings' own, by why. */
    fallbacks: Object.fromEntries(fallbacks) as Record<FallbackReason, number>,
    /** Mean of the times that the answers themselves tell, in seconds; NaN without answers. */
    toldMeanSeconds: summary.statistic(METRICS.statusSeconds, "avg"),
  };
}

function chatFigures(summary: Summary) {
  const answers = summary.count(METRICS.chatAnswers);
  const timesOf = (metric: string) => ({ ...summary.times(metric), count: summary.count(metric) });
  const { latency, ...requests } = requestFigures(summary, "chat");
  return {
    ...requests,
    /** Answers that came whole, and how many of them did not say how many tokens they took. */
    answers,
    usageMissing: summary.count(METRICS.chatUsageMissing),
    /** Pieces of content in all answers. */
    pieces: summary.count(METRICS.chatPieces),
    /** Times as the client sees them, each with of how many answers. */
    latency: { ...latency, count: summary.count(series(METRICS.answerDuration, REQUESTS.chat)) },
    firstToken: timesOf(METRICS.firstToken),
    outputToken: timesOf(METRICS.outputToken),
    /** Share of the well-meant requests that met the limits; NaN without any. */
    goodput: summary.count(METRICS.chatGood, "passes") / (requests.wellMeant || Number.NaN),
    /** Means of the tokens of an input, as the model counts them, and of an answer. */
    inputTokens: summary.statistic(METRICS.chatInput, "avg"),
    outputTokens: summary.statistic(METRICS.chatOutput, "avg"),
    finishes: Object.fromEntries(
      FINISHES.map((reason) => [reason, summary.count(series(METRICS.chatFinish, { reason }))]),
    ) as Record<(typeof FINISHES)[number], number>,
    /** What of it fell into the time of the load. */
    inTime: {
      requests: summary.count(METRICS.chatRequestsInTime),
      inputTokens: summary.count(METRICS.chatInputInTime),
      outputTokens: summary.count(METRICS.chatOutputInTime),
    },
  };
}

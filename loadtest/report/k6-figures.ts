import type { StatusScenario } from "@headroom/alerts/limits";
import { METRICS, REQUESTS, SCENARIOS, series } from "../plan/k6-metrics.ts";
import type { Profile, SentimentLoad, StatusLoad } from "../plan/profiles.ts";
import type { FallbackReason } from "../plan/status-answer.ts";
import { analysesOf } from "../plan/status-mix.ts";
import { readK6Summary, type CheckCount, type K6Summary, type Latency } from "./k6-summary.ts";

/** What k6 counted over the whole run, whatever it asked. */
export interface RunFigures {
  /** How long the run took, in seconds. */
  readonly seconds: number;
  /** Iterations that could not start because every virtual user was still waiting. */
  readonly dropped: number;
  /** Iterations that ended with an exception. */
  readonly exceptions: number;
  readonly checks: readonly CheckCount[];
}

/** What k6 counted of one kind of request. */
export interface RequestFigures {
  /** Requests that were sent. */
  readonly requests: number;
  /** Of these, the ones that were answered or are errors; not those that the client got wrong. */
  readonly wellMeant: number;
  /** Of the well-meant ones, the errors, refused ones included. See `OUTCOME_MEANS`. */
  readonly failed: number;
  /** Requests answered with 503. */
  readonly refused: number;
  /** Requests that were not sent because every virtual user was still waiting. */
  readonly dropped: number;
  /** The time of answers and of missed deadlines as the client sees it, in seconds. */
  readonly latency: Latency;
}

/** One figure of attribution quality over all messages that have it. */
export interface Quality {
  readonly messages: number;
  /** NaN without messages. */
  readonly mean: number;
  /** Share of the messages within the limit; NaN without messages. */
  readonly inRange: number;
}

/** What k6 counted of the messages. */
export interface SentimentFigures extends RequestFigures {
  readonly messages: { readonly sent: number; readonly answered: number; readonly cached: number };
  /** Absent when no attribution was asked for. */
  readonly attribution?: {
    readonly method: string;
    readonly entropy: Quality;
    readonly sparsity: Quality;
    readonly undefined: number;
  };
}

/** What k6 counted of one status analysis. */
export interface AnalysisFigures {
  readonly scenario: StatusScenario;
  readonly requests: number;
  readonly latency: Latency;
  /** Answers that passed every check. */
  readonly answers: number;
  readonly cached: number;
  /** Answers whose summary a model arranged. */
  readonly fromModel: number;
}

/** What k6 counted of the status questions. */
export interface StatusFigures extends RequestFigures {
  /** In the order of the targets' list; only those of the profile's mix. */
  readonly analyses: readonly AnalysisFigures[];
  /** Answers whose summary is the findings' own, by why. */
  readonly fallbacks: Readonly<Record<FallbackReason, number>>;
  /** Mean of the times that the answers themselves tell, in seconds; NaN without answers. */
  readonly toldMeanSeconds: number;
}

/** Everything that k6 counted. */
export interface K6Figures extends RunFigures {
  readonly sentiment?: SentimentFigures;
  readonly status?: StatusFigures;
}

/**
 * Reads the figures that the k6 script of `profile` wrote at its end. Times become seconds.
 *
 * @throws SyntaxError when `json` is not such a summary
 */
export function readK6Figures(json: string, { sentiment, status }: Profile): K6Figures {
  const summary = readK6Summary(json);
  return {
    seconds: summary.seconds,
    dropped: summary.count("dropped_iterations"),
    exceptions: summary.count(METRICS.exceptions),
    checks: summary.checks,
    ...(sentiment && { sentiment: sentimentFigures(summary, sentiment) }),
    ...(status && { status: statusFigures(summary, status) }),
  };
}

function requestFigures(summary: K6Summary, kind: keyof typeof REQUESTS): RequestFigures {
  const tags = REQUESTS[kind];
  return {
    requests: summary.count(series("http_reqs", tags)),
    // k6 counts what is true as a "pass", and here an error is true.
    wellMeant:
      summary.passes(series(METRICS.requestErrors, tags)) +
      summary.fails(series(METRICS.requestErrors, tags)),
    failed: summary.passes(series(METRICS.requestErrors, tags)),
    refused: summary.count(series(METRICS.requestsRefused, tags)),
    dropped: summary.count(series("dropped_iterations", { scenario: SCENARIOS[kind] })),
    latency: summary.latency(series(METRICS.answerDuration, tags)),
  };
}

function sentimentFigures(summary: K6Summary, { attribution }: SentimentLoad): SentimentFigures {
  const quality = (metric: string, inRange: string): Quality => ({
    messages: summary.count(metric),
    mean: summary.statistic(metric, "avg"),
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
        undefined: summary.count(METRICS.attributionUndefined),
      },
    }),
  };
}

function statusFigures(summary: K6Summary, { mix }: StatusLoad): StatusFigures {
  const fallbacks = (reason: FallbackReason) =>
    summary.count(series(METRICS.statusFallbacks, { reason }));
  return {
    ...requestFigures(summary, "status"),
    analyses: analysesOf(mix).map((analysis) => {
      const tags = { analysis };
      const count = (metric: string) => summary.count(series(metric, tags));
      return {
        scenario: analysis,
        requests: count("http_reqs"),
        latency: summary.latency(series(METRICS.answerDuration, tags)),
        answers: count(METRICS.statusAnswers),
        cached: count(METRICS.statusCached),
        fromModel: count(METRICS.statusFromModel),
      };
    }),
    fallbacks: {
      no_findings: fallbacks("no_findings"),
      no_model: fallbacks("no_model"),
      language: fallbacks("language"),
      deadline: fallbacks("deadline"),
      model_failed: fallbacks("model_failed"),
      ungrounded: fallbacks("ungrounded"),
    },
    toldMeanSeconds: summary.statistic(METRICS.statusSeconds, "avg"),
  };
}

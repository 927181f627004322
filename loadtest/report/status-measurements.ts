import type { AnalysisFigures, StatusFigures } from "./k6-figures.ts";

/** What the answers of one or all status analyses come to; a share of nothing is NaN. */
export interface StatusShares {
  /** Answers that passed every check. */
  readonly answers: number;
  readonly cached: number;
  readonly fromModel: number;
  /** Share of the answers that came from the cache. */
  readonly hitRate: number;
  /** Share of the answers that a model arranged. */
  readonly modelShare: number;
}

/** The numbers of one status analysis; times in seconds, as the client sees them. */
export interface AnalysisMeasurements extends StatusShares, Pick<AnalysisFigures, "scenario"> {
  readonly requests: number;
  readonly p95Seconds: number;
  readonly meanSeconds: number;
  readonly longestSeconds: number;
}

/** The numbers of all status analyses. */
export interface StatusMeasurements extends Omit<StatusFigures, "analyses">, StatusShares {
  readonly analyses: readonly AnalysisMeasurements[];
  /** Share of the questions that got an answer that passed every check. */
  readonly successShare: number;
  /** Requests by outcome during the run, as the exporter counts them. */
  readonly outcomes: Readonly<Record<string, number>>;
}

type Counted = Pick<AnalysisFigures, "answers" | "cached" | "fromModel">;

const sharesOf = ({ answers, cached, fromModel }: Counted): StatusShares => ({
  answers,
  cached,
  fromModel,
  hitRate: cached / answers,
  modelShare: fromModel / answers,
});

/** Turns what k6 counted of the status questions into numbers. */
export function measureStatus(
  { analyses, ...requests }: StatusFigures,
  outcomes: Readonly<Record<string, number>>,
): StatusMeasurements {
  const sum = (figure: keyof Counted): number =>
    analyses.reduce((total, analysis) => total + analysis[figure], 0);
  const all = sharesOf({
    answers: sum("answers"),
    cached: sum("cached"),
    fromModel: sum("fromModel"),
  });
  return {
    ...requests,
    ...all,
    successShare: all.answers / requests.requests,
    analyses: analyses.map((figures) => ({
      scenario: figures.scenario,
      requests: figures.requests,
      p95Seconds: figures.latency.p95,
      meanSeconds: figures.latency.mean,
      longestSeconds: figures.latency.max,
      ...sharesOf(figures),
    })),
    outcomes,
  };
}

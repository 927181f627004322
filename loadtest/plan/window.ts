/** A time from one moment to a later one, in one unit. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Which share of a span lies within another one; one without length lies within, or it does not. */
export function overlap(span: Span, within: Span): number {
  const common = Math.min(span.to, within.to) - Math.max(span.from, within.from);
  if (span.to <= span.from) return common >= 0 ? 1 : 0;
  return Math.max(0, common) / (span.to - span.from);
}

/**
 * Users begin one after the other within so many seconds: all at once, their first requests would wait for
 * each other as they never do again. Rates are taken from then on.
 */
export const startsWithin = (durationSeconds: number): number => Math.min(2, durationSeconds / 5);

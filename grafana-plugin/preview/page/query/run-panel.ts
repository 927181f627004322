import { rangeUtil, type DataFrameDTO, type TimeRange } from "@grafana/data";
import type { Panel, Target } from "../dashboard/schema.ts";
import { firstOf, stepLookup } from "../variables/built-in.ts";
import { interpolate, type Lookup } from "../variables/interpolate.ts";
import { framesOf, nameTableValues } from "./frames.ts";
import { PrometheusError, queryInstant, queryRange } from "./prometheus-api.ts";
import { alignedRange, stepOf } from "./step.ts";

/** What a panel's queries are run with. */
export interface QueryContext {
  readonly timeRange: TimeRange;
  /** Width of the panel in pixels: more points than that cannot be told apart. */
  readonly width: number;
  readonly scrapeIntervalMs: number;
  /** Finds variables, in the form that PromQL wants. */
  readonly lookup: Lookup;
  readonly signal: AbortSignal;
}

/** A query that failed. */
export interface QueryFailure {
  readonly refId: string;
  readonly message: string;
  /** Whether Prometheus was not there at all. */
  readonly unreachable: boolean;
}

/** The frames of the queries that succeeded, and why others failed. */
export interface PanelAnswer {
  readonly frames: readonly DataFrameDTO[];
  readonly failures: readonly QueryFailure[];
}

/**
 * Runs a panel's queries. A failed query does not keep the others from being shown.
 *
 * @throws DOMException AbortError when the signal aborts
 */
export async function runPanel(panel: Panel, context: QueryContext): Promise<PanelAnswer> {
  const targets = (panel.targets ?? []).filter(({ hide, expr }) => !hide && expr?.trim());
  const frames: (readonly DataFrameDTO[])[] = [];
  const failures: QueryFailure[] = [];
  await Promise.all(
    targets.map(async (target, index) => {
      try {
        frames[index] = await runTarget(target, panel, context);
      } catch (error) {
        context.signal.throwIfAborted();
        const unreachable = error instanceof PrometheusError && error.unreachable;
        failures.push({ refId: target.refId, message: (error as Error).message, unreachable });
      }
    }),
  );
  return { frames: nameTableValues(frames.flat()), failures };
}

async function runTarget(
  target: Target,
  panel: Panel,
  { timeRange, width, scrapeIntervalMs, lookup, signal }: QueryContext,
): Promise<readonly DataFrameDTO[]> {
  const from = timeRange.from.valueOf();
  const to = timeRange.to.valueOf();
  const points = panel.maxDataPoints || Math.max(1, width);
  const smallest = ownInterval(target.interval) || ownInterval(panel.interval);
  const { intervalMs } = rangeUtil.calculateInterval(
    timeRange,
    points,
    smallest || `${scrapeIntervalMs}ms`,
  );
  const { stepMs, rateIntervalMs } = stepOf({
    rangeMs: to - from,
    intervalMs,
    scrapeIntervalMs,
    factor: target.intervalFactor,
  });
  const expr = interpolate(target.expr ?? "", firstOf(stepLookup(stepMs, rateIntervalMs), lookup));
  const isInstant = target.instant === true && target.range !== true;
  if (isInstant) {
    const answer = await queryInstant(expr, to, signal);
    return framesOf(answer, { target, expr, stepMs: 0 });
  }
  const answer = await queryRange(expr, { ...alignedRange(from, to, stepMs), stepMs }, signal);
  return framesOf(answer, { target, expr, stepMs });
}

/** An interval that is a time; variables stand for what is computed anyway. */
function ownInterval(interval: string | null | undefined): string {
  const text = interval?.replace(/^>/, "") ?? "";
  return text.includes("$") ? "" : text;
}

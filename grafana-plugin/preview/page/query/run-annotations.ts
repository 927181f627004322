import { rangeUtil, type TimeRange } from "@grafana/data";
import type { StoredAnnotation } from "../dashboard/schema.ts";
import { interpolate, type Lookup } from "../variables/interpolate.ts";
import { seriesName } from "./legend.ts";
import { queryRange } from "./prometheus-api.ts";
import { asSeries } from "./prometheus-data.ts";
import { regionsOf, type Region } from "./regions.ts";
import { alignedRange, stepOf } from "./step.ts";

/** One thing that went on for some time, once or again and again. */
export interface Annotation {
  readonly title: string;
  /** One of Grafana's colour names. */
  readonly color: string;
  readonly regions: readonly Region[];
}

/** What annotations are asked with. */
export interface AnnotationContext {
  readonly timeRange: TimeRange;
  readonly scrapeIntervalMs: number;
  readonly lookup: Lookup;
  readonly signal: AbortSignal;
}

/**
 * Asks for the annotations of a dashboard; those without a region in the time range are left out.
 *
 * @throws PrometheusError when it refuses a query or is not there
 */
export async function runAnnotations(
  stored: readonly StoredAnnotation[],
  context: AnnotationContext,
): Promise<readonly Annotation[]> {
  const enabled = stored.filter(({ enable, expr }) => enable && expr);
  const found = await Promise.all(enabled.map((one) => runAnnotation(one, context)));
  return found.flat();
}

async function runAnnotation(
  { name, expr = "", step = "", titleFormat, iconColor = "blue" }: StoredAnnotation,
  { timeRange, scrapeIntervalMs, lookup, signal }: AnnotationContext,
): Promise<readonly Annotation[]> {
  const [from, to] = [timeRange.from.valueOf(), timeRange.to.valueOf()];
  const intervalMs = step === "" ? scrapeIntervalMs : rangeUtil.intervalToMs(step);
  const { stepMs } = stepOf({ rangeMs: to - from, intervalMs, scrapeIntervalMs });
  const range = { ...alignedRange(from, to, stepMs), stepMs };
  const asked = interpolate(expr, lookup);
  return asSeries(await queryRange(asked, range, signal))
    .map(({ metric, values }) => ({
      title: titleFormat ? seriesName(titleFormat, metric, asked) : name,
      color: iconColor,
      regions: regionsOf(values, stepMs),
    }))
    .filter(({ regions }) => regions.length > 0);
}

import { MAINTENANCE_LIMITS } from "@headroom/alerts/limits";
import { isHarmful } from "../change.ts";
import { type Measure, measures } from "../measures.ts";
import { placeAmong } from "../outlier.ts";
import { checkedRow, type Row, unknownRow } from "../row.ts";
import { type Examined, SECONDS, type Step } from "../step.ts";
import { hoursOfHistory } from "./history.ts";

const LIMIT = `|z| up to ${MAINTENANCE_LIMITS.robustZ}`;

/**
 * Whether the key metrics of the last hour are unlike those of the hours of the seven days before.
 * The hours of a night are among them, so what is usual once a day is no anomaly.
 */
export const anomalies: Step = {
  id: "anomalies",
  title: "The last hour is like the 7 days before",
  async rows(examined) {
    const { historyHours } = MAINTENANCE_LIMITS;
    const hours = await hoursOfHistory(examined, { window: "1w", before: SECONDS.hour });
    if (hours < historyHours) {
      return [
        unknownRow(
          { id: anomalies.id, title: anomalies.title, limit: LIMIT },
          `Prometheus has less than ${historyHours} hours of the exporter (${hours}) to compare with.`,
        ),
      ];
    }
    const rows: Row[] = [];
    for (const measure of measures(examined.limits)) {
      const { past, now } = await read(measure, examined);
      // What nobody uses, such as Redis or a method of attribution, has no row.
      if (past.length > 0 || Number.isFinite(now)) rows.push(judgeAnomaly(measure, past, now));
    }
    return rows;
  },
};

async function read(measure: Measure, { prometheus, matchers, at }: Examined) {
  const query = measure.query(matchers, "1h");
  const [start, end] = [at - SECONDS.week, at - SECONDS.hour];
  const curve = await prometheus.curve(query, { start, end, step: SECONDS.hour });
  return { past: curve.map(({ value }) => value), now: await prometheus.value(query, at) };
}

/**
 * Judges the value of the last hour by those of past hours.
 *
 * @param now - NaN when nothing was measured
 */
export function judgeAnomaly(measure: Measure, past: readonly number[], now: number): Row {
  const { robustZ, leastAnomaly, historyHours } = MAINTENANCE_LIMITS;
  const row = { id: `anomaly-${measure.id}`, title: `As usual: ${measure.title}`, limit: LIMIT };
  if (!Number.isFinite(now)) return unknownRow(row, "Nothing was measured in the last hour.");
  if (past.length < historyHours) {
    return unknownRow(
      row,
      `Only ${past.length} of the past hours have a value; ${historyHours} are needed.`,
      measure.format(now),
    );
  }
  const { median, z } = placeAmong(past, now);
  const share = leastAnomaly;
  const odd = Math.abs(z) > robustZ && isHarmful(measure, { before: median, now, share });
  const usual = measure.format(median);
  const observed = `${measure.format(now)}, usually ${usual} (z ${z.toFixed(1)})`;
  return checkedRow({ ...row, observed }, !odd, {
    detail: `The last hour is unlike the past days (median ${usual}): look at the dashboard for when it began, and what changed then.`,
    runbook: measure.runbook,
  });
}

import { type DataFrame, type Field, FieldType, type Labels } from "@grafana/data";
import type { LaneAlert } from "../model/lane/alert.ts";
import { comparableLabels, isSameName, labelsAgree, limitNames } from "./limits-from-records.ts";
import type { Series } from "./read-series.ts";
import { soundFrames } from "./sound-frames.ts";

/** An alert, as a query gave it. */
export interface AlertRecord extends LaneAlert {
  /** Name of the limit, to be matched with a series. */
  readonly limit: string;
  /** The other labels, which must agree with those of the series. */
  readonly labels: Labels;
}

/** Labels that say what the alert is; they tell no two machines apart. */
const OWN_LABELS: ReadonlySet<string> = new Set(["alertname", "alertstate"]);

/** What the frames of a panel hold of alerts, and what is left. */
interface FoundAlerts {
  readonly alerts: readonly AlertRecord[];
  readonly rest: DataFrame[];
}

/**
 * Finds alerts among the data: numbers with the labels of Prometheus' `ALERTS`. A number is a moment in
 * seconds since 1970, as in `ALERTS_FOR_STATE`: since when the condition holds. 1, as in `ALERTS` itself,
 * does not say that. The last value counts; one that is no number is an alert that has ended.
 */
export function readAlerts(frames: readonly DataFrame[]): FoundAlerts {
  const alerts: AlertRecord[] = [];
  const rest: DataFrame[] = [];
  for (const frame of soundFrames(frames)) {
    alerts.push(...frame.fields.flatMap(recordOf));
    const fields = frame.fields.filter((field) => !isAlertField(field));
    if (fields.length === frame.fields.length) rest.push(frame);
    else if (fields.some(({ type }) => type === FieldType.number))
      rest.push({ ...frame, fields, length: frame.length });
  }
  return { alerts, rest };
}

/** Also `info`, which is about no limit, and must not be drawn either. */
function isAlertField({ type, labels }: Field): boolean {
  return type === FieldType.number && labels?.["alertname"] !== undefined && "alertstate" in labels;
}

function recordOf(field: Field): AlertRecord[] {
  if (!isAlertField(field)) return [];
  const { alertname: name = "", alertstate: state, limit, severity } = field.labels ?? {};
  if (!limit || (state !== "pending" && state !== "firing")) return [];
  if (severity !== "warning" && severity !== "critical") return [];
  const last: unknown = field.values.at(-1);
  if (typeof last !== "number" || !Number.isFinite(last)) return [];
  const labels = Object.entries(comparableLabels(field.labels ?? {}));
  const others = Object.fromEntries(labels.filter(([label]) => !OWN_LABELS.has(label)));
  const since = last > 1 ? 1_000 * last : Number.NaN;
  return [{ name, state, severity, since, limit, labels: others }];
}

/** The alerts about the limits of a series: see {@link limitNames}; all labels that both carry are equal. */
export function alertsOf(
  series: Pick<Series, "name" | "labels" | "frame">,
  alerts: readonly AlertRecord[],
): readonly AlertRecord[] {
  const labels = comparableLabels(series.labels);
  return alerts.filter(
    (alert) =>
      limitNames(series).some((name) => isSameName(alert.limit, name)) &&
      labelsAgree(alert.labels, labels),
  );
}

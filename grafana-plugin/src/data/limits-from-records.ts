import { type DataFrame, type Field, FieldType, type Labels } from "@grafana/data";
import type { Limit, Severity } from "../model/limit.ts";
import { readSeries, type Series } from "./read-series.ts";
import { isDrawableField, textFields } from "./series-parts.ts";
import { soundFrames } from "./sound-frames.ts";

/** One edge of a limit, as a query gave it. */
export interface LimitRecord {
  /** Name of the limit, to be matched with a series. */
  readonly limit: string;
  readonly severity: Severity;
  readonly bound: "upper" | "lower";
  /** In the series' own unit. */
  readonly value: number;
  /** The other labels, which must agree with those of the series. */
  readonly labels: Labels;
}

/** Labels that name a metric or say what the limit is; they tell no two machines apart. */
const OWN_LABELS: ReadonlySet<string> = new Set(["__name__", "limit", "severity", "bound"]);

/** What the labels of a limit's edge say; undefined when they are not those of one. */
function edgeOf(labels: Labels): Omit<LimitRecord, "value"> | undefined {
  const { limit, severity, bound } = labels;
  if (!limit) return undefined;
  if (severity !== "warning" && severity !== "critical") return undefined;
  if (bound !== "upper" && bound !== "lower") return undefined;
  return { limit, severity, bound, labels: comparableLabels(labels) };
}

/** The labels that say whose value or limit it is. */
export function comparableLabels(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !OWN_LABELS.has(name)));
}

/** Whether all labels that both carry are equal. */
export function labelsAgree(a: Labels, b: Labels): boolean {
  return Object.entries(a).every(([name, value]) => b[name] === undefined || b[name] === value);
}

/**
 * The limits that a query gave for a series. A limit belongs to it when its name is the series'
 * label `limit`, else the name of its query, else its own name, whatever the case and the
 * punctuation; and when all labels that both carry are equal. An upper and a lower edge of the same
 * limit, severity and labels are a band.
 */
export function limitsFromRecords(
  series: Pick<Series, "name" | "labels" | "frame">,
  records: readonly LimitRecord[],
): readonly Limit[] {
  const labels = comparableLabels(series.labels);
  for (const name of limitNames(series)) {
    const own = records.filter(
      (record) => isSameName(record.limit, name) && labelsAgree(record.labels, labels),
    );
    if (own.length > 0) return joinEdges(own);
  }
  return [];
}

/** The names by which a series' limit may be called: its label, that of its query, and its own. */
export function limitNames({
  labels,
  frame,
  name,
}: Pick<Series, "name" | "labels" | "frame">): readonly (string | undefined)[] {
  return [labels["limit"], frame.refId, name];
}

/** Whether a name is that of a limit, whatever the case and the punctuation. */
export function isSameName(limit: string, name: string | undefined): boolean {
  const plain = plainName(limit);
  return plain !== "" && name !== undefined && plain === plainName(name);
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

function joinEdges(records: readonly LimitRecord[]): readonly Limit[] {
  const edges = new Map<
    string,
    Pick<LimitRecord, "severity"> & { upper?: number; lower?: number }
  >();
  for (const { limit, severity, labels, bound, value } of records) {
    const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify([limit, severity, ...sorted]);
    edges.set(key, { severity, ...edges.get(key), [bound]: value });
  }
  return [...edges.values()].map(({ severity, upper, lower }): Limit => {
    if (upper === undefined) return { severity, bound: "lower", lower: lower! };
    return lower === undefined
      ? { severity, bound: "upper", upper }
      : { severity, bound: "band", lower, upper };
  });
}

/** What the frames of a panel hold of limits, and what is left to draw. */
interface FoundLimits {
  readonly records: readonly LimitRecord[];
  /** Frames and fields that are no limits, in their order. */
  readonly rest: DataFrame[];
}

/**
 * Finds limits among the data: numbers with the labels of Prometheus'
 * `headroom_limit{limit,severity,bound="upper"|"lower"}`, under whatever name, as series or as
 * tables with these columns. The last finite value counts. Hidden ones count for nothing.
 */
export function readLimits(frames: readonly DataFrame[]): FoundLimits {
  const records: LimitRecord[] = [];
  const rest: DataFrame[] = [];
  for (const frame of soundFrames(frames)) {
    const found = isTable(frame) ? recordsOf(frame) : [];
    if (found.length > 0) records.push(...found);
    else if (frame.fields.some(isLimitField)) {
      records.push(...recordsOf(withFields(frame, (field) => !isPlain(field))));
      const drawn = withFields(frame, (field) => !isLimitField(field));
      if (drawn.fields.some(isPlain)) rest.push(drawn);
    } else rest.push(frame);
  }
  return { records, rest };
}

function isTable(frame: DataFrame): boolean {
  const names = new Set(textFields(frame).map(({ name }) => name));
  return names.has("limit") && names.has("severity") && names.has("bound");
}

function isLimitField({ type, labels }: Field): boolean {
  return type === FieldType.number && edgeOf(labels ?? {}) !== undefined;
}

function isPlain(field: Field): boolean {
  return isDrawableField(field) && !isLimitField(field);
}

/** A copy is not spread alone, because some frames compute their length. */
function withFields(frame: DataFrame, isKept: (field: Field) => boolean): DataFrame {
  return { ...frame, fields: frame.fields.filter(isKept), length: frame.length };
}

function recordsOf(frame: DataFrame): LimitRecord[] {
  // Any moment does for a table without time: only the last value is used.
  return readSeries([frame], { at: 0 }).flatMap(({ field, labels, values }) => {
    if (field.type !== FieldType.number) return [];
    const edge = edgeOf(labels);
    const value = values.findLast((candidate) => candidate !== null);
    return edge && typeof value === "number" ? [{ ...edge, value }] : [];
  });
}

import {
  type DataFrame,
  ensureTimeField,
  type Field,
  type FieldConfig,
  FieldType,
  type Threshold,
  type ThresholdsConfig,
} from "@grafana/data";

/**
 * Frames that the rest can rely on, whatever a source sent and a dashboard stored: every frame has
 * fields, every field an array of values, a configuration and a name. What is sound stays the very
 * object that it was. Grafana's own panels survive all of this too, each in its own place.
 */
export function soundFrames(frames: unknown): DataFrame[] {
  if (!Array.isArray(frames)) return [];
  return frames.flatMap((frame) => (isRecord(frame) ? [soundFrame(frame)] : []));
}

function soundFrame(frame: Record<string, unknown>): DataFrame {
  const given: readonly unknown[] = Array.isArray(frame["fields"]) ? frame["fields"] : [];
  const fields = given.flatMap((field) => (isRecord(field) ? [soundField(field)] : []));
  const isSound =
    isSame(fields, frame["fields"]) &&
    isCount(frame["length"]) &&
    ["name", "refId"].every((key) => isTextOr(frame[key], undefined)) &&
    isRecordOr(frame["meta"]);
  if (isSound) return frame as unknown as DataFrame;
  const { name, refId, meta, length } = frame;
  return {
    ...frame,
    fields,
    // Some frames compute their length, which a copy loses.
    length: isCount(length) ? length : Math.max(0, ...fields.map(({ values }) => values.length)),
    name: textOf(name),
    refId: textOf(refId),
    meta: isRecord(meta) ? meta : undefined,
  } as DataFrame;
}

function soundField(field: Record<string, unknown>): Field {
  const sound = {
    name: textOf(field["name"]) ?? "",
    type: textOf(field["type"]) ?? FieldType.other,
    values: valuesOf(field),
    config: soundConfig(field["config"]),
    labels: soundLabels(field["labels"]),
    state: soundState(field["state"]),
    display: functionOf(field["display"]),
    getLinks: functionOf(field["getLinks"]),
  };
  const isSound = Object.entries(sound).every(([key, value]) => field[key] === value);
  return (isSound ? field : { ...field, ...sound }) as unknown as Field;
}

/**
 * Most values are arrays already; some sources give typed arrays, and older ones a `Vector`, which has
 * `get` and `toArray` but no elements. Times that are texts or dates become milliseconds, as Grafana's
 * time series panel reads them.
 */
function valuesOf(field: Record<string, unknown>): unknown[] {
  const values = elementsOf(field["values"]);
  if (field["type"] !== FieldType.time) return values;
  const isWritten = (time: unknown) =>
    typeof time !== "number" && time !== null && time !== undefined;
  if (!values.some(isWritten)) return values;
  const written = readTimes(values.filter(isWritten));
  let next = 0;
  return values.map((time) => (isWritten(time) ? (written[next++] ?? null) : time));
}

function readTimes(values: readonly unknown[]): readonly unknown[] {
  // Dates are objects, and so is what no clock has shown.
  const read = values.map((time) => (typeof time === "string" ? time : numeric(time?.valueOf())));
  try {
    return ensureTimeField({ name: "", type: FieldType.time, config: {}, values: read }).values;
  } catch {
    return [];
  }
}

function elementsOf(values: unknown): unknown[] {
  if (Array.isArray(values)) return values;
  if (!isRecord(values)) return [];
  if (typeof values["toArray"] === "function") return elementsOf(values["toArray"]());
  return isCount(values["length"]) ? Array.from(values as unknown as ArrayLike<unknown>) : [];
}

/** Without what Grafana's functions for names, colours and units would fall over. */
export function soundConfig(config: unknown): FieldConfig {
  if (!isRecord(config)) return {};
  const { thresholds, color, min, max, noValue } = config;
  const sound = {
    ...Object.fromEntries(
      ["displayName", "displayNameFromDS", "unit"].map((key) => [key, textOf(config[key])]),
    ),
    noValue: typeof noValue === "number" ? String(noValue) : textOf(noValue),
    decimals: isNumber(config["decimals"]) ? config["decimals"] : undefined,
    min: numeric(min),
    max: numeric(max),
    color: isRecord(color) && isTextOr(color["mode"], undefined) ? color : undefined,
    thresholds: soundThresholds(thresholds),
    mappings: recordsOf(config["mappings"]),
    links: recordsOf(config["links"]),
    custom: isRecord(config["custom"]) ? config["custom"] : undefined,
  };
  const changed = Object.entries(sound).filter(([key, value]) => config[key] !== value);
  return changed.length === 0 ? config : { ...config, ...Object.fromEntries(changed) };
}

/**
 * Thresholds whose steps are steps. JSON stores the base of all, minus infinity, as null; older
 * dashboards hold numbers as texts, and a step may have lost its value or its colour: without a colour
 * Grafana draws it grey, and without a value beyond the base it has no effect.
 */
function soundThresholds(thresholds: unknown): ThresholdsConfig | undefined {
  if (!isRecord(thresholds)) return undefined;
  const steps = recordsOf(thresholds["steps"]) ?? [];
  const sound = steps.flatMap((step, i): Threshold[] => {
    const value =
      step["value"] === null || (i === 0 && step["value"] === undefined)
        ? -Infinity
        : numeric(step["value"]);
    const color = textOf(step["color"]) ?? NO_COLOR;
    if (value === undefined) return [];
    return [
      step["value"] === value && step["color"] === color ? (step as never) : { value, color },
    ];
  });
  return isSame(sound, thresholds["steps"])
    ? (thresholds as never)
    : ({ ...thresholds, steps: sound } as ThresholdsConfig);
}

/** What Grafana paints where a step has none: a grey. */
const NO_COLOR = "#808080";

function soundLabels(labels: unknown): Record<string, string> | undefined {
  if (!isRecord(labels)) return undefined;
  const texts = Object.entries(labels).flatMap(([name, value]) =>
    value === null || value === undefined || typeof value === "object"
      ? []
      : [[name, String(value)]],
  );
  const isSound = Object.values(labels).every((value) => typeof value === "string");
  return isSound ? (labels as Record<string, string>) : Object.fromEntries(texts);
}

function soundState(state: unknown): Field["state"] {
  if (!isRecord(state)) return undefined;
  const isSound = isTextOr(state["displayName"], undefined);
  return isSound ? state : { ...state, displayName: undefined };
}

/** A finite number, also one that is stored as text; undefined for all else. */
function numeric(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isNaN(value) ? undefined : value;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

/** The records of a list: the list itself when it holds nothing else; undefined when it is none. */
function recordsOf(list: unknown): Record<string, unknown>[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const records = list.filter(isRecord);
  return records.length === list.length ? list : records;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isRecordOr(value: unknown): boolean {
  return value === undefined || value === null || isRecord(value);
}

function isTextOr(value: unknown, other: undefined): boolean {
  return typeof value === "string" || (value ?? undefined) === other;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function functionOf(value: unknown): unknown {
  return typeof value === "function" ? value : undefined;
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isSame(list: readonly unknown[], other: unknown): boolean {
  return (
    Array.isArray(other) && list.length === other.length && list.every((one, i) => one === other[i])
  );
}

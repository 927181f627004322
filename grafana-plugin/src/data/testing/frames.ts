import { type DataFrame, type FieldDTO, FieldType, type Labels, toDataFrame } from "@grafana/data";

/** A time column. */
export const timeField = (values: unknown[], name = "Time"): FieldDTO => ({
  name,
  type: FieldType.time,
  values,
});

/** A number column. */
export const numberField = (
  values: unknown[],
  name = "Value",
  rest: Partial<FieldDTO> = {},
): FieldDTO => ({ name, type: FieldType.number, values, ...rest });

/** A text column. */
export const textField = (name: string, values: unknown[]): FieldDTO => ({
  name,
  type: FieldType.string,
  values,
});

/** A frame of these columns. */
export const frameOf = (fields: FieldDTO[], rest: Partial<DataFrame> = {}): DataFrame =>
  toDataFrame({ fields, ...rest });

/** One edge of a limit, as Prometheus' data source gives it. */
export const limitFrame = (labels: Labels, ...values: unknown[]): DataFrame =>
  frameOf(
    [
      timeField(values.map((_, i) => 1000 * (i + 1))),
      numberField(values, "Value", { labels: { __name__: "headroom_limit", ...labels } }),
    ],
    { refId: "limits" },
  );

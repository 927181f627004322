import { DataFrameType, type Field } from "@grafana/data";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { readSeries } from "./read-series.ts";
import { frameOf, numberField, textField, timeField } from "./testing/frames.ts";

const hostA = { host: "a" };
const hostB = { host: "b" };

describe("readSeries", () => {
  it("uses the arrays of a frame without fault as they are", () => {
    const frame = frameOf([timeField([1, 2, 3]), numberField([5, null, 7])]);
    const [series] = readSeries([frame]);
    expect(series?.times).toBe(frame.fields[0]?.values);
    expect(series?.values).toBe(frame.fields[1]?.values);
    expect(series?.rows).toEqual([0, 1, 2]);
    expect(series?.field).toBe(frame.fields[1]);
  });

  it("gives null for everything that is no finite number, and keeps the moment", () => {
    const values = [1, NaN, Infinity, -Infinity, undefined, "7", true, 0];
    const [series] = readSeries([
      frameOf([timeField([1, 2, 3, 4, 5, 6, 7, 8]), numberField(values)]),
    ]);
    expect(series?.values).toEqual([1, null, null, null, null, null, null, 0]);
    expect(series?.times).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("sorts by time, and of several rows at one moment takes the last number", () => {
    const [series] = readSeries([
      frameOf([timeField([30, 10, 20, 10, 20]), numberField([3, 1, 2, 11, null])]),
    ]);
    expect(series?.times).toEqual([10, 20, 30]);
    expect(series?.values).toEqual([11, 2, 3]);
    expect(series?.rows).toEqual([3, 2, 0]);
  });

  it("leaves out rows without a time", () => {
    const [series] = readSeries([
      frameOf([timeField([10, null, NaN, 40]), numberField([1, 2, 3, 4])]),
    ]);
    expect(series?.times).toEqual([10, 40]);
    expect(series?.values).toEqual([1, 4]);
    expect(series?.rows).toEqual([0, 3]);
  });

  it("does not change the frame", () => {
    const frame = frameOf([timeField([2, 1]), numberField([5, NaN])]);
    readSeries([frame]);
    expect(frame.fields.map(({ values }) => values)).toEqual([
      [2, 1],
      [5, NaN],
    ]);
  });

  it("reads the first of several times, and booleans as 1 and 0", () => {
    const frame = frameOf([
      timeField([1, 2], "start"),
      timeField([8, 9], "end"),
      { name: "up", type: "boolean" as Field["type"], values: [true, false] },
      numberField([5, 6], "load"),
    ]);
    const read = readSeries([frame]).map(({ name, times, values }) => ({ name, times, values }));
    expect(read).toEqual([
      { name: "up", times: [1, 2], values: [1, 0] },
      { name: "load", times: [1, 2], values: [5, 6] },
    ]);
  });

  it("splits a long frame by its texts, with rows of the frame", () => {
    const frame = frameOf(
      [
        timeField([1, 1, 2, 2]),
        textField("host", ["a", "b", "a", "b"]),
        textField("zone", ["", null, "", ""]),
        numberField([1, 10, 2, 20], "load"),
      ],
      { refId: "A" },
    );
    const series = readSeries([frame]);
    expect(series.map(({ name }) => name)).toEqual(["load a", "load b"]);
    expect(series.map(({ labels }) => labels)).toEqual([hostA, hostB]);
    expect(series.map(({ values }) => values)).toEqual([
      [1, 2],
      [10, 20],
    ]);
    expect(series.map(({ rows }) => rows)).toEqual([
      [0, 2],
      [1, 3],
    ]);
    expect(series.every((s) => s.frame === frame)).toBe(true);
  });

  it("takes numbers without time as measured at the given moment, the last row of each text", () => {
    const plain = frameOf([numberField([4, 5], "load")]);
    const table = frameOf([textField("host", ["a", "b", "a"]), numberField([1, 2, 3], "load")]);
    const series = readSeries([plain, table], { at: 900 });
    expect(series.map(({ times, values, rows }) => ({ times, values, rows }))).toEqual([
      { times: [900], values: [5], rows: [1] },
      { times: [900], values: [3], rows: [2] },
      { times: [900], values: [2], rows: [1] },
    ]);
  });

  it("gives series without time no values when no moment is given", () => {
    const [series] = readSeries([frameOf([numberField([4, 5])])]);
    expect(series).toMatchObject({ times: [], values: [], rows: [] });
  });

  it("keeps a series without rows, so that the panel can say so", () => {
    const [series] = readSeries([frameOf([timeField([]), numberField([], "load")])]);
    expect(series).toMatchObject({ name: "load", times: [], values: [] });
    expect(readSeries([frameOf([])])).toEqual([]);
  });

  it("leaves out hidden fields, histograms, logs and exemplars", () => {
    const fields = () => [timeField([1]), numberField([1])];
    const hidden = { config: { custom: { hideFrom: { viz: true } } } };
    const hiddenByLegend = frameOf(fields());
    hiddenByLegend.fields[1]!.state = { hideFrom: { viz: true, legend: false, tooltip: false } };
    const shown = { config: { custom: { hideFrom: { viz: false, tooltip: true } } } };
    const series = readSeries([
      frameOf([timeField([1]), numberField([1], "gone", hidden), numberField([1], "kept", shown)]),
      hiddenByLegend,
      frameOf(fields(), { name: "exemplar" }),
      frameOf(fields(), { meta: { custom: { resultType: "exemplar" } } }),
      frameOf(fields(), { meta: { type: DataFrameType.HeatmapCells } }),
      frameOf(fields(), { meta: { type: DataFrameType.HeatmapRows } }),
      frameOf(fields(), { meta: { type: DataFrameType.Histogram } }),
      frameOf(fields(), { meta: { type: DataFrameType.LogLines } }),
    ]);
    expect(series.map(({ name }) => name)).toEqual(["kept"]);
  });

  it("reads typed arrays and vectors", () => {
    const frame = frameOf([timeField([1, 2]), numberField([3, 4])]);
    const [time, value] = frame.fields;
    time!.values = Float64Array.of(1, 2) as unknown as number[];
    value!.values = { length: 2, toArray: () => [3, 4], get: (i: number) => i } as never;
    expect(readSeries([frame])[0]).toMatchObject({ times: [1, 2], values: [3, 4] });
  });

  it("reads the same from wide, single and long frames", () => {
    const value = fc.oneof(fc.double(), fc.constant(null));
    const rows = fc.array(fc.record({ time: fc.integer(), a: value, b: value }), { minLength: 1 });
    fc.assert(
      fc.property(rows, (data) => {
        const times = data.map(({ time }) => time);
        const a = data.map((row) => row.a);
        const b = data.map((row) => row.b);
        const fieldA = () => numberField(a, "load", { labels: hostA });
        const fieldB = () => numberField(b, "load", { labels: hostB });
        const wide = [frameOf([timeField(times), fieldA(), fieldB()])];
        const single = [
          frameOf([timeField(times), fieldA()]),
          frameOf([timeField(times), fieldB()]),
        ];
        const long = [
          frameOf([
            timeField(times.flatMap((time) => [time, time])),
            textField(
              "host",
              times.flatMap(() => ["a", "b"]),
            ),
            numberField(
              a.flatMap((one, i) => [one, b[i]]),
              "load",
            ),
          ]),
        ];
        const [fromWide, fromSingle, fromLong] = [wide, single, long].map((frames) =>
          readSeries(frames).map(({ name, labels, times: at, values }) => ({
            name,
            labels,
            at,
            values,
          })),
        );
        expect(fromSingle).toEqual(fromWide);
        expect(fromLong).toEqual(fromWide);
      }),
    );
  });

  it("always gives ascending times, as many values, and the row of each", () => {
    const time = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(null, NaN));
    const value = fc.oneof(fc.double(), fc.constantFrom(null, undefined, "5", true));
    fc.assert(
      fc.property(fc.array(fc.tuple(time, value)), (data) => {
        const column = data.map(([, v]) => v);
        const clock = data.map(([t]) => t);
        const [series] = readSeries([frameOf([timeField(clock), numberField(column)])]);
        const { times, values, rows } = series!;
        expect(values).toHaveLength(times.length);
        expect(rows).toHaveLength(times.length);
        times.forEach((t, i) => {
          if (i > 0) expect(t).toBeGreaterThan(times[i - 1]!);
          expect(clock[rows[i]!]).toBe(t);
          const original = column[rows[i]!];
          expect(values[i]).toBe(Number.isFinite(original) ? original : null);
        });
        const moments = new Set(clock.filter((t) => Number.isFinite(t)));
        expect(new Set(times)).toEqual(moments);
      }),
    );
  });
});

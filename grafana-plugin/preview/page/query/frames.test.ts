import { describe, expect, it } from "@jest/globals";
import { framesOf, nameTableValues } from "./frames.ts";
import type { QueryResult } from "./prometheus-data.ts";

const matrix: QueryResult = {
  resultType: "matrix",
  result: [
    {
      metric: { __name__: "up", job: "a" },
      values: [
        [10, "1"],
        [15.5, "NaN"],
      ],
    },
    {
      metric: { __name__: "up", job: "b" },
      values: [
        [10, "+Inf"],
        [15.5, "-Inf"],
      ],
    },
  ],
};
const vector: QueryResult = {
  resultType: "vector",
  result: [
    { metric: { job: "a" }, value: [10, "1"] },
    { metric: { pod: "p" }, value: [10, "2"] },
  ],
};
const asked = (format?: "time_series" | "table", refId = "A") => ({
  target: { refId, legendFormat: "{{job}}", ...(format && { format }) },
  expr: "up",
  stepMs: 5_000,
});

describe("framesOf", () => {
  it("makes a frame of each series, with times in milliseconds", () => {
    const frames = framesOf(matrix, asked());
    expect(frames).toHaveLength(2);
    expect(frames[0]).toMatchObject({
      refId: "A",
      meta: { type: "timeseries-multi", custom: { resultType: "matrix" } },
      fields: [
        { name: "Time", type: "time", values: [10_000, 15_500], config: { interval: 5_000 } },
        {
          name: "up",
          type: "number",
          labels: { __name__: "up", job: "a" },
          config: { displayNameFromDS: "a" },
        },
      ],
    });
  });

  it("reads what JSON has no numbers for", () => {
    const values = framesOf(matrix, asked()).map(({ fields }) => fields[1]!.values);
    expect(values).toEqual([
      [1, Number.NaN],
      [Infinity, -Infinity],
    ]);
  });

  it("makes a frame of one row of each value of an instant query", () => {
    const frames = framesOf(vector, { ...asked(), stepMs: 0 });
    expect(frames.map(({ fields }) => fields[1]!.values)).toEqual([[1], [2]]);
    expect(frames[0]!.meta?.type).toBe("numeric-multi");
  });

  it("makes one table with a column for each label", () => {
    const [table, ...more] = framesOf(vector, asked("table"));
    expect(more).toEqual([]);
    expect(table!.fields.map(({ name, values }) => [name, values])).toEqual([
      ["Time", [10_000, 10_000]],
      ["job", ["a", ""]],
      ["pod", ["", "p"]],
      ["Value", [1, 2]],
    ]);
  });

  it("takes a scalar as a series without labels", () => {
    const frames = framesOf({ resultType: "scalar", result: [10, "3"] }, asked());
    expect(frames[0]!.fields[1]!.values).toEqual([3]);
  });
});

describe("nameTableValues", () => {
  it("says whose value a column holds when there are several tables", () => {
    const tables = ["A", "B"].flatMap((refId) => framesOf(vector, asked("table", refId)));
    const names = nameTableValues(tables).map(({ fields }) => fields.at(-1)!.name);
    expect(names).toEqual(["Value #A", "Value #B"]);
    expect(nameTableValues(tables.slice(0, 1))[0]!.fields.at(-1)!.name).toBe("Value");
  });
});

import { describe, expect, it } from "@jest/globals";
import { readLimits } from "./limits-from-records.ts";
import { frameOf, limitFrame, numberField, textField, timeField } from "./testing/frames.ts";

const edge = { limit: "latency", severity: "warning", bound: "upper" };
const series = () => frameOf([timeField([1]), numberField([1], "load")]);

describe("readLimits", () => {
  it("reads the last finite value of a series with the labels of a limit", () => {
    const frame = limitFrame({ ...edge, host: "a" }, 4, 5, null, NaN);
    expect(readLimits([frame])).toEqual({
      records: [{ ...edge, value: 5, labels: { host: "a" } }],
      rest: [],
    });
  });

  it("reads tables, with or without time, the last row of each limit", () => {
    const columns = () => [
      textField("limit", ["latency", "latency", "latency"]),
      textField("severity", ["warning", "critical", "warning"]),
      textField("bound", ["upper", "upper", "upper"]),
      textField("host", ["a", "", "a"]),
      numberField([4, 9, 5], "Value #limits"),
    ];
    const records = [
      { ...edge, value: 5, labels: { host: "a" } },
      { ...edge, severity: "critical", value: 9, labels: {} },
    ];
    expect(readLimits([frameOf(columns())])).toEqual({ records, rest: [] });
    expect(readLimits([frameOf([timeField([1, 1, 2]), ...columns()])])).toEqual({
      records,
      rest: [],
    });
  });

  it("leaves frames without limits as they are, in their order", () => {
    const frames = [series(), limitFrame(edge, 4), series()];
    const { records, rest } = readLimits(frames);
    expect(records).toHaveLength(1);
    expect(rest).toHaveLength(2);
    expect(rest[0]).toBe(frames[0]);
    expect(rest[1]).toBe(frames[2]);
  });

  it("takes the limits out of a frame that also holds series", () => {
    const frame = frameOf(
      [timeField([1]), numberField([7], "load"), numberField([4], "Value", { labels: edge })],
      { refId: "A" },
    );
    const { records, rest } = readLimits([frame]);
    expect(records).toEqual([{ ...edge, value: 4, labels: {} }]);
    expect(rest[0]?.fields.map(({ name }) => name)).toEqual(["Time", "load"]);
    expect(rest[0]).toMatchObject({ refId: "A", length: 1 });
    expect(frame.fields).toHaveLength(3);
  });

  it.each([
    { ...edge, bound: "sideways" },
    { ...edge, severity: "page" },
    { severity: "warning", bound: "upper" },
  ])("takes %p, which is no limit, as a series", (labels) => {
    const frame = limitFrame(labels as Record<string, string>, 4);
    expect(readLimits([frame])).toEqual({ records: [], rest: [frame] });
  });

  it("draws a table that only looks like one of limits", () => {
    const frame = frameOf([
      textField("limit", ["a"]),
      textField("severity", ["page"]),
      textField("bound", ["upper"]),
      numberField([4]),
    ]);
    expect(readLimits([frame])).toEqual({ records: [], rest: [frame] });
  });

  it("gives no record for a limit without a value, and does not draw it either", () => {
    expect(readLimits([limitFrame(edge, null, NaN)])).toEqual({ records: [], rest: [] });
  });
});

import { applyFieldOverrides, createTheme } from "@grafana/data";
import { describe, expect, it } from "@jest/globals";
import { readSeries } from "./read-series.ts";
import { frameOf, numberField, textField, timeField } from "./testing/frames.ts";

const hostA = { host: "a" };
const hostB = { host: "b" };

describe("names and ids of series", () => {
  it("tells the series of a long frame apart when its column has a configured name", () => {
    const config = { displayName: "Load" };
    const frame = frameOf([
      timeField([1, 1]),
      textField("host", ["a", "b"]),
      numberField([1, 2], "load", { config }),
    ]);
    expect(readSeries([frame]).map(({ name }) => name)).toEqual([
      'Load {host="a"}',
      'Load {host="b"}',
    ]);
  });

  it("names series as Grafana does with all frames of the panel", () => {
    const frame = (labels: Record<string, string>) =>
      frameOf([timeField([1]), numberField([1], "Value", { labels })]);
    const frames = [frame(hostA), frame(hostB), frame({ host: "c", zone: "z" })];
    const withOverrides = applyFieldOverrides({
      data: frames,
      fieldConfig: { defaults: {}, overrides: [] },
      replaceVariables: (text) => text,
      theme: createTheme(),
    });
    const names = ['{host="a"}', '{host="b"}', '{host="c", zone="z"}'];
    expect(readSeries(withOverrides).map(({ name }) => name)).toEqual(names);
    const some = readSeries(withOverrides.slice(0, 1), { namedAmong: withOverrides });
    expect(some.map(({ name }) => name)).toEqual(names.slice(0, 1));
  });

  it("gives ids that stay in every refresh and are different for each series", () => {
    const frames = (value: number) => [
      frameOf([timeField([value]), numberField([value], "Value", { labels: { a: "1", b: "2" } })], {
        refId: "A",
      }),
      frameOf([timeField([value]), numberField([value], "Value", { labels: { b: "2", a: "1" } })], {
        refId: "B",
      }),
      frameOf([timeField([value]), numberField([value])], { refId: "B" }),
      frameOf([timeField([value]), numberField([value])], { refId: "B" }),
    ];
    const ids = readSeries(frames(1)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
    expect(readSeries(frames(2)).map(({ id }) => id)).toEqual(ids);
    // The display name changes with the number of frames, the id does not.
    expect(readSeries(frames(1).slice(0, 1)).map(({ id }) => id)).toEqual(ids.slice(0, 1));
  });
});

import { describe, expect, it } from "@jest/globals";
import { frameOf, numberField, timeField } from "./testing/frames.ts";
import { readGrid } from "./read-grid.ts";

const options = { gridX: "entropy_le", gridY: "sparsity_le", gridBy: "method" };
const cell = (labels: Record<string, string>, ...values: (number | null)[]) =>
  frameOf([timeField(values.map((_, i) => i)), { ...numberField(values), labels }]);

describe("readGrid", () => {
  it("takes the last count of each cell, and leaves what is none", () => {
    const other = cell({ entropy_le: "1", method: "prefix" }, 7);
    const { cells, rest } = readGrid(
      [
        cell({ entropy_le: "0.5", sparsity_le: "0.1" }, 3, 5),
        cell({ entropy_le: "+Inf", sparsity_le: "1", method: "prefix" }, 2),
        other,
      ],
      options,
    );
    expect(cells).toEqual([
      { x: 0.5, y: 0.1, count: 5, group: "" },
      { x: Infinity, y: 1, count: 2, group: "prefix" },
    ]);
    expect(rest).toHaveLength(1);
    expect(rest[0]?.fields[1]?.labels).toEqual(other.fields[1]?.labels);
  });

  it("finds any two labels, and none that have other names", () => {
    const frames = [cell({ width: "1", height: "2" }, 4)];
    const named = { gridX: "width", gridY: "height", gridBy: "depth" };
    expect(readGrid(frames, named).cells).toHaveLength(1);
    expect(readGrid(frames, options)).toMatchObject({ cells: [], rest: [{}] });
  });

  it("leaves out what is no edge, and counts nothing where there is no number", () => {
    const { cells, rest } = readGrid(
      [
        cell({ entropy_le: "wide", sparsity_le: "1" }, 1),
        cell({ entropy_le: "", sparsity_le: "1" }, 1),
        cell({ entropy_le: "1", sparsity_le: "1" }, null),
        cell({ entropy_le: "2", sparsity_le: "1" }, -3),
        cell({ entropy_le: "3", sparsity_le: "1" }),
      ],
      options,
    );
    expect(cells.map(({ x, count }) => [x, count])).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
    expect(rest).toEqual([]);
  });
});

import { FieldType, type StandardEditorContext, toDataFrame } from "@grafana/data";
import { describe, expect, it, jest } from "@jest/globals";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { LimitRule } from "../../options.ts";
import { LimitsEditor } from "./LimitsEditor.tsx";

const frame = (displayName: string, upper?: number) =>
  toDataFrame({
    fields: [
      { name: "Time", type: FieldType.time, values: [1, 2] },
      {
        name: "Value",
        type: FieldType.number,
        values: [1, 2],
        config: {
          displayName,
          ...(upper !== undefined && {
            thresholds: {
              mode: "absolute",
              steps: [
                { value: -Infinity, color: "green" },
                { value: upper, color: "red" },
              ],
            },
          }),
        },
      },
    ],
  });

function show(rules: LimitRule[], data = [frame("Latency", 5), frame("Memory")]) {
  const onChange = jest.fn<(rules?: LimitRule[]) => void>();
  const context: StandardEditorContext<unknown> = { data };
  render(<LimitsEditor value={rules} onChange={onChange} context={context} item={{} as never} />);
  return onChange;
}

describe("the editor of limits", () => {
  it("lists the series of the data and where their limits come from", () => {
    show([]);
    const rows = screen.getAllByRole("listitem").map((row) => row.textContent);
    expect(rows).toEqual(["Latencylimit from thresholds", "Memoryno limit"]);
  });

  it("adds a limit for a series", async () => {
    const onChange = show([]);
    await userEvent.click(screen.getByRole("button", { name: "Add a limit for Memory" }));
    expect(onChange).toHaveBeenCalledWith([{ series: "Memory", severity: "warning" }]);
  });

  it("changes severity and edges, and an emptied edge is no edge", async () => {
    const onChange = show([{ series: "Memory", severity: "warning", lower: 1 }]);
    await userEvent.click(screen.getByRole("radio", { name: "Critical" }));
    expect(onChange).toHaveBeenLastCalledWith([
      { series: "Memory", severity: "critical", lower: 1 },
    ]);
    await userEvent.type(screen.getByLabelText("Largest allowed value"), "2.5");
    await userEvent.tab();
    expect(onChange).toHaveBeenLastCalledWith([
      { series: "Memory", severity: "warning", lower: 1, upper: 2.5 },
    ]);
    await userEvent.clear(screen.getByLabelText("Smallest allowed value"));
    await userEvent.tab();
    expect(onChange).toHaveBeenLastCalledWith([{ series: "Memory", severity: "warning" }]);
  });

  it("removes a limit", async () => {
    const onChange = show([
      { series: "a", severity: "warning" },
      { series: "b", severity: "warning" },
    ]);
    await userEvent.click(screen.getAllByRole("button", { name: "Remove this limit" })[0]!);
    expect(onChange).toHaveBeenCalledWith([{ series: "b", severity: "warning" }]);
  });

  it("shows the right rule after another one is removed", () => {
    const props = { onChange: () => {}, context: { data: [] }, item: {} as never };
    const rule = (series: string, upper: number) =>
      ({ series, severity: "warning", upper }) as const;
    const { rerender } = render(<LimitsEditor {...props} value={[rule("a", 1), rule("b", 2)]} />);
    rerender(<LimitsEditor {...props} value={[rule("b", 2)]} />);
    expect(screen.getByPlaceholderText(/Series name/)).toHaveValue("b");
    expect(screen.getByLabelText("Largest allowed value")).toHaveValue(2);
  });

  it("tells what is wrong with a pattern", () => {
    show([{ series: "/(/", severity: "warning", upper: 1 }]);
    expect(screen.getByRole("alert")).toHaveTextContent("/(/");
  });

  it("lets a limit be added before there is data", async () => {
    const onChange = show([], []);
    await userEvent.click(screen.getByRole("button", { name: "Add a limit" }));
    expect(onChange).toHaveBeenCalledWith([{ series: "", severity: "warning" }]);
  });
});

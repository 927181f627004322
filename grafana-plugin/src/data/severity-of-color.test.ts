import { createTheme } from "@grafana/data";
import { describe, expect, it } from "@jest/globals";
import { severityOfColor } from "./limits-from-thresholds.ts";

const HUES = {
  green: "allowed",
  blue: "allowed",
  yellow: "warning",
  orange: "warning",
  red: "critical",
  purple: "critical",
};

describe("severityOfColor", () => {
  it.each(["dark", "light"] as const)("reads every shade of Grafana's %s palette", (mode) => {
    const { hues } = createTheme({ colors: { mode } }).visualization;
    const shades = hues.flatMap(({ name, shades: all }) => all.map((shade) => ({ name, shade })));
    expect(shades).toHaveLength(30);
    for (const { name, shade } of shades) {
      const level = HUES[name as keyof typeof HUES];
      // By its name and by its value, which is what a stored dashboard may hold.
      expect([shade.name, severityOfColor(shade.name)]).toEqual([shade.name, level]);
      expect([shade.name, severityOfColor(shade.color)]).toEqual([shade.name, level]);
    }
  });

  it.each(["dark", "light"] as const)("reads the semantic colours of the %s theme", (mode) => {
    const { success, warning, error, info } = createTheme({ colors: { mode } }).colors;
    const levels = [success, info, warning, error].map(({ main }) => severityOfColor(main));
    expect(levels).toEqual(["allowed", "allowed", "warning", "critical"]);
  });

  it.each([
    ["#f00", "critical"],
    ["#FF0000", "critical"],
    ["#ff000080", "critical"],
    ["rgb(255, 152, 48)", "warning"],
    ["rgba(115, 191, 105, 0.5)", "allowed"],
    ["hsl(0, 80%, 50%)", "critical"],
    ["hsl(120, 80%, 50%)", "allowed"],
    ["hsl(50, 80%, 50%)", "warning"],
    ["crimson", "critical"],
    ["gold", "warning"],
    ["teal", "allowed"],
  ])("reads %s as %s", (color, level) => {
    expect(severityOfColor(color)).toBe(level);
  });

  it.each([
    "transparent",
    "rgba(255, 0, 0, 0)",
    "#ff000000",
    "text",
    "panel-bg",
    "",
    "#888",
    "#fff",
  ])("takes %p, which has no hue, as allowed", (color) => {
    expect(severityOfColor(color)).toBe("allowed");
  });

  it("takes what is no colour as allowed", () => {
    expect(severityOfColor("dark-nothing")).toBe("allowed");
    expect(severityOfColor("#zzz")).toBe("allowed");
  });
});

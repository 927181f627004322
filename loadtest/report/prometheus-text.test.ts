import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseMetrics } from "./prometheus-text.ts";

describe("a page of metrics", () => {
  it("is read line by line, without comments and timestamps", () => {
    const page = [
      "# HELP a_total Things.",
      "# TYPE a_total counter",
      'a_total{outcome="ok",} 3',
      "b 1.5e-3 1700000000000",
      "",
      'c{le="+Inf"} +Inf',
    ].join("\n");
    expect(parseMetrics(page)).toEqual([
      { name: "a_total", labels: { outcome: "ok" }, value: 3 },
      { name: "b", labels: {}, value: 0.0015 },
      { name: "c", labels: { le: "+Inf" }, value: Infinity },
    ]);
  });

  it("keeps every label value and number, whatever they hold", () => {
    const escaped = (text: string) =>
      text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
    const text = fc.string({
      unit: fc.constantFrom("a", "{", "}", '"', "\\", "\n", "\r", "\u2028", ",", "="),
    });
    // The format has one zero.
    const double = fc.double().map((value) => value + 0);
    fc.assert(
      fc.property(text, text, double, (first, second, value) => {
        const number = value === Infinity ? "+Inf" : value === -Infinity ? "-Inf" : String(value);
        const line = `m{a="${escaped(first)}",b="${escaped(second)}"} ${number}`;
        expect(parseMetrics(line)).toEqual([
          { name: "m", labels: { a: first, b: second }, value: Number.isNaN(value) ? NaN : value },
        ]);
      }),
    );
  });

  it.each(["<html>", "a{b=c} 1", "a one", 'a{b="c} 1', "a"])(
    "is refused with the line %s",
    (line) => {
      expect(() => parseMetrics(line)).toThrow(/not a line of Prometheus' text format/);
    },
  );
});

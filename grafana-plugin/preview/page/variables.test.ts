import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  ALL,
  chosenOf,
  interpolate,
  legendValues,
  promqlValues,
  readVariableQuery,
} from "./variables.ts";

describe("readVariableQuery", () => {
  it("reads label_values with its selector", () => {
    expect(readVariableQuery(' label_values( up{job=~"a,b", x="1"} , instance ) ')).toEqual({
      label: "instance",
      selector: 'up{job=~"a,b", x="1"}',
    });
  });

  it("names a query that it does not know", () => {
    for (const query of ["metrics(.*)", "label_values(instance)"]) {
      expect(() => readVariableQuery(query)).toThrow(query);
    }
  });
});

describe("what is chosen", () => {
  const options = ["a", "b"];

  it("is all when the address says nothing, or nothing that exists", () => {
    expect(chosenOf(options)).toEqual([ALL]);
    expect(chosenOf(options, ["gone"])).toEqual([ALL]);
  });

  it("is what exists of what the address says", () => {
    expect(chosenOf(options, ["a", "b", "gone"])).toEqual(["a", "b"]);
  });

  it("is all, in words and as Grafana stores it", () => {
    for (const word of ["All", ALL]) expect(chosenOf(options, ["a", word])).toEqual([ALL]);
  });
});

describe("variables in PromQL", () => {
  const host = {
    name: "host",
    label: "Host",
    options: ["h.1", "h2"],
    allValue: ".*",
    hidden: false,
  };
  const promql = (text: string, ...chosen: string[]) =>
    interpolate(text, promqlValues([{ ...host, chosen }]));

  it("are escaped for the regular expression they stand in", () => {
    expect(promql('up{i=~"$host"}', "h.1")).toBe('up{i=~"h\\\\.1"}');
    expect(promql('up{i=~"$host"}', 'a"b')).toBe('up{i=~"a\\"b"}');
  });

  it("become alternatives when several values are chosen", () => {
    expect(promql('up{i=~"$host"}', "h.1", "h2")).toBe('up{i=~"(h\\\\.1|h2)"}');
  });

  it("are what the dashboard says for All, as it stands", () => {
    expect(promql('up{i=~"${host}"}', ALL)).toBe('up{i=~".*"}');
  });

  it("stay when nobody knows them, as a pattern's end does", () => {
    expect(promql('up{i=~"a$", j=~"$nobody"}', ALL)).toBe('up{i=~"a$", j=~"$nobody"}');
  });

  it("change no text that names no variable", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(interpolate(text, new Map())).toBe(text);
      }),
    );
  });
});

describe("variables in legends", () => {
  const none = { label: "", options: [], allValue: ".*" };
  const variables = [
    { ...none, name: "instance", chosen: ["h.1"], hidden: false },
    { ...none, name: "exporter", chosen: [", {{instance}}"], hidden: true },
    { ...none, name: "nobody", chosen: [], hidden: true },
  ];

  it("are those that nobody chooses, as they are; without a value they are nothing", () => {
    const fill = (legend: string) => interpolate(legend, legendValues(variables));
    expect(fill("{{scope}}$exporter")).toBe("{{scope}}, {{instance}}");
    expect(fill("P95$nobody")).toBe("P95");
    expect(fill("$instance")).toBe("$instance");
    expect(promqlValues(variables).has("exporter")).toBe(false);
  });
});

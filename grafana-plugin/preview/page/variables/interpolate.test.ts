import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { builtInLookup, firstOf, stepLookup } from "./built-in.ts";
import { chooseValue } from "./choose.ts";
import { interpolate } from "./interpolate.ts";
import { promqlFormat, variableLookup } from "./lookup.ts";
import { scopedLookup } from "./scoped.ts";

const stored = { type: "query", multi: true, includeAll: true };
const options = ["h.1", "h2"].map((value) => ({ text: value, value }));
const hosts = (...values: string[]) => chooseValue({ ...stored, name: "host" }, options, values);
const any = chooseValue({ ...stored, name: "any", allValue: ".*" }, options, ["All"]);
const single = chooseValue({ name: "one", type: "custom" }, [{ text: "T", value: 'a"b' }]);
const promql = (text: string, ...values: string[]) =>
  interpolate(text, variableLookup([hosts(...values), any, single], promqlFormat));

describe("variables in PromQL", () => {
  it("are escaped for the regular expression they stand in", () => {
    expect(promql('up{i=~"$host"}', "h.1")).toBe('up{i=~"h\\\\.1"}');
  });

  it("become alternatives when several values are chosen", () => {
    expect(promql('up{i=~"$host"}', "h.1", "h2")).toBe('up{i=~"(h\\\\.1|h2)"}');
    expect(promql('up{i=~"${host}"}', "All")).toBe('up{i=~"(h\\\\.1|h2)"}');
  });

  it("are what the dashboard says for All, as it stands", () => {
    expect(promql('up{i=~"$any"}')).toBe('up{i=~".*"}');
    expect(promql('up{i=~"${any:regex}"}')).toBe('up{i=~".*"}');
  });

  it("are escaped for a string only, where one value is chosen", () => {
    expect(promql('up{i="$one"}')).toBe('up{i="a\\"b"}');
  });

  it("are written as the text asks", () => {
    const written = (format: string) => promql(`\${host:${format}}`, "h.1", "h2");
    expect(
      ["regex", "pipe", "csv", "glob", "json", "singlequote", "text", "queryparam"].map(written),
    ).toEqual([
      "(h\\.1|h2)",
      "h.1|h2",
      "h.1,h2",
      "{h.1,h2}",
      '["h.1","h2"]',
      "'h.1','h2'",
      "h.1 + h2",
      "var-host=h.1&var-host=h2",
    ]);
    expect(promql("[[host:csv]]", "h.1", "h2")).toBe("h.1,h2");
  });

  it("stay when nobody knows them, as a pattern's end does", () => {
    expect(promql('up{i=~"a$", j=~"$nobody"}')).toBe('up{i=~"a$", j=~"$nobody"}');
  });
});

describe("Grafana's own variables", () => {
  const lookup = firstOf(
    stepLookup(15_000, 60_000),
    builtInLookup({ from: 1_000, to: 901_000 }, { uid: "u", title: "T" }),
  );

  it("are the step, the rate interval and the range", () => {
    expect(
      interpolate(
        "$__interval $__interval_ms $__rate_interval $__range $__range_s $__range_ms",
        lookup,
      ),
    ).toBe("15s 15000 1m 900s 900 900000");
    expect(interpolate("rate(x[${__rate_interval}])", lookup)).toBe("rate(x[1m])");
  });

  it("are the time range and the dashboard in links", () => {
    expect(interpolate("?${__url_time_range}&d=${__dashboard.uid}&t=$__dashboard", lookup)).toBe(
      "?from=1000&to=901000&d=u&t=T",
    );
  });
});

describe("the values of a field", () => {
  const scoped = {
    __field: { text: "Field", value: { name: "n", labels: { instance: "a:1" } } },
    __value: { text: "Value", value: { raw: 0, text: "0 s" } },
  };
  const replace = (text: string) => interpolate(text, scopedLookup(scoped));

  it("are found by their path, zero included", () => {
    expect(
      replace(
        '${__field.name} ${__field.labels.instance} ${__field.labels["instance"]} ${__value.raw}',
      ),
    ).toBe("n a:1 a:1 0");
  });

  it("stay when the path leads nowhere", () => {
    expect(replace("${__field.labels.pod.name}")).toBe("${__field.labels.pod.name}");
  });
});

it("changes no text that names no variable", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(interpolate(text, () => undefined)).toBe(text);
    }),
  );
});

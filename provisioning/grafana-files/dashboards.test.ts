import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type { Limit } from "@headroom/alerts/limits";
import { LIMITS, limitsWithin, LONGEST_TOLD_SECONDS } from "@headroom/alerts/limits";
import { EVIDENCE } from "@headroom/alerts/rules/evidence";
import { REFERENCE_SETTINGS } from "../generated-files.ts";
import type { Mapping, Panel, Step } from "../testing/dashboard.ts";
import { generatedDashboards } from "../testing/dashboard.ts";
import { readPromql } from "../testing/promql.ts";
import { COLOURS, NEUTRAL, UNSEEN } from "./appearance.ts";
import { DATA_SOURCE } from "./query.ts";

const dashboards = generatedDashboards();
const RUNBOOKS = join(import.meta.dirname, "..", "..", "alerts", "runbooks");

/** What every dashboard marks on its time axis. */
const MARKS = ["Load runs", "Incidents"];

/** What the preview page draws; Grafana draws more. */
const KINDS = ["headroom-limits-panel", "stat", "state-timeline", "table", "timeseries"];

/** The units that the dashboards write values in. */
const UNITS =
  /^(decbytes|s|percentunit|reqps|ops|short|none|dateTimeAsIsoNoDateIfToday|suffix:(nats|firing|pending))$/;

describe("the dashboards", () => {
  it("are seven, each with its own uid and title", () => {
    expect(dashboards.map(({ uid }) => uid)).toEqual([
      "headroom-overview",
      "headroom-fleet",
      "headroom-sentiment",
      "headroom-status",
      "headroom-chat",
      "headroom-load",
      "headroom-operations",
    ]);
    expect(new Set(dashboards.map(({ title }) => title)).size).toBe(7);
  });

  it("lead to each other, and keep the time and the exporters", () => {
    for (const { tags, links } of dashboards) {
      expect(links).toEqual([
        expect.objectContaining({ type: "dashboards", tags, keepTime: true, includeVars: true }),
      ]);
      expect(tags).toEqual(["headroom"]);
    }
  });

  it("mark load runs, and the incidents of their exporters as moments with a name and a link", () => {
    for (const { annotations } of dashboards) {
      expect(annotations.list.map(({ name }) => name)).toEqual(MARKS);
      for (const { datasource } of annotations.list) expect(datasource).toEqual(DATA_SOURCE);
      expect(annotations.list[1]).toMatchObject({
        useValueForTime: true,
        titleFormat: "Incident: {{alert}}",
        textFormat: expect.stringContaining(`href="${REFERENCE_SETTINGS.runbooks}/{{alert}}"`),
        expr: expect.stringMatching(
          / and on \(exporter\) .*\bup{job="headroom", instance=~"\$instance"}/,
        ),
      });
    }
  });

  it("choose exporters, and chat models where their metrics are shown", () => {
    const variables = dashboards.map(({ uid, templating }) => [
      uid.replace("headroom-", ""),
      templating.list.filter(({ hide }) => hide === undefined).map(({ name }) => name),
    ]);
    expect(Object.fromEntries(variables)).toEqual({
      overview: ["instance"],
      fleet: ["instance"],
      sentiment: ["instance"],
      status: ["instance", "model"],
      chat: ["instance", "model"],
      load: ["instance"],
      operations: ["instance"],
    });
  });
});

describe.each(dashboards.map((dashboard) => [dashboard.uid, dashboard] as const))(
  "%s",
  (_uid, { panels, templating }) => {
    const named = panels.map((panel) => [panel.title, panel] as const);

    it("numbers its panels, each once, and gives each a title of its own", () => {
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      const ofKind = panels.map(({ type, title }) => `${type} ${title}`);
      expect(new Set(ofKind).size).toBe(panels.length);
      expect(panels.length).toBeGreaterThan(10);
    });

    it("fills Grafana's 24 columns without overlaps or gaps", () => {
      const taken = new Set<string>();
      let cells = 0;
      for (const { gridPos } of panels) {
        expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
            taken.add(`${x} ${y}`);
            cells += 1;
          }
        }
      }
      expect(taken.size).toBe(cells);
      expect(cells).toBe(24 * Math.max(...panels.map(({ gridPos }) => gridPos.y + gridPos.h)));
    });

    it.each(named)("%s says what it shows, and asks only our data source", (_title, panel) => {
      expect(panel.description).toMatch(/[a-z0-9]\.$/);
      expect(panel.datasource).toEqual(DATA_SOURCE);
      expect(panel.targets.length).toBeGreaterThan(0);
      for (const { datasource } of panel.targets) expect(datasource).toEqual(DATA_SOURCE);
      const refIds = panel.targets.map(({ refId }) => refId);
      expect(new Set(refIds).size).toBe(refIds.length);
    });

    it.each(named)("%s is of a kind that the preview draws, and has a unit", (_title, panel) => {
      expect(KINDS).toContain(panel.type);
      const { defaults, overrides } = panel.fieldConfig;
      const units = [
        defaults.unit ?? [],
        overrides.flatMap(({ properties }) =>
          properties.flatMap(({ id, value }) => (id === "unit" ? value : [])),
        ),
      ].flat();
      expect(units.length).toBeGreaterThan(0);
      for (const unit of units) expect(unit).toMatch(UNITS);
    });

    it("asks for the chosen exporters wherever a series has one", () => {
      for (const { expr } of panels.flatMap(({ targets }) => targets)) {
        for (const { metric, matchers } of readPromql(expr).selectors) {
          const instance = matchers.find(({ label }) => label === "instance")?.value;
          expect({ metric, instance }).toEqual({
            metric,
            // One process keeps the incidents of all exporters, and a fleet has no instance.
            instance: /^(k6_|headroom_incidents_|job[:_])/.test(metric) ? undefined : "$instance",
          });
        }
      }
    });

    it("uses every variable that it offers", () => {
      const targets = panels.flatMap((panel) => panel.targets);
      for (const { name, hide } of templating.list) {
        const uses = targets.filter(({ expr, legendFormat }) =>
          hide ? legendFormat.includes(`$${name}`) : expr.includes(`$${name}"`),
        );
        expect([name, uses.length > 0]).toEqual([name, true]);
      }
    });

    it("names an exporter in its legends only where there are several", () => {
      for (const { legendFormat } of panels.flatMap(({ targets }) => targets)) {
        expect(legendFormat).not.toContain("{{instance}}");
      }
    });

    it("links to runbooks that exist", async () => {
      const files = await readdir(RUNBOOKS);
      const known = files.map(
        (name) => `${REFERENCE_SETTINGS.runbooks}/${name.replace(".md", "")}`,
      );
      const links = panels.flatMap(({ title, links = [] }) => (title === "Alerts" ? [] : links));
      for (const { url } of links) expect(known).toContain(url);
    });

    it("uses no colours but those with a meaning", () => {
      const allowed: readonly string[] = Object.values(COLOURS);
      for (const { fieldConfig } of panels) {
        for (const { color } of fieldConfig.defaults.thresholds.steps) {
          expect([...allowed, UNSEEN]).toContain(color);
        }
        for (const { matcher, properties } of fieldConfig.overrides) {
          const own = properties.flatMap(({ id, value }) => (id === "color" ? [value] : []));
          // A limit's line has the colour of its severity; all else is no state.
          if (/(warning|critical)\$\/$/.test(matcher.options)) continue;
          for (const { fixedColor } of own as { fixedColor: string }[]) {
            expect(allowed).not.toContain(fixedColor);
          }
        }
      }
    });
  },
);

describe("the thresholds of stat panels and graphs", () => {
  const all = dashboards.flatMap(({ panels }) => panels);

  it.each([
    ["Latency, P95", "latency_p95"],
    ["Latency of k6, P95", "latency_p95"],
    ["Latency, P50, P95 and P99", "latency_p95"],
    ["Latency as k6 sees it, P95", "latency_p95"],
    ["Latency as the exporter sees it, P95", "latency_p95"],
    ["Errors", "error_ratio"],
    ["Errors and refusals", "error_ratio"],
    ["Failures of k6", "error_ratio"],
    ["Chat errors and refusals", "error_ratio"],
    ["Time to first token", "first_token_p95"],
    ["Time per output token", "output_token_p95"],
    ["KV cache", "kv_cache"],
  ])("of %s are the limits of %s", (title, id) => {
    const shown = all.filter((panel) => panel.title === title);
    expect(shown.length).toBeGreaterThan(0);
    for (const panel of shown) expect(edges(panel)).toEqual(upperLimits(LIMITS, id));
  });

  it("of the attribution qualities mark both edges of the band, and the lower limit", () => {
    const valuesOf = (title: string) =>
      all.filter((panel) => panel.title === title).map((panel) => edges(panel).map((e) => e.value));
    const [entropy, sparsity] = ["attribution_entropy", "attribution_sparsity"].map((id) =>
      LIMITS.find((limit) => limit.id === id),
    );
    if (entropy?.bound !== "band" || sparsity?.bound !== "lower") throw new Error("other bounds");
    expect(valuesOf("Attribution entropy")).toEqual([[entropy.lower, entropy.upper]]);
    expect(valuesOf("Attribution sparsity")).toEqual([[sparsity.lower]]);
  });

  it("do not depend on the memory of the machine: each exporter tells its own limits", () => {
    const other = generatedDashboards({ memoryBytes: 16e9 }).flatMap(({ panels }) => panels);
    expect(JSON.stringify(other)).toBe(JSON.stringify(all));
    for (const limit of LIMITS.filter(({ id }) => id === "memory")) {
      if (limit.bound !== "lower") expect(JSON.stringify(all)).not.toContain(String(limit.upper));
    }
  });
});

describe("graphs", () => {
  const graphs = dashboards.flatMap(({ panels }) =>
    panels.filter(({ type }) => type === "timeseries"),
  );

  it("have no fills that lie over each other", () => {
    expect(graphs.length).toBeGreaterThan(30);
    for (const { fieldConfig } of graphs)
      expect(fieldConfig.defaults.custom?.["fillOpacity"]).toBe(0);
  });

  it("say what to type while they are empty", () => {
    for (const { fieldConfig } of graphs) {
      expect(fieldConfig.defaults.noValue).toMatch(/^No [a-z ]+: npm (start|run load)/);
    }
  });

  it("draw each limit in the colour of its severity, also where the allowed begins", () => {
    const stepsOf = (title: string) =>
      graphs.find((panel) => panel.title === title)?.fieldConfig.defaults.thresholds.steps;
    // Grafana draws the line at a step below an unseen one in the colour of the step before.
    const goodput = stepsOf("Goodput over time")?.map(({ color }) => color);
    expect(goodput?.at(-1)).toBe(UNSEEN);
    expect(goodput?.slice(0, -1)).not.toContain(UNSEEN);
    const entropy = stepsOf("Attribution entropy")?.map(({ color }) => color);
    expect(entropy).toEqual([COLOURS.warning, UNSEEN, COLOURS.warning]);
  });
});

describe("alerts", () => {
  const [overview, , , , , , operations] = dashboards;

  it("are told as so many firing and so many pending, with a link to the list of those", () => {
    const list = operations?.panels.find(({ title }) => title === "Alerts now");
    for (const { panels } of [overview!, operations!]) {
      const [stat] = panels;
      expect(stat).toMatchObject({ title: "Alerts", type: "stat" });
      expect(stat?.links?.map(({ url }) => url)).toEqual([
        "/d/headroom-operations?${__url_time_range}&${__all_variables}&viewPanel=" + list?.id,
      ]);
      const counted = stat?.targets.map(({ expr }) => readPromql(expr).selectors[0]?.matchers);
      const [listed] = readPromql(list?.targets[0]?.expr ?? "").selectors;
      for (const [i, state] of ["firing", "pending"].entries()) {
        const own = counted?.[i]?.filter(({ label }) => label !== "alertstate");
        expect(counted?.[i]).toContainEqual({ label: "alertstate", value: state });
        expect(own).toEqual(listed?.matchers);
      }
    }
  });

  it("are a state timeline over time", () => {
    const [timeline] = operations!.panels.filter(({ title }) => title === "Alerts over time");
    expect(timeline?.type).toBe("state-timeline");
    expect(timeline?.fieldConfig.defaults.mappings).toEqual([
      expect.objectContaining({
        options: {
          "1": expect.objectContaining({ text: "pending", color: COLOURS.warning }),
          "2": expect.objectContaining({ text: "firing", color: COLOURS.critical }),
        },
      }),
    ]);
  });
});

describe("memory", () => {
  const all = dashboards.flatMap(({ panels }) => panels);
  const graphs = all.filter(({ title }) => title === "Memory by scope");
  const [tile, ...more] = all.filter(({ title }) => title === "Memory of limit");

  it("is drawn with the limits of each scope as dashed series, and no line of a machine", () => {
    expect(graphs).toHaveLength(4);
    for (const panel of graphs) {
      expect(edges(panel)).toEqual([]);
      expect(panel.fieldConfig.defaults.custom?.["thresholdsStyle"]).toEqual({ mode: "off" });
      const [used, limits] = panel.targets;
      expect(used?.expr).toMatch(/^headroom_memory_used_bytes{/);
      expect(limits).toMatchObject({
        expr: 'headroom_limit{limit="memory", instance=~"$instance"}',
        legendFormat: "limit, {{scope}}$exporter, {{severity}}",
      });
      expect(propertiesOf(panel, limits?.refId ?? "")).toContainEqual({
        id: "custom.lineStyle",
        value: { fill: "dash", dash: [10, 10] },
      });
      for (const severity of ["warning", "critical"] as const) {
        const [own] = panel.fieldConfig.overrides.filter(
          ({ matcher }) => matcher.id === "byRegexp" && matcher.options.includes(severity),
        );
        const pattern = new RegExp(own?.matcher.options.slice(1, -1) ?? "");
        expect(pattern.test(`limit, container, ${severity}`)).toBe(true);
        expect(own?.properties).toEqual([
          { id: "color", value: { mode: "fixed", fixedColor: COLOURS[severity] } },
        ]);
      }
      expect(panel.links?.map(({ url }) => url.split("/").at(-1))).toEqual(
        expect.arrayContaining(["HeadroomMemoryHigh", "HeadroomMemoryCritical"]),
      );
    }
  });

  it("is a share of the nearest limit, which turns where the alerts fire on every machine", () => {
    expect(more).toEqual([]);
    expect(tile?.targets[0]?.expr).toBe(
      'max(instance_scope:headroom_memory_used_per_warning_limit:ratio{instance=~"$instance"})',
    );
    for (const capacity of [4e9, 48e9, 192e9]) {
      const [warning, critical] = limitsWithin({ system: capacity }).flatMap((limit) =>
        limit.bound === "upper" && limit.id === "memory" ? limit.upper : [],
      );
      const turns = tile ? edges(tile) : [];
      expect(turns.map(({ color }) => color)).toEqual([COLOURS.warning, COLOURS.critical]);
      expect(turns[0]?.value).toBe(1);
      expect(turns[1]?.value).toBeCloseTo(critical! / warning!, 9);
    }
    expect(tile?.description).toContain("121 %");
  });
});

describe("stat panels", () => {
  const stats = dashboards.flatMap(({ panels }) => panels.filter(({ type }) => type === "stat"));

  it("show what is at the end of the range, so that nothing that has ended looks like now", () => {
    expect(stats.length).toBeGreaterThan(10);
    for (const { targets, options } of stats) {
      for (const { instant } of targets) expect(instant).toBe(true);
      expect(options["graphMode"]).toBe("none");
    }
  });

  it("say in neutral grey that there is no value", () => {
    for (const { fieldConfig } of stats) {
      const { noValue = "", mappings = [] } = fieldConfig.defaults;
      expect(noValue).toMatch(/^no (traffic|data|load run)$/);
      expect(mappings).toContainEqual({
        type: "special",
        options: { match: "null+nan", result: { text: noValue, color: NEUTRAL } },
      });
    }
  });

  it.each([
    ["Latency, P95", "no traffic"],
    ["Errors", "no traffic"],
    ["Memory of limit", "no data"],
    ["Latency of k6, P95", "no load run"],
  ])("say of %s: %s", (title, words) => {
    const [stat] = stats.filter((panel) => panel.title === title);
    expect(stat?.fieldConfig.defaults.noValue).toBe(words);
  });
});

describe("a quantile at the last edge of its histogram", () => {
  const all = dashboards.flatMap(({ panels }) => panels);
  /** The histograms whose last edge is known, as metrics and recorded series name them. */
  const histograms = [
    [/sentiment_request_duration_seconds(_bucket|:(worst_|topk10_)?p95)/, "latency"],
    [/headroom_status_duration_seconds(_bucket|:(worst_)?p95)/, "status"],
    [/gen_ai_server_time_to_first_token_seconds_bucket|headroom_first_token/, "firstToken"],
    [/gen_ai_server_time_per_output_token_seconds_bucket|headroom_output_token/, "outputToken"],
  ] as const;
  const read = all.flatMap((panel) =>
    panel.targets.map((target) => {
      const [, told] = histograms.find(([name]) => name.test(target.expr)) ?? [];
      return { panel, target, told };
    }),
  );

  it("is more than that, in every stat panel, graph and lane; and no other value is", () => {
    const found = { latency: 0, status: 0, firstToken: 0, outputToken: 0 };
    for (const { panel, target, told } of read) {
      const properties = propertiesOf(panel, target.refId).filter(({ id }) => id === "mappings");
      // An override takes the place of what holds for the panel.
      const stored = properties.at(-1)?.value ?? panel.fieldConfig.defaults.mappings ?? [];
      const mappings = (stored as Mapping[]).filter(({ type }) => type === "range");
      if (told) found[told] += 1;
      const longest = told && LONGEST_TOLD_SECONDS[told];
      const result = { text: `more than ${longest} s` };
      const expected = told
        ? [{ type: "range", options: { from: longest, to: null, result } }]
        : [];
      expect([panel.title, target.refId, mappings]).toEqual([panel.title, target.refId, expected]);
    }
    expect(found.latency).toBeGreaterThan(6);
    expect(found.status).toBeGreaterThan(8);
    expect(found.firstToken).toBeGreaterThan(4);
    expect(found.outputToken).toBeGreaterThan(4);
  });
});

describe("statistics over a window", () => {
  const exprs = dashboards.flatMap(({ panels }) =>
    panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
  );

  it("want as much evidence as the alerts, wherever a dashboard computes them itself", () => {
    // Of two sums of rates, or of a histogram; recorded series have been judged.
    const computed = exprs.filter(([, expr]) =>
      /histogram_quantile|rate\(.*\) \/ |\) \/ sum/.test(expr),
    );
    expect(computed.length).toBeGreaterThan(8);
    for (const [title, expr] of computed) {
      const least = readPromql(expr).comparisons.map(({ operator, number }) => [operator, number]);
      const wanted = title.startsWith("Quality")
        ? EVIDENCE.messages
        : /^Time (to first|per output) token$/.test(title)
          ? EVIDENCE.streams
          : EVIDENCE.requests;
      expect([title, least]).toEqual([title, [[">=", wanted]]]);
    }
  });

  it("of k6 end with its run, and not when Prometheus forgets them", () => {
    const ofK6 = exprs.filter(([, expr]) => expr.includes("k6_"));
    expect(ofK6.length).toBeGreaterThan(8);
    for (const [title, expr] of ofK6) {
      expect([title, expr]).toEqual([title, expect.stringMatching(/(rate|last_over_time)\(k6_/)]);
    }
  });
});

describe("what descriptions say", () => {
  const named = (title: string) =>
    dashboards.flatMap(({ panels }) => panels.filter((panel) => panel.title === title));

  it.each(["Errors", "Errors and refusals", "Failures of k6"])(
    "of %s is what well-meant requests did not get",
    (title) => {
      expect(named(title).length).toBeGreaterThan(0);
      for (const { description } of named(title)) {
        expect(description).toMatch(/server errors, refusals and missed deadlines/);
        expect(description).toMatch(/well-meant requests/);
      }
    },
  );

  it.each(["Latency, P95", "Latency, P50, P95 and P99", "Latency as k6 sees it, P95"])(
    "of %s is the time of answers and missed deadlines",
    (title) => {
      expect(named(title).length).toBeGreaterThan(0);
      for (const { description } of named(title)) {
        expect(description).toMatch(/Answers and missed deadlines count/);
        expect(description).toMatch(/refused, wrong and aborted requests do not/);
      }
    },
  );
});

function propertiesOf({ fieldConfig }: Panel, refId: string) {
  return fieldConfig.overrides
    .filter(({ matcher }) => matcher.id === "byFrameRefID" && matcher.options === refId)
    .flatMap(({ properties }) => properties);
}

function edges({ fieldConfig }: Panel): Step[] {
  return fieldConfig.defaults.thresholds.steps.filter(({ value }) => value !== null);
}

function upperLimits(limits: readonly Limit[], id: string): Step[] {
  return limits.flatMap((limit) =>
    limit.id === id && limit.bound === "upper"
      ? [{ value: limit.upper, color: COLOURS[limit.severity] }]
      : [],
  );
}

import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { bucketAt, conditionOf, keepWhere, noHeadroom } from "./condition.ts";
import type { Bound } from "../limits.ts";
import { STATUS_TARGET_SECONDS } from "../limits.ts";
import { forecastRules } from "./memory.ts";
import { isAlert } from "./group.ts";
import { alertsOf, ruleGroups } from "./index.ts";
import { DEFAULT_RULE_OPTIONS, INSTANCE_IN_LINKS } from "./options.ts";
import { duration, FORECAST_WINDOWS, holdFor, PACE } from "./pace.ts";
import { statusRules } from "./status.ts";
import { inWords } from "./wording.ts";

describe("duration", () => {
  it.each([
    [1, "1s"],
    [90, "90s"],
    [120, "2m"],
    [3600, "1h"],
    [5400, "90m"],
  ])("writes %p s as %p", (seconds, text) => expect(duration(seconds)).toBe(text));

  it("never loses a second", () => {
    const sizes: Record<string, number> = { s: 1, m: 60, h: 3600 };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seconds) => {
        const text = duration(seconds);
        expect(Number.parseInt(text, 10) * sizes[text.at(-1) ?? ""]!).toBe(seconds);
      }),
    );
  });

  it.each([0, -5, 1.5, NaN])("refuses %p", (seconds) => {
    expect(() => duration(seconds)).toThrow(RangeError);
  });
});

describe("holdFor", () => {
  it("outlasts the window for whatever looks back over it", () => {
    expect(holdFor(PACE, "critical", "window")).toBe(
      duration(PACE.windowSeconds + PACE.patienceSeconds.critical),
    );
    expect(holdFor(PACE, "critical", "now")).toBe(duration(PACE.patienceSeconds.critical));
  });
});

describe("noHeadroom", () => {
  it("compares with the limit of each kind of bound", () => {
    const kept = (bound: Bound): string => keepWhere(noHeadroom(bound), "x");
    expect(kept({ bound: "upper", upper: 33.6e9 })).toBe("x >= 33600000000");
    expect(kept({ bound: "lower", lower: 0.1 })).toBe("x <= 0.1");
    expect(kept({ bound: "band", lower: 1, upper: 2 })).toBe("(x <= 1 or x >= 2)");
  });
});

describe("conditionOf", () => {
  it("writes a condition with its comparison, and without", () => {
    const condition = conditionOf({ is: "below", edge: 2 }, (compared) => `${compared("x")} and y`);
    expect(condition).toEqual({
      expr: "x < 2 and y",
      watched: { values: "x and y", fires: { is: "below", edge: 2 } },
    });
  });
});

describe("bucketAt", () => {
  it("finds whole edges in both exposition formats", () => {
    expect(bucketAt(0.5)).toBe('le="0.5"');
    const pattern = /le=~"(.*)"/.exec(bucketAt(1))?.[1] ?? "";
    const matched = ["1", "1.0", "10", "1.05"].filter((le) =>
      new RegExp(`^(?:${pattern})$`).test(le),
    );
    expect(matched).toEqual(["1", "1.0"]);
  });
});

describe("inWords", () => {
  it.each([
    [{ bound: "upper", upper: 33.6e9, unit: "bytes" }, "33.6GB"],
    [{ bound: "upper", upper: 0.5, unit: "seconds" }, "500ms"],
    [{ bound: "upper", upper: 3.5, unit: "seconds" }, "3.5s"],
    [{ bound: "upper", upper: 0.05, unit: "ratio" }, "5%"],
    [{ bound: "lower", lower: 0.1, unit: "ratio" }, "10%"],
    [{ bound: "band", lower: 0.5, upper: 2.5, unit: "nats" }, "0.5 to 2.5 nats"],
  ] as const)("writes %j as %p", (limit, words) => expect(inWords(limit)).toBe(words));
});

describe("forecastRules", () => {
  it("look 4 h ahead at the committed pace, and a shorter time at a shorter one", () => {
    const texts = (windowSeconds: number): string[] =>
      forecastRules({
        ...DEFAULT_RULE_OPTIONS,
        pace: { ...PACE, windowSeconds },
      }).map(({ expr }) => expr);
    const used = "instance_scope:headroom_memory_used_per_warning_limit:ratio";
    const [whole, end, rise] = texts(PACE.windowSeconds);
    expect([whole, end, rise]).toEqual([
      `predict_linear(${used}[1h], 14400)`,
      `predict_linear(${used}[15m], 14400)`,
      `${used} - ${used} offset 1h`,
    ]);
    expect(texts(5)[0]).toContain("[5m], 1200)");
  });

  it("wait for longer than a step can be taken for a trend", () => {
    const [alert] = alertsOf([{ name: "", rules: forecastRules(DEFAULT_RULE_OPTIONS) }]);
    const recent = FORECAST_WINDOWS.recent * PACE.windowSeconds;
    expect(alert?.for).toBe(duration(recent + PACE.patienceSeconds.warning));
  });
});

describe("the alerts", () => {
  it("are warnings or critical, but for the one that tells of quiet", () => {
    const severities = new Map(alertsOf(ruleGroups()).map((r) => [r.alert, r.labels.severity]));
    const info = [...severities].filter(([, severity]) => severity === "info");
    expect(info.map(([alert]) => alert)).toEqual(["HeadroomNoTraffic"]);
    const critical = [
      ...["HeadroomModelUnavailable", "HeadroomErrorRateCritical", "HeadroomRestarting"],
      ...["HeadroomUpstreamDown", "HeadroomFirstTokenSlow", "HeadroomTokensSlow"],
    ];
    for (const alert of critical) expect(severities.get(alert)).toBe("critical");
    for (const alert of [
      "HeadroomErrorRateHigh",
      "HeadroomCacheDegraded",
      "HeadroomModelRestarting",
      "HeadroomSaturated",
      "HeadroomLimitForecast",
      "HeadroomKvCacheFull",
      "HeadroomGoodputLow",
    ]) {
      expect(severities.get(alert)).toBe("warning");
    }
  });
});

describe("the links of an alert", () => {
  it("lead to its runbook and to a dashboard of its exporter, wherever these are", () => {
    const options = { runbooks: "https://wiki.example/r", dashboards: "https://grafana.example" };
    for (const { alert, annotations } of alertsOf(ruleGroups(options))) {
      expect(annotations.runbook_url).toBe(`https://wiki.example/r/${alert}`);
      const [base, uid = ""] = annotations.dashboard_url.split("/d/");
      expect(base).toBe("https://grafana.example");
      // The process that keeps incidents is no exporter that a dashboard could be asked for.
      const ofAll = alert === "HeadroomIncidentsDown";
      expect(uid).toMatch(ofAll ? /^headroom-operations$/ : /^headroom-[a-z]+[{]{2}/);
      expect(uid.endsWith(INSTANCE_IN_LINKS)).toBe(!ofAll);
    }
  });
});

describe("statusRules", () => {
  it("hold each scenario against its own target", () => {
    const { rules } = statusRules(DEFAULT_RULE_OPTIONS);
    const [inTime] = rules.filter((rule) => !isAlert(rule) && rule.record.includes("in_time"));
    for (const [scenario, target] of Object.entries(STATUS_TARGET_SECONDS)) {
      expect(inTime?.expr).toContain(`{scenario="${scenario}", ${bucketAt(target)}}`);
      const alerts = rules.filter((r) => isAlert(r) && r.expr.includes(`{scenario="${scenario}"}`));
      expect(alerts.map(({ expr }) => />= \S+/.exec(expr)?.[0])).toEqual([`>= ${target}`]);
    }
  });
});

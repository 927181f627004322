import { describe, expect, it } from "@jest/globals";
import {
  limit,
  limitsFor,
  LIMITS,
  limitsWithin,
  MAINTENANCE_LIMITS,
  memoryLimits,
  REFERENCE_MEMORY_BYTES,
} from "@headroom/alerts/limits";
import { ruleGroups } from "@headroom/alerts/rules/index";
import { usedPerLimit } from "@headroom/alerts/rules/memory";
import { measures } from "../measures.ts";
import { judgeAlerts } from "./alerts.ts";
import { judgeAnomaly } from "./anomalies.ts";
import { judgeInRange, judgeUndefined } from "./attribution.ts";
import { judgeErrors } from "./errors.ts";
import { judgeIncidents } from "./incidents.ts";
import { judgeMemoryTrend } from "./memory-trend.ts";
import { judgeModels } from "./models.ts";
import { judgeMemoryRule, judgeRules } from "./rules.ts";
import { judgeScrape } from "./scrape.ts";

describe("the target", () => {
  const target = (health: string) => [
    { labels: { job: "headroom", instance: "a:1" }, health, lastError: "connection refused" },
  ];

  it("must be up", () => {
    expect(judgeScrape(target("up"), "a:1").verdict).toBe("pass");
    const down = judgeScrape(target("down"), "a:1");
    expect(down).toMatchObject({ verdict: "fail", runbook: "HeadroomExporterDown" });
    expect(down.detail).toContain("connection refused");
  });

  it("must be the exporter that is checked", () => {
    expect(judgeScrape(target("up"), "b:2")).toMatchObject({
      verdict: "fail",
      observed: "no target",
    });
  });
});

describe("the rules", () => {
  const all = ruleGroups().map(({ name }) => ({ group: name, name: "x", health: "ok" }));

  it("pass when every group is there and healthy", () => {
    expect(judgeRules(all).verdict).toBe("pass");
  });

  it("fail when a group is missing or one has an error, which is told", () => {
    expect(judgeRules(all.slice(1)).detail).toContain(`${all[0]!.group} is missing`);
    const broken = { group: "mine", name: "mine", health: "err", lastError: "many-to-many" };
    expect(judgeRules([...all, broken])).toMatchObject({ verdict: "fail" });
    expect(judgeRules([...all, broken]).detail).toContain("mine: many-to-many");
  });

  it("are unknown before they were evaluated", () => {
    const waiting = all.map((rule) => ({ ...rule, health: "unknown" }));
    expect(judgeRules(waiting).verdict).toBe("unknown");
  });
});

describe("the rule of memory", () => {
  const group = "headroom-memory";
  // As Prometheus writes it back.
  const rule = (bytes: string) => ({
    group,
    name: usedPerLimit("warning"),
    health: "ok",
    query:
      "headroom_memory_used_bytes / on (job, instance, scope) " +
      `clamp_max(0.7 * headroom_memory_capacity_bytes, ${bytes})`,
  });
  const capacities = { system: 206_158_430_208, container: 4e9 };

  it("passes where it judges by the exporter's own limits", () => {
    const here = limitsWithin(capacities);
    expect(judgeMemoryRule([rule("3.36e+10")], here, capacities).verdict).toBe("pass");
    // What binds is the container's own share, whatever the bytes are.
    const small = { container: 4e9 };
    const limits = limitsWithin(small);
    expect(judgeMemoryRule([rule("1.344e+11")], limits, small).verdict).toBe("pass");
  });

  it("fails where only one of the two was told of a larger machine", () => {
    const raised = limitsWithin(capacities, limitsFor(192e9));
    const row = judgeMemoryRule([rule("3.36e+10")], raised, capacities);
    expect(row).toMatchObject({
      verdict: "fail",
      observed: "system: alert 33.60 GB, exporter 134.40 GB",
    });
    expect(row.detail).toContain("HEADROOM_MEMORY_BYTES");
    const other = judgeMemoryRule([rule("1.344e+11")], limitsWithin(capacities), capacities);
    expect(other.verdict).toBe("fail");
  });

  it("is unknown without the rule or without capacities", () => {
    expect(judgeMemoryRule([], limitsWithin(capacities), capacities).verdict).toBe("unknown");
    expect(judgeMemoryRule([rule("3.36e+10")], limitsWithin({}), {}).verdict).toBe("unknown");
  });
});

describe("the alerts", () => {
  const alert = (alertname: string, severity: string, state = "firing") => ({
    labels: { alertname, severity },
    state,
  });

  it("pass when none fires, though one may be pending", () => {
    expect(judgeAlerts([]).verdict).toBe("pass");
    expect(judgeAlerts([alert("A", "critical", "pending")]).verdict).toBe("pass");
  });

  it("fail with the name of the one that fires, and its runbook", () => {
    expect(judgeAlerts([alert("A", "warning"), alert("B", "info")])).toMatchObject({
      verdict: "fail",
      observed: "A, B",
      runbook: "A",
    });
  });

  it("pass when they only inform, and say so", () => {
    const row = judgeAlerts([alert("HeadroomNoTraffic", "info")]);
    expect(row).toMatchObject({ verdict: "pass", observed: "HeadroomNoTraffic" });
    expect(row.detail).not.toBe("");
  });
});

describe("errors", () => {
  const allowed = limit("error_ratio", "warning");

  it("pass only at zero", () => {
    expect(judgeErrors(0, 1000, allowed).verdict).toBe("pass");
    const one = judgeErrors(0.9, 1000, allowed);
    expect(one).toMatchObject({ verdict: "fail", observed: "0.1 % (1 of 1,000)" });
    expect(one.detail).toContain("within the limit of the alert");
    expect(judgeErrors(100, 1000, allowed).detail).toContain("beyond the limit of the alert");
  });

  it("are unknown without requests", () => {
    expect(judgeErrors(0, 0, allowed).verdict).toBe("unknown");
    expect(judgeErrors(Number.NaN, Number.NaN, allowed).verdict).toBe("unknown");
  });
});

describe("an anomaly", () => {
  const latency = measures(LIMITS).find(({ id }) => id === "latency-p95")!;
  const past = Array.from({ length: 100 }, (_, hour) => 0.05 + 0.001 * (hour % 5));

  it("is far from the past, into the harmful direction", () => {
    expect(judgeAnomaly(latency, past, 0.3)).toMatchObject({
      verdict: "fail",
      runbook: "HeadroomLatencyHigh",
    });
    expect(judgeAnomaly(latency, past, 0.01).verdict).toBe("pass");
  });

  it("is no small difference, even from a past that never varied", () => {
    const constant = past.map(() => 0.05);
    expect(judgeAnomaly(latency, constant, 0.052).verdict).toBe("pass");
    expect(judgeAnomaly(latency, constant, 0.2).verdict).toBe("fail");
  });

  it("is not known without a past or without a present", () => {
    const short = past.slice(0, MAINTENANCE_LIMITS.historyHours - 1);
    expect(judgeAnomaly(latency, short, 0.3).verdict).toBe("unknown");
    expect(judgeAnomaly(latency, past, Number.NaN).verdict).toBe("unknown");
  });
});

describe("the trend of memory", () => {
  const [allowed] = memoryLimits("warning", limitsWithin({ process: REFERENCE_MEMORY_BYTES }));
  if (!allowed) throw new Error("a process has a memory limit");
  const hours = (count: number, start: number, anHour: number) =>
    Array.from({ length: 12 * count + 1 }, (_, index) => ({
      at: 300 * index,
      value: start + (anHour * index) / 12,
    }));

  it("fails when the limit is reached within a day", () => {
    const row = judgeMemoryTrend(hours(6, 20e9, 2e9), allowed);
    expect(row).toMatchObject({ verdict: "fail", runbook: "HeadroomLimitForecast" });
    expect(row.detail).toContain("2.00 GB an hour");
  });

  it("passes when it rises more slowly, falls, or moves too little to be followed", () => {
    for (const anHour of [0.2e9, -1e9]) {
      expect(judgeMemoryTrend(hours(6, 20e9, anHour), allowed).verdict).toBe("pass");
    }
    expect(judgeMemoryTrend(hours(6, 33e9, 0.1e9), allowed).verdict).toBe("pass");
  });

  it("is unknown before an hour has passed, or without points", () => {
    expect(judgeMemoryTrend(hours(0.5, 20e9, 9e9), allowed).verdict).toBe("unknown");
    expect(judgeMemoryTrend([], allowed).verdict).toBe("unknown");
  });
});

describe("the models", () => {
  const hardware = { chatModel: { phase: "missing", text: "no chat model is here" } } as never;
  const ready = (task: string, value: number) => ({
    name: "headroom_model_ready",
    labels: { task },
    value,
  });

  it("pass when they answer", () => {
    const samples = [ready("sentiment", 1), ready("status", 1)];
    const rows = judgeModels({ notReady: undefined, samples, hardware });
    expect(rows.map(({ verdict }) => verdict)).toEqual(["pass", "pass", "pass"]);
  });

  it("fail when they do not, and a chat model that is not here is unknown", () => {
    const samples = [ready("sentiment", 0)];
    const rows = judgeModels({ notReady: "/readyz answered 503", samples, hardware });
    expect(rows.map(({ verdict }) => verdict)).toEqual(["fail", "fail", "unknown"]);
    expect(rows[0]!.detail).toContain("/readyz answered 503");
    expect(rows[2]!.detail).toBe("no chat model is here");
  });
});

describe("open incidents", () => {
  const open = (severity: string, value: number) => ({
    name: "headroom_incidents_open",
    labels: { severity },
    value,
  });

  it("fail, but for those that only inform", () => {
    expect(judgeIncidents([open("critical", 0), open("info", 0)]).verdict).toBe("pass");
    expect(judgeIncidents([open("critical", 0), open("info", 2)])).toMatchObject({
      verdict: "pass",
      observed: "2 info",
    });
    expect(judgeIncidents([open("critical", 1), open("info", 2)])).toMatchObject({
      verdict: "fail",
      observed: "1 critical, 2 info",
    });
  });

  it("are unknown when nobody counts them", () => {
    expect(judgeIncidents([]).verdict).toBe("unknown");
  });
});

describe("attributions", () => {
  const { attributionInRange, attributionUndefined } = MAINTENANCE_LIMITS;
  const entropy = { name: "entropy", method: "prefix", runbook: "X" };
  const allowed = limit("attribution_entropy", "warning");

  it("must be in range for enough messages", () => {
    expect(judgeInRange(entropy, attributionInRange, allowed).verdict).toBe("pass");
    expect(judgeInRange(entropy, attributionInRange - 0.01, allowed).verdict).toBe("fail");
    expect(judgeInRange(entropy, Number.NaN, allowed).verdict).toBe("unknown");
  });

  it("must be defined for enough messages", () => {
    expect(judgeUndefined(1, 99).verdict).toBe("pass");
    const bad = 1000 * attributionUndefined;
    expect(judgeUndefined(bad, 1000 - bad).verdict).toBe("fail");
    expect(judgeUndefined(Number.NaN, 5).verdict).toBe("unknown");
  });
});

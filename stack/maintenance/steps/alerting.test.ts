import { describe, expect, it } from "@jest/globals";
import { limitsFor, limitsWithin } from "@headroom/alerts/limits";
import { ruleGroups } from "@headroom/alerts/rules/index";
import { usedPerLimit } from "@headroom/alerts/rules/memory";
import { alertsRow, incidentsRow, memoryRuleRow, rulesRow, scrapeRow } from "./alerting.ts";

describe("the target", () => {
  const target = (health: string) => [
    { labels: { job: "headroom", instance: "a:1" }, health, lastError: "connection refused" },
  ];

  it("must be up", () => {
    expect(scrapeRow(target("up"), "a:1").verdict).toBe("pass");
    const down = scrapeRow(target("down"), "a:1");
    expect(down).toMatchObject({ verdict: "fail", runbook: "HeadroomExporterDown" });
    expect(down.detail).toContain("connection refused");
  });

  it("must be the exporter that is checked", () => {
    expect(scrapeRow(target("up"), "b:2")).toMatchObject({
      verdict: "fail",
      observed: "no target",
    });
  });
});

describe("the rules", () => {
  const all = ruleGroups().map(({ name }) => ({ group: name, name: "x", health: "ok" }));

  it("pass when every group is there and healthy", () => {
    expect(rulesRow(all).verdict).toBe("pass");
  });

  it("fail when a group is missing or one has an error, which is told", () => {
    expect(rulesRow(all.slice(1)).detail).toContain(`${all[0]!.group} is missing`);
    const broken = { group: "mine", name: "mine", health: "err", lastError: "many-to-many" };
    expect(rulesRow([...all, broken])).toMatchObject({ verdict: "fail" });
    expect(rulesRow([...all, broken]).detail).toContain("mine: many-to-many");
  });

  it("are unknown before they were evaluated", () => {
    const waiting = all.map((rule) => ({ ...rule, health: "unknown" }));
    expect(rulesRow(waiting).verdict).toBe("unknown");
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

  it("passes where it goes by the exporter's own limits", () => {
    const here = limitsWithin(capacities);
    expect(memoryRuleRow([rule("3.36e+10")], here, capacities).verdict).toBe("pass");
    // What binds is the container's own share, whatever the bytes are.
    const small = { container: 4e9 };
    const limits = limitsWithin(small);
    expect(memoryRuleRow([rule("1.344e+11")], limits, small).verdict).toBe("pass");
  });

  it("fails where only one of the two was told of a larger machine", () => {
    const raised = limitsWithin(capacities, limitsFor(192e9));
    const row = memoryRuleRow([rule("3.36e+10")], raised, capacities);
    expect(row).toMatchObject({
      verdict: "fail",
      observed: "system: alert 33.60 GB, exporter 134.40 GB",
    });
    expect(row.detail).toContain("HEADROOM_MEMORY_BYTES");
    const other = memoryRuleRow([rule("1.344e+11")], limitsWithin(capacities), capacities);
    expect(other.verdict).toBe("fail");
  });

  it("is unknown without the rule or without capacities", () => {
    expect(memoryRuleRow([], limitsWithin(capacities), capacities).verdict).toBe("unknown");
    expect(memoryRuleRow([rule("3.36e+10")], limitsWithin({}), {}).verdict).toBe("unknown");
  });
});

describe("the alerts", () => {
  const alert = (alertname: string, severity: string, state = "firing") => ({
    labels: { alertname, severity },
    state,
  });

  it("pass when none fires, though one may be pending", () => {
    expect(alertsRow([]).verdict).toBe("pass");
    expect(alertsRow([alert("A", "critical", "pending")]).verdict).toBe("pass");
  });

  it("fail with the name of the one that fires, and its runbook", () => {
    expect(alertsRow([alert("A", "warning"), alert("B", "info")])).toMatchObject({
      verdict: "fail",
      observed: "A, B",
      runbook: "A",
    });
  });

  it("pass when they only inform, and say so", () => {
    const row = alertsRow([alert("HeadroomNoTraffic", "info")]);
    expect(row).toMatchObject({ verdict: "pass", observed: "HeadroomNoTraffic" });
    expect(row.detail).not.toBe("");
  });
});

describe("open incidents", () => {
  const open = (severity: string, value: number) => ({
    name: "headroom_incidents_open",
    labels: { severity },
    value,
  });

  it("fail, but for those that only inform", () => {
    expect(incidentsRow([open("critical", 0), open("info", 0)]).verdict).toBe("pass");
    expect(incidentsRow([open("critical", 0), open("info", 2)])).toMatchObject({
      verdict: "pass",
      observed: "2 info",
    });
    expect(incidentsRow([open("critical", 1), open("info", 2)])).toMatchObject({
      verdict: "fail",
      observed: "1 critical, 2 info",
    });
  });

  it("are unknown when nobody counts them", () => {
    expect(incidentsRow([]).verdict).toBe("unknown");
  });
});

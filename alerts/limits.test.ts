import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  ERROR_OUTCOMES,
  errorRatio,
  FINDING_LIMITS,
  FORECAST_RISE_RATIO,
  limit,
  LIMITS,
  limitsFor,
  limitsWithin,
  MEMORY_FRACTION,
  OPERATION_LIMITS,
  outcomeOfStatus,
  REFERENCE_MEMORY_BYTES,
  STATUS_TARGET_SECONDS,
  type Bound,
  type Limit,
  type MemoryCapacities,
} from "./limits.ts";

const capacity = fc.integer({ min: 1, max: 2 ** 50 });

describe("the limits of the reference machine", () => {
  // The one place where the numbers are repeated: a change of a limit must be on purpose.
  it("are those of the specification", () => {
    const short = LIMITS.map((l) => [l.id, l.severity, edges(l), l.unit]);
    expect(short).toEqual([
      ["memory", "warning", [33.6e9], "bytes"],
      ["memory", "critical", [40.8e9], "bytes"],
      ["error_ratio", "warning", [0.05], "ratio"],
      ["error_ratio", "critical", [0.2], "ratio"],
      ["latency_p95", "warning", [0.5], "seconds"],
      ["latency_p95", "critical", [1], "seconds"],
      ["attribution_entropy", "warning", [0.5, 2.5], "nats"],
      ["attribution_sparsity", "warning", [0.1], "ratio"],
      ["status_quick_status", "warning", [3], "seconds"],
      ["status_detailed_analysis", "warning", [5], "seconds"],
      ["status_process_information", "warning", [4], "seconds"],
      ["status_memory_status", "warning", [3.5], "seconds"],
      ["status_disk_analysis", "warning", [4.5], "seconds"],
      ["status_network_status", "warning", [3], "seconds"],
      ["status_overall_health", "warning", [5], "seconds"],
      ["status_urgent_check", "warning", [2], "seconds"],
      ["first_token_p95", "warning", [0.5], "seconds"],
      ["first_token_p95", "critical", [2], "seconds"],
      ["output_token_p95", "warning", [0.1], "seconds"],
      ["output_token_p95", "critical", [0.2], "seconds"],
      ["kv_cache", "warning", [0.9], "ratio"],
      ["goodput", "warning", [0.9], "ratio"],
    ]);
  });

  it("have one entry for each pair of name and severity", () => {
    const keys = LIMITS.map((l) => `${l.id} ${l.severity}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("have names that can be metric labels and rule names", () => {
    for (const l of LIMITS) expect(l.id).toMatch(/^[a-z][a-z0-9_]*$/);
  });

  it("name every status scenario", () => {
    const named = LIMITS.filter((l) => l.id.startsWith("status_"));
    expect(named).toHaveLength(Object.keys(STATUS_TARGET_SECONDS).length);
  });

  it("put the critical limit beyond the warning wherever both exist", () => {
    for (const warning of LIMITS.filter((l) => l.severity === "warning")) {
      const critical = LIMITS.find((l) => l.id === warning.id && l.severity === "critical");
      if (warning.bound !== "upper" || critical?.bound !== "upper") continue;
      expect(critical.upper).toBeGreaterThan(warning.upper);
    }
  });
});

describe("the limits of status answers", () => {
  // The numbers again, so that a change is on purpose.
  it("are those of the specification", () => {
    const short = FINDING_LIMITS.map((l) => [l.id, l.severity, l.bound, edges(l), l.unit]);
    expect(short).toEqual([
      ["machine_cpu", "warning", "upper", [0.85], "ratio"],
      ["machine_cpu", "critical", "upper", [0.95], "ratio"],
      ["machine_load", "warning", "upper", [1.5], "count"],
      ["machine_load", "critical", "upper", [3], "count"],
      ["machine_memory", "warning", "upper", [0.85], "ratio"],
      ["machine_memory", "critical", "upper", [0.95], "ratio"],
      ["machine_memory_pressure", "warning", "upper", [2], "count"],
      ["machine_memory_pressure", "critical", "upper", [4], "count"],
      ["machine_swap", "warning", "upper", [0.5], "ratio"],
      ["machine_swap", "critical", "upper", [0.8], "ratio"],
      ["machine_disk", "warning", "upper", [0.85], "ratio"],
      ["machine_disk", "critical", "upper", [0.95], "ratio"],
      ["machine_battery", "warning", "lower", [0.2], "ratio"],
      ["machine_battery", "critical", "lower", [0.1], "ratio"],
      ["machine_interface_errors", "warning", "upper", [100], "count"],
    ]);
  });

  it("share no name with the limits that alert", () => {
    const alerting = new Set(LIMITS.map((l) => l.id));
    expect(FINDING_LIMITS.filter((l) => alerting.has(l.id))).toEqual([]);
  });
});

describe("the bounds on the exporter's operation", () => {
  // The numbers again, so that a change is on purpose.
  it("are those that the alerts compare with", () => {
    const short = Object.entries(OPERATION_LIMITS).map(([id, l]) => [
      id,
      l.bound,
      edges(l),
      l.unit,
    ]);
    expect(short).toEqual([
      ["cacheErrors", "upper", [0.1], "ratio"],
      ["refusals", "upper", [0.05], "ratio"],
      ["modelReady", "lower", [0.5], "ratio"],
      ["modelRestarts", "upper", [3], "count"],
      ["restarts", "upper", [2], "count"],
    ]);
    expect(FORECAST_RISE_RATIO).toBe(0.02);
  });
});

describe("limitsFor", () => {
  it("derives memory limits as the same share of any capacity, in whole bytes", () => {
    fc.assert(
      fc.property(capacity, fc.constantFrom("warning", "critical"), (bytes, severity) => {
        const found = limit("memory", severity, limitsFor(bytes));
        if (found.bound !== "upper") throw new Error("memory has an upper limit");
        expect(Number.isInteger(found.upper)).toBe(true);
        expect(Math.abs(found.upper - bytes * MEMORY_FRACTION[severity])).toBeLessThanOrEqual(0.5);
      }),
    );
  });

  it("leaves every other limit as it is", () => {
    const others = LIMITS.filter((l) => l.id !== "memory");
    fc.assert(
      fc.property(capacity, (bytes) => {
        expect(limitsFor(bytes).filter((l) => l.id !== "memory")).toEqual(others);
      }),
    );
  });

  it("gives the reference limits for the reference machine", () => {
    expect(limitsFor(REFERENCE_MEMORY_BYTES)).toEqual(LIMITS);
  });

  it.each([0, -1, NaN, Infinity])("refuses a capacity of %p and names it", (bytes) => {
    expect(() => limitsFor(bytes)).toThrow(RangeError);
    expect(() => limitsFor(bytes)).toThrow(String(bytes));
  });
});

describe("limitsWithin", () => {
  const uppers = (capacities: MemoryCapacities, limits?: readonly Limit[]) =>
    limitsWithin(capacities, limits).flatMap((l) =>
      l.id === "memory" && l.bound === "upper" ? [[l.scope, l.severity, l.upper]] : [],
    );

  it("holds a small machine to its own memory, and the reference machine to the bytes", () => {
    expect(uppers({ system: 16 * 2 ** 30 })).toEqual([
      ["system", "warning", 0.7 * 16 * 2 ** 30],
      ["system", "critical", 0.85 * 16 * 2 ** 30],
    ]);
    // A Mac's 48 GB are 51.5e9 bytes.
    expect(uppers({ system: 48 * 2 ** 30 })).toEqual([
      ["system", "warning", 33.6e9],
      ["system", "critical", 40.8e9],
    ]);
  });

  it("raises the bytes for a larger reference, and not beyond what there is", () => {
    const large = limitsFor(192e9);
    expect(uppers({ system: 192 * 2 ** 30 }, large)[0]).toEqual(["system", "warning", 134.4e9]);
    expect(uppers({ system: 16e9 }, large)[0]).toEqual(["system", "warning", 0.7 * 16e9]);
  });

  it("judges each scope by its own capacity, and none that a machine does not have", () => {
    const found = uppers({ system: 64e9, container: 4e9, process: 4e9 });
    const share = (bytes: number) => MEMORY_FRACTION.warning * bytes;
    expect(found.filter(([, severity]) => severity === "warning")).toEqual([
      ["system", "warning", 33.6e9],
      ["container", "warning", share(4e9)],
      ["process", "warning", share(4e9)],
    ]);
    expect(uppers({})).toEqual([]);
  });

  it("names the scope in the title, and leaves every other limit as it is", () => {
    const found = limitsWithin({ device: 8e9 });
    expect(found.find(({ id }) => id === "memory")?.title).toBe("Memory used, device");
    const others = (limits: readonly Limit[]) => limits.filter(({ id }) => id !== "memory");
    expect(others(found)).toEqual(others(LIMITS));
  });
});

describe("the error ratio", () => {
  it("is what well-meant requests did not get", () => {
    expect(errorRatio({ ok: 90, server_error: 2, refused: 5, deadline: 3 })).toBe(0.1);
    expect(ERROR_OUTCOMES).toEqual(["server_error", "refused", "deadline"]);
  });

  it("leaves out what the client got wrong or broke off, above and below the line", () => {
    expect(errorRatio({ ok: 9, server_error: 1, client_error: 90, aborted: 900 })).toBe(0.1);
    expect(errorRatio({ client_error: 5, aborted: 5 })).toBeNaN();
  });

  it("is no number without traffic", () => {
    expect(errorRatio({})).toBeNaN();
    expect(errorRatio({ ok: 0, refused: 0 })).toBeNaN();
  });

  it.each([
    [200, false, "ok"],
    [0, false, "server_error"],
    [0, true, "deadline"],
    [500, false, "server_error"],
    [502, false, "server_error"],
    [503, false, "refused"],
    [504, false, "deadline"],
    [408, false, "client_error"],
    [413, false, "client_error"],
  ] as const)("takes the status %d (gave up: %p) for %s", (status, timedOut, outcome) => {
    expect(outcomeOfStatus(status, timedOut)).toBe(outcome);
  });
});

describe("limit", () => {
  it("finds a limit by name and severity", () => {
    expect(limit("latency_p95", "critical")).toMatchObject({
      severity: "critical",
      unit: "seconds",
    });
  });

  it("names what it could not find", () => {
    expect(() => limit("no_such", "warning")).toThrow("no warning limit is called no_such");
  });
});

function edges(l: Bound): number[] {
  return [...(l.bound === "upper" ? [] : [l.lower]), ...(l.bound === "lower" ? [] : [l.upper])];
}

import { type Limit, type MemoryCapacities, memoryLimits } from "@headroom/alerts/limits";
import { ruleGroups } from "@headroom/alerts/rules/index";
import { usedPerLimit } from "@headroom/alerts/rules/memory";
import { formatBytes } from "@headroom/loadtest/report/format";
import { readCapacities } from "@headroom/loadtest/report/snapshot";
import type { RuleState } from "../prometheus-reader.ts";
import { checkedRow, type Row, unknownRow } from "../row.ts";
import type { Step } from "../step.ts";

/** Whether every rule group of Headroom is loaded and evaluates without errors. */
export const rules: Step = {
  id: "rules",
  title: "Rules are loaded and healthy",
  async rows({ prometheus, exporter }) {
    const states = await prometheus.rules();
    const capacities = readCapacities(exporter.samples);
    return [judgeRules(states), judgeMemoryRule(states, exporter.limits, capacities)];
  },
};

/**
 * Judges whether the alerts about memory go by the limits that the exporter shows. Both hold them to
 * what the machine has; but a machine beyond the reference is told of twice.
 */
export function judgeMemoryRule(
  states: readonly RuleState[],
  limits: readonly Limit[],
  capacities: MemoryCapacities,
): Row {
  const row = {
    id: "memory-rule",
    title: "Memory alerts go by the exporter's limits",
    limit: "the same",
  };
  const query = states.find(({ name }) => name === usedPerLimit("warning"))?.query ?? "";
  const [, share, bytes] =
    /clamp_max\(([\d.e+]+) \* headroom_memory_capacity_bytes, ([\d.e+]+)\)/.exec(query) ?? [];
  const compared = memoryLimits("warning", limits).flatMap(({ scope, upper }) => {
    const capacity = capacities[scope];
    if (capacity === undefined || bytes === undefined) return [];
    return [{ scope, alert: Math.min(Number(share) * capacity, Number(bytes)), exporter: upper }];
  });
  if (compared.length === 0)
    return unknownRow(row, "There is no such rule, or no memory is known.");
  // Shares are multiplied on both sides; a difference of a byte is none.
  const differ = compared.filter(({ alert, exporter }) => Math.abs(alert - exporter) > 1);
  const told = (differ.length > 0 ? differ : compared).map(
    ({ scope, alert, exporter }) =>
      `${scope}: alert ${formatBytes(alert)}, exporter ${formatBytes(exporter)}`,
  );
  return checkedRow({ ...row, observed: told.join("; ") }, differ.length === 0, {
    detail:
      "Give the exporter (HEADROOM_MEMORY_BYTES) and the rules (`npm run generate -- --memory`) the " +
      "same size, or neither.",
    runbook: "HeadroomMemoryHigh",
  });
}

/** Judges what Prometheus says of its rules. */
export function judgeRules(states: readonly RuleState[]): Row {
  const row = { id: rules.id, title: rules.title, limit: "every group, no errors" };
  const loaded = new Set(states.map(({ group }) => group));
  const missing = ruleGroups()
    .map(({ name }) => name)
    .filter((name) => !loaded.has(name));
  const broken = states.filter(({ health }) => health === "err");
  const waiting = states.filter(({ health }) => health === "unknown");
  const observed = `${states.length} rules, ${broken.length} with errors`;
  if (missing.length === 0 && broken.length === 0 && waiting.length > 0) {
    return unknownRow(row, `${waiting.length} were not evaluated yet; wait a moment.`, observed);
  }
  const told = [
    ...missing.map((name) => `${name} is missing`),
    ...broken.map(({ name, lastError }) => `${name}: ${lastError ?? "failed"}`),
  ];
  return checkedRow({ ...row, observed }, told.length === 0, {
    detail: `${told.join("; ")}. Load provisioning/prometheus/rules into Prometheus.`,
  });
}

import { type Limit, type MemoryCapacities, memoryLimits } from "@headroom/alerts/limits";
import { ruleGroups } from "@headroom/alerts/rules/index";
import { usedPerLimit } from "@headroom/alerts/rules/memory";
import { JOBS } from "@headroom/alerts/rules/options";
import { formatBytes } from "@headroom/loadtest/report/format";
import { readCapacities } from "@headroom/loadtest/report/snapshot";
import type { AlertState, RuleState, Sample, Target } from "../prometheus-reader.ts";
import { checkedRow, type Row, type Step, unknownRow } from "../step.ts";

/** Whether Prometheus reads the exporter. */
export const scrape: Step = {
  id: "scrape",
  title: "Prometheus reads the exporter",
  rows: async ({ prometheus, instance }) => [scrapeRow(await prometheus.targets(), instance)],
};

/** The target that is the exporter. */
export function scrapeRow(targets: readonly Target[], instance: string): Row {
  const job = JOBS.exporter;
  const target = targets.find(
    ({ labels }) => labels["job"] === job && labels["instance"] === instance,
  );
  const observed = target ? `${instance}: ${target.health}` : "no target";
  return checkedRow({ ...scrape, observed, limit: "up" }, target?.health === "up", {
    detail: target
      ? `Prometheus says: ${target.lastError || "not read yet; wait a moment"}.`
      : `Add the target ${instance} to the job "${job}" of Prometheus' configuration.`,
    runbook: "HeadroomExporterDown",
  });
}

/** Whether every rule group of Headroom is loaded and evaluates without errors. */
export const rules: Step = {
  id: "rules",
  title: "Rules are loaded and healthy",
  async rows({ prometheus, exporter }) {
    const states = await prometheus.rules();
    const capacities = readCapacities(exporter.samples);
    return [rulesRow(states), memoryRuleRow(states, exporter.limits, capacities)];
  },
};

/** What Prometheus says of its rules. */
export function rulesRow(states: readonly RuleState[]): Row {
  const row = { ...rules, limit: "every group, no errors" };
  const loaded = new Set(states.map(({ group }) => group));
  const missing = ruleGroups().filter(({ name }) => !loaded.has(name));
  const broken = states.filter(({ health }) => health === "err");
  const waiting = states.filter(({ health }) => health === "unknown");
  const observed = `${states.length} rules, ${broken.length} with errors`;
  if (missing.length === 0 && broken.length === 0 && waiting.length > 0) {
    return unknownRow(row, `${waiting.length} were not evaluated yet; wait a moment.`, observed);
  }
  const told = [
    ...missing.map(({ name }) => `${name} is missing`),
    ...broken.map(({ name, lastError }) => `${name}: ${lastError ?? "failed"}`),
  ];
  return checkedRow({ ...row, observed }, told.length === 0, {
    detail: `${told.join("; ")}. Load provisioning/prometheus/rules into Prometheus.`,
  });
}

/**
 * Whether the alerts about memory go by the limits that the exporter shows. Both hold them to what the
 * machine has, but each is told by itself of a machine beyond the reference.
 */
export function memoryRuleRow(
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
  if (compared.length === 0) {
    return unknownRow(row, "There is no such rule, or no memory is known.");
  }
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

/** Whether any alert fires. */
export const alerts: Step = {
  id: "alerts",
  title: "No alert fires",
  rows: async ({ prometheus }) => [alertsRow(await prometheus.alerts())],
};

/** The alerts of Prometheus; what only informs is told and fails nothing. */
export function alertsRow(states: readonly AlertState[]): Row {
  const firing = states.filter(({ state }) => state === "firing").map(({ labels }) => labels);
  const serious = firing.filter(({ severity }) => severity !== "info");
  const names = (list: typeof firing): string =>
    [...new Set(list.map(({ alertname }) => alertname ?? "unnamed"))].join(", ");
  const told = firing.length > serious.length ? " and some that only inform" : "";
  return checkedRow(
    { ...alerts, observed: names(firing) || "none", limit: "none" },
    serious.length === 0,
    {
      detail: `${names(serious)} fires${told}: follow the runbook.`,
      runbook: serious[0]?.["alertname"] ?? "",
    },
    firing.length > 0 ? "It only informs: somebody may have intended it." : "",
  );
}

/** Whether an incident is open that somebody must act on. */
export const incidents: Step = {
  id: "incidents",
  title: "No incident is open",
  rows: async ({ prometheus, at }) => [
    incidentsRow(await prometheus.samples("headroom_incidents_open", at)),
  ],
};

/** The count of open incidents; those that only inform are told. */
export function incidentsRow(samples: readonly Sample[]): Row {
  const row = { ...incidents, limit: "none" };
  if (samples.length === 0) {
    return unknownRow(
      row,
      "Nobody counts incidents: the process that keeps them is down, or cannot read them.",
    );
  }
  const open = samples.filter(({ value }) => value > 0);
  const observed = open.map(({ labels, value }) => `${value} ${labels["severity"]}`).join(", ");
  return checkedRow(
    { ...row, observed: observed || "none" },
    open.every(({ labels }) => labels["severity"] === "info"),
    {
      detail: "`npm run incident -- list` names them; close those that are over.",
      runbook: "CriticalAlert",
    },
    open.length > 0 ? "It only informs." : "",
  );
}

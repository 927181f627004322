import type { HardwareReport } from "@headroom/exporter/hardware/report";
import type { ExporterState } from "../examine.ts";
import { checkedRow, type Row, SECONDS, type Step, toldRow, unknownRow } from "../step.ts";

/** Whether the exporter takes requests and its models answer. */
export const models: Step = {
  id: "models",
  title: "The exporter and its models are ready",
  rows: async ({ exporter }) => modelRows(exporter),
};

/** What an exporter says of its readiness. */
export function modelRows({
  notReady,
  samples,
  hardware,
}: Pick<ExporterState, "notReady" | "samples" | "hardware">): readonly Row[] {
  const runbook = "HeadroomModelUnavailable";
  const readyRow = (id: string, title: string, ready: boolean, detail: string): Row =>
    checkedRow({ id, title, observed: ready ? "ready" : "not ready", limit: "ready" }, ready, {
      detail,
      runbook,
    });
  const tasks = (["sentiment", "status"] as const).map((task): Row => {
    const [id, title] = [`model-${task}`, `The model answers: ${task}`];
    const sample = samples.find(
      ({ name, labels }) => name === "headroom_model_ready" && labels["task"] === task,
    );
    if (!sample) {
      const why = task === "status" ? hardware.chatModel.text : "It shows no state.";
      return unknownRow({ id, title, limit: "ready" }, why);
    }
    const detail = "It is being loaded, or has failed: the exporter's log says which.";
    return readyRow(id, title, sample.value === 1, detail);
  });
  const detail = `${notReady}. It is being started or stopped, or its model failed.`;
  return [
    readyRow("ready", "The exporter takes requests", notReady === undefined, detail),
    ...tasks,
  ];
}

/** Whether the chat model's engine uses the accelerator that the machine has, and the advice for it. */
export const accelerator: Step = {
  id: "accelerator",
  title: "The accelerator is used",
  rows: async ({ exporter }) => acceleratorRows(exporter.hardware),
};

/** What `GET /v1/hardware` says of the accelerator, of Rosetta, and as advice. */
export function acceleratorRows(report: HardwareReport): readonly Row[] {
  const { facts, advice } = report;
  const warnings = advice.filter(({ severity }) => severity === "warning");
  const hints = advice.filter(({ severity }) => severity === "info");
  const told = (list: HardwareReport["advice"]): string => list.map(({ what }) => what).join(" ");
  return [
    usedRow(report),
    checkedRow(
      {
        id: "native-process",
        title: "Node runs natively",
        observed: facts.translated ? "through Rosetta" : `${facts.platform} ${facts.arch}`,
        limit: "not translated",
      },
      !facts.translated,
      { detail: "Install Node for arm64: Metal does not exist for a translated process." },
    ),
    checkedRow(
      {
        id: "hardware-advice",
        title: "No warning about the hardware",
        observed: `${warnings.length} warnings, ${hints.length} hints`,
        limit: "no warning",
      },
      warnings.length === 0,
      { detail: told(warnings) },
      told(hints),
    ),
  ];
}

function usedRow({ facts: { gpu }, plan, simulated }: HardwareReport): Row {
  const row = { ...accelerator, limit: "all that is there" };
  if (!gpu.known) return unknownRow(row, `It is not known which there is: ${gpu.reason}.`);
  const found = gpu.value;
  if (found === undefined) {
    return toldRow({ ...row, observed: "none here" }, "The processor runs the models.");
  }
  const { name, backend, binary } = found;
  if (!plan) return toldRow({ ...row, observed: name }, "No chat model is wanted.");
  const { value: layers, why } = plan.gpuLayers;
  const observed = `${name} (${backend}), ${layers === -1 ? "all" : layers} layers on it`;
  if (simulated) return unknownRow(row, "A simulated engine uses none.", observed);
  return checkedRow({ ...row, observed }, layers !== 0 && binary !== "missing", {
    detail:
      binary === "missing"
        ? `Its engine is not installed: HEADROOM_GPU=${backend} npm start adds it.`
        : `The plan leaves it out: ${why}. HEADROOM_CHAT_GPU_LAYERS overrides that.`,
  });
}

/** Gauges and counters that move as long as the process lives; the others may rest for good reasons. */
const NEVER_STILL = ["process_cpu_seconds_total", "nodejs_heap_size_used_bytes"] as const;

/** Whether every metric of the exporter arrives in Prometheus, is a number and moves. */
export const metricFamilies: Step = {
  id: "metric-families",
  title: "Every metric of the exporter arrives and is a number",
  async rows({ prometheus, exporter, matchers, at }) {
    const seen = await prometheus.names(matchers, at - SECONDS.month, at);
    const still: string[] = [];
    for (const name of NEVER_STILL) {
      const query = `max(changes(${name}{${matchers}}[5m])) == 0 and max(count_over_time(${name}{${matchers}}[5m])) > 1`;
      if (!Number.isNaN(await prometheus.value(query, at))) still.push(name);
    }
    return familyRows(exporter, new Set(seen), still);
  },
};

/**
 * The families of a metrics page.
 *
 * @param seen - names of the series that Prometheus has of the last month
 * @param still - metrics that should have moved and did not
 */
export function familyRows(
  { page, samples }: Pick<ExporterState, "page" | "samples">,
  seen: ReadonlySet<string>,
  still: readonly string[],
): readonly Row[] {
  const families = [...page.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name!);
  const shown = new Set(samples.map(({ name }) => name));
  const series = (family: string): readonly string[] =>
    ["", "_bucket", "_sum", "_count"].map((end) => family + end).filter((name) => shown.has(name));
  const empty = families.filter((family) => series(family).length === 0);
  const missing = families.filter((family) => series(family).some((name) => !seen.has(name)));
  const broken = new Set(samples.filter(({ value }) => Number.isNaN(value)).map((s) => s.name));
  const arrived = families.length - empty.length - missing.length;
  const noneRow = (id: string, title: string, names: readonly string[], detail: string): Row => {
    const observed = names.join(", ") || "none";
    return checkedRow({ id, title, observed, limit: "none" }, names.length === 0, { detail });
  };
  return [
    checkedRow(
      {
        id: "metrics-arrive",
        title: "Metrics of the exporter in Prometheus, last month",
        observed: `${arrived} of ${families.length} families, ${empty.length} without a series`,
        limit: "all that have series",
      },
      missing.length === 0,
      {
        detail: `Missing: ${missing.join(", ")}. Does Prometheus drop them, or has it just started?`,
      },
      empty.length > 0 ? `Without a series now: ${empty.join(", ")}.` : "",
    ),
    noneRow(
      "metrics-numbers",
      "Metrics that are no number",
      [...broken],
      "The exporter computes them wrongly.",
    ),
    noneRow(
      "metrics-move",
      "Metrics that should move and are still",
      still,
      "The exporter hangs, or its page is cached on the way.",
    ),
  ];
}

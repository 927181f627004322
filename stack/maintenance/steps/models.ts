import type { ExporterState } from "../exporter-reader.ts";
import { checkedRow, type Row, unknownRow } from "../row.ts";
import type { Step } from "../step.ts";

/** Whether the exporter takes requests and its models answer. */
export const models: Step = {
  id: "models",
  title: "The exporter and its models are ready",
  rows: async ({ exporter }) => judgeModels(exporter),
};

/** Judges what an exporter says of its readiness. */
export function judgeModels({
  notReady,
  samples,
  hardware,
}: Pick<ExporterState, "notReady" | "samples" | "hardware">): readonly Row[] {
  const runbook = "HeadroomModelUnavailable";
  const ready = checkedRow(
    {
      id: "ready",
      title: "The exporter takes requests",
      observed: notReady === undefined ? "ready" : "not ready",
      limit: "ready",
    },
    notReady === undefined,
    { detail: `${notReady}. It is being started or stopped, or its model failed.`, runbook },
  );
  const tasks = (["sentiment", "status"] as const).map((task): Row => {
    const row = { id: `model-${task}`, title: `The model answers: ${task}`, limit: "ready" };
    const sample = samples.find(
      ({ name, labels }) => name === "headroom_model_ready" && labels["task"] === task,
    );
    if (!sample) {
      return unknownRow(row, task === "status" ? hardware.chatModel.text : "It shows no state.");
    }
    const observed = sample.value === 1 ? "ready" : "not ready";
    return checkedRow({ ...row, observed }, sample.value === 1, {
      detail: "It is being loaded, or has failed: the exporter's log says which.",
      runbook,
    });
  });
  return [ready, ...tasks];
}

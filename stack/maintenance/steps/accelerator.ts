import type { Gpu } from "@headroom/exporter/hardware/facts";
import type { HardwareReport } from "@headroom/exporter/hardware/report";
import { checkedRow, type Row, toldRow, unknownRow } from "../row.ts";
import type { Step } from "../step.ts";

/** Whether the chat model's engine uses the accelerator that the machine has, and the advice for it. */
export const accelerator: Step = {
  id: "accelerator",
  title: "The accelerator is used",
  rows: async ({ exporter }) => judgeAccelerator(exporter.hardware),
};

/** Judges what `GET /v1/hardware` says: one row for the accelerator, one for the advice. */
export function judgeAccelerator(report: HardwareReport): readonly Row[] {
  return [used(report), translated(report), adviceRow(report)];
}

function used({ facts: { gpu }, plan, simulated }: HardwareReport): Row {
  const row = { id: accelerator.id, title: accelerator.title, limit: "all that is there" };
  if (!gpu.known) return unknownRow(row, `It is not known which there is: ${gpu.reason}.`);
  const found = gpu.value;
  if (found === undefined) {
    return toldRow({ ...row, observed: "none here" }, "The processor runs the models.");
  }
  if (!plan) return toldRow({ ...row, observed: found.name }, "No chat model is wanted.");
  const layers = plan.gpuLayers.value;
  const observed = `${found.name} (${found.backend}), ${layers === -1 ? "all" : layers} layers on it`;
  if (simulated) return unknownRow(row, "A simulated engine uses none.", observed);
  return checkedRow({ ...row, observed }, layers !== 0 && found.binary !== "missing", {
    detail: whatToDo(found, plan.gpuLayers.why),
  });
}

function whatToDo({ backend, binary }: Gpu, why: string): string {
  return binary === "missing"
    ? `Its engine is not installed: HEADROOM_GPU=${backend} npm start adds it.`
    : `The plan leaves it out: ${why}. HEADROOM_CHAT_GPU_LAYERS overrides that.`;
}

function translated({ facts }: HardwareReport): Row {
  return checkedRow(
    {
      id: "native-process",
      title: "Node runs natively",
      observed: facts.translated ? "through Rosetta" : `${facts.platform} ${facts.arch}`,
      limit: "not translated",
    },
    !facts.translated,
    { detail: "Install Node for arm64: Metal does not exist for a translated process." },
  );
}

function adviceRow({ advice }: HardwareReport): Row {
  const warnings = advice.filter(({ severity }) => severity === "warning");
  const hints = advice.filter(({ severity }) => severity === "info");
  const told = (list: HardwareReport["advice"]): string => list.map(({ what }) => what).join(" ");
  return checkedRow(
    {
      id: "hardware-advice",
      title: "No warning about the hardware",
      observed: `${warnings.length} warnings, ${hints.length} hints`,
      limit: "no warning",
    },
    warnings.length === 0,
    { detail: told(warnings) },
    told(hints),
  );
}

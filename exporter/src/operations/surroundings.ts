import type { ModelInfo } from "../engine/scorer.ts";
import type { Fact } from "../hardware/facts.ts";
import type { HardwareReport } from "../hardware/report.ts";
import type { Surroundings } from "./file-notification.ts";

/** What runs and what is reported about its machine. */
export interface Running {
  readonly version: string;
  /** The sentiment model's copies; at least one. */
  readonly models: readonly Pick<ModelInfo, "id" | "engine">[];
  readonly report: HardwareReport;
}

/** The program, its models and its machine in one line each. */
export function surroundingsOf({ version, models, report }: Running): Surroundings {
  const { facts, chatModel } = report;
  const [model] = models;
  const gigabytes = known(facts.memoryBytes, (bytes) => `${(bytes / 1e9).toFixed(1)} GB`);
  return {
    build: `headroom ${version}, Node ${process.versions.node}, engine ${model?.engine ?? "none"}`,
    model:
      `sentiment: ${model?.id ?? "none"} (${models.length}); ` +
      `status: ${chatModel.phase}, ${chatModel.text}`,
    hardware: [
      known(facts.brand, (brand) => brand),
      `${facts.platform} ${facts.arch}`,
      known(facts.usableCores, (cores) => `${cores} processors`),
      `${gigabytes} of memory`,
    ].join(", "),
  };
}

function known<T>(fact: Fact<T>, say: (value: T) => string): string {
  return fact.known ? say(fact.value) : "unknown";
}

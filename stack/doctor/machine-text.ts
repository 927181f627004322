import { type Limit, limitsWithin, MEMORY_FRACTION } from "@headroom/alerts/limits";
import {
  type Fact,
  gigabytes,
  type Gpu,
  type HardwareFacts,
} from "@headroom/exporter/hardware/facts";

/** The facts of a machine as rows of a title and a text. What is not known says why. */
export function machineRows(
  facts: HardwareFacts,
  limits: readonly Limit[],
): readonly (readonly [string, string])[] {
  const { hostCores, hostMemoryBytes } = facts;
  const ofHost = (host: number | undefined, show: (value: number) => string) =>
    host === undefined ? "" : ` of the host's ${show(host)}`;
  return [
    ["Processor", text(facts.brand)],
    ["Platform", `${facts.platform} ${facts.arch}${facts.translated ? ", through Rosetta" : ""}`],
    ["Usable cores", text(facts.usableCores) + ofHost(hostCores, String)],
    ["Performance cores", text(facts.performanceCores)],
    ["Efficiency cores", text(facts.efficiencyCores)],
    ["Memory", text(facts.memoryBytes, gigabytes) + ofHost(hostMemoryBytes, gigabytes)],
    ["Memory free now", text(facts.availableMemoryBytes, gigabytes)],
    ["Memory alerts", alertsText(facts, limits)],
    ["Graphics processor", text(facts.gpu, gpuText)],
    ["Container", containerText(facts)],
  ];
}

/** From where on memory warns, by what memory, and whether bytes or the share bind. */
function alertsText({ memory }: HardwareFacts, limits: readonly Limit[]): string {
  const said = (["system", "container"] as const).flatMap((scope) => {
    const capacity = memory[scope]?.capacityBytes;
    if (capacity === undefined) return [];
    const warning = limitsWithin({ [scope]: capacity }, limits).find(
      (limit) => limit.scope === scope && limit.severity === "warning",
    );
    if (warning?.bound !== "upper") return [];
    const share = MEMORY_FRACTION.warning;
    const why =
      warning.upper < share * capacity
        ? "the limit in bytes"
        : `${Math.round(100 * share)} % of its ${gigabytes(capacity)}`;
    return [`${scope} from ${gigabytes(warning.upper)} on, ${why}`];
  });
  return said.join("; ") || "none: it is not known what there is";
}

function text<T>(fact: Fact<T>, show: (value: T) => string = String): string {
  return fact.known ? show(fact.value) : `not known: ${fact.reason}`;
}

function gpuText(gpu: Gpu | undefined): string {
  if (!gpu) return "none that the engine can use";
  const missing = gpu.binary === "missing" ? "; the engine's binary for it is not installed" : "";
  return `${gpu.name} (${gpu.backend}${missing})`;
}

function containerText({ inContainer, container }: HardwareFacts): string {
  if (container !== "none") return `limited by ${container}`;
  return inContainer ? "yes, without limits" : "no";
}

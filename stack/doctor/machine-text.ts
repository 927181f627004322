import { gigabytes } from "../../exporter/src/hardware/gigabytes.ts";
import type { Fact, Gpu, HardwareFacts } from "../../exporter/src/hardware/facts.ts";

/** The facts of a machine as rows of a title and a text. What is not known says why. */
export function machineRows(facts: HardwareFacts): readonly (readonly [string, string])[] {
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
    ["Graphics processor", text(facts.gpu, gpuText)],
    ["Container", containerText(facts)],
  ];
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

import { appleChip } from "../apple-chip.ts";
import { attempt, known, need, valueOf } from "../fact.ts";
import type { HardwareFacts } from "../facts.ts";
import { wholeNumber } from "../key-values.ts";
import { memoryFacts, readMachineMemory } from "../memory/machine-memory.ts";
import type { HardwareSources } from "../sources.ts";
import { appleCoreKinds } from "./core-kinds.ts";
import { sysctl } from "./sysctl.ts";

const GENERAL = ["machdep.cpu.brand_string", "hw.physicalcpu", "hw.logicalcpu"] as const;

/** Facts of a Mac. */
export async function detectMac(sources: HardwareSources): Promise<HardwareFacts> {
  const [general, memory, translatedFlag] = await Promise.all([
    attempt(() => sysctl(sources, GENERAL)),
    readMachineMemory(sources),
    attempt(() => sysctl(sources, ["sysctl.proc_translated"])),
  ]);
  const number = (key: (typeof GENERAL)[number]) => attempt(() => wholeNumber(need(general), key));
  const brand = await attempt(() => {
    const text = need(general).get("machdep.cpu.brand_string");
    if (!text) throw new Error("machdep.cpu.brand_string: empty");
    return text;
  });
  const name = valueOf(brand) ?? "";
  const chip = appleChip(name);
  // The flag is that of the sysctl process, which macOS may start untranslated; but an x86-64 Node
  // on an Apple chip can only be translated. Early versions of Rosetta gave the name VirtualApple.
  const translated =
    sources.arch === "x64" &&
    (name.includes("Apple") || valueOf(translatedFlag)?.get("sysctl.proc_translated") === "1");
  const apple = translated || sources.arch === "arm64";
  const kinds = await attempt(async () =>
    apple
      ? appleCoreKinds(sources)
      : { performance: need(await number("hw.physicalcpu")), efficiency: 0 },
  );
  return {
    platform: sources.platform,
    arch: sources.arch,
    brand,
    ...(chip && { appleChip: chip }),
    usableCores: await number("hw.logicalcpu"),
    performanceCores: await attempt(() => need(kinds).performance),
    efficiencyCores: await attempt(() => need(kinds).efficiency),
    ...(await memoryFacts(memory)),
    container: "none",
    // node-llama-cpp has Metal for arm64 only (getBestComputeLayersAvailable in its sources), and a
    // translated Node loads the binary for x64.
    gpu: known(
      sources.arch === "arm64"
        ? { backend: "metal", name: name === "" ? "Apple graphics" : name }
        : undefined,
    ),
    translated,
    inContainer: false,
  };
}

import {
  type AppleChip,
  attempt,
  type CoreKinds,
  type HardwareFacts,
  known,
  need,
  valueOf,
} from "./facts.ts";
import { memoryFacts, readMachineMemory } from "./memory/machine-memory.ts";
import { type HardwareSources, sysctl, wholeNumber } from "./sources.ts";

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

/**
 * The cores of an Apple Silicon chip. Level 0 is the fastest kind (Apple, "Determining system
 * capabilities", kernel documentation of sysctlbyname). What the next level is differs: it is named
 * `Efficiency` up to M4, and `Performance` on M5 Pro and Max, whose level 0 is `Super`
 * (pytorch/cpuinfo pull request 424).
 *
 * @throws Error before macOS 12, which does not tell the levels
 */
async function appleCoreKinds(sources: HardwareSources): Promise<CoreKinds> {
  const cores = await sysctl(sources, ["hw.perflevel0.physicalcpu", "hw.perflevel1.physicalcpu"]);
  const fast = wholeNumber(cores, "hw.perflevel0.physicalcpu");
  const next = wholeNumber(cores, "hw.perflevel1.physicalcpu");
  const name = await nameOfNextLevel(sources);
  return name === "Efficiency"
    ? { performance: fast, efficiency: next }
    : { performance: fast + next, efficiency: 0 };
}

async function nameOfNextLevel(sources: HardwareSources): Promise<string> {
  const key = "hw.perflevel1.name";
  try {
    return (await sysctl(sources, [key])).get(key) ?? "Efficiency";
  } catch {
    // Systems that do not tell the name are older than the chips on which it is another one.
    return "Efficiency";
  }
}

const BRAND = /^Apple M(\d{1,3})(?: (Pro|Max|Ultra))?$/;

/**
 * Reads generation and tier from the brand of an Apple processor, such as `Apple M4 Pro`.
 *
 * @returns undefined when it is another make or is not understood
 */
export function appleChip(brand: string): AppleChip | undefined {
  const match = BRAND.exec(brand.trim());
  const generation = Number(match?.[1]);
  if (!match || generation === 0) return undefined;
  return { generation, tier: (match[2] as AppleChip["tier"] | undefined) ?? "base" };
}

import type { CoreKinds } from "../facts.ts";
import { wholeNumber } from "../key-values.ts";
import type { HardwareSources } from "../sources.ts";
import { sysctl } from "./sysctl.ts";

/**
 * The cores of an Apple Silicon chip. Level 0 is the fastest kind (Apple, "Determining system
 * capabilities", kernel documentation of sysctlbyname). What the next level is differs: it is named
 * `Efficiency` up to M4, and `Performance` on M5 Pro and Max, whose level 0 is `Super`
 * (pytorch/cpuinfo pull request 424).
 *
 * @throws Error before macOS 12, which does not tell the levels
 */
export async function appleCoreKinds(sources: HardwareSources): Promise<CoreKinds> {
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

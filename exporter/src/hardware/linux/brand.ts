import { keyValues } from "../key-values.ts";
import type { HardwareSources } from "../sources.ts";

/** Parts of ARM, implementer 0x41. Source: lscpu-arm.c of util-linux. */
const ARM_PARTS: Readonly<Record<string, string>> = {
  "0xd03": "Cortex-A53",
  "0xd05": "Cortex-A55",
  "0xd08": "Cortex-A72",
  "0xd0b": "Cortex-A76",
  "0xd0c": "Neoverse-N1",
  "0xd40": "Neoverse-V1",
  "0xd49": "Neoverse-N2",
  "0xd4f": "Neoverse-V2",
};

/** Makers whose parts are not listed here. Source: as above. */
const IMPLEMENTERS: Readonly<Record<string, string>> = {
  "0x41": "ARM",
  "0x46": "Fujitsu",
  "0x48": "HiSilicon",
  "0x4e": "NVIDIA",
  "0x51": "Qualcomm",
  "0x61": "Apple",
  "0xc0": "Ampere",
};

/**
 * Name of the processor. Kernels for x86 write it into /proc/cpuinfo; on ARM it is put together
 * from implementer and part, with the board's name of the device tree where there is one.
 *
 * @throws Error when nothing names it, as under Docker on some Macs, where both are 0
 */
export async function brandOf(cpuinfo: string, sources: HardwareSources): Promise<string> {
  const written = keyValues(cpuinfo).get("model name");
  if (written) return written;
  const [parts, board] = [armParts(cpuinfo), await boardName(sources)];
  const name = [parts, board].filter((text) => text).join(", ");
  if (name === "") throw new Error("/proc/cpuinfo names no processor");
  return name;
}

/** All kinds of cores, in the order in which they come: processors of phones and boards mix them. */
function armParts(cpuinfo: string): string {
  const kinds = cpuinfo.split(/\n\s*\n/).flatMap((block) => armPart(keyValues(block)) ?? []);
  return [...new Set(kinds)].join(" + ");
}

function armPart(values: ReadonlyMap<string, string>): string | undefined {
  const [maker, part] = [values.get("CPU implementer"), values.get("CPU part")];
  if (maker === undefined || maker === "0x00") return undefined;
  const known = maker === "0x41" && part !== undefined ? ARM_PARTS[part] : undefined;
  return `${IMPLEMENTERS[maker] ?? `implementer ${maker}`} ${known ?? `part ${part}`}`;
}

async function boardName(sources: HardwareSources): Promise<string | undefined> {
  try {
    // Texts of the device tree end with a zero byte.
    return (await sources.readFile("/proc/device-tree/model")).replaceAll("\0", "").trim();
  } catch {
    return undefined;
  }
}

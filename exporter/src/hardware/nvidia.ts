import type { Gpu } from "./facts.ts";
import type { HardwareSources } from "./sources.ts";

/** Name of the first NVIDIA processor in the driver's own files; undefined when it lists none. */
export async function nvidiaDriverName(sources: HardwareSources): Promise<string | undefined> {
  const folder = "/proc/driver/nvidia/gpus";
  const [first] = await sources.list(folder);
  if (first === undefined) return undefined;
  const information = await sources.readFile(`${folder}/${first}/information`);
  return /^Model:\s*(.+?)\s*$/m.exec(information)?.[1];
}

/** Name of the first processor that `nvidia-smi -L` lists; undefined when it is not there. */
export async function nvidiaSmiName(sources: HardwareSources): Promise<string | undefined> {
  // Where the program is missing there is no NVIDIA driver either.
  const listed = await sources.run("nvidia-smi", ["-L"]).catch(() => "");
  return /^GPU 0: (.+?) \(UUID/m.exec(listed)?.[1];
}

const MIB = 2 ** 20;

/** Memory of the first processor, in bytes; undefined when `nvidia-smi` is not there or cannot say. */
export async function nvidiaMemory(sources: HardwareSources): Promise<Gpu["memory"]> {
  const query = ["--query-gpu=memory.total,memory.free", "--format=csv,noheader,nounits"];
  const listed = await sources.run("nvidia-smi", query).catch(() => "");
  const [, total, free] = /^(\d+), (\d+)$/m.exec(listed) ?? [];
  return total === undefined
    ? undefined
    : { totalBytes: Number(total) * MIB, freeBytes: Number(free) * MIB };
}

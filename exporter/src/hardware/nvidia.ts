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

import type { Gpu } from "./facts.ts";
import type { HardwareSources } from "./sources.ts";

/**
 * Adds whether the package with node-llama-cpp's binary for the backend is installed. Without it the
 * engine starts on the processor alone, so the graphics processor is of no use to a plan.
 */
export async function withBinary(gpu: Gpu, sources: HardwareSources): Promise<Gpu> {
  const platform = sources.platform === "win32" ? "win" : sources.platform;
  const name = `@node-llama-cpp/${platform}-${sources.arch}-${gpu.backend}`;
  const found = await Promise.all(
    sources.moduleFolders.map((folder) => sources.exists(`${folder}/${name}`)),
  );
  return { ...gpu, binary: found.includes(true) ? "installed" : "missing" };
}

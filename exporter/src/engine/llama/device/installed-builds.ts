import type { GpuSetting } from "../capi/choose-device.ts";
import { buildsFor, locateLibrary, type Build } from "../capi/library.ts";

/** Builds of llama.cpp's library to try, the best first, or why there is none. */
export type InstalledBuilds =
  { readonly builds: readonly [Build, ...Build[]] } | { readonly why: string };

/** Looks for the builds with which a model can be evaluated as the setting says. */
export async function installedBuilds(setting: GpuSetting): Promise<InstalledBuilds> {
  if (setting === "off") return { why: "HEADROOM_GPU is off" };
  const builds: Build[] = [];
  const problems: string[] = [];
  const known = setting === "auto" ? buildsFor().filter((build) => build !== "cpu") : [setting];
  for (const build of known) {
    try {
      await locateLibrary(build);
      builds.push(build);
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  const [first, ...others] = builds;
  if (first) return { builds: [first, ...others] };
  const none = "no build of llama.cpp for one is installed";
  return { why: setting === "auto" ? none : problems.join(" and ") };
}

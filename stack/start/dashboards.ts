import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  generatedFiles,
  type GenerateSettings,
  REFERENCE_SETTINGS,
} from "@headroom/provisioning/generated-files";

const DASHBOARDS = "grafana/dashboards/";

/**
 * Writes the dashboards with the limits and links of this run.
 *
 * @returns the folder that holds them
 */
export async function writeDashboards(
  folder: string,
  settings: Pick<GenerateSettings, "memoryBytes" | "runbooks">,
): Promise<string> {
  const files = generatedFiles({ ...REFERENCE_SETTINGS, ...settings });
  for (const [path, text] of files) {
    if (!path.startsWith(DASHBOARDS)) continue;
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return join(folder, DASHBOARDS);
}

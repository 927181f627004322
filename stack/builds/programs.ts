import { type BuildOptions, buildWhenStale } from "./build-when-stale.ts";

/** Builds the exporter into one file. */
export const buildExporter = (options: BuildOptions): Promise<void> =>
  buildWhenStale(
    {
      title: "the exporter",
      result: "exporter/dist/main.js",
      sources: ["exporter/src", "exporter/build.ts", "exporter/package.json", "alerts"],
      command: ["build.ts"],
      folder: "exporter",
    },
    options,
  );

/** Builds the incidents process into one file. */
export const buildIncidents = (options: BuildOptions): Promise<void> =>
  buildWhenStale(
    {
      title: "the incidents process",
      result: "incidents/dist/main.js",
      // Of the exporter it holds HTTP, metrics and how settings are read.
      sources: [
        "incidents/src",
        "incidents/build.ts",
        "incidents/package.json",
        "alerts",
        "exporter/src",
      ],
      command: ["build.ts"],
      folder: "incidents",
    },
    options,
  );

import { packageCommand } from "../places.ts";
import { type BuildOptions, buildWhenStale } from "./build-when-stale.ts";

/** Builds the exporter into one file. */
export const buildExporter = (options: BuildOptions): Promise<void> =>
  buildWhenStale(
    {
      title: "the exporter",
      result: "exporter/dist/main.js",
      sources: ["exporter/src", "exporter/build.ts", "exporter/package.json", "alerts"],
      command: [packageCommand("tsx"), "build.ts"],
      folder: "exporter",
    },
    options,
  );

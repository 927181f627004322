import { packageCommand } from "../places.ts";
import { type BuildOptions, buildWhenStale } from "./build-when-stale.ts";

/** Builds the panel as Grafana loads it, then the page that shows it without Grafana. */
export async function buildPanel(options: BuildOptions): Promise<void> {
  await buildWhenStale(
    {
      title: "the panel",
      result: "grafana-plugin/dist/module.js",
      sources: [
        ...["grafana-plugin/src", "grafana-plugin/.config", "grafana-plugin/package.json"],
        // The one file of another folder that the panel holds.
        "alerts/headroom.ts",
      ],
      command: [
        ...[packageCommand("webpack"), "--env", "production"],
        ...["--config", ".config/webpack/webpack.config.ts"],
      ],
      folder: "grafana-plugin",
    },
    options,
  );
  await buildWhenStale(
    {
      title: "the preview page",
      result: "grafana-plugin/preview/dist/dashboard.js",
      sources: [
        ...["grafana-plugin/preview/page", "grafana-plugin/preview/build.ts"],
        "grafana-plugin/package.json",
      ],
      command: ["preview/build.ts"],
      folder: "grafana-plugin",
    },
    options,
  );
}

/** The command that builds the preview's page: `node build.ts [--source-maps]`. */
import { Command } from "commander";
import { buildPage } from "./build-page.ts";

const { sourceMaps } = new Command("build")
  .description("Bundles the page that plays Grafana's part into preview/dist.")
  .option("--source-maps", "write source maps as well")
  .parse()
  .opts<{ sourceMaps?: true }>();

try {
  const { bytes, dashboardBytes, warnings } = await buildPage({ sourceMaps: sourceMaps ?? false });
  for (const warning of warnings) console.error(`warning: ${warning}`);
  const megabytes = (size: number) => `${(size / 1e6).toFixed(2)} MB`;
  console.log(
    `preview/dist: ${megabytes(bytes)}, of which a dashboard loads ${megabytes(dashboardBytes)}`,
  );
} catch (error) {
  console.error(`The preview's page could not be built: ${(error as Error).message}`);
  process.exitCode = 1;
}

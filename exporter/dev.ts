/** Runs the exporter from its sources, and again whenever one of them changes. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { buildPage } from "./build-page.ts";

const { simulate } = new Command("npm run dev --")
  .description("Runs the exporter from its sources and restarts it when one of them changes.")
  .option("--simulate", "answer with the simulated engine")
  .addHelpText("after", "\nThe exporter's variables: node exporter/dist/main.js --help")
  .addHelpText("after", "\nExamples:\n  npm run dev\n  npm run dev -- --simulate")
  .parse()
  .opts<{ simulate?: true }>();

await buildPage(fileURLToPath(new URL("./dist/page", import.meta.url)));
const main = fileURLToPath(new URL("./src/main.ts", import.meta.url));
const child = spawn(process.execPath, ["--watch", main, ...(simulate ? ["--simulate"] : [])], {
  stdio: "inherit",
});
// The terminal sends Ctrl-C to both; this one waits for the exporter to drain.
process.on("SIGINT", () => {}).on("SIGTERM", () => child.kill("SIGTERM"));
[process.exitCode] = (await once(child, "exit")) as [number];

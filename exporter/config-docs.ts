import { readFile, writeFile } from "node:fs/promises";
import { Command } from "commander";
import * as prettier from "prettier";
import { configTable } from "./src/config.ts";

const START = "<!-- configuration:start -->";
const END = "<!-- configuration:end -->";
const README = new URL("../README.md", import.meta.url);

const program = new Command("config-docs")
  .description(
    "Writes the table of the exporter's variables into README.md, between the lines\n" +
      `${START} and ${END}.\n` +
      "Exits 1 when --check finds an old table, 2 when the markers are missing.",
  )
  .option("--check", "change nothing; exit 1 when the table is not the schema's")
  .parse();

const { check } = program.opts<{ check?: true }>();
// A README that is missing has no markers either, and the message below says what to do.
const readme = await readFile(README, "utf8").catch(() => "");
const start = readme.indexOf(START);
const end = readme.indexOf(END);
if (start < 0 || end < start) {
  program.error(`README.md has no ${START} followed by ${END}: add both lines`, { exitCode: 2 });
}

const table = await prettier.format(configTable(), { parser: "markdown" });
const updated = `${readme.slice(0, start)}${START}\n\n${table}\n${readme.slice(end)}`;
if (updated === readme) {
  console.log("README.md: the table of variables is up to date");
} else if (check) {
  program.error("README.md: the table of variables is old: run node exporter/config-docs.ts");
} else {
  await writeFile(README, updated);
  console.log("README.md: the table of variables was written");
}

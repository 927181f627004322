#!/usr/bin/env node
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { type Difference, differences } from "./differences.ts";
import { generatedFiles, type GenerateSettings, REFERENCE_SETTINGS } from "./generated-files.ts";
import { parseMemorySize } from "./memory-size.ts";
import { hostAndPort } from "./prometheus.ts";

const COMMITTED = dirname(fileURLToPath(import.meta.url));

interface Options extends Partial<Omit<GenerateSettings, "memoryBytes" | "limitsFile">> {
  readonly check?: true;
  readonly memory?: number;
  readonly limits?: string;
  readonly out?: string;
}

const command = new Command("npm run generate --")
  .description(
    "Writes the configuration, rules and dashboards of Prometheus, Alertmanager and Grafana from alerts/.\n" +
      "Without options it writes the committed files, for the reference machine (48 GB).",
  )
  .option("--check", "write nothing; fail and say what differs")
  .option(
    "--memory <size>",
    "memory of the machine, like 16GB or 32GiB",
    asArgument(parseMemorySize),
  )
  .option("--limits <file>", "JSON file with limits of your own; see docs/limits.md")
  .option(
    "--upstream <host:port>",
    "where a model server shows its metrics",
    asArgument(hostAndPort),
  )
  .option("--exporter <host:port>", "where the exporter listens", asArgument(hostAndPort))
  .option("--incidents <host:port>", "where the incidents process listens", asArgument(hostAndPort))
  .option("--runbooks <url>", "where runbooks are served", asArgument(webAddress))
  .option("--dashboards <url>", "where people open Grafana", asArgument(webAddress))
  .option("--prometheus <url>", "where Grafana reaches Prometheus", asArgument(webAddress))
  .option("--alertmanager <host:port>", "where Alertmanager listens", asArgument(hostAndPort))
  .option("--out <folder>", "where to write; needed with any option that changes the files")
  .addHelpText(
    "after",
    "\nExit codes: 0 done, nothing differs; 1 --check found a difference; 2 could not run.\n" +
      "\nExamples:\n" +
      "  npm run generate -- --check\n" +
      "  npm run generate -- --memory 16GB --out my-machine\n" +
      "  npm run generate -- --limits my-limits.json --out my-machine",
  )
  .exitOverride();

try {
  command.parse();
  process.exitCode = await generate(command.opts<Options>());
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    console.error(`generate could not run: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 2;
  }
}

async function generate({ check, out, ...changes }: Options): Promise<number> {
  const folder = out === undefined ? COMMITTED : resolve(out);
  const [changed] = Object.keys(changes);
  // The committed files stay those of the reference machine.
  if (changed && folder === COMMITTED) {
    throw new Error(
      `--${changed} changes the files, and the committed ones belong to the reference machine. ` +
        "Add --out <folder> with another folder.",
    );
  }
  const { memory: memoryBytes = REFERENCE_SETTINGS.memoryBytes, limits, ...addresses } = changes;
  const files = generatedFiles({
    ...REFERENCE_SETTINGS,
    ...(addresses.incidents && { runbooks: `http://${addresses.incidents}/runbooks` }),
    ...addresses,
    memoryBytes,
    ...(limits !== undefined && { limitsFile: limits }),
  });
  const found = await differences(folder, files);
  if (found.length === 0) {
    console.log(`Nothing differs: ${files.size} files in ${folder}`);
    return 0;
  }
  if (check) {
    console.error(
      `${found.map(describe).join("\n")}\nRun npm run generate, then commit the files.`,
    );
    return 1;
  }
  await bringUpToDate(folder, files, found);
  return 0;
}

async function bringUpToDate(
  folder: string,
  files: ReadonlyMap<string, string>,
  found: readonly Difference[],
): Promise<void> {
  for (const { path, kind } of found) {
    const file = join(folder, path);
    const text = files.get(path);
    if (text === undefined) await rm(file);
    else {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    console.log(`${kind === "left over" ? "removed" : "wrote"}  ${file}`);
  }
}

function describe({ path, kind, detail }: Difference): string {
  return detail === "" ? `${path}: ${kind}` : `${path}: ${kind}: ${detail}`;
}

/** Lets commander name the option when its value cannot be used. */
function asArgument<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  };
}

function webAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !["http:", "https:"].includes(url.protocol)) {
    throw new RangeError(`"${text}" is not an http or https address`);
  }
  return text.replace(/\/+$/, "");
}

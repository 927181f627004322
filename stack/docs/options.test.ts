import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "@jest/globals";
import manifest from "../../package.json" with { type: "json" };
import { readDocuments } from "../maintenance/documents.ts";
import { ROOT } from "../places.ts";
import { commandsOf, type NamedCommand } from "./testing/named.ts";

const scripts: Readonly<Record<string, string>> = manifest.scripts;
/** Commands that have others within. */
const WITHIN: Readonly<Record<string, RegExp>> = {
  incident: /^[a-z]+$/,
  load: /^(kubernetes|verdict)$/,
};
const helps = new Map<string, Promise<string>>();

/** What a command, and the one within it that is named, says of itself; asked once. */
async function helpOf({ script, words: [first = ""] }: NamedCommand): Promise<string> {
  const own = [[], ...(WITHIN[script]?.test(first) ? [[first]] : [])];
  const texts = await Promise.all(
    own.map((subcommand) => {
      const key = [script, ...subcommand].join(" ");
      const known = helps.get(key) ?? ask(script, subcommand);
      helps.set(key, known);
      return known;
    }),
  );
  return texts.join("\n");
}

async function ask(script: string, subcommand: readonly string[]): Promise<string> {
  const [, file = ""] = /node (\S+)$/.exec(scripts[script] ?? "") ?? [];
  const args = [join(ROOT, file), ...subcommand, "--help"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  return stdout;
}

it("the documents name only options that their commands know", async () => {
  const documents = await readDocuments(ROOT);
  const unknown: string[] = [];
  for (const command of documents.flatMap(({ text }) => commandsOf(text))) {
    const options = command.words.filter((word) => /^--\w/.test(word));
    // Others hand on what they are given.
    if (options.length === 0 || !/node \S+\.ts$/.test(scripts[command.script] ?? "")) continue;
    const help = await helpOf(command);
    for (const option of options) {
      if (!new RegExp(`${option}\\b`).test(help)) {
        unknown.push(`npm run ${command.script} -- ${option}`);
      }
    }
  }
  expect(unknown).toEqual([]);
  expect(helps.size).toBeGreaterThan(5);
});

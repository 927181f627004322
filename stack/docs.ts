import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { compare, PAGES } from "./docs/pages.ts";
import { runCommand } from "./command.ts";
import { ROOT } from "./places.ts";

const command = new Command("npm run docs --")
  .description(
    "Writes the tables of docs/ that follow from the code: settings, metrics, limits, errors.",
  )
  .option("--check", "write nothing; fail and say which pages are old")
  .addHelpText(
    "after",
    `\nPages:\n${PAGES.map(({ path }) => `  ${path}`).join("\n")}\n` +
      "\nExit codes: 0 all are as they should be; 1 --check found an old page; 2 could not run.",
  )
  .addHelpText("after", "\nExamples:\n  npm run docs\n  npm run docs -- --check")
  .exitOverride();

await runCommand(async () => {
  const { check = false } = command.parse().opts<{ check?: true }>();
  let old = 0;
  for (const page of PAGES) {
    if (page.only !== undefined && page.only !== process.platform) {
      console.log(`${page.path}: left alone; only ${page.only} has all of it`);
      continue;
    }
    const { is, shouldBe } = await compare(page);
    if (is === shouldBe) continue;
    old += 1;
    if (!check) await writeFile(join(ROOT, page.path), shouldBe);
    console.log(`${page.path}: ${check ? "is old" : "written"}`);
  }
  if (old === 0) console.log("The tables of docs/ are up to date.");
  else if (check) process.stderr.write("Run npm run docs, then commit the pages.\n");
  return check && old > 0 ? 1 : 0;
});

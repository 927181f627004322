import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { isGenerated } from "./generated-mark.ts";

/** How a folder differs from what is generated. */
export interface Difference {
  /** Path below the folder, with "/". */
  readonly path: string;
  readonly kind: "missing" | "changed" | "left over";
  /** What a person should look at; empty for a missing file. */
  readonly detail: string;
}

/**
 * Compares the files of a folder with the generated ones. A file is left over when it carries the
 * mark of generated files but is not generated any more; other files are none of our business.
 */
export async function differences(
  folder: string,
  expected: ReadonlyMap<string, string>,
): Promise<Difference[]> {
  const found: Difference[] = [];
  for (const [path, text] of expected) {
    const actual = await readIfThere(join(folder, path));
    if (actual === undefined) found.push({ path, kind: "missing", detail: "" });
    else if (actual !== text) {
      found.push({ path, kind: "changed", detail: firstDifference(actual, text) });
    }
  }
  for (const path of await generatedBefore(folder, expected)) {
    if (!expected.has(path)) {
      found.push({ path, kind: "left over", detail: "nothing generates it any more" });
    }
  }
  return found;
}

async function generatedBefore(
  folder: string,
  expected: ReadonlyMap<string, string>,
): Promise<string[]> {
  const tops = new Set([...expected.keys()].map((path) => path.split("/", 1)[0] ?? ""));
  const marked: string[] = [];
  for (const top of tops) {
    const entries = await readdir(join(folder, top), {
      recursive: true,
      withFileTypes: true,
    }).catch(ignoreMissing);
    for (const entry of entries ?? []) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      const text = await readIfThere(file);
      if (text !== undefined && isGenerated(text)) {
        marked.push(relative(folder, file).split(sep).join("/"));
      }
    }
  }
  return marked.sort();
}

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(ignoreMissing);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

function firstDifference(actual: string, expected: string): string {
  const [a, e] = [actual.split("\n"), expected.split("\n")];
  const line = a.findIndex((text, i) => text !== e[i]);
  const at = line === -1 ? a.length : line;
  const shown = (text: string | undefined): string => text?.trim() ?? "(end of file)";
  return `line ${at + 1}\n    is         ${shown(a[at])}\n    should be  ${shown(e[at])}`;
}

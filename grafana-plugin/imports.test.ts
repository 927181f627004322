import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { describe, expect, it } from "@jest/globals";

const SOURCES = join(import.meta.dirname, "src");
const REPOSITORY = join(import.meta.dirname, "..");

/**
 * What the panel takes from another folder: the calculation of headroom that report, terminal and page
 * share, and the types that it is written with. Both are pure, and bundled with the panel.
 */
const ALLOWED = ["import alerts/headroom.ts", "import type alerts/limits.ts"];

/** `import` or `import type`, and what it names, of everything that lies outside of the panel. */
function importsFromOutside(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    ({ name }) => name.endsWith(".ts") || name.endsWith(".tsx"),
  );
  return files.flatMap(({ parentPath, name }) => {
    const text = readFileSync(join(parentPath, name), "utf8");
    const named = text.matchAll(/^(import|export)( type)? [^;]*?from "(\.[^"]*)";$/gms);
    return [...named]
      .map(([, , type = "", from = ""]) => ({ type, file: resolve(parentPath, from) }))
      .filter(({ file }) => !file.startsWith(SOURCES + sep))
      .map(({ type, file }) => `import${type} ${relative(REPOSITORY, file).replaceAll(sep, "/")}`);
  });
}

describe("the panel", () => {
  it("takes from other folders the calculation of headroom and its types, and nothing else", () => {
    expect([...new Set(importsFromOutside(SOURCES))].sort()).toEqual(ALLOWED);
  });

  it("has no calculation of headroom of its own", () => {
    const files = readdirSync(SOURCES, { recursive: true }).map(String);
    for (const file of files.filter((name) => /[.]tsx?$/.test(name))) {
      const text = readFileSync(join(SOURCES, file), "utf8");
      expect([file, /function (headroom|isBroken|byHeadroom)\(/.test(text)]).toEqual([file, false]);
    }
  });
});

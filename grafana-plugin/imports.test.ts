import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";

const SOURCES = join(import.meta.dirname, "src");

/**
 * What the panel takes from another package: the calculation of headroom that report, terminal and page
 * share, and the types that it is written with. Both are pure, and bundled with the panel.
 */
const ALLOWED = ["import @headroom/alerts/headroom", "import type @headroom/alerts/limits"];

/** `import` or `import type`, and what it names, of every other package of this repository. */
function importsOfPackages(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    ({ name }) => name.endsWith(".ts") || name.endsWith(".tsx"),
  );
  return files.flatMap(({ parentPath, name }) => {
    const text = readFileSync(join(parentPath, name), "utf8");
    const named = text.matchAll(/^(import|export)( type)? [^;]*?from "(@headroom[^"]*)";$/gms);
    return [...named].map(([, , type = "", from = ""]) => `import${type} ${from}`);
  });
}

describe("the panel", () => {
  it("takes from other packages the calculation of headroom and its types, and nothing else", () => {
    expect([...new Set(importsOfPackages(SOURCES))].sort()).toEqual(ALLOWED);
  });

  it("has no calculation of headroom of its own", () => {
    const files = readdirSync(SOURCES, { recursive: true }).map(String);
    for (const file of files.filter((name) => /[.]tsx?$/.test(name))) {
      const text = readFileSync(join(SOURCES, file), "utf8");
      expect([file, /function (headroom|isBroken|byHeadroom)\(/.test(text)]).toEqual([file, false]);
    }
  });
});

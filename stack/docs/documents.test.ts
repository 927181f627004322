import { access, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { type Document, linksOf, readDocuments, scriptsOf } from "../maintenance/documents.ts";
import { links } from "../maintenance/steps/documentation.ts";
import { ROOT } from "../places.ts";
import { codeOf, commandsOf, pathsOf } from "./testing/named.ts";
import { compare, PAGES, withTable } from "./pages.ts";

const EXAMPLE = `
Run \`npm run load -- baseline --model <file>\`, \`npm start\` or \`npm run --silent check\`, see
\`stack/load.ts\` and \`node exporter/dist/main.js --help\`, in \`exporter/dist/\`.

\`\`\`sh
npm run incident -- prune \\
  --older-than 90d   # says which
node stack/gone.ts
\`\`\`
`;

interface PackageFile {
  readonly scripts: Readonly<Record<string, string>>;
  readonly workspaces: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

describe("what a text names", () => {
  it("is its code: inline, and by line in blocks, where a backslash goes on", () => {
    expect(codeOf(EXAMPLE)).toContain("npm run incident -- prune --older-than 90d   # says which");
    expect(codeOf(EXAMPLE)).toContain("stack/load.ts");
  });

  it("are commands with what comes after them", () => {
    expect(commandsOf(EXAMPLE)).toEqual([
      { script: "incident", words: ["prune", "--older-than", "90d"] },
      { script: "load", words: ["baseline", "--model", "<file>"] },
      { script: "start", words: [] },
      { script: "check", words: [] },
    ]);
  });

  it("are files and programs; a built one stands for its source", () => {
    expect(pathsOf(EXAMPLE)).toEqual(["stack/gone.ts", "stack/load.ts", "exporter/src/main.ts"]);
  });
});

describe("a page with a table", () => {
  it("gets it between the marks, and nothing else changes", () => {
    const page = "before\n<!-- a:begin -->\nold\n<!-- a:end -->\nafter";
    expect(withTable(page, "a", "new", "page.md")).toBe(
      "before\n<!-- a:begin -->\n\nnew\n\n<!-- a:end -->\nafter",
    );
  });

  it("is refused without both marks", () => {
    expect(() => withTable("<!-- a:begin -->", "a", "new", "page.md")).toThrow(
      "page.md has no <!-- a:begin --> with <!-- a:end --> after it",
    );
  });

  it.each(PAGES.filter(({ only = process.platform }) => only === process.platform))(
    "$path is what the code says (npm run docs)",
    async (page) => {
      const { is, shouldBe } = await compare(page);
      expect(is).toBe(shouldBe);
    },
  );
});

describe("the documents of this checkout", () => {
  let documents: readonly Document[];
  let scripts: Readonly<Record<string, string>>;
  let workspaces: readonly string[];
  /** Those that speak of what is; the changelog also speaks of what was. */
  let current: readonly Document[];
  beforeAll(async () => {
    documents = await readDocuments(ROOT);
    current = documents.filter(({ path }) => path !== "CHANGELOG.md");
    const text = await readFile(join(ROOT, "package.json"), "utf8");
    ({ scripts, workspaces } = JSON.parse(text) as PackageFile);
  });

  const page = (path: string) => documents.find((document) => document.path === path)!.text;

  it("have no dead links or anchors", async () => {
    const [row] = await links(documents, false).rows({} as never);
    expect(row).toMatchObject({ verdict: "pass" });
  });

  it("name only commands that exist", () => {
    const named = current.flatMap(({ path, text }) =>
      scriptsOf(text).map((script) => ({ path, script })),
    );
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(({ script }) => !(script in scripts))).toEqual([]);
  });

  it("name only programs, files and folders that exist", async () => {
    const named = current.flatMap(({ path, text }) =>
      pathsOf(text).map((target) => ({ path, target })),
    );
    expect(named.length).toBeGreaterThan(50);
    const gone: typeof named = [];
    for (const one of named) {
      await access(join(ROOT, one.target)).catch(() => gone.push(one));
    }
    expect(gone).toEqual([]);
  });

  it("list every command", () => {
    const typed = Object.keys(scripts).filter(
      (name) => !(name.startsWith("pre") && name.slice(3) in scripts),
    );
    const listed = commandsOf(page("docs/commands.md")).map(({ script }) => script);
    expect(typed.filter((name) => !listed.includes(name))).toEqual([]);
  });

  it.each(["docs", "docs/decisions"])("in %s are linked from its first page", async (folder) => {
    const names = (await readdir(join(ROOT, folder))).filter((name) => name.endsWith(".md"));
    const linked = linksOf(page(`${folder}/README.md`));
    expect(names.filter((name) => name !== "README.md" && !linked.includes(name))).toEqual([]);
  });

  it("justify packages that are there", async () => {
    const there = new Set<string>();
    for (const folder of [".", ...workspaces]) {
      const text = await readFile(join(ROOT, folder, "package.json"), "utf8");
      const { dependencies, devDependencies } = JSON.parse(text) as PackageFile;
      for (const name of Object.keys({ ...dependencies, ...devDependencies })) there.add(name);
    }
    const named = [...page("docs/dependencies.md").matchAll(/^\| (`.*?) \|/gm)].flatMap(
      ([, cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
    );
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((name) => !there.has(name))).toEqual([]);
  });

  it("begin with one that is read in five minutes", () => {
    expect(page("README.md").split("\n").length).toBeLessThanOrEqual(151);
  });
});

import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { brokenBounds, shapeOf, shapeText } from "./shape.ts";

let root: string;
const write = async (path: string, text: string) => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
};
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "headroom-shape-"));
  await mkdir(join(root, "node_modules", "@headroom"), { recursive: true });
  for (const name of ["a", "b"]) {
    await symlink(join("..", "..", name), join(root, "node_modules", "@headroom", name));
  }
  await write("a/package.json", '{ "exports": { "./one": "./one.ts", "./in/*": "./src/*.ts" } }');
  await write("a/one.ts", 'import type { Two } from "./two.ts";\nimport "node:fs";\n');
  await write("a/two.ts", 'import { type One } from "./one.ts";\nexport const two = 2;\n');
  await write("a/src/deep/three.ts", 'export { two } from "../../two.ts";\n');
  await write("b/start.ts", 'import "@headroom/a/one";\nconst later = import("./late.ts");\n');
  await write("b/late.ts", 'import "@headroom/a/in/deep/three";\nimport "./style.css";\n');
});
afterEach(() => rm(root, { recursive: true }));

const flow = (most: number) => [{ name: "start", entries: ["b/start.ts"], most }];

describe("the shape of a checkout", () => {
  it("follows imports by path and by package, late ones too, but not those of types", () => {
    const [start] = shapeOf(root, flow(5)).flows;
    expect(start!.files).toEqual([
      ...["a/one.ts", "a/src/deep/three.ts", "a/two.ts", "b/late.ts", "b/start.ts"],
    ]);
  });

  it("counts lines of source, and neither tests nor what only they use", async () => {
    const { lines, sources } = shapeOf(root, flow(5));
    expect({ lines, sources }).toEqual({ lines: 9, sources: 5 });
    await write("a/one.test.ts", "\n\n");
    await write("a/testing/server.ts", "\n\n");
    await write("a/tests/story.ts", "\n\n");
    await write("a/node_modules/x/index.ts", "\n\n");
    await write("a/dist/main.mjs", "\n\n");
    await write("b/tool.mjs", "\n\n");
    expect(shapeOf(root, flow(5))).toMatchObject({ lines: 11, sources: 6 });
  });

  it("breaks no bound at its limit, and every one beyond", () => {
    expect(brokenBounds(shapeOf(root, flow(5), 9))).toEqual([]);
    const broken = shapeOf(root, flow(4), 8);
    expect(brokenBounds(broken)).toEqual([
      "start takes 5 files, at most 4",
      "there are 9 lines of source, at most 8",
    ]);
    expect(shapeText(broken)).toContain("files of start       5        4");
    expect(shapeText(broken)).toContain("TOO MUCH: start takes 5 files, at most 4");
  });

  it("finds files that import each other, also over packages, unless only for types", async () => {
    expect(shapeOf(root, flow(5)).circles).toEqual([]);
    await write("b/package.json", '{ "exports": { "./*": "./*.ts" } }');
    await write("a/two.ts", 'import { late } from "@headroom/b/late";\n');
    const { circles } = shapeOf(root, flow(5));
    expect(circles).toEqual([["a/src/deep/three.ts", "a/two.ts", "b/late.ts"]]);
    expect(brokenBounds(shapeOf(root, flow(5)))).toEqual([
      "a circle of imports: a/src/deep/three.ts -> a/two.ts -> b/late.ts -> a/src/deep/three.ts",
    ]);
  });

  it("says which flow goes through a file that is not there", () => {
    const gone = [{ name: "start", entries: ["b/begin.ts"], most: 5 }];
    expect(() => shapeOf(root, gone)).toThrow('The flow "start" goes through b/begin.ts');
  });
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, it } from "@jest/globals";
import { makeRunFolder } from "./places.ts";

it("makeRunFolder gives runs of the same second a folder each", async () => {
  const parent = join(await mkdtemp(join(tmpdir(), "headroom-runs-")), "runs");
  const now = new Date("2026-03-04T05:06:07.890Z");
  const folders = await Promise.all([1, 2, 3].map(() => makeRunFolder(parent, now)));
  expect(folders.map(({ path }) => basename(path)).sort()).toEqual([
    "2026-03-04T05-06-07",
    "2026-03-04T05-06-07-2",
    "2026-03-04T05-06-07-3",
  ]);
  await rm(parent, { recursive: true });
});

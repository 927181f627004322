import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { claimPartialFolder } from "./partial-folder.ts";

let modelsFolder: string;
beforeEach(async () => {
  modelsFolder = await mkdtemp(join(tmpdir(), "headroom-partial-"));
});
afterEach(() => rm(modelsFolder, { recursive: true }));

const claim = () => claimPartialFolder(modelsFolder, "model.gguf");
const leave = async (pid: number, fileName = "model.gguf") => {
  const folder = join(modelsFolder, `.${fileName}.${pid}-0.partial`);
  await mkdir(folder);
  await writeFile(join(folder, "part"), String(pid));
};

/** The id of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "exit");
  return child.pid!;
}

describe("the folder of a download", () => {
  it("is another one for each download that goes on", async () => {
    const [one, two] = await Promise.all([claim(), claim()]);
    expect(one.path).not.toBe(two.path);
    await one.remove();
    await two.remove();
    expect(await readdir(modelsFolder)).toEqual([]);
  });

  it("has what an earlier download of this process left", async () => {
    const earlier = await claim();
    await writeFile(join(earlier.path, "part"), "half");
    await earlier.keep();
    const later = await claim();
    expect(await readFile(join(later.path, "part"), "utf8")).toBe("half");
    expect(await readdir(modelsFolder)).toHaveLength(1);
  });

  it("has what a process left that has ended, and goes to one of two that want it", async () => {
    const pid = await deadPid();
    await leave(pid);
    const both = await Promise.all([claim(), claim()]);
    const contents = await Promise.all(both.map(({ path }) => readdir(path)));
    expect(contents.flat()).toEqual(["part"]);
  });

  it("is not taken from a process that runs, nor from the download of another file", async () => {
    await leave(process.ppid);
    await leave(await deadPid(), "other.gguf");
    expect(await readdir((await claim()).path)).toEqual([]);
  });

  it("goes when there is nothing to go on with", async () => {
    await (await claim()).keep();
    expect(await readdir(modelsFolder)).toEqual([]);
  });
});

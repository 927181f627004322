import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { examinePrograms, type ProgramState } from "./programs.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-doctor-"));
  await mkdir(join(folder, "bin"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function install(name: string, says: string): Promise<string> {
  const file = join(folder, "bin", name);
  await writeFile(file, `#!/bin/sh\necho "${says}"\n`, { mode: 0o755 });
  return file;
}

/** Looks on a machine that has nothing but what the test installed. */
async function examine(env: NodeJS.ProcessEnv = {}): Promise<Map<string, ProgramState>> {
  const programs = await examinePrograms({
    env: { PATH: join(folder, "bin"), ...env },
    toolsFolder: join(folder, "tools"),
  });
  return new Map(programs.map((program) => [program.name, program]));
}

describe("examinePrograms", () => {
  it("knows eleven programs, each with what to type on macOS, Linux and with Docker", async () => {
    const programs = await examine();
    expect([...programs.keys()]).toEqual([
      ...["k6", "prometheus", "promtool", "alertmanager", "amtool", "redis-server", "haproxy"],
      ...["chromium", "grafana", "docker", "go"],
    ]);
    for (const { commands } of programs.values()) {
      for (const text of [commands.mac, commands.linux, commands.docker]) {
        expect(text).toMatch(/^(brew install|sudo apt-get install|docker |see https:|not from)/);
      }
    }
  });

  it("tells the file and the version of what is here, under its other names too", async () => {
    const k6 = await install("k6", "k6 v2.2.0 (go1.26.8, linux/amd64)");
    const alertmanager = await install(
      "prometheus-alertmanager",
      "alertmanager, version 0.25.0 (branch: debian/sid)",
    );
    const programs = await examine();
    expect(programs.get("k6")).toMatchObject({ state: "here", file: k6, version: "2.2" });
    expect(programs.get("alertmanager")).toMatchObject({
      state: "here",
      file: alertmanager,
      version: "0.25",
    });
  });

  it("finds nothing, and no way to it, on a machine that has nothing", async () => {
    const programs = await examine();
    for (const name of ["k6", "prometheus", "promtool", "redis-server", "docker", "go"]) {
      const { state, file, obtainedBy } = programs.get(name)!;
      expect({ name, state, file, obtainedBy }).toEqual({ name, state: "missing" });
    }
  });

  it("counts a missing tool as obtainable when Go can build it", async () => {
    await install("go", "go version go1.26.8 linux/amd64");
    const programs = await examine();
    expect(programs.get("k6")).toMatchObject({
      state: "obtainable",
      obtainedBy: "built with Go, one to two minutes",
    });
    expect(programs.get("prometheus")).toMatchObject({ state: "obtainable" });
    expect(programs.get("redis-server")).toMatchObject({ state: "missing" });
    expect(programs.get("alertmanager")).toMatchObject({ state: "missing" });
  });

  it("does not count on a Go that is too old", async () => {
    const go = await install("go", "go version go1.19.8 linux/amd64");
    const programs = await examine();
    expect(programs.get("go")?.rejected).toEqual([
      `${go}: it is version 1.19, and 1.21 or newer is needed`,
    ]);
    expect(programs.get("k6")).toMatchObject({ state: "missing" });
  });

  it("reports a variable that names a wrong file, which nothing can replace", async () => {
    await install("go", "go version go1.26.8 linux/amd64");
    await install("k6", "k6 v2.2.0");
    const k6 = (await examine({ HEADROOM_K6: join(folder, "nowhere") })).get("k6");
    expect(k6).toMatchObject({ state: "missing" });
    expect(k6?.rejected).toEqual([
      expect.stringMatching(/^HEADROOM_K6 names .*nowhere, but it is not an executable file$/),
    ]);
  });
});

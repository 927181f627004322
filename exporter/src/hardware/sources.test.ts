import os from "node:os";
import { describe, expect, it } from "@jest/globals";
import { detectHardware } from "./detect.ts";
import { valueOf } from "./facts.ts";
import { thisMachine } from "./sources.ts";

describe("detectHardware on this machine", () => {
  it("agrees with what Node knows", async () => {
    const facts = await detectHardware();
    expect([facts.platform, facts.arch]).toEqual([process.platform, process.arch]);
    const memory = valueOf(facts.memoryBytes)!;
    expect(facts.hostMemoryBytes ?? memory).toBe(os.totalmem());
    expect(memory).toBeLessThanOrEqual(os.totalmem());
    const available = valueOf(facts.availableMemoryBytes)!;
    expect(available).toBeGreaterThan(0);
    expect(available).toBeLessThanOrEqual(memory);
    const usable = valueOf(facts.usableCores)!;
    expect(usable).toBeGreaterThan(0);
    expect(usable).toBeLessThanOrEqual(os.availableParallelism());
    const cores = valueOf(facts.performanceCores)! + valueOf(facts.efficiencyCores)!;
    expect(cores).toBeGreaterThanOrEqual(1);
    expect(cores).toBeLessThanOrEqual(os.cpus().length);
  });

  it("rejects a command that is missing, one that fails, and one that is late", async () => {
    const sources = thisMachine(200);
    await expect(sources.run("no-such-program-here", [])).rejects.toThrow("ENOENT");
    await expect(sources.run(process.execPath, ["-e", "process.exit(3)"])).rejects.toThrow();
    const sleep = sources.run(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);
    await expect(sleep).rejects.toMatchObject({ killed: true });
  });

  it("knows where packages are", async () => {
    const sources = thisMachine(200);
    const found = await Promise.all(
      sources.moduleFolders.map((folder) => sources.exists(`${folder}/node-llama-cpp`)),
    );
    expect(found).toContain(true);
  });

  it("has no names in a folder that does not exist, and no such file", async () => {
    const sources = thisMachine(200);
    expect(await sources.list("/no/such/folder")).toEqual([]);
    expect(await sources.exists("/no/such/file")).toBe(false);
  });
});

import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { machineOf } from "../testing/recorded-machine.ts";
import { thisMachine } from "../sources.ts";
import { readProcessMemory } from "./process-memory.ts";

const FOOTPRINT = "/usr/bin/footprint --noCategories -f bytes -p 103 -p 104";
const TOP = "/usr/bin/top -l 1 -stats pid,mem -pid 103 -pid 104";

const mac = (runs: Readonly<Record<string, string>>) =>
  machineOf(
    ">>> machine darwin arm64 parallelism=8\n" +
      Object.entries(runs)
        .map(([command, text]) => `>>> run ${command}\n${text}\n`)
        .join(""),
  );

const block = (name: string, pid: number, bytes: number) =>
  `======================================================================
${name} [${pid}]: 64-bit    Footprint: ${bytes - 32768} B (16384 bytes per page)
======================================================================

Auxiliary data:
    phys_footprint: ${bytes} B
    phys_footprint_peak: ${bytes + 80_000_000} B
`;

describe("the memory of processes on macOS", () => {
  it("is their physical footprint, of several at once", async () => {
    const text = `${block("node", 103, 253_937_248)}\n${block("node", 104, 2_261_352)}
======================================================================
Summary Footprint: 256100296 B
======================================================================`;
    expect(await readProcessMemory(mac({ [FOOTPRINT]: text }), [103, 104])).toEqual({
      bytes: new Map([
        [103, 253_937_248],
        [104, 2_261_352],
      ]),
      source: "footprint",
    });
  });

  it("is not a stranger's, which footprint finds by a part of its name", async () => {
    const text = `Found process muse-bin-0.2.1-R104 [16208] from partial name 104
${block("node", 103, 253_937_248)}${block("muse-bin", 16_208, 9e9)}`;
    const { bytes } = await readProcessMemory(mac({ [FOOTPRINT]: text }), [103, 104]);
    expect(bytes).toEqual(new Map([[103, 253_937_248]]));
  });

  it("is what top charges where footprint is not to be had", async () => {
    const text = `Processes: 973 total, 5 running, 968 sleeping, 5566 threads
2026/08/12 04:40:17
PhysMem: 23G used (2941M wired, 8908M compressor), 83M unused.

PID    MEM  
103    1314M
104    8433K+`;
    expect(await readProcessMemory(mac({ [TOP]: text }), [103, 104])).toEqual({
      bytes: new Map([
        [103, 1314 * 2 ** 20],
        [104, 8433 * 2 ** 10],
      ]),
      source: "top",
    });
  });

  it("is the resident set where neither is, and says so", async () => {
    const { bytes, source } = await readProcessMemory(mac({}), [103, 104]);
    expect(source).toBe("rss");
    expect([...bytes.keys()]).toEqual([103]);
  });
});

// Only Linux tells what processes share.
if (process.platform === "linux") {
  describe("the memory of processes here", () => {
    it("counts pages that parent and child share once", async () => {
      const child = fork(new URL("testing/idle-child.js", import.meta.url), { execArgv: [] });
      try {
        await once(child, "message");
        const { bytes, source } = await readProcessMemory(thisMachine(5_000), [
          process.pid,
          child.pid!,
        ]);
        expect(source).toBe("smaps_rollup");
        const own = (pid: number, key: string) =>
          1024 *
          Number(
            new RegExp(`^${key}: +(\\d+) kB$`, "m").exec(
              readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"),
            )![1],
          );
        // This process goes on allocating between the two readings.
        const near = (a: number, b: number) => expect(Math.abs(a - b) / b).toBeLessThan(0.05);
        near(bytes.get(process.pid)!, own(process.pid, "Pss"));
        near(bytes.get(child.pid!)!, own(child.pid!, "Pss"));
        // Both have the program and its libraries mapped, and the sum of resident sets counts them twice.
        expect(own(child.pid!, "Rss") - bytes.get(child.pid!)!).toBeGreaterThan(10e6);
      } finally {
        child.kill("SIGKILL");
      }
    });

    it("leaves out a process that has ended", async () => {
      const child = fork(new URL("testing/idle-child.js", import.meta.url), { execArgv: [] });
      await once(child, "message");
      child.kill("SIGKILL");
      await once(child, "exit");
      const { bytes } = await readProcessMemory(thisMachine(5_000), [process.pid, child.pid!]);
      expect([...bytes.keys()]).toEqual([process.pid]);
    });
  });
}

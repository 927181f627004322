import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Finding, FindingSeverity } from "./finding.ts";
import { findingsOf } from "./machine-findings.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { anySnapshot, CALM_MACHINE } from "../testing/example-snapshots.ts";

function printOf(changes: Partial<Snapshot> = {}): string {
  return fingerprintOf(findingsOf({ ...CALM_MACHINE, ...changes }));
}

const { cpu, memory, disks, network, processes, battery } = CALM_MACHINE;

describe("fingerprintOf", () => {
  it("stays the same while the figures of an unchanged machine wobble", () => {
    const calm = printOf();
    const node = processes.topByMemory[0];
    const wobbling: readonly Partial<Snapshot>[] = [
      { cpu: { ...cpu, usage: 0.04, loadAverage1m: 1.2 } },
      { memory: { ...memory, usedBytes: 11.1e9, swap: { ...memory.swap, usedBytes: 0.5e9 } } },
      { disks: [{ ...disks[0], usedBytes: 306e9 }] },
      { network: [{ ...network[0], receivedBytesPerSecond: 4e6, errors: 2 }] },
      { processes: { ...processes, count: 140 } },
      { processes: { ...processes, topByMemory: [{ ...node, memoryBytes: 520e6 }] } },
      { processes: { ...processes, topByCpu: [{ ...node, name: "ps", cpuShare: 2 }] } },
      { uptime: { seconds: 3 * 86_400 + 9 * 3_600 } },
      { battery: { ...battery, charge: 0.84 } },
    ];
    for (const changes of wobbling) expect(printOf(changes)).toBe(calm);
  });

  it("changes when a cached sentence would not be true any more", () => {
    const calm = printOf();
    const node = processes.topByMemory[0];
    const changed: readonly Partial<Snapshot>[] = [
      { cpu: { ...cpu, usage: 0.6 } },
      { cpu: { ...cpu, loadAverage1m: 2.8 } },
      { memory: { ...memory, usedBytes: 13e9 } },
      { disks: [{ ...disks[0], usedBytes: 320e9 }] },
      { network: [{ ...network[0], receivedBytesPerSecond: 40e6 }] },
      { network: [{ ...network[0], up: false }] },
      { processes: { ...processes, count: 400 } },
      { processes: { ...processes, topByMemory: [{ ...node, name: "java" }] } },
      { processes: { ...processes, topByMemory: [{ ...node, memoryBytes: 1e9 }] } },
      { uptime: { seconds: 600 } },
      { battery: { ...battery, charging: true } },
      { battery: { ...battery, charge: 0.6 } },
    ];
    for (const changes of changed) expect(printOf(changes)).not.toBe(calm);
  });

  it("changes whenever a severity does", () => {
    const severity = fc.constantFrom<FindingSeverity>("ok", "warning", "critical");
    fc.assert(
      fc.property(anySnapshot, fc.nat(), severity, (snapshot, position, severity) => {
        const findings = findingsOf(snapshot);
        fc.pre(findings.length > 0);
        const index = position % findings.length;
        fc.pre(findings[index]!.severity !== severity);
        const other: Finding[] = findings.with(index, { ...findings[index]!, severity });
        expect(fingerprintOf(other)).not.toBe(fingerprintOf(findings));
      }),
    );
  });

  it("does not depend on the order of the findings", () => {
    fc.assert(
      fc.property(anySnapshot, (snapshot) => {
        const findings = findingsOf(snapshot);
        expect(fingerprintOf(findings.toReversed())).toBe(fingerprintOf(findings));
      }),
    );
  });
});

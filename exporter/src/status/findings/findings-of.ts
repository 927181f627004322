import type { Snapshot } from "../snapshot/snapshot.ts";
import { batteryFindings } from "./battery.ts";
import { diskFindings } from "./disks.ts";
import { FINDING_KINDS, type Finding } from "./finding.ts";
import { interfaceFindings } from "./interfaces.ts";
import { memoryFindings } from "./memory.ts";
import { processFindings } from "./processes.ts";
import { processorFindings } from "./processors.ts";
import { uptimeFindings } from "./uptime.ts";
import { severityRank } from "./worst.ts";

/**
 * What can be said about a snapshot: the worst first, then by kind, and within a kind the most
 * important first. The same snapshot always gives the same findings. Nothing is said about a part
 * that is missing, nor about a number that is not one.
 */
export function findingsOf(snapshot: Snapshot): readonly Finding[] {
  const { cpu, memory, disks, network, processes, uptime, battery } = snapshot;
  const findings = [
    ...(cpu ? processorFindings(cpu) : []),
    ...(memory ? memoryFindings(memory) : []),
    ...(disks ? diskFindings(disks) : []),
    ...(network ? interfaceFindings(network) : []),
    ...(processes ? processFindings(processes) : []),
    ...(uptime ? uptimeFindings(uptime) : []),
    ...(battery ? batteryFindings(battery) : []),
  ];
  return findings.sort(
    (a, b) =>
      severityRank(b.severity) - severityRank(a.severity) ||
      FINDING_KINDS.indexOf(a.kind) - FINDING_KINDS.indexOf(b.kind),
  );
}

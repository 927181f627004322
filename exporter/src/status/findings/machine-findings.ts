import type { SwapUse } from "../../hardware/memory/machine-memory.ts";
import type {
  BatteryState,
  CpuState,
  DiskState,
  InterfaceState,
  MemoryState,
  ProcessesState,
  ProcessState,
  Snapshot,
} from "../snapshot/snapshot.ts";
import { FINDING_KINDS, severityRank, worstOf, type Finding } from "./finding.ts";
import { canBeStated, judgeFinding } from "./judge-finding.ts";

/**
 * What can be said about a snapshot: the worst first, then by kind, and within a kind the most
 * important first. The same snapshot always gives the same findings. Nothing is said about a part
 * that is missing, nor about a number that is not one.
 */
export function findingsOf(snapshot: Snapshot): readonly Finding[] {
  const { cpu, memory, disks, network, processes, uptime, battery } = snapshot;
  const findings = [
    ...(cpu ? cpuFindings(cpu) : []),
    ...(memory ? memoryFindings(memory) : []),
    ...(disks ? diskFindings(disks) : []),
    ...(network ? interfaceFindings(network) : []),
    ...(processes ? processFindings(processes) : []),
    ...(uptime ? judgeFinding("uptime", { uptime: uptime.seconds }) : []),
    ...(battery ? batteryFindings(battery) : []),
  ];
  return findings.sort(
    (a, b) =>
      severityRank(b.severity) - severityRank(a.severity) ||
      FINDING_KINDS.indexOf(a.kind) - FINDING_KINDS.indexOf(b.kind),
  );
}

/** How busy the processors are, and how many threads want one. */
function cpuFindings({ usage, cores, loadAverage1m }: CpuState): readonly Finding[] {
  const load = { per_core: loadAverage1m / cores, load: loadAverage1m, cores };
  return [...judgeFinding("cpu", { usage }), ...judgeFinding("load", load)];
}

/**
 * How much memory is used, of the machine and of the container that holds this process to less, and
 * how short of it the system is: by its own word on macOS, where swap grows as it is needed, and
 * elsewhere by how full swap is.
 */
function memoryFindings(memory: MemoryState): readonly Finding[] {
  const { container, swap, pressure } = memory;
  return [
    ...(container ? judgeFinding("container-memory", use(container)) : []),
    ...judgeFinding("memory", use(memory)),
    ...(pressure ? judgeFinding("memory-pressure", { level: pressure }) : []),
    ...(swap ? swapFindings(swap) : []),
  ];
}

function swapFindings({ usedBytes, totalBytes }: SwapUse): readonly Finding[] {
  return totalBytes === undefined
    ? judgeFinding("growing-swap", { held: usedBytes })
    : judgeFinding("swap", use({ usedBytes, totalBytes }));
}

function use({ usedBytes: used, totalBytes: total }: { usedBytes: number; totalBytes: number }) {
  return { used_share: used / total, used, total };
}

/** More disks than this are not told of; the fullest are. */
const MOST_DISKS = 5;

/** How full the disks are, the fullest first. */
function diskFindings(disks: readonly DiskState[]): readonly Finding[] {
  const share = ({ usedBytes, totalBytes }: DiskState) => usedBytes / totalBytes;
  return disks
    .filter((disk) => canBeStated(share(disk), disk.usedBytes, disk.totalBytes))
    .sort((a, b) => share(b) - share(a) || byText(a.mount, b.mount) || b.totalBytes - a.totalBytes)
    .slice(0, MOST_DISKS)
    .flatMap((disk) => judgeFinding("disk", use(disk), disk.mount));
}

/** More interfaces than this are not told of; those in trouble and the busiest are. */
const MOST_INTERFACES = 4;

/**
 * Interfaces that programs make, by the names that Linux and macOS give them. That one of them is
 * down says nothing about the machine.
 */
const VIRTUAL =
  /^(docker|br-|veth|virbr|vnet|vmnet|lxc|cni|flannel|cali|tun|tap|utun|wg|ifb|dummy|bond|sit|gre|ip6|ipsec|bridge|gif|stf|awdl|llw|anpi|ap\d)/;

/** What the network interfaces do: those in trouble first, then the busiest, and last what is down. */
function interfaceFindings(interfaces: readonly InterfaceState[]): readonly Finding[] {
  const traffic = (one: InterfaceState) => one.receivedBytesPerSecond + one.sentBytesPerSecond;
  return interfaces
    .filter(({ up, name }) => up || !VIRTUAL.test(name))
    .filter((one) =>
      canBeStated(one.receivedBytesPerSecond, one.sentBytesPerSecond, traffic(one), one.errors),
    )
    .map((state) => ({ ...state, traffic: traffic(state), findings: interfaceFinding(state) }))
    .sort(
      (a, b) =>
        severityRank(worstOf(b.findings)) - severityRank(worstOf(a.findings)) ||
        Number(b.up) - Number(a.up) ||
        b.traffic - a.traffic ||
        byText(a.name, b.name) ||
        b.errors - a.errors ||
        b.receivedBytesPerSecond - a.receivedBytesPerSecond,
    )
    .slice(0, MOST_INTERFACES)
    .flatMap(({ findings }) => findings);
}

function interfaceFinding(state: InterfaceState): readonly Finding[] {
  const { name, up, errors } = state;
  const rates = { received: state.receivedBytesPerSecond, sent: state.sentBytesPerSecond };
  if (!up) return judgeFinding("interface-down", {}, name);
  return errors > 0
    ? judgeFinding("interface-with-errors", { errors, ...rates }, name)
    : judgeFinding("interface", rates, name);
}

/** How many of the heaviest processes are told of, by each measure. */
const MOST_PROCESSES = 3;

/** A process that uses less of a core is not worth a sentence. */
const LEAST_CPU_SHARE = 0.01;

/**
 * How many processes there are and which are the heaviest. None of it has a limit: a process that
 * uses a whole core does what it was started for, and what is too much for the machine shows in the
 * findings about the processors and memory.
 */
function processFindings(state: ProcessesState): readonly Finding[] {
  const byCpu = heaviest(state.topByCpu, "cpuShare", LEAST_CPU_SHARE);
  const byMemory = heaviest(state.topByMemory, "memoryBytes", 1);
  const all = [...byCpu, ...byMemory];
  // By its id too where others have its name.
  const nameOf = ({ name, pid }: ProcessState) =>
    all.some((other) => other.name === name && other.pid !== pid) ? `${name} (${pid})` : name;
  return [
    ...judgeFinding("process-count", { count: state.count }),
    ...byCpu.flatMap((one) =>
      judgeFinding("process-cpu", { cpu_share: one.cpuShare }, nameOf(one)),
    ),
    ...byMemory.flatMap((one) =>
      judgeFinding("process-memory", { memory: one.memoryBytes }, nameOf(one)),
    ),
  ];
}

function heaviest(
  processes: readonly ProcessState[],
  measure: "cpuShare" | "memoryBytes",
  least: number,
): readonly ProcessState[] {
  return processes
    .filter((one) => canBeStated(one[measure]) && one[measure] >= least)
    .sort((a, b) => b[measure] - a[measure] || byText(a.name, b.name) || a.pid - b.pid)
    .slice(0, MOST_PROCESSES);
}

/** How much charge is left. */
function batteryFindings({ charge, charging }: BatteryState): readonly Finding[] {
  return charging
    ? judgeFinding("charging-battery", { charge_while_charging: charge })
    : judgeFinding("battery", { charge });
}

/** Orders names the same way on every machine. */
function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

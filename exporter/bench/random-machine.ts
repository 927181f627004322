import type { Random } from "../models/sentiment/training/random.ts";
import type { Snapshot } from "../src/status/snapshot/snapshot.ts";

const PROGRAMS = [
  ...["node", "k6", "redis-server", "prometheus", "grafana", "postgres", "python3", "chrome"],
  ...["Safari", "WindowServer", "java", "dockerd", "sshd", "nginx", "code", "Spotlight"],
];
const MOUNTS = ["/", "/data", "/home", "/var", "/Volumes/Backup", "/mnt/media"];
const INTERFACES = ["eth0", "en0", "wlan0", "enp3s0"];

/** A plausible machine: mostly calm, sometimes at a limit of one or two kinds. */
export function randomMachine(random: Random): Snapshot {
  const between = (least: number, most: number) => least + random() * (most - least);
  const oneOf = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)]!;
  const some = <T>(items: readonly T[], most: number) =>
    items.filter(() => random() < most / items.length).slice(0, most);
  // One in six values lies near or beyond a limit.
  const share = () => (random() < 1 / 6 ? between(0.85, 1) : between(0.02, 0.8));
  const disk = (mount: string) => {
    const totalBytes = oneOf([250e9, 500e9, 1e12, 4e12]);
    return { mount, totalBytes, usedBytes: share() * totalBytes };
  };
  const network = (name: string) => ({
    name,
    up: random() < 0.9,
    receivedBytesPerSecond: between(0, 1) ** 4 * 1e8,
    sentBytesPerSecond: between(0, 1) ** 4 * 1e7,
    errors: random() < 0.1 ? Math.ceil(between(1, 500)) : 0,
  });
  const programs = some(PROGRAMS, 6).map((name, pid) => ({
    pid,
    name,
    cpuShare: between(0, 1) ** 3 * 4,
    memoryBytes: between(0, 1) ** 3 * 8e9 + 5e6,
  }));
  const cores = oneOf([2, 4, 8, 10, 12]);
  const totalBytes = oneOf([8.6e9, 17.2e9, 25.3e9, 34.4e9, 51.5e9]);
  const usedBytes = share() * totalBytes;
  return {
    takenAt: "2026-01-02T03:04:05.000Z",
    cpu: { cores, usage: share(), loadAverage1m: between(0, 2) ** 2 * cores },
    memory: {
      totalBytes,
      usedBytes,
      swap: { totalBytes: oneOf([0, 2e9, 4e9]), usedBytes: between(0, 1.5e9) },
    },
    disks: [disk("/"), ...some(MOUNTS.slice(1), 2).map(disk)],
    network: [oneOf(INTERFACES)].map(network),
    processes: {
      count: Math.round(between(40, 600)),
      topByCpu: programs.toSorted((a, b) => b.cpuShare - a.cpuShare).slice(0, 3),
      topByMemory: programs.toSorted((a, b) => b.memoryBytes - a.memoryBytes).slice(0, 3),
    },
    uptime: { seconds: between(600, 60 * 86_400) },
    ...(random() < 0.5 && { battery: { charge: between(0.05, 1), charging: random() < 0.5 } }),
    unavailable: [],
  };
}

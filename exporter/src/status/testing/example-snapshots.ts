import fc from "fast-check";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** A machine with something to say about every kind of finding, and nothing at a limit. */
export const CALM_MACHINE = {
  takenAt: "2026-01-02T03:04:05.000Z",
  cpu: { cores: 2, usage: 0.231, loadAverage1m: 1.9 },
  memory: {
    totalBytes: 24e9,
    usedBytes: 10.8e9,
    swap: { totalBytes: 4e9, usedBytes: 0.4e9 },
  },
  disks: [{ mount: "/", totalBytes: 500e9, usedBytes: 305e9 }],
  network: [
    {
      name: "eth0",
      up: true,
      receivedBytesPerSecond: 1.2e6,
      sentBytesPerSecond: 0.3e6,
      errors: 0,
    },
  ],
  processes: {
    count: 132,
    topByCpu: [{ pid: 7, name: "node", cpuShare: 0.45, memoryBytes: 460e6 }],
    topByMemory: [{ pid: 7, name: "node", cpuShare: 0.45, memoryBytes: 460e6 }],
  },
  uptime: { seconds: 3 * 86_400 + 4 * 3_600 },
  battery: { charge: 0.8, charging: false },
  unavailable: [],
} as const satisfies Snapshot;

/** Any number that a broken system might tell. */
const anything = fc.oneof(
  fc.constantFrom(0, 1, 0.2, 0.85, 0.95, 100),
  fc.double(),
  fc.double({ min: 0, max: 1.2, noNaN: true }),
  fc.double({ min: 0, max: 1e18, noNaN: true }),
);
const name = fc.oneof(fc.constantFrom("/", "/data", "eth0", "docker0", "node"), fc.string());
const process = fc.record({ pid: fc.nat(), name, cpuShare: anything, memoryBytes: anything });

/** Snapshots with any parts missing, any numbers and any names. */
export const anySnapshot: fc.Arbitrary<Snapshot> = fc.record(
  {
    takenAt: fc.constant(CALM_MACHINE.takenAt),
    unavailable: fc.constant([]),
    cpu: fc.record({
      cores: fc.oneof(fc.nat({ max: 512 }), anything),
      usage: anything,
      loadAverage1m: anything,
    }),
    memory: fc.record(
      {
        totalBytes: anything,
        usedBytes: anything,
        container: fc.record({ totalBytes: anything, usedBytes: anything }),
        swap: fc.record(
          { totalBytes: anything, usedBytes: anything },
          { requiredKeys: ["usedBytes"] },
        ),
        pressure: fc.constantFrom(1, 2, 4),
      },
      { requiredKeys: ["totalBytes", "usedBytes"] },
    ),
    disks: fc.array(fc.record({ mount: name, totalBytes: anything, usedBytes: anything })),
    network: fc.array(
      fc.record({
        name,
        up: fc.boolean(),
        receivedBytesPerSecond: anything,
        sentBytesPerSecond: anything,
        errors: anything,
      }),
    ),
    processes: fc.record({
      count: anything,
      topByCpu: fc.array(process),
      topByMemory: fc.array(process),
    }),
    uptime: fc.record({ seconds: anything }),
    battery: fc.record({ charge: anything, charging: fc.boolean() }),
  },
  { requiredKeys: ["takenAt", "unavailable"] },
);

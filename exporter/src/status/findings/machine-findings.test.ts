import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { FINDING_LIMITS } from "@headroom/alerts/limits";
import { LANGUAGES } from "../../language.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { FINDING_KINDS, severityRank, worstOf } from "./finding.ts";
import { findingsOf } from "./machine-findings.ts";
import { formatQuantity } from "./quantity.ts";
import { anySnapshot, CALM_MACHINE } from "../testing/example-snapshots.ts";

const NOTHING: Snapshot = { takenAt: CALM_MACHINE.takenAt, unavailable: [] };

/** The sentences of what is not ok. */
function trouble(parts: Partial<Snapshot>): readonly (readonly string[])[] {
  return findingsOf({ ...NOTHING, ...parts })
    .filter(({ severity }) => severity !== "ok")
    .map(({ severity, text }) => [severity, text.en, text.ja]);
}

describe("findingsOf", () => {
  it("says one plain sentence about each thing in both languages", () => {
    const texts = findingsOf(CALM_MACHINE).map(({ text }) => [text.en, text.ja]);
    expect(texts).toEqual([
      ["The CPU is 23 % busy.", "CPU使用率は23%です。"],
      [
        "The load average is 0.9 per core (1.9 on 2 cores).",
        "ロードアベレージはコアあたり0.9(2コアで1.9)です。",
      ],
      ["Memory is 45 % used (10.8 GB of 24.0 GB).", "メモリ使用率は45%(24.0 GB中10.8 GB)です。"],
      ["Swap is 10 % used (400 MB of 4.0 GB).", "スワップ使用率は10%(4.0 GB中400 MB)です。"],
      ["Disk / is 61 % full (305 GB of 500 GB).", "ディスク / の使用率は61%(500 GB中305 GB)です。"],
      [
        "Interface eth0 receives 1.2 MB/s and sends 300 kB/s.",
        "インターフェース eth0 は受信1.2 MB/s、送信300 kB/sです。",
      ],
      ["132 processes run.", "132個のプロセスが動作しています。"],
      ["Process node uses 45 % of a core.", "プロセス node は1コアの45%を使用しています。"],
      ["Process node uses 460 MB of memory.", "プロセス node は460 MBのメモリを使用しています。"],
      ["The machine has been up for 3 days 4 hours.", "マシンの稼働時間は3日4時間です。"],
      ["The battery is 80 % charged.", "バッテリー残量は80%です。"],
    ]);
  });

  it("names the limit that is broken", () => {
    const memory = { ...CALM_MACHINE.memory, usedBytes: 21.1e9 };
    expect(trouble({ memory })).toEqual([
      [
        "warning",
        "Memory is 88 % used (21.1 GB of 24.0 GB), above 85 %.",
        "メモリ使用率は88%(24.0 GB中21.1 GB)で、しきい値の85%を超えています。",
      ],
    ]);
    expect(findingsOf({ ...NOTHING, memory })[0]).toMatchObject({ limit: 0.85 });
    expect(findingsOf(CALM_MACHINE)[0]).not.toHaveProperty("limit");
  });

  it("does not call a value above a limit that reads the same", () => {
    expect(trouble({ cpu: { ...CALM_MACHINE.cpu, usage: 0.952 } })).toEqual([
      [
        "critical",
        "The CPU is 95 % busy, at the limit of 95 %.",
        "CPU使用率は95%で、しきい値の95%に達しています。",
      ],
    ]);
  });

  it("worries about a low battery only while it is not charging", () => {
    expect(trouble({ battery: { charge: 0.08, charging: true } })).toEqual([]);
    expect(trouble({ battery: { charge: 0.08, charging: false } })).toEqual([
      [
        "critical",
        "The battery is 8 % charged, below 10 %.",
        "バッテリー残量は8%で、しきい値の10%を下回っています。",
      ],
    ]);
  });

  it("judges swap only where there is some", () => {
    const kinds = (totalBytes: number, usedBytes: number) =>
      findingsOf({
        ...NOTHING,
        memory: { ...CALM_MACHINE.memory, swap: { totalBytes, usedBytes } },
      }).map(({ kind, severity }) => `${kind} ${severity}`);
    expect(kinds(0, 0)).toEqual(["memory ok"]);
    expect(kinds(4e9, 3.5e9)).toEqual(["swap critical", "memory ok"]);
  });

  it("judges the memory of a container by its own limit, beside the machine's", () => {
    // 260 MB with 103 MB left, on a machine with 25 GB.
    const container = { totalBytes: 260e6, usedBytes: 157e6 };
    const memory = { totalBytes: 25e9, usedBytes: 1.6e9, container };
    const said = (usedBytes: number) =>
      findingsOf({
        ...NOTHING,
        memory: { ...memory, container: { ...container, usedBytes } },
      }).map(({ severity, text }) => `${severity}: ${text.en}`);
    expect(said(157e6)).toEqual([
      "ok: The container's memory is 60 % used (157 MB of 260 MB).",
      "ok: Memory is 6.4 % used (1.6 GB of 25.0 GB).",
    ]);
    expect(said(225e6)[0]).toBe(
      "warning: The container's memory is 87 % used (225 MB of 260 MB), above 85 %.",
    );
  });

  it("takes the kernel's word on macOS, where swap grows, and no share of it", () => {
    const said = (pressure: 1 | 2 | 4) =>
      findingsOf({
        ...NOTHING,
        memory: { totalBytes: 51.5e9, usedBytes: 20e9, swap: { usedBytes: 11.9e9 }, pressure },
      }).map(({ severity, text }) => `${severity}: ${text.en}`);
    expect(said(1)).toEqual([
      "ok: Memory is 39 % used (20.0 GB of 51.5 GB).",
      "ok: The memory pressure level is 1 (normal).",
      "ok: Swap holds 11.9 GB.",
    ]);
    expect(said(2)[0]).toBe(
      "warning: The memory pressure level is 2 (warning), at the limit of 2.",
    );
    expect(said(4)[0]).toMatch(/^critical: .* is 4 \(critical\), at the limit of 4\.$/);
  });

  it("tells of errors of an interface, and of one that is down unless it is virtual", () => {
    const idle = { up: true, receivedBytesPerSecond: 0, sentBytesPerSecond: 0, errors: 0 };
    const network = [
      { ...idle, name: "docker0", up: false },
      { ...idle, name: "eth1", up: false },
      { ...idle, name: "eth0", errors: 1 },
      { ...idle, name: "wlan0", errors: 250 },
    ];
    expect(findingsOf({ ...NOTHING, network }).map(({ text }) => text.en)).toEqual([
      "Interface wlan0 receives 0 B/s and sends 0 B/s, with 250 errors or drops, above 100.",
      "Interface eth0 receives 0 B/s and sends 0 B/s, with 1 error or drop.",
      "Interface eth1 is down.",
    ]);
  });

  it("tells of the fullest disks, the busiest interfaces and the heaviest processes", () => {
    const many = Array.from({ length: 9 }, (_, index) => index + 1);
    const processes = many.map((n) => ({
      pid: n,
      name: `p${n}`,
      cpuShare: n / 20,
      memoryBytes: n * 1e6,
    }));
    const findings = findingsOf({
      ...NOTHING,
      disks: many.map((n) => ({ mount: `/${n}`, totalBytes: 100e9, usedBytes: n * 1e9 })),
      network: many.map((n) => ({
        name: `eth${n}`,
        up: true,
        receivedBytesPerSecond: n * 1e3,
        sentBytesPerSecond: 0,
        errors: 0,
      })),
      processes: { count: 9, topByCpu: processes, topByMemory: processes },
    });
    expect(findings.map(({ subject }) => subject)).toEqual([
      ...["/9", "/8", "/7", "/6", "/5"],
      ...["eth9", "eth8", "eth7", "eth6"],
      "",
      ...["p9", "p8", "p7"],
      ...["p9", "p8", "p7"],
    ]);
  });

  it("tells processes of one name apart", () => {
    const process = (pid: number, name: string) => ({ pid, name, cpuShare: 0.5, memoryBytes: 1e6 });
    const topByCpu = [process(7, "node"), process(9, "k6")];
    const topByMemory = [process(7, "node"), process(8, "node"), process(9, "k6")];
    const findings = findingsOf({ ...NOTHING, processes: { count: 3, topByCpu, topByMemory } });
    expect(findings.map(({ subject }) => subject)).toEqual([
      ...["", "k6", "node (7)"],
      ...["k6", "node (7)", "node (8)"],
    ]);
  });

  it("uses every limit of the findings", () => {
    const used = new Set<string>();
    const worst: Snapshot = {
      ...CALM_MACHINE,
      cpu: { ...CALM_MACHINE.cpu, usage: 1, loadAverage1m: 99 },
      memory: {
        totalBytes: 24e9,
        usedBytes: 24e9,
        swap: { totalBytes: 4e9, usedBytes: 4e9 },
        pressure: 4,
      },
      disks: [{ mount: "/", totalBytes: 1e9, usedBytes: 1e9 }],
      network: [{ ...CALM_MACHINE.network[0], errors: 1e4 }],
      battery: { charge: 0.01, charging: false },
    };
    for (const { kind, severity } of findingsOf(worst)) if (severity !== "ok") used.add(kind);
    expect(used.size).toBe(new Set(FINDING_LIMITS.map(({ id }) => id)).size);
  });

  it("says nothing about an empty snapshot", () => {
    expect(findingsOf(NOTHING)).toEqual([]);
    expect(worstOf([])).toBe("ok");
  });

  it("states only real numbers, each of them in both sentences", () => {
    fc.assert(
      fc.property(anySnapshot, (snapshot) => {
        for (const { values, text, limit } of findingsOf(snapshot)) {
          for (const language of LANGUAGES) {
            for (const { value, unit } of values) {
              expect(Number.isFinite(value)).toBe(true);
              expect(text[language]).toContain(formatQuantity(value, unit, language));
            }
            if (limit === undefined) continue;
            expect(text[language]).toContain(formatQuantity(limit, values[0]!.unit, language));
          }
          expect(text.en).toMatch(/\.$/);
          expect(text.ja).toMatch(/。$/);
        }
      }),
    );
  });

  it("has a limit exactly where the severity is not ok, and the worst first", () => {
    fc.assert(
      fc.property(anySnapshot, (snapshot) => {
        const findings = findingsOf(snapshot);
        const order = findings.map(
          ({ severity, kind }) =>
            -severityRank(severity) * FINDING_KINDS.length + FINDING_KINDS.indexOf(kind),
        );
        expect(order).toEqual(order.toSorted((a, b) => a - b));
        expect(findings[0]?.severity ?? "ok").toBe(worstOf(findings));
        for (const { limit, severity } of findings) {
          expect(limit === undefined).toBe(severity === "ok");
        }
      }),
    );
  });

  it("does not depend on the order in which the system lists things", () => {
    const { disks, network, processes } = {
      disks: (s: Snapshot) => fc.shuffledSubarray([...(s.disks ?? [])], whole(s.disks)),
      network: (s: Snapshot) => fc.shuffledSubarray([...(s.network ?? [])], whole(s.network)),
      processes: (s: Snapshot, list: "topByCpu" | "topByMemory") =>
        fc.shuffledSubarray([...(s.processes?.[list] ?? [])], whole(s.processes?.[list])),
    };
    const pairs = anySnapshot.chain((one) =>
      fc.record({
        one: fc.constant(one),
        other: fc
          .tuple(
            disks(one),
            network(one),
            processes(one, "topByCpu"),
            processes(one, "topByMemory"),
          )
          .map(([disks, network, topByCpu, topByMemory]): Snapshot => ({
            ...one,
            ...(one.disks && { disks }),
            ...(one.network && { network }),
            ...(one.processes && { processes: { ...one.processes, topByCpu, topByMemory } }),
          })),
      }),
    );
    fc.assert(
      fc.property(pairs, ({ one, other }) => {
        expect(findingsOf(other)).toEqual(findingsOf(one));
      }),
    );
  });
});

/** A subarray of all elements: only their order changes. */
function whole(list: readonly unknown[] = []) {
  return { minLength: list.length, maxLength: list.length };
}

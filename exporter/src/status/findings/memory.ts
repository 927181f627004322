import type { PressureLevel } from "../../hardware/memory/machine-memory.ts";
import type { MemoryState } from "../snapshot/snapshot.ts";
import type { Finding, FindingKind } from "./finding.ts";
import { judge } from "./judge.ts";
import { canBeStated, stateFinding } from "./state-finding.ts";

const TOPICS = {
  "container-memory": {
    limit: "machine_memory",
    en: "The container's memory",
    ja: "コンテナのメモリ",
  },
  memory: { limit: "machine_memory", en: "Memory", ja: "メモリ" },
  swap: { limit: "machine_swap", en: "Swap", ja: "スワップ" },
} as const;

/**
 * How much memory is used, of the machine and of the container that holds this process to less, and
 * how short of it the system is: by its own word on macOS, where swap grows as it is needed, and
 * elsewhere by how full swap is.
 */
export function memoryFindings(memory: MemoryState): readonly Finding[] {
  const { container, swap, pressure } = memory;
  return [
    ...(container ? used("container-memory", container.usedBytes, container.totalBytes) : []),
    ...used("memory", memory.usedBytes, memory.totalBytes),
    ...(pressure === undefined ? [] : [pressureFinding(pressure)]),
    ...(swap?.totalBytes === undefined
      ? growingSwap(swap?.usedBytes)
      : used("swap", swap.usedBytes, swap.totalBytes)),
  ];
}

function used(
  kind: FindingKind & keyof typeof TOPICS,
  used: number,
  total: number,
): readonly Finding[] {
  const share = used / total;
  if (!canBeStated(share, used, total)) return [];
  const { limit, en, ja } = TOPICS[kind];
  return [
    stateFinding({
      kind,
      values: [
        { name: "used_share", value: share, unit: "ratio" },
        { name: "used", value: used, unit: "bytes" },
        { name: "total", value: total, unit: "bytes" },
      ],
      judgement: judge(limit, share),
      words: {
        en: (percent, used, total) => `${en} is ${percent} used (${used} of ${total})`,
        ja: (percent, used, total) => `${ja}使用率は${percent}(${total}中${used})`,
      },
    }),
  ];
}

const PRESSURE: Readonly<Record<PressureLevel, { readonly en: string; readonly ja: string }>> = {
  1: { en: "normal", ja: "正常" },
  2: { en: "warning", ja: "警告" },
  4: { en: "critical", ja: "危険" },
};

function pressureFinding(level: PressureLevel): Finding {
  const { en, ja } = PRESSURE[level];
  return stateFinding({
    kind: "memory-pressure",
    values: [{ name: "level", value: level, unit: "count" }],
    judgement: judge("machine_memory_pressure", level),
    words: {
      en: (level) => `The memory pressure level is ${level} (${en})`,
      ja: (level) => `メモリプレッシャーのレベルは${level}(${ja})`,
    },
  });
}

/** A share of a total that grows as it is needed says nothing, and so nothing is judged. */
function growingSwap(usedBytes = Number.NaN): readonly Finding[] {
  if (!canBeStated(usedBytes)) return [];
  return [
    stateFinding({
      kind: "swap",
      values: [{ name: "held", value: usedBytes, unit: "bytes" }],
      words: {
        en: (used) => `Swap holds ${used}`,
        ja: (used) => `スワップ使用量は${used}`,
      },
    }),
  ];
}

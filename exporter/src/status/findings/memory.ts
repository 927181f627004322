import type { MemoryState } from "../snapshot/snapshot.ts";
import type { Finding, FindingKind } from "./finding.ts";
import { judge } from "./judge.ts";
import { canBeStated, stateFinding } from "./state-finding.ts";

const TOPICS = {
  memory: { limit: "machine_memory", en: "Memory", ja: "メモリ" },
  swap: { limit: "machine_swap", en: "Swap", ja: "スワップ" },
} as const;

/** How much memory is used, and how much swap where there is any. */
export function memoryFindings(memory: MemoryState): readonly Finding[] {
  return [
    ...used("memory", memory.usedBytes, memory.totalBytes),
    ...used("swap", memory.swapUsedBytes, memory.swapTotalBytes),
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

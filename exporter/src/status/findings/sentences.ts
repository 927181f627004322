import type { Language } from "../../language.ts";
import type { FindingKind, FindingUnit } from "./finding.ts";

/** What can be said about the machine: a kind of finding, its values, and the sentence about them. */
export interface Sentence extends Readonly<Record<Language, string>> {
  readonly kind: FindingKind;
  /** The units of the values by their names; the first of them is judged. */
  readonly values: Readonly<Record<string, FindingUnit>>;
  /** The id in FINDING_LIMITS of what it is judged by; what has none is ok. */
  readonly limit?: string;
}

const USED = { used_share: "ratio", used: "bytes", total: "bytes" } as const;
const TRAFFIC = { received: "bytes_per_second", sent: "bytes_per_second" } as const;

/**
 * All sentences, without their ends: a broken limit may follow, or the full stop. A Japanese one ends
 * in a noun, so that です or the limit can follow, or is a whole sentence with its 。.
 *
 * `{used}` is a value with its unit, `{subject}` the name of the resource, and `{count|1:one|many}` a
 * text that goes with a value, the last one where no other does.
 *
 * A kind that has several sentences has other values in each, so that an answer about one, such as a
 * charging battery, is not repeated for the other.
 */
export const SENTENCES = {
  cpu: {
    kind: "cpu",
    values: { usage: "ratio" },
    limit: "machine_cpu",
    en: "The CPU is {usage} busy",
    ja: "CPU使用率は{usage}",
  },
  load: {
    kind: "load",
    values: { per_core: "count", load: "count", cores: "count" },
    limit: "machine_load",
    en: "The load average is {per_core} per core ({load} on {cores} {cores|1:core|cores})",
    ja: "ロードアベレージはコアあたり{per_core}({cores}コアで{load})",
  },
  "container-memory": {
    kind: "container-memory",
    values: USED,
    limit: "machine_memory",
    en: "The container's memory is {used_share} used ({used} of {total})",
    ja: "コンテナのメモリ使用率は{used_share}({total}中{used})",
  },
  memory: {
    kind: "memory",
    values: USED,
    limit: "machine_memory",
    en: "Memory is {used_share} used ({used} of {total})",
    ja: "メモリ使用率は{used_share}({total}中{used})",
  },
  "memory-pressure": {
    kind: "memory-pressure",
    values: { level: "count" },
    limit: "machine_memory_pressure",
    en: "The memory pressure level is {level} ({level|1:normal|2:warning|critical})",
    ja: "メモリプレッシャーのレベルは{level}({level|1:正常|2:警告|危険})",
  },
  swap: {
    kind: "swap",
    values: USED,
    limit: "machine_swap",
    en: "Swap is {used_share} used ({used} of {total})",
    ja: "スワップ使用率は{used_share}({total}中{used})",
  },
  // A share of a total that grows as it is needed says nothing, so nothing is judged.
  "growing-swap": {
    kind: "swap",
    values: { held: "bytes" },
    en: "Swap holds {held}",
    ja: "スワップ使用量は{held}",
  },
  disk: {
    kind: "disk",
    values: USED,
    limit: "machine_disk",
    en: "Disk {subject} is {used_share} full ({used} of {total})",
    ja: "ディスク {subject} の使用率は{used_share}({total}中{used})",
  },
  interface: {
    kind: "interface",
    values: TRAFFIC,
    en: "Interface {subject} receives {received} and sends {sent}",
    ja: "インターフェース {subject} は受信{received}、送信{sent}",
  },
  "interface-with-errors": {
    kind: "interface",
    values: { errors: "count", ...TRAFFIC },
    limit: "machine_interface_errors",
    en:
      "Interface {subject} receives {received} and sends {sent}, with {errors} " +
      "{errors|1:error or drop|errors or drops}",
    ja: "インターフェース {subject} は受信{received}、送信{sent}、エラーと破棄が{errors}件",
  },
  "interface-down": {
    kind: "interface",
    values: {},
    en: "Interface {subject} is down",
    ja: "インターフェース {subject} は接続されていません。",
  },
  "process-count": {
    kind: "process-count",
    values: { count: "count" },
    en: "{count} {count|1:process runs|processes run}",
    ja: "{count}個のプロセスが動作しています。",
  },
  "process-cpu": {
    kind: "process-cpu",
    values: { cpu_share: "ratio" },
    en: "Process {subject} uses {cpu_share} of a core",
    ja: "プロセス {subject} は1コアの{cpu_share}を使用しています。",
  },
  "process-memory": {
    kind: "process-memory",
    values: { memory: "bytes" },
    en: "Process {subject} uses {memory} of memory",
    ja: "プロセス {subject} は{memory}のメモリを使用しています。",
  },
  uptime: {
    kind: "uptime",
    values: { uptime: "seconds" },
    en: "The machine has been up for {uptime}",
    ja: "マシンの稼働時間は{uptime}",
  },
  battery: {
    kind: "battery",
    values: { charge: "ratio" },
    limit: "machine_battery",
    en: "The battery is {charge} charged",
    ja: "バッテリー残量は{charge}",
  },
  // While it is charging, little is no trouble.
  "charging-battery": {
    kind: "battery",
    values: { charge_while_charging: "ratio" },
    en: "The battery is {charge_while_charging} charged and charging",
    ja: "バッテリー残量は{charge_while_charging}(充電中)",
  },
} as const satisfies Readonly<Record<string, Sentence>>;

import type { Finding, FindingKind, FindingSeverity, FindingValue } from "../findings/finding.ts";

/** A finding for tests. */
export function exampleFinding(
  kind: FindingKind,
  severity: FindingSeverity,
  values: readonly FindingValue[],
  text: { readonly en: string; readonly ja: string },
  more: { readonly subject?: string; readonly limit?: number } = {},
): Finding {
  const { subject = "", limit } = more;
  return { kind, subject, severity, values, text, ...(limit !== undefined && { limit }) };
}

/** 23 % of the processors, ok. */
export const IDLE_CPU = exampleFinding(
  "cpu",
  "ok",
  [{ name: "usage", value: 0.2314, unit: "ratio" }],
  { en: "The CPU is 23 % busy.", ja: "CPU使用率は23%です。" },
);

/** 97 % of the processors, critical. */
export const BUSY_CPU = exampleFinding(
  "cpu",
  "critical",
  [{ name: "usage", value: 0.9701, unit: "ratio" }],
  {
    en: "The CPU is 97 % busy, above 95 %.",
    ja: "CPU使用率は97%で、しきい値の95%を超えています。",
  },
  { limit: 0.95 },
);

/** 45 % of 24 GB, ok. */
export const FREE_MEMORY = exampleFinding(
  "memory",
  "ok",
  [
    { name: "used_share", value: 0.45, unit: "ratio" },
    { name: "used", value: 10.8e9, unit: "bytes" },
    { name: "total", value: 24e9, unit: "bytes" },
  ],
  {
    en: "Memory is 45 % used (10.8 GB of 24.0 GB).",
    ja: "メモリ使用率は45%(24.0 GB中10.8 GB)です。",
  },
);

/** 88 % of 24 GB, a warning. */
export const FULL_MEMORY = exampleFinding(
  "memory",
  "warning",
  [
    { name: "used_share", value: 0.88, unit: "ratio" },
    { name: "used", value: 21.1e9, unit: "bytes" },
    { name: "total", value: 24e9, unit: "bytes" },
  ],
  {
    en: "Memory is 88 % used (21.1 GB of 24.0 GB), above 85 %.",
    ja: "メモリ使用率は88%(24.0 GB中21.1 GB)で、しきい値の85%を超えています。",
  },
  { limit: 0.85 },
);

/** The root disk, 61 % full, ok. */
export const ROOT_DISK = exampleFinding(
  "disk",
  "ok",
  [{ name: "used_share", value: 0.61, unit: "ratio" }],
  { en: "Disk / is 61 % full.", ja: "ディスク/の使用率は61%です。" },
  { subject: "/" },
);

/** A second disk, 96 % full, critical. */
export const DATA_DISK = exampleFinding(
  "disk",
  "critical",
  [{ name: "used_share", value: 0.96, unit: "ratio" }],
  {
    en: "Disk /data2 is 96 % full, above 95 %.",
    ja: "ディスク/data2の使用率は96%で、しきい値の95%を超えています。",
  },
  { subject: "/data2", limit: 0.95 },
);

/** A program by its processor time. */
export const NODE_CPU = exampleFinding(
  "process-cpu",
  "ok",
  [{ name: "cpu_share", value: 0.45, unit: "ratio" }],
  { en: "Process node uses 45 % of a core.", ja: "プロセスnodeは1コアの45%を使用しています。" },
  { subject: "node" },
);

/** The same program by its memory. */
export const NODE_MEMORY = exampleFinding(
  "process-memory",
  "ok",
  [{ name: "memory", value: 460e6, unit: "bytes" }],
  { en: "Process node uses 460 MB of memory.", ja: "プロセスnodeは460 MBを使用しています。" },
  { subject: "node" },
);

/** How many programs there are. */
export const PROCESS_COUNT = exampleFinding(
  "process-count",
  "ok",
  [{ name: "count", value: 132, unit: "count" }],
  { en: "132 processes run.", ja: "132個のプロセスが動作しています。" },
);

/** An interface with traffic. */
export const INTERFACE = exampleFinding(
  "interface",
  "ok",
  [
    { name: "received", value: 1.2e6, unit: "bytes_per_second" },
    { name: "sent", value: 0.3e6, unit: "bytes_per_second" },
  ],
  {
    en: "Interface eth0 receives 1.2 MB/s and sends 0.3 MB/s.",
    ja: "インターフェースeth0は受信1.2 MB/s、送信0.3 MB/sです。",
  },
  { subject: "eth0" },
);

/** Three days and four hours. */
export const UPTIME = exampleFinding(
  "uptime",
  "ok",
  [{ name: "uptime", value: 3 * 86_400 + 4 * 3_600 + 240, unit: "seconds" }],
  {
    en: "The machine has been up for 3 days 4 hours.",
    ja: "稼働時間は3日4時間です。",
  },
);

/** All of them that are ok. */
export const OK_FINDINGS = [
  IDLE_CPU,
  FREE_MEMORY,
  ROOT_DISK,
  NODE_CPU,
  NODE_MEMORY,
  PROCESS_COUNT,
  INTERFACE,
  UPTIME,
];

import type { Finding, FindingKind } from "./findings/finding.ts";
import type { Language } from "../language.ts";

/** What a kind of finding is called: as the cause of a verdict, and any way a text may say it. */
interface Topic {
  /** `{}` stands for the name of the resource. */
  readonly phrase: Readonly<Record<Language, string>>;
  /** Words that mean it without a name. */
  readonly words: Readonly<Record<Language, RegExp>>;
}

const TOPICS: Readonly<Record<FindingKind, Topic>> = {
  cpu: {
    phrase: { en: "the CPU", ja: "CPU" },
    words: { en: /\b(?:cpus?|processors?)\b/giu, ja: /cpu|プロセッサ|処理装置/giu },
  },
  load: {
    phrase: { en: "the load", ja: "ロードアベレージ" },
    words: { en: /\bload\b/giu, ja: /ロードアベレージ|負荷/giu },
  },
  "container-memory": {
    phrase: { en: "the container's memory", ja: "コンテナのメモリ" },
    words: { en: /\bcontainer\b/giu, ja: /コンテナ/giu },
  },
  "memory-pressure": {
    phrase: { en: "memory pressure", ja: "メモリプレッシャー" },
    words: { en: /\bpressure\b/giu, ja: /プレッシャー|圧迫/giu },
  },
  memory: {
    phrase: { en: "memory", ja: "メモリ" },
    words: { en: /\b(?:memory|ram)\b/giu, ja: /メモリ/giu },
  },
  swap: {
    phrase: { en: "swap", ja: "スワップ" },
    words: { en: /\bswap\b/giu, ja: /スワップ/giu },
  },
  disk: {
    phrase: { en: "disk {}", ja: "ディスク{}" },
    words: { en: /\b(?:disks?|drives?|volumes?)\b/giu, ja: /ディスク|ドライブ|ボリューム/giu },
  },
  interface: {
    phrase: { en: "interface {}", ja: "インターフェース{}" },
    words: {
      en: /\b(?:interfaces?|networks?|connections?)\b/giu,
      ja: /インターフェー?ス|ネットワーク|回線/giu,
    },
  },
  "process-count": {
    phrase: { en: "the number of processes", ja: "プロセス数" },
    words: { en: /\b(?:processes|programs)\b|(?<=\b1 )process\b/giu, ja: /プロセス|プログラム/giu },
  },
  "process-cpu": {
    phrase: { en: "process {}", ja: "プロセス{}" },
    words: { en: /\bprocess\b/giu, ja: /プロセス/giu },
  },
  "process-memory": {
    phrase: { en: "process {}", ja: "プロセス{}" },
    words: { en: /\bprocess\b/giu, ja: /プロセス/giu },
  },
  uptime: {
    phrase: { en: "the uptime", ja: "稼働時間" },
    words: { en: /\b(?:uptime|up for|been up|running for)\b/giu, ja: /稼働|起動/giu },
  },
  battery: {
    phrase: { en: "the battery", ja: "バッテリー" },
    words: { en: /\bbattery\b/giu, ja: /バッテリー?|電池/giu },
  },
};

/** A finding's resource as the cause of a verdict, such as "disk /". */
export function topicOf({ kind, subject }: Finding, language: Language): string {
  return TOPICS[kind].phrase[language].replace("{}", () => subject);
}

/** Matches the words that mean a kind of finding without naming the resource. */
export function topicWords(kind: FindingKind, language: Language): RegExp {
  return TOPICS[kind].words[language];
}

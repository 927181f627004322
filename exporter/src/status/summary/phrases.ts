/**
 * All that a summary says besides the sentences of the findings. Each phrase stands here with what
 * must hold for it, so that it claims neither more nor less than they do.
 */
import type { Language } from "../../language.ts";
import {
  worstOf,
  type Finding,
  type FindingKind,
  type FindingSeverity,
} from "../findings/finding.ts";

/** What a kind of finding is called as the cause of a verdict; `{}` stands for the resource's name. */
const TOPICS: Readonly<Record<FindingKind, Readonly<Record<Language, string>>>> = {
  cpu: { en: "the CPU", ja: "CPU" },
  load: { en: "the load", ja: "ロードアベレージ" },
  "container-memory": { en: "the container's memory", ja: "コンテナのメモリ" },
  "memory-pressure": { en: "memory pressure", ja: "メモリプレッシャー" },
  memory: { en: "memory", ja: "メモリ" },
  swap: { en: "swap", ja: "スワップ" },
  disk: { en: "disk {}", ja: "ディスク{}" },
  interface: { en: "interface {}", ja: "インターフェース{}" },
  "process-count": { en: "the number of processes", ja: "プロセス数" },
  "process-cpu": { en: "process {}", ja: "プロセス{}" },
  "process-memory": { en: "process {}", ja: "プロセス{}" },
  uptime: { en: "the uptime", ja: "稼働時間" },
  battery: { en: "the battery", ja: "バッテリー" },
};

const PHRASES = {
  en: {
    /** What a verdict says, with what it is about in place of `{}`. */
    verdicts: {
      ok: "OK: nothing looked at is at a limit.",
      warning: "WARNING because of {}.",
      critical: "CRITICAL because of {}.",
    },
    and: " and ",
    nothing: "There is nothing to report.",
    unread: "What was asked about could not be read.",
    /** Before the first fact. */
    openings: ["", "By the latest reading, "],
    /** Before a fact, by what stands before that. */
    joints: {
      alike: [", and ", "; ", ". Also, "],
      lessSevere: [", and ", ". Less urgently, "],
      okAfterTrouble: [", while ", ". Apart from that, "],
    },
    more: "More is at a limit, as the findings tell.",
    noMore: "Nothing else looked at is at a limit.",
    partlyUnread: "Not everything could be read.",
  },
  ja: {
    verdicts: {
      ok: "正常: 確認した項目に、しきい値を外れたものはありません。",
      warning: "警告: {}に注意が必要です。",
      critical: "重大: {}に問題があります。",
    },
    and: "と",
    nothing: "報告する項目はありません。",
    unread: "対象を読み取れませんでした。",
    openings: ["", "最新の計測では、"],
    joints: {
      alike: ["", "また、", "さらに、"],
      lessSevere: ["", "次に、"],
      okAfterTrouble: ["", "一方、", "そのほか、"],
    },
    more: "ほかにも、しきい値を外れた項目があります。",
    noMore: "ほかに確認した項目は、しきい値を外れていません。",
    partlyUnread: "一部は読み取れませんでした。",
  },
} as const satisfies Readonly<Record<Language, unknown>>;

/** More causes than this make no sentence that a person reads; the findings list them all. */
const MOST_CAUSES = 2;

/** The worst severity of the findings and its causes, in one sentence. */
export function verdictOn(findings: readonly Finding[], language: Language): string {
  const { verdicts, and } = PHRASES[language];
  const status = worstOf(findings);
  const causes = findings
    .filter(({ severity }) => severity === status)
    .map(({ kind, subject }) => TOPICS[kind][language].replace("{}", () => subject));
  const named = [...new Set(causes)].slice(0, MOST_CAUSES).join(and);
  return verdicts[status].replace("{}", () => named);
}

/** What there is to say without any finding. */
export function nothingToSay(isComplete: boolean, language: Language): string {
  const { nothing, unread } = PHRASES[language];
  return isComplete ? nothing : unread;
}

/**
 * What may stand before a fact, the plainest first.
 *
 * @param before - severity of the fact before it, which is not less severe; undefined for the first
 * @param severity - of the fact
 */
export function jointsBetween(
  before: FindingSeverity | undefined,
  severity: FindingSeverity,
  language: Language,
): readonly string[] {
  const { openings, joints } = PHRASES[language];
  if (before === undefined) return openings;
  if (before === severity) return joints.alike;
  return severity === "ok" ? joints.okAfterTrouble : joints.lessSevere;
}

/** All that {@link jointsBetween} may give. */
export function everyJoint(language: Language): readonly string[] {
  const { openings, joints } = PHRASES[language];
  const all = new Set<string>([openings, ...Object.values(joints)].flat());
  all.delete("");
  return [...all];
}

/**
 * The sentences that end a summary: whether there is trouble besides what was said, unless the
 * verdict says that there is none, and that something could not be read.
 *
 * @param unsaid - the findings that the summary does not state
 */
export function closingOf(
  findings: readonly Finding[],
  unsaid: readonly Finding[],
  isComplete: boolean,
  language: Language,
): readonly string[] {
  const { more, noMore, partlyUnread } = PHRASES[language];
  const closing: string[] = [];
  if (worstOf(unsaid) !== "ok") closing.push(more);
  else if (unsaid.length > 0 && worstOf(findings) !== "ok") closing.push(noMore);
  if (!isComplete) closing.push(partlyUnread);
  return closing;
}

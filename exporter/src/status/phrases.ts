/**
 * All that a summary says besides the sentences of the findings. Each phrase stands here with what
 * must hold for it, so that it claims neither more nor less than they do.
 */
import type { Language } from "../language.ts";
import type { Finding, FindingKind, FindingSeverity } from "./findings/finding.ts";
import { worstOf } from "./findings/worst.ts";

type Said<T = string> = Readonly<Record<Language, T>>;

/** What a kind of finding is called as the cause of a verdict; `{}` stands for the resource's name. */
const TOPICS: Readonly<Record<FindingKind, Said>> = {
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

/** What a verdict says, with what it is about in place of `{}`. */
const VERDICTS: Said<Readonly<Record<FindingSeverity, string>>> = {
  en: {
    ok: "OK: nothing looked at is at a limit.",
    warning: "WARNING because of {}.",
    critical: "CRITICAL because of {}.",
  },
  ja: {
    ok: "正常: 確認した項目に、しきい値を外れたものはありません。",
    warning: "警告: {}に注意が必要です。",
    critical: "重大: {}に問題があります。",
  },
};

const AND: Said = { en: " and ", ja: "と" };

/** More causes than this make no sentence that a person reads; the findings list them all. */
const MOST_CAUSES = 2;

/** The worst severity of the findings and its causes, in one sentence. */
export function verdictOn(findings: readonly Finding[], language: Language): string {
  const status = worstOf(findings);
  const causes = findings
    .filter(({ severity }) => severity === status)
    .map(({ kind, subject }) => TOPICS[kind][language].replace("{}", () => subject));
  const named = [...new Set(causes)].slice(0, MOST_CAUSES).join(AND[language]);
  return VERDICTS[language][status].replace("{}", () => named);
}

const NOTHING: Said = { en: "There is nothing to report.", ja: "報告する項目はありません。" };
const UNREAD: Said = {
  en: "What was asked about could not be read.",
  ja: "対象を読み取れませんでした。",
};

/** What there is to say without any finding. */
export function nothingToSay(isComplete: boolean, language: Language): string {
  return (isComplete ? NOTHING : UNREAD)[language];
}

const OPENINGS: Said<readonly string[]> = {
  en: ["", "By the latest reading, "],
  ja: ["", "最新の計測では、"],
};

/** What may stand before a fact, by what stands before that. */
const JOINTS: Said<
  Readonly<Record<"alike" | "less severe" | "ok after trouble", readonly string[]>>
> = {
  en: {
    alike: [", and ", "; ", ". Also, "],
    "less severe": [", and ", ". Less urgently, "],
    "ok after trouble": [", while ", ". Apart from that, "],
  },
  ja: {
    alike: ["", "また、", "さらに、"],
    "less severe": ["", "次に、"],
    "ok after trouble": ["", "一方、", "そのほか、"],
  },
};

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
  if (before === undefined) return OPENINGS[language];
  if (before === severity) return JOINTS[language].alike;
  return JOINTS[language][severity === "ok" ? "ok after trouble" : "less severe"];
}

/** All that {@link jointsBetween} may give. */
export function everyJoint(language: Language): readonly string[] {
  const all = [OPENINGS[language], ...Object.values(JOINTS[language])].flat();
  return [...new Set(all)].filter((joint) => joint !== "");
}

const MORE: Said = {
  en: "More is at a limit, as the findings tell.",
  ja: "ほかにも、しきい値を外れた項目があります。",
};
const NO_MORE: Said = {
  en: "Nothing else looked at is at a limit.",
  ja: "ほかに確認した項目は、しきい値を外れていません。",
};
const PARTLY_UNREAD: Said = {
  en: "Not everything could be read.",
  ja: "一部は読み取れませんでした。",
};

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
  const closing = [];
  if (worstOf(unsaid) !== "ok") closing.push(MORE[language]);
  else if (unsaid.length > 0 && worstOf(findings) !== "ok") closing.push(NO_MORE[language]);
  if (!isComplete) closing.push(PARTLY_UNREAD[language]);
  return closing;
}

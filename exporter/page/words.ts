/** Every word of the page that no answer brings along, in both languages. */
import type { FallbackReason, StrategyName } from "../src/status/answer.ts";
import type { FindingKind, FindingSeverity } from "../src/status/findings/finding.ts";
import type { Language } from "../src/language.ts";
import type { SnapshotPart } from "../src/status/snapshot/snapshot.ts";
import type { TroubleKind } from "./exporter-api.ts";

/** The words in one language; `{}` stands for what is filled in. */
export interface Words {
  readonly skip: string;
  readonly language: string;
  readonly strategy: string;
  readonly strategies: Readonly<Record<StrategyName, string>>;
  readonly questions: string;
  readonly within: string;
  readonly welcome: string;
  readonly welcomeText: string;
  readonly asking: string;
  readonly states: Readonly<Record<FindingSeverity, string>>;
  readonly asOf: string;
  readonly cached: string;
  readonly whatToDo: string;
  readonly nothingToDo: string;
  readonly goOn: string;
  readonly advice: string;
  readonly measured: string;
  /** A severity, and from which value on it is one; by where the trouble lies. */
  readonly limit: { readonly upper: string; readonly lower: string };
  readonly alsoSeen: string;
  readonly unread: string;
  readonly answeredIn: string;
  readonly late: string;
  readonly byModel: string;
  readonly byFindings: string;
  readonly fallbacks: Readonly<Record<FallbackReason, string>>;
  readonly engine: string;
  readonly noEngine: string;
  readonly simulated: string;
  readonly troubles: Readonly<Record<TroubleKind, string>>;
  readonly lastAnswer: string;
  readonly askAgain: string;
  readonly token: string;
  readonly useToken: string;
  readonly free: string;
  readonly freeHint: string;
  readonly freeAsk: string;
  readonly answeredBy: string;
  readonly notUnderstood: string;
  readonly kinds: Readonly<Record<FindingKind, string>>;
  readonly parts: Readonly<Record<SnapshotPart, string>>;
  /** What helps when a finding of the kind is at a limit; nothing for kinds without one. */
  readonly actions: Readonly<Partial<Record<FindingKind, string>>>;
}

const EN: Words = {
  skip: "Skip to the questions",
  language: "Language",
  strategy: "How much to tell",
  strategies: { speed: "Short", balanced: "Balanced", quality: "Thorough" },
  questions: "Ask",
  within: "within {} s",
  welcome: "How is your machine?",
  welcomeText:
    "Choose a question. Every number in the answer is measured on this machine and checked against its limits.",
  asking: "Looking …",
  states: { ok: "OK", warning: "Warning", critical: "Critical" },
  asOf: "As of {}",
  cached: "answer kept from just before",
  whatToDo: "What to do",
  nothingToDo: "Nothing. No value that was looked at is at a limit.",
  goOn: "Ask: {}",
  advice: "Advice on this machine",
  measured: "Measured",
  limit: { upper: "{} from {}", lower: "{} up to {}" },
  alsoSeen: "Also seen",
  unread: "Could not be read",
  answeredIn: "Answered in {} s, target {} s",
  late: "later than its target",
  byModel: "A model put the findings in order; it writes no number and no name.",
  byFindings: "The findings' own words: {}.",
  fallbacks: {
    no_findings: "there is nothing to put in order",
    no_model: "there is no chat model",
    language: "the chat model does not speak English",
    deadline: "the chat model was not done in time",
    model_failed: "the chat model failed",
    ungrounded: "the chat model wrote what is not allowed",
  },
  engine: "{} on {}",
  noEngine: "No chat model",
  simulated: "A simulated model answers here. The numbers about the machine are real.",
  troubles: {
    unreachable:
      "The exporter does not answer at this address. It may have been stopped: start it with npm start, then ask again.",
    silent:
      "The exporter took the question and says nothing any more. Ask again; if it stays silent, restart it.",
    brokenOff:
      "The connection ended before the answer did. What had been found by then is shown. Ask again.",
    noToken: "The exporter asks for its token: what HEADROOM_TOKEN holds where it was started.",
    wrongToken:
      "This is not the exporter's token. It is what HEADROOM_TOKEN holds where it was started.",
    busy: "The exporter has too much to do, or is about to stop. Ask again in a moment.",
    refused: "The exporter refused the question. It says:",
  },
  lastAnswer: "This is the last answer, {}.",
  askAgain: "Ask again",
  token: "Token",
  useToken: "Use token",
  free: "Or in your own words",
  freeHint:
    "“Why is it slow?” The words choose one of the questions above. They do not leave this page.",
  freeAsk: "Ask",
  answeredBy: "“{}” is answered by “{}”, for its word “{}”.",
  notUnderstood:
    "“{}” names nothing that is measured here: processor, memory, disks, network, programs, battery. Here is the whole picture.",
  kinds: {
    cpu: "Processor",
    load: "Load per core",
    "container-memory": "Memory of the container",
    memory: "Memory",
    "memory-pressure": "Memory pressure",
    swap: "Swap",
    disk: "Disk {}",
    interface: "Interface {}",
    "process-count": "Processes",
    "process-cpu": "{}",
    "process-memory": "{}",
    uptime: "Uptime",
    battery: "Battery",
  },
  parts: {
    cpu: "processor",
    memory: "memory",
    disks: "disks",
    network: "network",
    processes: "processes",
    uptime: "uptime",
    battery: "battery",
  },
  actions: {
    cpu: "End what keeps the processor busy and is not needed now.",
    load: "More programs want to run than there are cores. End what is not needed now, or wait.",
    "container-memory": "Give the container more memory, or run less in it.",
    memory: "End programs that hold much memory before the machine starts to swap.",
    "memory-pressure": "End programs that hold much memory; the system is short of it.",
    swap: "End programs that hold much memory; when swap is full, the system ends some itself.",
    disk: "Make room on disk {}: remove or move what is not needed, and empty the bin.",
    interface: "Interface {}: look at its cable, its radio signal or its driver.",
    battery: "Connect the charger.",
  },
};

const JA: Words = {
  skip: "質問へ移動",
  language: "言語",
  strategy: "回答の長さ",
  strategies: { speed: "短く", balanced: "標準", quality: "詳しく" },
  questions: "質問",
  within: "{}秒以内",
  welcome: "マシンの調子はどうですか?",
  welcomeText:
    "質問を選んでください。回答の数値はすべて、このマシンで計測し、しきい値と照らし合わせたものです。",
  asking: "確認中…",
  states: { ok: "正常", warning: "警告", critical: "重大" },
  asOf: "{}時点",
  cached: "直前の回答",
  whatToDo: "対処",
  nothingToDo: "特にありません。確認した値に、しきい値を外れたものはありません。",
  goOn: "質問する: {}",
  advice: "このマシンへの助言",
  measured: "計測値",
  limit: { upper: "{}: {}以上", lower: "{}: {}以下" },
  alsoSeen: "そのほかの項目",
  unread: "読み取れなかった項目",
  answeredIn: "{}秒で回答(目標{}秒)",
  late: "目標を過ぎています",
  byModel: "文の順序はモデルが決めました。モデルは数値も名前も書きません。",
  byFindings: "計測結果の文をそのまま表示しています({})。",
  fallbacks: {
    no_findings: "並べる項目がないため",
    no_model: "チャットモデルがないため",
    language: "チャットモデルが日本語に対応していないため",
    deadline: "チャットモデルが時間内に終わらなかったため",
    model_failed: "チャットモデルが失敗したため",
    ungrounded: "チャットモデルが許されない文を書いたため",
  },
  engine: "{}({})",
  noEngine: "チャットモデルなし",
  simulated: "ここでは模擬モデルが答えています。マシンの数値は実測値です。",
  troubles: {
    unreachable:
      "このアドレスでエクスポーターが応答しません。停止している場合は npm start で起動し、もう一度質問してください。",
    silent:
      "エクスポーターは質問を受け取りましたが、応答が途絶えました。もう一度質問し、続くようなら再起動してください。",
    brokenOff:
      "回答の途中で接続が切れました。それまでに分かったことを表示しています。もう一度質問してください。",
    noToken: "エクスポーターのトークンが必要です。起動時の HEADROOM_TOKEN の値を入力してください。",
    wrongToken: "トークンが違います。起動時の HEADROOM_TOKEN の値を入力してください。",
    busy: "エクスポーターが混み合っているか、停止しようとしています。少し待ってから質問してください。",
    refused: "エクスポーターが質問を受け付けませんでした。理由:",
  },
  lastAnswer: "これは{}の回答です。",
  askAgain: "もう一度質問する",
  token: "トークン",
  useToken: "トークンを使う",
  free: "自分の言葉で質問する",
  freeHint:
    "例「なぜ遅い?」 言葉は上の質問を選ぶためだけに使われ、このページの外へは送られません。",
  freeAsk: "質問する",
  answeredBy: "「{}」には「{}」で答えます(「{}」という語から)。",
  notUnderstood:
    "「{}」には、計測している項目(プロセッサー、メモリ、ディスク、ネットワーク、プログラム、バッテリー)が見つかりません。全体の状態を表示します。",
  kinds: {
    cpu: "プロセッサー",
    load: "コアあたりの負荷",
    "container-memory": "コンテナのメモリ",
    memory: "メモリ",
    "memory-pressure": "メモリプレッシャー",
    swap: "スワップ",
    disk: "ディスク {}",
    interface: "インターフェース {}",
    "process-count": "プロセス数",
    "process-cpu": "{}",
    "process-memory": "{}",
    uptime: "稼働時間",
    battery: "バッテリー",
  },
  parts: {
    cpu: "プロセッサー",
    memory: "メモリ",
    disks: "ディスク",
    network: "ネットワーク",
    processes: "プロセス",
    uptime: "稼働時間",
    battery: "バッテリー",
  },
  actions: {
    cpu: "プロセッサーを占めている、今は不要なプログラムを終了してください。",
    load: "コアの数より多くのプログラムが実行を待っています。不要なものを終了するか、待ってください。",
    "container-memory": "コンテナのメモリを増やすか、中で動かすものを減らしてください。",
    memory: "スワップが始まる前に、メモリを多く使うプログラムを終了してください。",
    "memory-pressure": "メモリが不足しています。多く使うプログラムを終了してください。",
    swap: "メモリを多く使うプログラムを終了してください。スワップが尽きると、システムがプログラムを強制終了します。",
    disk: "ディスク {} の空きを増やしてください。不要なファイルを削除または移動し、ゴミ箱を空にします。",
    interface: "インターフェース {} のケーブル、電波状態、ドライバーを確認してください。",
    battery: "充電器を接続してください。",
  },
};

/** The words by language. */
export const WORDS: Readonly<Record<Language, Words>> = { en: EN, ja: JA };

/** Fills in what a text leaves open, in order. */
export function fill(text: string, ...values: readonly (string | number)[]): string {
  let i = 0;
  return text.replace(/\{\}/g, () => String(values[i++] ?? ""));
}

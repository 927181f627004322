import type { StatusScenario } from "@headroom/alerts/limits";

type Topic = readonly [StatusScenario, RegExp];

/** Words that name what is measured; of two topics the one wins of which more is said. */
const NAMED: readonly Topic[] = [
  ["urgent-check", /\b(urgent|emergency|danger\w*)\b|緊急|至急|危険|危ない/giu],
  ["memory-status", /\b(memory|ram|swap\w*|oom)\b|メモリ|スワップ/giu],
  ["disk-analysis", /\b(dis[ck]s?|drives?|storage|ssd)\b|ディスク|容量|ストレージ|空き/giu],
  [
    "network-status",
    /\b(network\w*|internet|wi-?fi|ethernet|connection|traffic|(down|up)loads?)\b|ネット|回線|通信|接続|無線/giu,
  ],
  [
    "process-information",
    /\b(process(es)?|programs?|apps?|applications?|running|runs)\b|プロセス(?!ッ)|アプリ|プログラム|ソフト|何が動/giu,
  ],
];

/** Words that say how something is, and mean the machine where they stand alone. */
const GENERAL: readonly Topic[] = [
  [
    "detailed-analysis",
    /\b(slow\w*|lag\w*|hang\w*|stuck|freez\w*|fans?|hot|loud|cpu|processor|cores?|load|busy|details?|why)\b|遅|重い|重く|固ま|熱|ファン|うるさい|負荷|プロセッサ|詳し|なぜ|どうして/giu,
  ],
  [
    "overall-health",
    /\b(health\w*|fine|ok(ay)?|good|wrong|problems?|battery|charg\w*|uptime|(re)?boot\w*)\b|健全|健康|大丈夫|問題|異常|バッテリー|電池|充電|稼働|起動/giu,
  ],
  ["quick-status", /\b(how is|how's|status|state)\b|状態|状況|様子|調子/giu],
];

/** A scenario, and the word for which it was chosen. */
export interface Understood {
  readonly scenario: StatusScenario;
  readonly word: string;
}

/**
 * Which of the eight scenarios a question in anybody's own words means; undefined when it names nothing
 * that is measured. The words only choose: the answer is that scenario's, made of findings like every
 * other, so nothing is said that was not measured.
 */
export function understand(question: string): Understood | undefined {
  const plain = question.normalize("NFKC");
  return mostSaid(NAMED, plain) ?? mostSaid(GENERAL, plain);
}

function mostSaid(topics: readonly Topic[], question: string): Understood | undefined {
  const found = topics
    .map(([scenario, words]) => ({ scenario, said: question.match(words) ?? [] }))
    .sort((a, b) => b.said.length - a.said.length)[0]!;
  const [word] = found.said;
  return word === undefined ? undefined : { scenario: found.scenario, word };
}

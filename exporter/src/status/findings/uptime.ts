import type { UptimeState } from "../snapshot/snapshot.ts";
import type { Finding } from "./finding.ts";
import { canBeStated, stateFinding } from "./state-finding.ts";

/** How long the machine has been running. */
export function uptimeFindings({ seconds }: UptimeState): readonly Finding[] {
  if (!canBeStated(seconds)) return [];
  return [
    stateFinding({
      kind: "uptime",
      values: [{ name: "uptime", value: seconds, unit: "seconds" }],
      words: {
        en: (time) => `The machine has been up for ${time}`,
        ja: (time) => `マシンの稼働時間は${time}`,
      },
    }),
  ];
}

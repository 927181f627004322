import type { BatteryState } from "../snapshot/snapshot.ts";
import type { Finding } from "./finding.ts";
import { judge, OK } from "./judge.ts";
import { canBeStated, stateFinding } from "./state-finding.ts";

/**
 * How much charge is left; while it is charging, little is no trouble. The value's name tells the two
 * apart, so that an answer about a charging battery is not repeated for one that runs down.
 */
export function batteryFindings({ charge, charging }: BatteryState): readonly Finding[] {
  if (!canBeStated(charge)) return [];
  const name = charging ? "charge_while_charging" : "charge";
  return [
    stateFinding({
      kind: "battery",
      values: [{ name, value: charge, unit: "ratio" }],
      judgement: charging ? OK : judge("machine_battery", charge),
      words: charging
        ? {
            en: (share) => `The battery is ${share} charged and charging`,
            ja: (share) => `バッテリー残量は${share}(充電中)`,
          }
        : {
            en: (share) => `The battery is ${share} charged`,
            ja: (share) => `バッテリー残量は${share}`,
          },
    }),
  ];
}

import type { SpecialValueMap, ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import { MappingType, SpecialValueMatch } from "@grafana/grafana-foundation-sdk/dashboard";
import { LONGEST_TOLD_SECONDS } from "@headroom/alerts/limits";
import { NEUTRAL } from "./colours.ts";

/** What is said where there is no value: nobody asked, or nothing was measured. */
export const NO_TRAFFIC = "no traffic";
export const NO_DATA = "no data";

/** A histogram of request times: what is read from it may be more than its last edge. */
export type Told = keyof typeof LONGEST_TOLD_SECONDS;

/**
 * Says "more than 5 s" of a quantile at the last finite edge of its histogram. How much more it is, no
 * histogram tells.
 */
export function moreThanTold(told: Told): ValueMapping {
  const longest = LONGEST_TOLD_SECONDS[told];
  const result = { text: `more than ${longest} s` };
  return { type: MappingType.RangeToText, options: { from: longest, to: null, result } };
}

/** Says that there is no value in grey: by itself Grafana gives it the colour of an allowed one. */
export function nothing(words: string): SpecialValueMap {
  return {
    type: MappingType.SpecialValue,
    options: { match: SpecialValueMatch.NullAndNan, result: { text: words, color: NEUTRAL } },
  };
}

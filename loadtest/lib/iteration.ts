import { scenario } from "k6/execution";
import { Counter } from "k6/metrics";
import { METRICS, SCENARIOS } from "../plan/k6-metrics.ts";
import type { Profile } from "../plan/profiles.ts";
import { statusAsker } from "./ask-status.ts";
import { messageSender } from "./send-messages.ts";

const exceptions = new Counter(METRICS.exceptions);

/**
 * What a virtual user of the profile does again and again: the work of the scenario that it
 * belongs to.
 *
 * An exception would end the iteration unnoticed (k6 exits 0), so it is counted, and a threshold
 * looks at the count.
 */
export function iterationOf({ sentiment, status }: Profile): () => void {
  const work: Readonly<Record<string, () => void>> = {
    ...(sentiment && { [SCENARIOS.sentiment]: messageSender(sentiment) }),
    ...(status && { [SCENARIOS.status]: statusAsker(status) }),
  };
  return () => {
    try {
      work[scenario.name]?.();
    } catch (error) {
      exceptions.add(1);
      console.error(`iteration failed: ${String(error)}`);
    }
  };
}

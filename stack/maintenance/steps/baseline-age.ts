import { MAINTENANCE_LIMITS } from "@headroom/alerts/limits";
import { type Baseline, baselineFile, readBaseline } from "@headroom/loadtest/report/baseline";
import { thisMachine } from "@headroom/loadtest/report/machine";
import { checkedRow, type Row } from "../row.ts";
import { SECONDS, type Step } from "../step.ts";

const UPDATE = "`npm run check -- weekly --update-baseline` measures and saves one.";

/**
 * Whether there is a baseline for this model and machine, and how old it is.
 *
 * @param folder - of the saved baselines
 */
export const baselineAge = (folder: string): Step => ({
  id: "baseline",
  title: "The saved baseline is there and not old",
  async rows({ exporter, at }) {
    const file = baselineFile(folder, "baseline", exporter.identity, thisMachine());
    return [judgeBaseline(await readBaseline(file), at)];
  },
});

/** Judges a saved baseline at a moment in seconds since 1970; undefined when none is saved. */
export function judgeBaseline(saved: Baseline | undefined, at: number): Row {
  const { baselineDays } = MAINTENANCE_LIMITS;
  const row = {
    id: "baseline",
    title: "The saved baseline is there and not old",
    limit: `at most ${baselineDays} days old`,
  };
  if (!saved) {
    const detail = `There is none for this model on this machine. ${UPDATE}`;
    return checkedRow({ ...row, observed: "none" }, false, { detail });
  }
  const days = Math.max(0, (at - Date.parse(saved.measuredAt) / 1000) / SECONDS.day);
  const observed = `${days.toFixed(0)} days old`;
  return checkedRow({ ...row, observed }, days <= baselineDays, { detail: UPDATE });
}

import { MAINTENANCE_LIMITS } from "@headroom/alerts/maintenance";
import {
  type Baseline,
  baselineFile,
  baselineOf,
  gainsOver,
  readBaseline,
  saveBaseline,
} from "@headroom/loadtest/report/baseline";
import {
  formatLimit,
  formatRate,
  formatRatio,
  formatSeconds,
  formatValue,
} from "@headroom/loadtest/report/format";
import { thisMachine } from "@headroom/loadtest/report/baseline";
import type { Report } from "@headroom/loadtest/report/report";
import { exitCode } from "@headroom/loadtest/run";
import { checkedRow, type Row, SECONDS, type Step, toldRow, unknownRow } from "../step.ts";

/** Runs a load profile against an exporter. */
export type RunLoad = (exporter: { url: string; token: string | undefined }) => Promise<Report>;

const SAVED = { id: "baseline", title: "The saved baseline is there and not old" };
const RENEWED = { id: "new-baseline", title: "The baseline is measured again" };
const LOADED = { id: "full-load", title: "The reference load stays within the limits" };

/**
 * Whether there is a baseline for this model and machine, and how old it is.
 *
 * @param folder - of the saved baselines
 */
export const baselineAge = (folder: string): Step => ({
  ...SAVED,
  async rows({ exporter, at }) {
    const file = baselineFile(folder, "baseline", exporter.identity, thisMachine());
    return [baselineRow(await readBaseline(file), at)];
  },
});

/** A saved baseline at a moment in seconds since 1970; undefined when none is saved. */
export function baselineRow(saved: Baseline | undefined, at: number): Row {
  const { baselineDays } = MAINTENANCE_LIMITS;
  const update = "`npm run check -- weekly --update-baseline` measures and saves one.";
  const row = { ...SAVED, limit: `at most ${baselineDays} days old` };
  if (!saved) {
    const detail = `There is none for this model on this machine. ${update}`;
    return checkedRow({ ...row, observed: "none" }, false, { detail });
  }
  const days = Math.max(0, (at - Date.parse(saved.measuredAt) / 1000) / SECONDS.day);
  const observed = `${days.toFixed(0)} days old`;
  return checkedRow({ ...row, observed }, days <= baselineDays, { detail: update });
}

/**
 * Measures the baseline again and saves it, unless the run broke a limit or was stopped.
 *
 * @param settings - `folder` of the saved baselines; `say` is told the ratio of the new one to the old
 * before it is saved
 */
export const newBaseline = (settings: {
  readonly run: RunLoad;
  readonly folder: string;
  readonly say: (text: string) => void;
}): Step => ({
  ...RENEWED,
  async rows(examined) {
    const { run, folder, say } = settings;
    const report = await run(examined.exporter);
    const { profile, exporter, machine, startedAt, measurements, files } = report;
    const row = { ...RENEWED, limit: "within limits" };
    const now = baselineOf(profile.name, exporter, machine, startedAt, measurements);
    if (!now || exitCode(report) !== 0) {
      const detail = `Nothing was saved, since the run is no measure: see ${files.markdown}.`;
      return [checkedRow({ ...row, observed: "limit broken or run stopped" }, false, { detail })];
    }
    const gain = (await gainsOver(folder, now))[0];
    const ratio = gain
      ? `${formatRatio(gain.throughput)} the throughput, ${formatRatio(gain.latency)} the speed of ${gain.over}`
      : "the first one for this model and machine";
    say(`New baseline: ${ratio}.`);
    const observed = `${formatRate(now.messagesPerSecond)} messages/s, P95 ${formatSeconds(now.p95Seconds)}`;
    const saved = await saveBaseline(folder, now);
    return [toldRow({ ...row, observed }, `${ratio}; saved as ${saved}`)];
  },
});

/** The whole reference load against the exporter, beside the limits. */
export const fullLoad = (run: RunLoad): Step => ({
  ...LOADED,
  rows: async ({ exporter }) => loadRows(await run(exporter)),
});

/** The row of a full load that was not run. */
export const SKIPPED_LOAD: Step = {
  ...LOADED,
  rows: async () => [unknownRow({ ...LOADED, limit: "within limits" }, "Left out by --skip-load.")],
};

/** One row for each limit and each condition of a load run. */
export function loadRows(report: Pick<Report, "verdicts" | "checks" | "files">): readonly Row[] {
  const detail = `See ${report.files.markdown}.`;
  const verdicts = report.verdicts.map(({ title, limit, observed, status }): Row => {
    const row = {
      id: `load-${kebab(title)}-${limit.severity}`,
      title: `Under load: ${title}`,
      limit: formatLimit(limit),
    };
    if (status === "not measured") return unknownRow(row, "The load did not measure it.");
    const text = formatValue(observed, limit.unit, limit.id);
    return checkedRow({ ...row, observed: text }, status === "within", { detail });
  });
  const checks = report.checks.map(({ title, holds, found, about }, index) => {
    const row = { id: `load-${about}-${index + 1}`, title: `Under load: ${title}` };
    return checkedRow({ ...row, observed: found, limit: "holds" }, holds, { detail });
  });
  return [...verdicts, ...checks];
}

const kebab = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");

import { baselineOf, gainsOver, saveBaseline } from "@headroom/loadtest/report/baseline";
import { formatRate, formatRatio, formatSeconds } from "@headroom/loadtest/report/format";
import type { Report } from "@headroom/loadtest/report/report";
import { exitCode } from "@headroom/loadtest/run";
import { checkedRow, type Row, toldRow } from "../row.ts";
import type { Step } from "../step.ts";

/** How the baseline is measured and where it is kept. */
export interface NewBaseline {
  /** Runs the profile against an exporter. */
  readonly run: (exporter: { url: string; token: string | undefined }) => Promise<Report>;
  /** Of the saved baselines. */
  readonly folder: string;
  /** Told the ratio of the new baseline to the old one before it is saved. */
  readonly say: (text: string) => void;
}

/** Measures the baseline again and saves it, unless the run broke a limit or was stopped. */
export const newBaseline = ({ run, folder, say }: NewBaseline): Step => ({
  id: "new-baseline",
  title: "The baseline is measured again",
  rows: async ({ exporter }) => [await renewed(await run(exporter), folder, say)],
});

async function renewed(report: Report, folder: string, say: (text: string) => void): Promise<Row> {
  const { profile, exporter, machine, startedAt, measurements, files } = report;
  const row = {
    id: "new-baseline",
    title: "The baseline is measured again",
    limit: "within limits",
  };
  const now = baselineOf(profile.name, exporter, machine, startedAt, measurements);
  if (!now || exitCode(report) !== 0) {
    const detail = `Nothing was saved, since the run is no measure: see ${files.markdown}.`;
    return checkedRow({ ...row, observed: "limit broken or run stopped" }, false, { detail });
  }
  const gain = (await gainsOver(folder, now))[0];
  const ratio = gain
    ? `${formatRatio(gain.throughput)} the throughput, ${formatRatio(gain.latency)} the speed of ${gain.over}`
    : "the first one for this model and machine";
  say(`New baseline: ${ratio}.`);
  const observed = `${formatRate(now.messagesPerSecond)} messages/s, P95 ${formatSeconds(now.p95Seconds)}`;
  const saved = await saveBaseline(folder, now);
  return toldRow({ ...row, observed }, `${ratio}; saved as ${saved}`);
}

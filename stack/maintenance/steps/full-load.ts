import { formatLimit, formatValue } from "@headroom/loadtest/report/format";
import type { Report } from "@headroom/loadtest/report/report";
import { checkedRow, type Row, unknownRow } from "../row.ts";
import type { Step } from "../step.ts";

/**
 * The whole reference load against the exporter, held against the limits.
 *
 * @param run - runs the profile against an exporter
 */
export const fullLoad = (
  run: (exporter: { url: string; token: string | undefined }) => Promise<Report>,
): Step => ({
  id: "full-load",
  title: "The reference load stays within the limits",
  rows: async ({ exporter }) => judgeLoad(await run(exporter)),
});

/** The row of a full load that was not run. */
export const SKIPPED_LOAD: Step = {
  id: "full-load",
  title: "The reference load stays within the limits",
  rows: async () => [
    unknownRow({ ...SKIPPED_LOAD, limit: "within limits" }, "Left out by --skip-load."),
  ],
};

/** One row for each limit and each condition of a load run. */
export function judgeLoad(report: Pick<Report, "verdicts" | "checks" | "files">): readonly Row[] {
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
  const checks = report.checks.map(({ title, holds, found, about }, index) =>
    checkedRow(
      {
        id: `load-${about}-${index + 1}`,
        title: `Under load: ${title}`,
        observed: found,
        limit: "holds",
      },
      holds,
      { detail },
    ),
  );
  return [...verdicts, ...checks];
}

const kebab = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");

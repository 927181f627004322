import Table from "cli-table3";
import { isSimulated, type Report } from "./report.ts";
import { conclusion, facts, SIMULATED } from "./summary.ts";
import { tablesOf } from "./tables.ts";

/** No lines between rows: a report should fit on a screen. */
const LINES = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };

/** The report for a terminal, without colours. */
export function renderTerminal(report: Report): string {
  const parts = [
    ...(isSimulated(report) ? [SIMULATED, ""] : []),
    ...facts(report),
    "",
    ...tablesOf(report).flatMap(({ title, head, rows, widths }) => {
      const table = new Table({
        head: [...head],
        style: { head: [], border: [] },
        chars: LINES,
        ...(widths && { colWidths: [...widths], wordWrap: true }),
      });
      table.push(...rows.map((row) => [...row]));
      return [title, table.toString(), ""];
    }),
    ...report.notes.map((note) => `Note: ${note}`),
    conclusion(report),
    "",
    ...Object.values(report.files).map((file) => `  ${file}`),
  ];
  return parts.join("\n");
}

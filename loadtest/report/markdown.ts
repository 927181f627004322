import path from "node:path";
import { isSimulated, type Report } from "./report.ts";
import { conclusion, facts, SIMULATED } from "./summary.ts";
import { tablesOf } from "./tables.ts";

/** A cell must not end the row early. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");

const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;

/** The report as Markdown. */
export function renderMarkdown(report: Report): string {
  const lines = [
    `# Load run: ${report.profile.name}`,
    "",
    ...(isSimulated(report) ? [`> **${SIMULATED}**`, ""] : []),
    `**${conclusion(report)}**`,
    "",
    ...facts(report).map((fact) => `- ${fact}`),
    ...report.notes.map((note) => `- Note: ${note}`),
    "",
    ...tablesOf(report).flatMap(({ title, head, rows }) => [
      `## ${title}`,
      "",
      row(head),
      row(head.map(() => "---")),
      ...rows.map(row),
      "",
    ]),
    `Files beside this one: ${Object.values(report.files)
      .map((file) => `\`${path.basename(file)}\``)
      .join(", ")}`,
  ];
  return `${lines.join("\n")}\n`;
}

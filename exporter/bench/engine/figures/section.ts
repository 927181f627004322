import { inColumns } from "@headroom/loadtest/report/format";

/** Rows under a head; a cell that begins with a figure is set to the right in a terminal. */
export interface Table {
  readonly title?: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What a part of the bench has found. */
export interface Section {
  /** The part's name on the command line. */
  readonly part: string;
  readonly title: string;
  /** How it was measured, a sentence or more each. */
  readonly how: readonly string[];
  readonly tables: readonly Table[];
  /** What follows from the figures, in sentences. */
  readonly conclusions: readonly string[];
  /** The same for programs, with everything that was measured. */
  readonly figures: Readonly<Record<string, unknown>>;
}

/** A section for a terminal. */
export function asText({ title, how, tables, conclusions }: Section): string {
  const heading = `${title}\n${"-".repeat(title.length)}`;
  const drawn = tables.map((table) =>
    [...(table.title ? [table.title] : []), inColumns(aligned(table))].join("\n"),
  );
  return [heading, ...how, ...drawn, ...conclusions].join("\n\n");
}

/** A section of a Markdown document. */
export function asMarkdown({ title, how, tables, conclusions }: Section): string {
  const drawn = tables.map(({ title: name, head, rows }) =>
    [
      ...(name ? [`### ${name}`, ""] : []),
      line(head),
      line(head.map(() => "---")),
      ...rows.map(line),
    ].join("\n"),
  );
  return [`## ${title}`, ...how, ...drawn, ...conclusions].join("\n\n");
}

/** A cell must not end the row early. */
function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function aligned({ head, rows }: Table): string[][] {
  const all = [head, ...rows];
  const width = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const isFigure = head.map((_, column) => rows.some((row) => /^[-+]?\d/.test(row[column] ?? "")));
  return all.map((row) =>
    row.map((cell, column) => (isFigure[column] ? cell.padStart(width[column]!) : cell)),
  );
}

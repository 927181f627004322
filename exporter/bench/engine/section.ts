import { formatCount, formatRatio } from "@headroom/loadtest/report/format";
import { inColumns, PLAIN, type Screen, wrap } from "@headroom/loadtest/report/columns";

/** Rows under a head. */
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
export function asText(
  { title, how, tables, conclusions }: Section,
  screen: Screen = PLAIN,
): string {
  const lines = (text: string) => wrap(text, screen.columns, screen).join("\n");
  const heading = `${screen.paint(title, "title")}\n${"-".repeat(title.length)}`;
  const drawn = tables.map(({ title: name, rows, head }) =>
    [...(name ? [lines(name)] : []), inColumns(rows, screen, { head })].join("\n"),
  );
  return [heading, ...how.map(lines), ...drawn, ...conclusions.map(lines)].join("\n\n");
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

/** Blocks that fill an eighth of a character, two eighths, and so on. */
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;

/**
 * A bar of block characters, as long as the value's share of the most.
 *
 * @param most - the value of a full bar
 * @param width - of a full bar, in characters
 * @returns nothing for a value that is not above 0 or not finite
 */
export function bar(value: number, most: number, width: number): string {
  const share = value / most;
  if (!(share > 0) || !Number.isFinite(share)) return "";
  const eighths = Math.round(Math.min(1, share) * width * 8);
  // What is there is seen, however little it is.
  const shown = Math.max(1, eighths);
  return "█".repeat(Math.floor(shown / 8)) + EIGHTHS[shown % 8]!;
}

/** A bar for each value; the largest is full. */
export function bars(values: readonly number[], width = 24): string[] {
  const most = Math.max(...values.filter(Number.isFinite));
  return values.map((value) => bar(value, most, width));
}

/** A row of the table of figures with goals. */
export function goalRow(
  figure: string,
  value: number | undefined,
  goal: { readonly atLeast: number; readonly as: "ratio" | "rate" },
  shown?: string,
): string[] {
  const format = goal.as === "ratio" ? formatRatio : formatCount;
  const wanted = `at least ${format(goal.atLeast)}`;
  if (value === undefined) return [figure, shown ?? "not measured", wanted, "-"];
  return [figure, shown ?? format(value), wanted, verdict(value >= goal.atLeast)];
}

/** Whether a goal is reached, in a word. */
export function verdict(reached: boolean): string {
  return reached ? "reached" : "MISSED";
}

/** The same for a value that must not exceed its goal, and is known only so well. */
export function verdictInDoubt(value: number, doubt: number, atMost: number): string {
  if (value + doubt <= atMost) return verdict(true);
  return value - doubt > atMost ? verdict(false) : "unclear: more rounds tell";
}

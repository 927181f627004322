/** How a text is meant: by the state that it says, or by its place. */
export type Style = "good" | "near" | "bad" | "title" | "head";

/** What something is printed on. */
export interface Screen {
  /** Of a line; infinite where lines may be as long as they are. */
  readonly columns: number;
  /** Columns that a text takes. */
  readonly width: (text: string) => number;
  readonly paint: (text: string, style: Style) => string;
}

/** A file or a pipe: whole rows, for `grep`, and no colours. */
export const PLAIN: Screen = {
  columns: Infinity,
  width: (text) => text.length,
  paint: (text) => text,
};

/** Words that say a state, at the beginning of a text; reports have no others. */
const SAID: readonly (readonly [Style, RegExp])[] = [
  [
    "bad",
    /^(BROKEN|FAILED|DISAGREES?|DIFFERS|MISSED|LIMIT BROKEN|ABOVE|fail|critical|missing|damaged)\b/,
  ],
  ["near", /^(within, near|warning|unknown|unclear|skipped|stopped|too few|not reached)\b/i],
  ["good", /^(within|holds|reached|agrees?|pass|passed|ok|here|yes|below|Up to)\b/i],
];

/** A text in the colour of the state that its first words say. */
export function inItsColour(text: string, screen: Screen, said = text): string {
  const [style] = SAID.find(([, words]) => words.test(said.trimStart())) ?? [];
  return style ? screen.paint(text, style) : text;
}

const GAP = 2;
const INDENT = "    ";
/** A cell up to this width is never broken; a longer one gets at least so much, and prose more. */
const SHORT = 16;
const PROSE = 30;
/** Longer lines are hard to read, however wide the screen is. */
const READABLE = 96;

/** The width that a column wants, and below which it is no use. */
interface Column {
  readonly at: number;
  readonly wants: number;
  readonly least: number;
  readonly isFigure: boolean;
}

/** What is said of a table's columns. */
export interface Shape {
  /** Empty where the columns need none. */
  readonly head?: readonly string[];
  /** Place of the column that says the state of its row; the last when absent. */
  readonly stateAt?: number;
  /** Places of columns that say least, and are left out where there is no room, in this order. */
  readonly optional?: readonly number[];
}

/**
 * Rows as columns that fit the screen. Where they do not, long texts are wrapped within their column; where
 * that is not enough, the optional columns are left out, and then the widest go under their row, each cell
 * with its column's head. The first column always stays, and so does the state, which is coloured.
 */
export function inColumns(
  rows: readonly (readonly string[])[],
  screen: Screen = PLAIN,
  { head = [], stateAt, optional = [] }: Shape = {},
): string {
  const all = head.some((cell) => cell !== "") ? [head, ...rows] : rows;
  const count = Math.max(head.length, ...rows.map((row) => row.length));
  const state = stateAt ?? count - 1;
  let columns = Array.from({ length: count }, (_, at) => columnOf(at, all, rows, screen));
  const dropped = [...optional];
  const leftOut: number[] = [];
  let widths: readonly number[] | undefined;
  while (!(widths = fitted(columns, screen.columns, dropped.length > 0))) {
    const movable = columns.filter(({ at }) => at > 0 && (at !== state || columns.length === 2));
    const [next] = dropped.splice(0, 1);
    if (next !== undefined) leftOut.push(next);
    const gone = next ?? movable.reduce((a, b) => (b.least > a.least ? b : a)).at;
    columns = columns.filter(({ at }) => at !== gone);
  }
  const hidden = new Set([...columns.map(({ at }) => at), ...leftOut]);
  const room = Math.min(screen.columns, READABLE) - INDENT.length;
  return all
    .flatMap((row) => {
      if (row === head) {
        const lines = abreast(row, columns, widths, screen);
        return lines.map((line) => screen.paint(line, "head"));
      }
      const under = row.flatMap((cell, at) =>
        hidden.has(at) || cell === "" || cell === "-"
          ? []
          : [head[at] ? `${head[at]}: ${cell}` : cell],
      );
      return [
        ...abreast(row, columns, widths, screen, state),
        ...flow(under, room, screen).map((line) => INDENT + line),
      ];
    })
    .join("\n");
}

/** The same for rows of which the first is the head, as `inMarkdown` takes them. */
export const inTable = (
  [head = [], ...rows]: readonly (readonly string[])[],
  screen?: Screen,
  shape?: Shape,
): string => inColumns(rows, screen, { ...shape, head });

function columnOf(
  at: number,
  all: readonly (readonly string[])[],
  rows: readonly (readonly string[])[],
  { columns, width }: Screen,
): Column {
  const lines = all.flatMap((row) => (row[at] ?? "").split("\n"));
  const most = Number.isFinite(columns) ? READABLE : Infinity;
  const wants = Math.min(most, Math.max(0, ...lines.map(width)));
  const word = Math.max(
    0,
    ...lines.flatMap((line) => piecesOf(line).map((text) => width(text.trimEnd()))),
  );
  const least = wants <= SHORT ? wants : Math.max(word, wants > 2 * PROSE ? PROSE : SHORT);
  const cells = rows.map((row) => row[at] ?? "").filter((cell) => cell !== "" && cell !== "-");
  const isFigure =
    cells.length > 0 && cells.every((cell) => /^[-+]?\d[\d.,]*( ?[^\s\d]{1,9})?$/.test(cell));
  return { at, wants: Math.max(wants, word), least, isFigure };
}

/**
 * Widths that fill no more than the screen has; undefined where the least of all is too much.
 *
 * @param whole - whether the first column must not be broken
 */
function fitted(columns: readonly Column[], most: number, whole: boolean): number[] | undefined {
  const widths = columns.map(({ wants }) => wants);
  const excess = () => widths.reduce((sum, width) => sum + width, GAP * (widths.length - 1)) - most;
  while (excess() > 0) {
    const room = columns.map(({ least }, i) =>
      widths[i]! > least && !(whole && i === 0) ? widths[i]! : 0,
    );
    const widest = room.indexOf(Math.max(...room));
    if (!room[widest]) return columns.length === 1 ? widths : undefined;
    widths[widest]! -= 1;
  }
  return widths;
}

/** One row as lines, with the cells side by side. */
function abreast(
  row: readonly string[],
  columns: readonly Column[],
  widths: readonly number[],
  screen: Screen,
  stateAt?: number,
): string[] {
  const cells = columns.map(({ at }, i) => wrap(row[at] ?? "", widths[i]!, screen));
  return Array.from({ length: Math.max(1, ...cells.map((lines) => lines.length)) }, (_, number) =>
    columns
      .map(({ at, isFigure }, i) => {
        const text = cells[i]![number] ?? "";
        const pad = " ".repeat(Math.max(0, widths[i]! - screen.width(text)));
        const painted = at === stateAt && text ? inItsColour(text, screen, row[at]) : text;
        return isFigure ? pad + painted : painted + pad;
      })
      .join(" ".repeat(GAP))
      .trimEnd(),
  );
}

/** Short texts side by side, as many as a line holds; long ones on lines of their own. */
function flow(texts: readonly string[], room: number, screen: Screen): string[] {
  const lines: string[] = [];
  for (const text of texts) {
    const joined = lines.length > 0 ? `${lines.at(-1)}   ${text}` : undefined;
    if (joined !== undefined && screen.width(joined) <= room) lines.splice(-1, 1, joined);
    else lines.push(...wrap(text, room, screen));
  }
  return lines;
}

/** Scripts that are written without spaces, in double width; a mark that ends a sentence stays with it. */
const WIDE =
  "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6";
const PIECE = new RegExp(`[${WIDE}][、。，．」』）！？ー]*\\s*|[^\\s${WIDE}]+\\s*|\\s+`, "g");

/** What a line may be broken between. */
const piecesOf = (line: string): readonly string[] => line.match(PIECE) ?? [];

/**
 * A text as lines of a width. A word that is wider stays whole, so that a path or an address can be taken
 * from the screen.
 */
export function wrap(text: string, columns: number, { width }: Screen): string[] {
  return text.split("\n").flatMap((paragraph) => {
    const lines = [""];
    for (const piece of piecesOf(paragraph)) {
      const longer = lines.at(-1)! + piece;
      if (lines.at(-1) === "" || width(longer.trimEnd()) <= columns) lines.splice(-1, 1, longer);
      else lines.push(piece);
    }
    return lines.map((line) => line.trimEnd());
  });
}

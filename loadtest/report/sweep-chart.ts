import { formatRate, formatSeconds } from "./format.ts";
import { kneeOf, type Sweep, usersInWords } from "./sweep.ts";

/** A point of the chart: so many users had this throughput and this P95. */
interface Point {
  readonly users: number;
  /** Output tokens each second. */
  readonly x: number;
  /** P95 in seconds. */
  readonly y: number;
  readonly isKnee: boolean;
}

/** One chart: its points, and the lines of its limits in seconds. */
interface Chart {
  readonly title: string;
  readonly points: readonly Point[];
  readonly limits: readonly { readonly severity: string; readonly y: number }[];
  readonly right: number;
  readonly top: number;
}

const MEASURES = [
  { id: "first_token_p95", title: "Time to first token, P95", name: "firstToken" },
  { id: "output_token_p95", title: "Time per output token, P95", name: "outputToken" },
] as const;

/** A chart of each measure with points, over the same throughput. Limits far above all points are left out. */
function chartsOf(sweep: Sweep): readonly Chart[] {
  const knee = kneeOf(sweep);
  return MEASURES.flatMap(({ id, title, name }) => {
    const points = sweep.steps.flatMap(({ users, measurements: { chat } }, i): Point[] => {
      const [x, y] = [chat?.outputTokensPerSecond ?? NaN, chat?.[name].p95 ?? NaN];
      return Number.isFinite(x) && Number.isFinite(y) ? [{ users, x, y, isKnee: i === knee }] : [];
    });
    if (points.length === 0) return [];
    const highest = Math.max(...points.map(({ y }) => y));
    const all = (sweep.steps[0]?.verdicts ?? []).flatMap(({ limit }) =>
      limit.id === id && limit.bound === "upper"
        ? [{ severity: limit.severity, y: limit.upper }]
        : [],
    );
    const lowest = Math.min(...all.map(({ y }) => y));
    const limits = all
      .filter(({ y }) => y === lowest || y <= 1.5 * highest)
      .sort((a, b) => a.y - b.y);
    const top = roundOut(1.15 * Math.max(highest, ...limits.map(({ y }) => y)));
    const right = roundOut(1.1 * Math.max(...points.map(({ x }) => x)));
    return [{ title, points, limits, right, top }];
  });
}

/** The next number that is read at a glance: 0.115 is 0.12, 41.7 is 45 and 713 is 800. */
function roundOut(value: number): number {
  const digit = 10 ** Math.floor(Math.log10(value));
  const step = digit / (value < 2 * digit ? 5 : value < 5 * digit ? 2 : 1);
  return step * Math.ceil(value / step);
}

const WIDTH = 64;
const HEIGHT = 12;

/** The charts for a terminal: each step as its number of users, each limit as a line. */
export function sweepInTerminal(sweep: Sweep): string {
  return chartsOf(sweep)
    .map(({ title, points, limits, right, top }) => {
      const cells = Array.from({ length: HEIGHT }, () => Array<string>(WIDTH).fill(" "));
      const row = (y: number) => Math.min(HEIGHT - 1, Math.floor((1 - y / top) * HEIGHT));
      const write = (line: string[], at: number, text: string) =>
        [...text].forEach((letter, i) => (line[at + i] = letter));
      /** The row of a value, or the next one above it where there is room. */
      const free = (y: number, at: number, text: string) =>
        cells
          .slice(0, row(y) + 1)
          .findLast((line) => /^[ -]*$/.test(line.slice(at, at + text.length).join("")));
      for (const { severity, y } of limits) {
        cells[row(y)]!.fill("-");
        write(cells[row(y)]!, 2, ` ${severity} ${formatSeconds(y)} `);
      }
      for (const { users, x, y, isKnee } of points) {
        const text = `${users}${isKnee ? "*" : ""}`;
        const at = Math.min(WIDTH - text.length, Math.floor((x / right) * WIDTH));
        write(free(y, at, text) ?? cells[row(y)]!, at, text);
      }
      const margin = formatSeconds(top).length;
      const label = (i: number) => (i === 0 ? formatSeconds(top) : "").padStart(margin);
      return [
        `${title}, by throughput; numbers are users${points.some(({ isKnee }) => isKnee) ? ", * the knee" : ""}`,
        ...cells.map((line, i) => `${label(i)} |${line.join("")}`.trimEnd()),
        `${"0".padStart(margin)} +${"-".repeat(WIDTH)}`,
        `${"".padStart(margin)}  0${`${formatRate(right)} output tokens/s`.padStart(WIDTH - 1)}`,
      ].join("\n");
    })
    .join("\n\n");
}

/** Measures of the picture in pixels: of one chart, and of the margins around what is drawn. */
const SIZE = { width: 460, height: 300, left: 70, right: 20, top: 36, bottom: 48 } as const;

/** Readable on white and on black. */
const COLOURS = {
  ink: "#777777",
  points: "#3871dc",
  warning: "#e0a000",
  critical: "#d0303a",
} as const;

/** The same as a picture. All text in it is ours, and numbers. */
export function sweepSvg(sweep: Sweep): string {
  const charts = chartsOf(sweep);
  const { width, height } = SIZE;
  const parts = charts.map(
    (chart, i) => `<g transform="translate(${i * width} 0)">\n${drawn(chart)}\n</g>`,
  );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${Math.max(1, charts.length) * width} ${height}" ` +
    `font-family="sans-serif" font-size="12" fill="${COLOURS.ink}" role="img">\n` +
    `<title>Throughput and response times by the number of users</title>\n${parts.join("\n")}\n</svg>\n`
  );
}

function drawn({ title, points, limits, right, top }: Chart): string {
  const { width, height } = SIZE;
  const [left, bottom, end] = [SIZE.left, height - SIZE.bottom, width - SIZE.right];
  const px = (x: number) => (left + (x / right) * (end - left)).toFixed(1);
  const py = (y: number) => (bottom - (y / top) * (bottom - SIZE.top)).toFixed(1);
  const text = (x: number | string, y: number | string, words: string, more = "") =>
    `<text x="${x}" y="${y}" ${more}>${words}</text>`;
  const line = (y: number, colour: string, more = "") =>
    `<line x1="${left}" x2="${end}" y1="${py(y)}" y2="${py(y)}" stroke="${colour}" ${more}/>`;
  const colourOf = (severity: string) =>
    severity === "critical" ? COLOURS.critical : COLOURS.warning;
  return [
    text(left, 18, title, 'font-weight="bold"'),
    line(0, COLOURS.ink),
    `<line x1="${left}" x2="${left}" y1="${SIZE.top}" y2="${bottom}" stroke="${COLOURS.ink}"/>`,
    text(left - 6, py(0), "0", 'text-anchor="end"'),
    text(left - 6, SIZE.top + 8, formatSeconds(top), 'text-anchor="end"'),
    text(left, bottom + 16, "0"),
    text(end, bottom + 16, formatRate(right), 'text-anchor="end"'),
    text((left + end) / 2, bottom + 34, "output tokens/s", 'text-anchor="middle"'),
    ...limits.flatMap(({ severity, y }) => [
      line(y, colourOf(severity), 'stroke-dasharray="6 4"'),
      // Not in its colour: on white nobody could read it.
      text(left + 6, Number(py(y)) - 4, `${severity} ${formatSeconds(y)}`),
    ]),
    `<polyline fill="none" stroke="${COLOURS.points}" points="${points.map(({ x, y }) => `${px(x)},${py(y)}`).join(" ")}"/>`,
    ...points.map(
      ({ x, y, isKnee }) =>
        `<circle cx="${px(x)}" cy="${py(y)}" r="${isKnee ? 7 : 4}" fill="${COLOURS.points}"/>`,
    ),
    ...labelled(points.map(({ users, x, y, isKnee }) => ({ users, isKnee, x: +px(x), y: +py(y) }))),
  ].join("\n");
}

/** What a label takes, in pixels. */
const LABEL = { width: 80, height: 14 } as const;

/** The points' labels above them, and above those that are there already. */
function labelled(points: readonly Point[]): readonly string[] {
  const placed: { readonly x: number; readonly y: number }[] = [];
  return points.map(({ users, isKnee, x, y: at }) => {
    let y = at - 10;
    const covered = () =>
      placed.find(
        (other) => Math.abs(other.x - x) < LABEL.width && Math.abs(other.y - y) < LABEL.height,
      );
    for (let other = covered(); other; other = covered()) y = other.y - LABEL.height;
    placed.push({ x, y });
    const words = `${usersInWords(users)}${isKnee ? ", knee" : ""}`;
    return `<text x="${x}" y="${y.toFixed(1)}" text-anchor="middle">${words}</text>`;
  });
}

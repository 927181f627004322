import { escapeHtml } from "../../alerts/markdown.ts";
import type { Table } from "./format.ts";

/** What a page shows, from top to bottom. */
export interface Page {
  readonly title: string;
  /** The answer in words. */
  readonly answer: string;
  readonly warning?: string;
  readonly facts: readonly string[];
  /** A picture as SVG of our own. */
  readonly svg: string;
  readonly tables: readonly Table[];
}

const STYLE =
  ":root{color-scheme:light dark}body{font:16px/1.5 sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}" +
  "table{border-collapse:collapse;font-size:.9rem}th,td{border:1px solid #8886;padding:.2rem .6rem;text-align:left}" +
  ".answer{font-size:1.3rem;font-weight:bold}svg{max-width:100%;height:auto}div{overflow-x:auto}";

/** One page of HTML that needs nothing else: no script, no file beside it. Names in it come from elsewhere. */
export function renderHtml({ title, answer, warning, facts, svg, tables }: Page): string {
  const row = (cells: readonly string[], kind: "td" | "th") =>
    `<tr>${cells.map((cell) => `<${kind}>${escapeHtml(cell)}</${kind}>`).join("")}</tr>`;
  return [
    `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width">`,
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escapeHtml(title)}</title>\n<style>${STYLE}</style>\n</head>\n<body>`,
    `<h1>${escapeHtml(title)}</h1>`,
    ...(warning === undefined ? [] : [`<p><strong>${escapeHtml(warning)}</strong></p>`]),
    `<p class="answer">${escapeHtml(answer)}</p>`,
    svg,
    `<ul>${facts.map((fact) => `<li>${escapeHtml(fact)}</li>`).join("\n")}</ul>`,
    ...tables.map(
      (table) =>
        `<h2>${escapeHtml(table.title)}</h2>\n<div><table>\n${row(table.head, "th")}\n` +
        `${table.rows.map((cells) => row(cells, "td")).join("\n")}\n</table></div>`,
    ),
    "</body>\n</html>\n",
  ].join("\n");
}

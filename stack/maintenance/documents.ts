import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { takeApart } from "@headroom/alerts/markdown";

/** A Markdown file. */
export interface Document {
  /** Path within the checkout. */
  readonly path: string;
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
}

/** Where people look for documents; each alert's page is among them. */
const PLACES = [
  ...["*.md", ".github/*.md", "docs/**/*.md", "alerts/runbooks/*.md"],
  ...["grafana-plugin/src/*.md", "exporter/models/sentiment/**/*.md"],
];

/** The documents of a checkout, by path. @throws Error when one cannot be read */
export async function readDocuments(root: string): Promise<readonly Document[]> {
  const paths: string[] = [];
  for await (const path of glob(PLACES, { cwd: root })) paths.push(path);
  return Promise.all(
    paths.sort().map(async (path) => {
      const file = join(root, path);
      return { path, file, text: await readFile(file, "utf8") };
    }),
  );
}

/** What links and pictures of a text point to; code holds none. */
export function linksOf(text: string): readonly string[] {
  const prose = takeApart(text).prose.replace(/`[^`\n]*`/g, "code");
  return [
    ...[...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!),
    ...[...prose.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g)].map(([, target]) => target!),
  ];
}

/** The anchors of a text's headings, as GitHub names them. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const headings = takeApart(text).prose.matchAll(/^#+ (.+)$/gm);
  const anchors = new Set<string>();
  for (const [, heading = ""] of headings) {
    const name = heading
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number}\p{Mark} _-]/gu, "")
      .replaceAll(" ", "-");
    let anchor = name;
    for (let number = 1; anchors.has(anchor); number++) anchor = `${name}-${number}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** The PromQL of a text: each line of its `promql` blocks. */
export function queriesOf(text: string): readonly string[] {
  return takeApart(text)
    .blocks.filter(({ language }) => language === "promql")
    .flatMap(({ lines }) => lines.filter((line) => line.trim() !== ""));
}

/** The names after `npm run` in a text. */
export function scriptsOf(text: string): readonly string[] {
  return [...text.matchAll(/\bnpm run (?:--silent )?([a-z][\w:-]*)/g)].map(([, script]) => script!);
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { configTable } from "@headroom/exporter/config";
import { configTable as incidentsConfigTable } from "@headroom/incidents/config";
import * as prettier from "prettier";
import { ROOT } from "../places.ts";
import * as tables from "./tables.ts";

/** A page that people write, and tables in it that code knows better. */
export interface Page {
  /** Path within the checkout. */
  readonly path: string;
  /** By the name in the marks around each, `<!-- name:begin -->` and `<!-- name:end -->`. */
  readonly tables: Readonly<Record<string, () => string>>;
  /** The only system on which the tables are whole. */
  readonly only?: NodeJS.Platform;
}

/** Every page with generated tables. */
export const PAGES: readonly Page[] = [
  {
    path: "docs/configuration.md",
    tables: { exporter: configTable, incidents: incidentsConfigTable },
  },
  {
    path: "docs/metrics.md",
    // Elsewhere a process has fewer metrics of its own.
    only: "linux",
    tables: {
      exporter: tables.exporterMetrics,
      incidents: tables.incidentsMetrics,
      recorded: tables.recordedTable,
    },
  },
  {
    path: "docs/limits.md",
    tables: { limits: tables.limitTable, alerts: tables.alertTable, findings: tables.findingTable },
  },
  { path: "docs/http-api.md", tables: { problems: tables.problemTable } },
];

/**
 * A page as it is and as it should be.
 *
 * @throws Error when the page cannot be read, or has not both marks of a table
 */
export async function compare(page: Page): Promise<{ is: string; shouldBe: string }> {
  const file = join(ROOT, page.path);
  const is = await readFile(file, "utf8");
  const filled = Object.entries(page.tables).reduce(
    (text, [name, table]) => withTable(text, name, table(), page.path),
    is,
  );
  const options = await prettier.resolveConfig(file);
  return { is, shouldBe: await prettier.format(filled, { ...options, parser: "markdown" }) };
}

/** Puts a table between its two marks. */
export function withTable(text: string, name: string, table: string, path: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${path} has no ${begin} with ${end} after it`);
  return `${text.slice(0, from)}${begin}\n\n${table.trim()}\n\n${text.slice(to)}`;
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../../places.ts";
import { type Document, queriesOf, scriptsOf } from "../documents.ts";
import { QueryRefused } from "../prometheus-reader.ts";
import { checkedRow, type Row } from "../row.ts";
import type { Step } from "../step.ts";

/** Whether the commands of the documentation exist, and Prometheus accepts every query of a runbook. */
export const runbookCommands = (documents: readonly Document[]): Step => ({
  id: "runbook-commands",
  title: "Commands and queries of the documentation work",
  async rows({ prometheus, at }) {
    const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const queries = documents.flatMap(({ path, text }) =>
      queriesOf(text).map((query) => ({ path, query })),
    );
    const refused: string[] = [];
    for (const { path, query } of queries) {
      try {
        await prometheus.samples(query, at);
      } catch (error) {
        if (!(error instanceof QueryRefused)) throw error;
        refused.push(`${query} in ${path} (${error.message})`);
      }
    }
    return [
      judgeScripts(documents, new Set(Object.keys(scripts))),
      judgeQueries(queries.length, refused),
    ];
  },
});

/** Judges whether each `npm run` of some documents exists. */
export function judgeScripts(documents: readonly Document[], scripts: ReadonlySet<string>): Row {
  const named = documents.flatMap(({ path, text }) =>
    scriptsOf(text).map((script) => ({ path, script })),
  );
  const unknown = named.filter(({ script }) => !scripts.has(script));
  const list = unknown.map(({ path, script }) => `npm run ${script} in ${path}`).join(", ");
  return checkedRow(
    {
      id: "commands",
      title: "Commands of the documentation exist",
      observed: `${unknown.length} of ${named.length} do not`,
      limit: "all exist",
    },
    unknown.length === 0,
    { detail: `Correct ${list}.` },
  );
}

/** Judges how many queries Prometheus refused. */
export function judgeQueries(count: number, refused: readonly string[]): Row {
  return checkedRow(
    {
      id: "queries",
      title: "Queries of the runbooks are accepted",
      observed: `${refused.length} of ${count} are refused`,
      limit: "all are accepted",
    },
    refused.length === 0,
    { detail: `Correct ${refused.join("; ")}.` },
  );
}

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { differences } from "@headroom/provisioning/differences";
import { generatedFiles, REFERENCE_SETTINGS } from "@headroom/provisioning/generated-files";
import { ROOT } from "../../places.ts";
import { anchorsOf, type Document, linksOf, queriesOf, scriptsOf } from "../documents.ts";
import { QueryRefused } from "../prometheus-reader.ts";
import { checkedRow, type Row, type Step, unknownRow } from "../step.ts";

const WEB_TIMEOUT_MS = 10_000;

/** Whether the files of provisioning/ are those that alerts/ gives. */
export const generated: Step = {
  id: "generated",
  title: "Generated files are those of alerts/",
  async rows() {
    const files = generatedFiles(REFERENCE_SETTINGS);
    const found = await differences(join(ROOT, "provisioning"), files);
    const observed =
      found.length === 0 ? `${files.size} files, all alike` : `${found.length} differ`;
    const list = found.map(({ path, kind }) => `${path} ${kind}`).join(", ");
    return [
      checkedRow({ ...generated, observed, limit: "no difference" }, found.length === 0, {
        detail: `Run \`npm run generate\`: ${list}.`,
      }),
    ];
  },
};

/** A link that leads nowhere. */
interface DeadLink {
  readonly from: string;
  readonly target: string;
}

/**
 * Whether the links of the documentation lead somewhere. Pages on the web are only asked for when
 * `online` is set.
 */
export const links = (documents: readonly Document[], online: boolean): Step => ({
  id: "links",
  title: "Links of the documentation lead somewhere",
  async rows() {
    const isWeb = (target: string): boolean => /^[a-z]+:/i.test(target);
    const all = documents.flatMap((document) =>
      linksOf(document.text).map((target) => ({ document, target })),
    );
    const web = [...new Set(all.map(({ target }) => target).filter(isWeb))];
    const local = all.filter(({ target }) => !isWeb(target));
    const dead = local
      .filter(({ document, target }) => !leads(document, target, documents))
      .map(({ document, target }) => ({ from: document.path, target }));
    return [linksRow(local.length, dead), await webRow(web, online)];
  },
});

/** The links within the checkout. */
export function linksRow(count: number, dead: readonly DeadLink[]): Row {
  const row = {
    id: "links",
    title: "Links within the documentation lead somewhere",
    observed: `${dead.length} of ${count} are dead`,
    limit: "none is dead",
  };
  return checkedRow(row, dead.length === 0, {
    detail: `Correct ${dead.map(({ from, target }) => `${target} in ${from}`).join(", ")}.`,
  });
}

/** Whether a link within the checkout leads to a file, and to a heading when it names one. */
function leads(from: Document, target: string, documents: readonly Document[]): boolean {
  const [path = "", anchor] = target.split("#");
  // Runbooks are served, and link each other, without the ending of their files.
  const candidates =
    path === "" ? [from.file] : [path, `${path}.md`].map((p) => join(dirname(from.file), p));
  const found = candidates.find((file) => existsSync(file));
  if (found === undefined) return false;
  const document = documents.find(({ file }) => file === found);
  return anchor === undefined || document === undefined || anchorsOf(document.text).has(anchor);
}

async function webRow(web: readonly string[], online: boolean): Promise<Row> {
  const row = { id: "web-links", title: "Links to the web lead somewhere", limit: "none is dead" };
  const observed = `${web.length} links`;
  if (!online && web.length > 0) {
    return unknownRow(row, `Not asked for without --online: ${web.join(", ")}.`, observed);
  }
  const dead: string[] = [];
  for (const address of web) if (!(await answers(address))) dead.push(address);
  return checkedRow({ ...row, observed }, dead.length === 0, {
    detail: `Correct ${dead.join(", ")}.`,
  });
}

const answers = (address: string): Promise<boolean> =>
  fetch(address, { signal: AbortSignal.timeout(WEB_TIMEOUT_MS) }).then(
    ({ ok }) => ok,
    () => false,
  );

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
    const known = new Set(Object.keys(scripts));
    return [scriptsRow(documents, known), queriesRow(queries.length, refused)];
  },
});

/** Whether each `npm run` of some documents exists. */
export function scriptsRow(documents: readonly Document[], scripts: ReadonlySet<string>): Row {
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

/** How many queries Prometheus refused. */
export function queriesRow(count: number, refused: readonly string[]): Row {
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

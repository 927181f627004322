import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import { anchorsOf, type Document, linksOf } from "../documents.ts";
import { checkedRow, type Row, unknownRow } from "../row.ts";
import type { Step } from "../step.ts";

const TIMEOUT_MS = 10_000;

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
    const all = documents.flatMap((document) =>
      linksOf(document.text).map((target) => ({ document, target })),
    );
    const web = [...new Set(all.map(({ target }) => target).filter(isWeb))];
    const dead: DeadLink[] = [];
    const local = all.filter(({ target }) => !isWeb(target));
    for (const { document, target } of local) {
      if (!(await leads(document, target, documents))) dead.push({ from: document.path, target });
    }
    return [judgeLinks(local.length, dead), await webRow(web, online)];
  },
});

/** Judges the links within the checkout. */
export function judgeLinks(count: number, dead: readonly DeadLink[]): Row {
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

const isWeb = (target: string): boolean => /^[a-z]+:/i.test(target);

/** Whether a link within the checkout leads to a file, and to a heading when it names one. */
async function leads(
  from: Document,
  target: string,
  documents: readonly Document[],
): Promise<boolean> {
  const [path = "", anchor] = target.split("#");
  // Runbooks are served, and link each other, without the ending of their files.
  const candidates =
    path === "" ? [from.file] : [path, `${path}.md`].map((p) => join(dirname(from.file), p));
  for (const file of candidates) {
    if (
      !(await access(file).then(
        () => true,
        () => false,
      ))
    )
      continue;
    const document = documents.find((one) => one.file === file);
    return anchor === undefined || document === undefined || anchorsOf(document.text).has(anchor);
  }
  return false;
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
  fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) }).then(
    ({ ok }) => ok,
    () => false,
  );

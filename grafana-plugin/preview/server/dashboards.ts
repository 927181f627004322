import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Problem } from "./problem.ts";

/** What a list of dashboards tells of each. */
export interface DashboardSummary {
  readonly uid: string;
  readonly title: string;
}

/** A dashboard's JSON; only what identifies it is known here. */
export type StoredDashboard = DashboardSummary & Readonly<Record<string, unknown>>;

/**
 * The dashboards of a folder, sorted by title: its `.json` files, and those of its folders. They are
 * read each time, so that a generated file is shown when the page is loaded again.
 *
 * @throws Problem when the folder is missing, a file is no dashboard, or two have one uid
 */
export async function readDashboards(folder: string): Promise<readonly StoredDashboard[]> {
  const entries = await readdir(folder, { recursive: true }).catch((error: Error) => {
    throw new Problem(500, "no_dashboards", `The dashboards could not be read: ${error.message}`);
  });
  const files = entries.filter((entry) => entry.endsWith(".json")).sort();
  const dashboards = await Promise.all(files.map((file) => readOne(join(folder, file))));
  const uids = new Set<string>();
  for (const { uid } of dashboards) {
    if (uids.has(uid)) throw new Problem(500, "bad_dashboard", `Two dashboards have uid "${uid}".`);
    uids.add(uid);
  }
  return dashboards.sort((a, b) => a.title.localeCompare(b.title, "en"));
}

/**
 * One dashboard of the folder.
 *
 * @throws Problem when there is none with that uid
 */
export async function readDashboard(folder: string, uid: string): Promise<StoredDashboard> {
  const found = (await readDashboards(folder)).find((dashboard) => dashboard.uid === uid);
  if (!found) throw new Problem(404, "not_found", `No dashboard has the uid "${uid}".`);
  return found;
}

async function readOne(file: string): Promise<StoredDashboard> {
  try {
    const { uid, title, ...rest } = JSON.parse(await readFile(file, "utf8")) as Record<
      string,
      unknown
    >;
    if (typeof uid !== "string" || typeof title !== "string") {
      throw new Error("it has no uid or no title");
    }
    return { ...rest, uid, title };
  } catch (error) {
    const why = (error as Error).message;
    throw new Problem(500, "bad_dashboard", `${file} is no dashboard: ${why}`);
  }
}

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Problem } from "./problem.ts";

/** A dashboard's JSON; only what identifies it is known here. */
export interface StoredDashboard {
  readonly uid: string;
  readonly title: string;
}

/**
 * The dashboards of a folder and its folders, sorted by title. They are read each time, so that a
 * generated file is shown when the page is loaded again.
 *
 * @throws Problem when a file is no dashboard or two have one uid, Error when there is no folder
 */
export async function readDashboards(folder: string): Promise<readonly StoredDashboard[]> {
  const entries = await readdir(folder, { recursive: true });
  const files = entries.filter((entry) => entry.endsWith(".json"));
  const dashboards = await Promise.all(files.map((file) => readOne(join(folder, file))));
  const uids = new Set(dashboards.map(({ uid }) => uid));
  if (uids.size < dashboards.length) {
    throw new Problem(500, "bad_dashboard", `Two dashboards in ${folder} have one uid.`);
  }
  return dashboards.sort((a, b) => a.title.localeCompare(b.title, "en"));
}

async function readOne(file: string): Promise<StoredDashboard> {
  try {
    const dashboard = JSON.parse(await readFile(file, "utf8")) as Partial<StoredDashboard>;
    const { uid, title } = dashboard;
    if (typeof uid === "string" && typeof title === "string") return { ...dashboard, uid, title };
    throw new Error("it has no uid or no title");
  } catch (error) {
    throw new Problem(500, "bad_dashboard", `${file} is no dashboard: ${(error as Error).message}`);
  }
}

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { withLock } from "./lock.mjs";
import { packageCommand, ROOT } from "./places.ts";
import { runQuietly } from "./processes/run.ts";
import type { Running } from "./progress.ts";

/** Something that is built from sources of this checkout, whose paths start at its top. */
interface Build {
  /** What is built, after "Building". */
  readonly title: string;
  /** Where the build runs. */
  readonly folder: string;
  /** Arguments of Node. */
  readonly command: readonly string[];
  /** Files and folders that it is made from. */
  readonly sources: readonly string[];
  /** The file that the build writes last. */
  readonly result: string;
}

/** How a build reports and stops, and whether it is made although nothing has changed. */
export interface BuildOptions extends Running {
  readonly always?: boolean;
}

const PANEL = "grafana-plugin/dist/module.js";

const EXPORTER: Build = {
  title: "the exporter",
  folder: "exporter",
  command: ["build.ts"],
  sources: [
    ...["exporter/src", "exporter/page", "exporter/build.ts", "exporter/build-page.ts"],
    ...["exporter/package.json", "alerts"],
  ],
  result: "exporter/dist/main.js",
};

const INCIDENTS: Build = {
  title: "the incidents process",
  folder: "incidents",
  command: ["build.ts"],
  sources: [
    ...["incidents/src", "incidents/build.ts", "incidents/package.json", "alerts"],
    // HTTP, metrics and how settings are read.
    "exporter/src",
  ],
  result: "incidents/dist/main.js",
};

/** Builds the exporter when its sources are newer; throws as {@link build}. */
export const buildExporter = (options: BuildOptions) => build(EXPORTER, options);

/** Builds the incidents process when its sources are newer; throws as {@link build}. */
export const buildIncidents = (options: BuildOptions) => build(INCIDENTS, options);

/** Builds the panel as Grafana loads it, then the page that shows it without Grafana. */
export async function buildPanel(options: BuildOptions): Promise<void> {
  const panel: Build = {
    title: "the panel",
    folder: "grafana-plugin",
    command: [
      ...[packageCommand("webpack"), "--env", "production"],
      // Node reads TypeScript itself; webpack would ask for a package that does.
      ...["--disable-interpret", "--config", ".config/webpack/webpack.config.ts"],
    ],
    sources: [
      ...["grafana-plugin/src", "grafana-plugin/.config", "grafana-plugin/package.json"],
      // The one file of another folder that the panel holds.
      "alerts/headroom.ts",
    ],
    result: PANEL,
  };
  const page: Build = {
    title: "the preview page",
    folder: "grafana-plugin",
    command: ["preview/build.ts"],
    sources: [
      ...["grafana-plugin/preview/page", "grafana-plugin/preview/build.ts"],
      "grafana-plugin/package.json",
    ],
    result: "grafana-plugin/preview/dist/dashboard.js",
  };
  await build(panel, options);
  await build(page, options);
}

/** Size of the built panel in words, for whoever watches it grow. */
export async function panelSize(): Promise<string> {
  const { size } = await stat(join(ROOT, PANEL));
  return `${PANEL}: ${(size / 1e3).toFixed(1)} kB`;
}

/**
 * Builds when the sources are newer than the result, or always when told so. Two commands at once
 * build one after the other.
 *
 * @throws Error with the build's last lines when it fails
 */
async function build(build: Build, { always, activity, signal }: BuildOptions): Promise<void> {
  const { title, folder, command, sources, result } = build;
  const paths = sources.map((source) => join(ROOT, source));
  const isDone = async () => !always && (await isNewer(join(ROOT, result), paths));
  if (await isDone()) return;
  const work = async () => {
    if (await isDone()) return;
    await activity(`Building ${title}`, () =>
      runQuietly(process.execPath, command, { cwd: join(ROOT, folder), signal }),
    );
  };
  await withLock(join(ROOT, ".tools", "locks", "build"), work, { signal });
}

/** Whether `file` exists and nothing in `sources` (files and folders) was changed after it. */
export async function isNewer(file: string, sources: readonly string[]): Promise<boolean> {
  const made = await stat(file).catch(() => undefined);
  if (!made) return false;
  const changes = await Promise.all(sources.map(lastChange));
  return Math.max(...changes) <= made.mtimeMs;
}

async function lastChange(path: string): Promise<number> {
  const info = await stat(path).catch(() => undefined);
  if (!info) return 0;
  if (!info.isDirectory()) return info.mtimeMs;
  const entries = (await readdir(path)).filter((name) => name !== "node_modules");
  const changes = await Promise.all(entries.map((name) => lastChange(join(path, name))));
  // The folder's own time tells of files that were removed.
  return Math.max(info.mtimeMs, ...changes);
}

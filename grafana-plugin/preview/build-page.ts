import { rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build, type BuildOptions, type Plugin } from "esbuild";
import { PAGE_DIST, PAGE_SOURCE } from "./places.ts";

/** What a build wrote. */
export interface PageBuild {
  /** Bytes of all files that a page may load. */
  readonly bytes: number;
  /** Bytes that the dashboard page loads at once. */
  readonly dashboardBytes: number;
  readonly warnings: readonly string[];
}

/** The two pages: a dashboard, and one panel on an empty page. */
const ENTRIES = { dashboard: "dashboard.tsx", stage: "stage.tsx" };

const { resolve } = createRequire(import.meta.url);

/**
 * Bundles the browser's part of the preview. The files appear at once, so that a server never hands
 * out half a build.
 *
 * @throws Error with esbuild's messages when it fails
 */
export async function buildPage(
  options: { readonly sourceMaps?: boolean } = {},
): Promise<PageBuild> {
  const fresh = `${PAGE_DIST}.${process.pid}`;
  try {
    const { metafile, warnings } = await build(settings(fresh, options.sourceMaps ?? false));
    await rm(PAGE_DIST, { recursive: true, force: true });
    await rename(fresh, PAGE_DIST);
    const files = Object.entries(metafile.outputs).filter(([file]) => !file.endsWith(".map"));
    const size = (wanted: (file: string) => boolean) =>
      files.reduce((sum, [file, { bytes }]) => sum + (wanted(file) ? bytes : 0), 0);
    const entry = files.find(([file]) => file.endsWith("/dashboard.js"))?.[0] ?? "";
    const atOnce = loadedAtOnce(metafile.outputs, entry);
    return {
      bytes: size(() => true),
      dashboardBytes: size((file) => atOnce.has(file)),
      // What others' packages are warned about is not ours to mend.
      warnings: warnings
        .filter(({ location }) => !location?.file.includes("node_modules"))
        .map(({ text, location }) => `${location?.file ?? "esbuild"}: ${text}`),
    };
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

type Outputs = Record<
  string,
  { readonly imports: readonly { readonly path: string; readonly kind: string }[] }
>;

function loadedAtOnce(outputs: Outputs, entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const { path, kind } of outputs[entry]?.imports ?? []) {
    if (kind === "import-statement") loadedAtOnce(outputs, path, seen);
  }
  return seen;
}

const fontsOfThePage: Plugin = {
  name: "fonts-of-the-page",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/fonts\.mjs$/ }, ({ importer }) =>
      importer.endsWith("GlobalStyles.mjs")
        ? { path: join(PAGE_SOURCE, "absent", "fonts.ts") }
        : undefined,
    );
  },
};

function settings(outdir: string, sourcemap: boolean) {
  return {
    absWorkingDir: PAGE_SOURCE,
    entryPoints: ENTRIES,
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: true,
    sourcemap,
    metafile: true,
    jsx: "automatic",
    loader: { ".woff2": "file" },
    publicPath: "/page/",
    legalComments: "none",
    logLevel: "silent",
    // SystemJS' AMD loader is for the plugin; the bundle's own modules must not register with it.
    define: { "process.env.NODE_ENV": '"production"', define: "undefined" },
    plugins: [fontsOfThePage],
    alias: {
      // A code editor of 4 MB, which no panel of the preview shows.
      "monaco-editor": join(PAGE_SOURCE, "absent", "code-editor.ts"),
      // The changes of all time zones since 1970 are ten times as large as those of ten years.
      "moment-timezone": resolve("moment-timezone/builds/moment-timezone-with-data-10-year-range"),
    },
  } satisfies BuildOptions;
}

/** The command that builds the preview's page into preview/dist: `node build.ts`. */
import { rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { build, type Plugin } from "esbuild";
import { PAGE_DIST, PAGE_SOURCE } from "./places.ts";

const { resolve } = createRequire(import.meta.url);

/** Modules of Grafana's packages that the page does without, and what they export instead. */
const absentModules: Plugin = {
  name: "absent-modules",
  setup({ onResolve, onLoad }) {
    const namespace = "absent";
    // A code editor of 4 MB, which no panel of the preview shows.
    onResolve({ filter: /^monaco-editor$/ }, ({ path }) => ({ path, namespace }));
    // Font faces whose files are in none of Grafana's packages; page.css has the one that matters.
    onResolve({ filter: /^\.\/fonts\.mjs$/ }, ({ path, importer }) =>
      importer.endsWith("GlobalStyles.mjs") ? { path, namespace } : undefined,
    );
    onLoad({ filter: /./, namespace }, () => ({
      contents: "export const editor = undefined, getFontStyles = () => [];",
    }));
  },
};

const fresh = `${PAGE_DIST}.${process.pid}`;
try {
  const { metafile } = await build({
    absWorkingDir: PAGE_SOURCE,
    // A dashboard, and one panel on an empty page.
    entryPoints: { dashboard: "dashboard.tsx", stage: "stage.tsx" },
    outdir: fresh,
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: true,
    metafile: true,
    jsx: "automatic",
    loader: { ".woff2": "file" },
    publicPath: "/page/",
    legalComments: "none",
    logLevel: "error",
    // SystemJS' AMD loader is for the plugin; the bundle's own modules must not register with it.
    define: { "process.env.NODE_ENV": '"production"', define: "undefined" },
    plugins: [absentModules],
    // The changes of all time zones since 1970 are ten times as large as those of ten years.
    alias: {
      "moment-timezone": resolve("moment-timezone/builds/moment-timezone-with-data-10-year-range"),
    },
  });
  // The files appear at once, so that a server never hands out half a build.
  await rm(PAGE_DIST, { recursive: true, force: true });
  await rename(fresh, PAGE_DIST);
  const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
  console.log(`preview/dist: ${(bytes / 1e6).toFixed(2)} MB`);
} catch (error) {
  console.error(`The preview's page could not be built: ${(error as Error).message}`);
  process.exitCode = 1;
} finally {
  await rm(fresh, { recursive: true, force: true });
}

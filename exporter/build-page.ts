import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const SOURCE = fileURLToPath(new URL("./page/", import.meta.url));

/** Served as they are, under names that stay. */
const STATIC = ["manifest.webmanifest", "icon.svg", "icon-192.png", "icon-512.png"];

const SHARED = { bundle: true, minify: true, format: "esm", target: "es2022" } as const;

/**
 * Bundles the status page into a folder: `index.html` and what stays beside it, and in `page/` what has
 * the hash of its content in its name. The service worker is told of all of it.
 */
export async function buildPage(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  const { metafile } = await build({
    ...SHARED,
    entryPoints: [join(SOURCE, "main.ts"), join(SOURCE, "main.css")],
    outdir: join(folder, "page"),
    entryNames: "[name]-[hash]",
    metafile: true,
  });
  const hashed = Object.keys(metafile.outputs).map((output) => `/page/${basename(output)}`);
  let page = await readFile(join(SOURCE, "index.html"), "utf8");
  for (const path of hashed) page = page.replace(path.replace(/-\w+(\.\w+)$/, "$1"), path);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "index.html"), page);
  for (const name of STATIC) await copyFile(join(SOURCE, name), join(folder, name));
  const version = createHash("sha256").update(page);
  for (const name of STATIC) version.update(await readFile(join(SOURCE, name)));
  const files = ["/", ...hashed, ...STATIC.map((name) => `/${name}`)];
  await build({
    ...SHARED,
    entryPoints: [join(SOURCE, "service-worker.ts")],
    outdir: folder,
    define: {
      FILES: JSON.stringify(files),
      VERSION: JSON.stringify(`headroom-${version.digest("hex").slice(0, 16)}`),
    },
  });
}

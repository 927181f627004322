import { existsSync, readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import express, { type RequestHandler, Router } from "express";
import { only } from "../base-app.ts";

/** Where the build puts the page: beside the bundle, which is where it lies itself when it is one. */
const BUILT = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../../../dist/page" : "./page", import.meta.url),
);

const HEADERS = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
    "img-src 'self' data:; manifest-src 'self'; worker-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
};

/**
 * The status page: `GET /` and its files. They hold nothing secret, so they ask for no token; the page asks
 * for one when the exporter does. Files in `page/` have their content's hash in their names.
 *
 * @param folder - what the build wrote; where there is none, nothing is served
 */
export function page(folder = BUILT): RequestHandler {
  const router = Router({ caseSensitive: true, strict: true });
  if (!existsSync(folder)) return router;
  const setHeaders = (res: { setHeader(name: string, value: string): unknown }, path: string) => {
    for (const [name, value] of Object.entries(HEADERS)) res.setHeader(name, value);
    const isHashed = path.startsWith(join(folder, "page") + sep);
    const kept = isHashed ? "public, max-age=31536000, immutable" : "no-cache";
    res.setHeader("Cache-Control", kept);
  };
  router.use(express.static(folder, { redirect: false, cacheControl: false, setHeaders }));
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) =>
      join(parentPath, name).slice(folder.length).replaceAll(sep, "/"),
    );
  return router.all(["/", ...names], only("GET", "HEAD"));
}

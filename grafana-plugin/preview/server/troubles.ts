import { readFile } from "node:fs/promises";
import type { RequestHandler } from "express";

/**
 * Answers with the parts of the run that were not there, or are not. Whoever runs them writes the list
 * to a file; without the file, or without a name for it, there was no trouble.
 */
export function troublesFrom(file: string | undefined): RequestHandler {
  return async (_req, res) => {
    const text = file === undefined ? "[]" : await readFile(file, "utf8").catch(whenAbsent);
    res.set("Cache-Control", "no-store").type("application/json").send(text);
  };
}

function whenAbsent(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "[]";
  throw error;
}

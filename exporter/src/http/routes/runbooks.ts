import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { RequestHandler } from "express";
import { HeadroomError } from "../../errors.ts";
import { endWith } from "../send.ts";

/**
 * `GET /runbooks/{alert}`: what to do about an alert, as Markdown.
 *
 * @param folder - holds a file `<Alert>.md` for each alert
 */
export function runbooks(folder: string): RequestHandler<{ alert: string }> {
  return async (req, res) => {
    const { alert } = req.params;
    // Names of alerts are words in PascalCase, so nothing that could leave the folder passes.
    if (!/^[A-Z][A-Za-z0-9]{0,79}$/.test(alert)) throw noRunbook();
    const text = await readFile(join(folder, `${alert}.md`), "utf8").catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") throw noRunbook();
      throw error;
    });
    endWith(res, 200, "text/markdown; charset=utf-8", text);
  };
}

function noRunbook(): HeadroomError {
  return new HeadroomError(
    "not_found",
    "There is no runbook for an alert of this name; the path ends in the alert's name as the " +
      "notification writes it.",
  );
}

import type { Request, RequestHandler, Response } from "express";
import { HeadroomError } from "@headroom/exporter/errors";
import { endWith } from "@headroom/exporter/http/send";
import { listRunbooks, readRunbook, runbookList } from "../runbooks/library.ts";
import { htmlPage, PAGE_POLICY } from "../runbooks/page.ts";

const MARKDOWN = "text/markdown";
const HTML = "text/html";

/**
 * `GET /runbooks/{alert}`: what to do about an alert, as a page for browsers and else as Markdown.
 *
 * @param folder - holds a file `<Alert>.md` for each alert
 */
export function runbook(folder: string): RequestHandler<{ alert: string }> {
  return async (req, res) => {
    const { alert } = req.params;
    const markdown = await readRunbook(folder, alert);
    if (markdown === undefined) {
      throw new HeadroomError(
        "not_found",
        "There is no runbook for an alert of this name; the path ends in the alert's name as the " +
          "notification writes it, and GET /runbooks lists all.",
      );
    }
    answer(req, res, markdown, { title: `${alert} - Headroom runbook`, list: "../runbooks" });
  };
}

/** `GET /runbooks`: every runbook with what its alert means, in the same two forms. */
export function runbooks(folder: string): RequestHandler {
  return async (req, res) => {
    const markdown = runbookList(await listRunbooks(folder));
    answer(req, res, markdown, { title: "Headroom runbooks" });
  };
}

/** Who asks for neither form, or takes any, gets the Markdown: that is not a browser. */
function answer<P>(
  req: Request<P>,
  res: Response,
  markdown: string,
  page: Parameters<typeof htmlPage>[1],
): void {
  res.setHeader("Vary", "Accept");
  if (req.accepts([MARKDOWN, HTML]) !== HTML) {
    endWith(res, 200, `${MARKDOWN}; charset=utf-8`, markdown);
    return;
  }
  res.setHeader("Content-Security-Policy", PAGE_POLICY);
  endWith(res, 200, `${HTML}; charset=utf-8`, htmlPage(markdown, page));
}

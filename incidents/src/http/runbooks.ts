import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Request, RequestHandler, Response } from "express";
import { GENERAL_RUNBOOK } from "@headroom/alerts/general-runbook";
import { firstParagraph } from "@headroom/alerts/markdown";
import { HeadroomError } from "@headroom/exporter/errors";
import { endWith } from "@headroom/exporter/http/answer";
import { PAGE_POLICY } from "@headroom/exporter/http/web-page";
import { inRun, queryPage, readRun } from "../runbook-in-run.ts";
import { htmlPage, type Page } from "./runbook-page.ts";

// Names of alerts are words in PascalCase, so nothing that could leave the folder passes.
const ALERT_NAME = /^[A-Z][A-Za-z0-9]{0,79}$/;
const EXTENSION = ".md";

const MARKDOWN = "text/markdown";
const HTML = "text/html";

/** Where runbooks are, and what they are filled in with. */
export interface RunbookPlace {
  /** Holds a file `<Alert>.md` for each alert. */
  readonly runbooksFolder: string;
  /** A JSON file of the run that this process belongs to. */
  readonly runFile?: string | undefined;
  /** A Grafana, in which queries open where there is no such run. */
  readonly grafanaUrl?: string | undefined;
}

/**
 * `GET /runbooks/{alert}`: what to do about an alert, as a page for browsers and else as Markdown. A name
 * that has none gets a browser the list of all.
 */
export function runbook(place: RunbookPlace): RequestHandler<{ alert: string }> {
  return async (req, res) => {
    const { alert } = req.params;
    const { runbooksFolder: folder, grafanaUrl } = place;
    const markdown = await readRunbook(folder, alert);
    if (markdown !== undefined) {
      const run = await readRun(place.runFile);
      answer(req, res, inRun(markdown, run), {
        title: `${alert} - Headroom runbook`,
        list: "../runbooks",
        queryPage: (expression) => queryPage(expression, run, grafanaUrl),
      });
    } else if (isBrowser(req)) {
      const list = `# No such runbook\n\n${NO_SUCH}\n\n${await listOf(folder, "")}`;
      answer(req, res, list, { title: "No such runbook - Headroom", list: "../runbooks" }, 404);
    } else {
      throw new HeadroomError("not_found", `${NO_SUCH} GET /runbooks lists all.`);
    }
  };
}

const NO_SUCH =
  "There is no runbook for an alert of this name; the path ends in the alert's name as the " +
  "notification writes it.";

/** `GET /runbooks`: every runbook with what its alert means, in the same two forms. */
export function runbooks({ runbooksFolder }: RunbookPlace): RequestHandler {
  return async (req, res) => {
    const list = await listOf(runbooksFolder, "runbooks/");
    const markdown = `# Runbooks\n\nWhat to do when an alert fires.\n\n${list}`;
    answer(req, res, markdown, { title: "Headroom runbooks" });
  };
}

/** The names of the alerts whose runbook a folder holds, and of the general one. */
export async function alertsWithRunbook(folder: string): Promise<readonly string[]> {
  return (await readdir(folder))
    .filter((name) => name.endsWith(EXTENSION))
    .map((name) => name.slice(0, -EXTENSION.length))
    .filter((alert) => ALERT_NAME.test(alert))
    .sort();
}

/** @param path - of the runbooks, as seen from the page that lists them */
async function listOf(folder: string, path: string): Promise<string> {
  const alerts = await alertsWithRunbook(folder);
  const lines = await Promise.all(
    alerts.map(async (alert) => {
      const meaning = firstParagraph((await readRunbook(folder, alert)) ?? "", "Meaning");
      return `- [${alert}](${path}${alert})${meaning && `: ${meaning}`}\n`;
    }),
  );
  return lines.join("");
}

/**
 * Finds the address of an alert's runbook on this server. A name that has none, or that is no alert's,
 * gets the general one.
 *
 * @param folder - holds a file `<Alert>.md` for each alert, and the general one
 * @returns undefined when there is neither, or while the server has no address
 */
export function runbookLinks(
  folder: string,
  baseUrl: () => string | undefined,
): (alert: string) => string | undefined {
  return (alert) => {
    const base = baseUrl();
    if (base === undefined) return undefined;
    const found = [alert, GENERAL_RUNBOOK].find(
      (name) => ALERT_NAME.test(name) && existsSync(join(folder, `${name}${EXTENSION}`)),
    );
    return found && `${base}/runbooks/${found}`;
  };
}

async function readRunbook(folder: string, alert: string): Promise<string | undefined> {
  if (!ALERT_NAME.test(alert)) return undefined;
  try {
    return await readFile(join(folder, `${alert}${EXTENSION}`), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Who asks for neither form, or takes any, gets the Markdown: that is not a browser. */
function answer<P>(
  req: Request<P>,
  res: Response,
  markdown: string,
  page: Page,
  status = 200,
): void {
  res.setHeader("Vary", "Accept");
  if (!isBrowser(req)) return endWith(res, status, `${MARKDOWN}; charset=utf-8`, markdown);
  res.setHeader("Content-Security-Policy", PAGE_POLICY);
  endWith(res, status, `${HTML}; charset=utf-8`, htmlPage(markdown, page));
}

const isBrowser = <P>(req: Request<P>): boolean => req.accepts([MARKDOWN, HTML]) === HTML;

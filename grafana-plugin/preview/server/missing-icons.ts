import type { RequestHandler } from "express";

/** A line drawn on Grafana's icon grid of 24 units. */
const stroke = (path: string) =>
  `<path fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" d="${path}"/>`;

/** Icons that Grafana's components ask for and that are not in its package. */
const DRAWN: Readonly<Record<string, string>> = {
  "angle-double-left": stroke("M11 8 7 12l4 4m6-8-4 4 4 4"),
  "angle-double-up": stroke("m8 11 4-4 4 4m-8 6 4-4 4 4"),
  spinner: stroke("M12 4a8 8 0 1 1-8 8"),
};

/** Where an icon is neither in Grafana's package nor drawn here, a dot shows that something is. */
const DOT = '<circle cx="12" cy="12" r="3" fill="currentColor"/>';

/** Answers for the icons that the folder of Grafana's package lacks. */
export const missingIcons: RequestHandler = (req, res, next) => {
  const name = /^\/(?:unicons|mono|solid|custom)\/([\w-]+)\.svg$/.exec(req.path)?.[1];
  if (!name) return next();
  res
    .type("image/svg+xml")
    .send(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${DRAWN[name] ?? DOT}</svg>`,
    );
};

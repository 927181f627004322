import type { RequestHandler } from "express";

/** Answers with the page that runs the bundle `/page/<entry>.js`. */
export function htmlPage(entry: "dashboard" | "stage", title: string): RequestHandler {
  return (_req, res) => {
    const nonce = res.locals["nonce"] as string;
    res.set("Cache-Control", "no-store").type("html").send(`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta property="csp-nonce" nonce="${nonce}" />
    <title>${title}</title>
    <link rel="icon" href="/public/plugins/headroom-limits-panel/img/logo.svg" />
    <link rel="stylesheet" href="/page/${entry}.css" />
    <script type="module" src="/page/${entry}.js"></script>
  </head>
  <body>
    <div id="root"></div>
  </body>
</html>
`);
  };
}

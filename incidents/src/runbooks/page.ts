import { createHash } from "node:crypto";
import { escapeHtml, markdownAsHtml } from "./html.ts";

/** The page's whole style: system fonts, no pictures, light or dark as the reader's system. */
const STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --quiet: #59636e; --page: #fff; --box: #f3f5f7; --line: #d1d9e0; --link: #0550ae; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --quiet: #9aa4af; --page: #0f1318; --box: #1a2027; --line: #363e48; --link: #79b8ff; }
}
body { margin: 0 auto; padding: 1.5rem 1.25rem 4rem; max-width: 48rem; background: var(--page); color: var(--text); font: 1rem/1.6 system-ui, sans-serif; overflow-wrap: break-word; }
nav { color: var(--quiet); font-size: 0.9rem; }
a { color: var(--link); }
h1 { font-size: 1.7rem; line-height: 1.25; }
h2 { margin-top: 2rem; padding-bottom: 0.25rem; border-bottom: 1px solid var(--line); font-size: 1.25rem; }
li { margin: 0.3rem 0; }
code, pre { font: 0.875rem/1.5 ui-monospace, Menlo, Consolas, monospace; background: var(--box); border-radius: 4px; }
code { padding: 0.1rem 0.3rem; }
pre { padding: 0.75rem 1rem; overflow-x: auto; border: 1px solid var(--line); }
pre code { padding: 0; background: none; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { padding: 0.3rem 0.7rem; border: 1px solid var(--line); text-align: left; }
`;

/** Lets the page show text in its own style, and do nothing else. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join("; ");

/**
 * A Markdown text as a complete HTML page; it is to be sent with {@link PAGE_POLICY}.
 *
 * @param page - its title, and where the list of all is, relative to the page's own path
 */
export function htmlPage(
  markdown: string,
  page: { readonly title: string; readonly list?: string },
): string {
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(page.title)}</title>`,
    `<style>${STYLE}</style>`,
    "</head>",
    "<body>",
    ...(page.list === undefined
      ? []
      : [`<nav><a href="${escapeHtml(page.list)}">All runbooks</a></nav>`]),
    `<main>\n${markdownAsHtml(markdown)}</main>`,
    "</body>",
    "</html>\n",
  ].join("\n");
}

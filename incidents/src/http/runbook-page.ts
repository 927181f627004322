import { createHash } from "node:crypto";
import { Marked } from "marked";

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

/** What a page has beside its text. */
export interface Page {
  readonly title: string;
  /** Where the list of all is, relative to the page's own path. */
  readonly list?: string;
}

/** A Markdown text as a complete HTML page; it is to be sent with {@link PAGE_POLICY}. */
export function htmlPage(markdown: string, { title, list }: Page): string {
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${STYLE}</style>`,
    "</head>",
    "<body>",
    ...(list === undefined ? [] : [`<nav><a href="${escapeHtml(list)}">All runbooks</a></nav>`]),
    `<main>\n${markdownAsHtml(markdown)}</main>`,
    "</body>",
    "</html>\n",
  ].join("\n");
}

/**
 * Renders Markdown as HTML that cannot act: raw HTML is shown as text, links lead only to the web,
 * the same site or the same page, and a picture is its description.
 */
export function markdownAsHtml(markdown: string): string {
  return RENDERER.parse(markdown, { async: false });
}

/** Text that stands for itself in HTML, in attributes too. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const RENDERER = new Marked({
  gfm: true,
  // Raw HTML is never recognised, so it stays text, and text is escaped.
  tokenizer: { html: () => undefined, tag: () => undefined },
  renderer: {
    image: ({ text }) => escapeHtml(text),
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens);
      return leadsToAPage(href) ? `<a href="${escapeHtml(href)}">${text}</a>` : text;
    },
  },
});

/** Where relative links are resolved to see what they are; it is never asked. */
const ANY_SITE = "http://runbooks.invalid/";

/** Browsers ignore control characters in a scheme, and so does the URL parser that is asked here. */
function leadsToAPage(href: string): boolean {
  if (!URL.canParse(href, ANY_SITE)) return false;
  return ["http:", "https:"].includes(new URL(href, ANY_SITE).protocol);
}

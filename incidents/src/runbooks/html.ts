import { Marked } from "marked";

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

import { escapeHtml } from "@headroom/alerts/markdown";
import { commandLines, copyButton, webPage } from "@headroom/exporter/http/web-page";
import { Marked } from "marked";

/** What a page has beside its text. */
export interface Page {
  readonly title: string;
  /** Where the list of all is, relative to the page's own path. */
  readonly list?: string;
  /** The address of a page that shows a PromQL expression; undefined where none is known. */
  readonly queryPage?: ((expression: string) => string | undefined) | undefined;
}

/** A Markdown text as a complete HTML page; it is to be sent with the policy of such pages. */
export function htmlPage(markdown: string, { title, list, queryPage }: Page): string {
  return webPage({
    title,
    ...(list !== undefined && { nav: `<a href="${escapeHtml(list)}">All runbooks</a>` }),
    main: markdownAsHtml(markdown, queryPage),
  });
}

/** What is written in a sentence and can be run as it stands. */
const COMMAND = /^(?:curl|redis-cli|npm run|node|tail|grep) /;

/**
 * Renders Markdown as HTML that cannot act: raw HTML is shown as text, links lead only to the web,
 * the same site or the same page, and a picture is its description. Commands and queries can be copied,
 * each by itself, and queries be opened.
 */
export function markdownAsHtml(markdown: string, queryPage?: Page["queryPage"]): string {
  const renderer = new Marked({
    gfm: true,
    // Raw HTML is never recognised, so it stays text, and text is escaped.
    tokenizer: { html: () => undefined, tag: () => undefined },
    renderer: {
      image: ({ text }) => escapeHtml(text),
      link({ href, tokens }) {
        const text = this.parser.parseInline(tokens);
        return leadsToAPage(href) ? `<a href="${escapeHtml(href)}">${text}</a>` : text;
      },
      code({ text, lang = "" }) {
        const [language] = lang.split(" ");
        if (language === "sh") return commandLines(linesOf(text).map((line) => ({ text: line })));
        if (language !== "promql") return false;
        const lines = linesOf(text).map((line) => ({ text: line, link: linkTo(line, queryPage) }));
        return commandLines(lines);
      },
      codespan({ text }) {
        // One that stands for a whole command, and not for its name.
        return COMMAND.test(text) ? `<code>${escapeHtml(text)}</code> ${copyButton(text)}` : false;
      },
    },
  });
  return renderer.parse(markdown, { async: false });
}

/** A command that goes on in the next line is one. */
function linesOf(text: string): readonly string[] {
  const lines = text.replaceAll(/\s*\\\n\s*/g, " ").split("\n");
  return lines.filter((line) => line.trim() !== "");
}

function linkTo(expression: string, queryPage: Page["queryPage"]): string | undefined {
  const href = queryPage?.(expression);
  if (href === undefined || !leadsToAPage(href)) return undefined;
  return `<a href="${escapeHtml(href)}" aria-label="Open ${escapeHtml(expression)}">Open</a>`;
}

/** Where relative links are resolved to see what they are; it is never asked. */
const ANY_SITE = "http://runbooks.invalid/";

/** Browsers ignore control characters in a scheme, and so does the URL parser that is asked here. */
function leadsToAPage(href: string): boolean {
  if (!URL.canParse(href, ANY_SITE)) return false;
  return ["http:", "https:"].includes(new URL(href, ANY_SITE).protocol);
}

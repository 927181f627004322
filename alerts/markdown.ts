/** A fenced block of a Markdown text. */
export interface FencedBlock {
  /** The heading of the second level that it stands below; empty above the first one. */
  readonly section: string;
  /** What it is written in, such as `sh`; empty when it does not say. */
  readonly language: string;
  /** The words after the language. */
  readonly marks: readonly string[];
  readonly lines: readonly string[];
}

/**
 * Takes a Markdown text apart, as runbooks and documents are read: code by its language, and the text
 * around it, where alone there are links and headings.
 */
export function takeApart(markdown: string): {
  readonly blocks: readonly FencedBlock[];
  readonly prose: string;
} {
  const blocks: FencedBlock[] = [];
  const prose: string[] = [];
  let section = "";
  let open: { readonly info: string; readonly lines: string[] } | undefined;
  for (const line of markdown.split("\n")) {
    const info = /^```(.*)$/.exec(line)?.[1];
    if (info !== undefined && open) {
      const [language = "", ...marks] = open.info.split(" ");
      blocks.push({ section, language, marks, lines: open.lines });
      open = undefined;
    } else if (info !== undefined) {
      open = { info, lines: [] };
    } else if (open) {
      open.lines.push(line);
    } else {
      prose.push(line);
      section = /^## (.*)$/.exec(line)?.[1] ?? section;
    }
  }
  return { blocks, prose: prose.join("\n") };
}

/** The first paragraph right below a heading of the second level, on one line; empty when there is none. */
export function firstParagraph(markdown: string, heading: string): string {
  const [, below = ""] = takeApart(markdown).prose.split(`\n## ${heading}\n`);
  const [paragraph = ""] = below.trimStart().split(/\n\n|\n(?=#)/);
  return paragraph.startsWith("#") ? "" : paragraph.trim().replaceAll(/\s*\n\s*/g, " ");
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

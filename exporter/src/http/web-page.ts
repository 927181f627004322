import { createHash } from "node:crypto";
import { escapeHtml } from "@headroom/alerts/markdown";

/** The whole style: system fonts, no pictures, light or dark as the reader's system. */
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
button { font: inherit; font-size: 0.8rem; line-height: 1.4; padding: 0.1rem 0.5rem; border: 1px solid var(--line); border-radius: 4px; background: var(--page); color: var(--link); cursor: pointer; }
.lines { margin: 1rem 0; border: 1px solid var(--line); border-radius: 4px; background: var(--box); }
.line { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.25rem 0.75rem; padding: 0.4rem 0.75rem; font-size: 0.85rem; }
.line + .line { border-top: 1px solid var(--line); }
.line code { flex: 1 1 20rem; min-width: 0; padding: 0; overflow-wrap: anywhere; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

/** Copies what a button holds, and says so; a page that is not served from this machine has no clipboard. */
const SCRIPT = `
const said = document.getElementById("said");
function selected(text) {
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
for (const button of document.querySelectorAll("button[value]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    let done = true;
    if (navigator.clipboard) await navigator.clipboard.writeText(button.value).catch(() => (done = selected(button.value)));
    else done = selected(button.value);
    button.focus();
    button.textContent = done ? "Copied" : "Not copied";
    said.textContent = "";
    setTimeout(() => (said.textContent = done ? "Copied" : "Not copied: mark the text and copy it"), 50);
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
}
`;

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Lets a page show text in its own style and copy what its buttons hold, and do nothing else. */
export const PAGE_POLICY = [
  "default-src 'none'",
  ...[`style-src ${hash(STYLE)}`, `script-src ${hash(SCRIPT)}`],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join("; ");

/** What a page consists of; everything but the title is HTML. */
export interface WebPage {
  readonly title: string;
  /** Stands before the text. */
  readonly nav?: string;
  readonly main: string;
}

/** A complete page of text; it is to be sent with {@link PAGE_POLICY}. */
export function webPage({ title, nav = "", main }: WebPage): string {
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
    ...(nav && [`<nav>${nav}</nav>`]),
    `<main>\n${main}</main>`,
    '<p id="said" class="unseen" role="status"></p>',
    `<script type="module">${SCRIPT}</script>`,
    "</body>",
    "</html>\n",
  ].join("\n");
}

/** A button that copies a text; without scripts it is not there. */
export function copyButton(text: string): string {
  const escaped = escapeHtml(text);
  return `<button type="button" hidden value="${escaped}" aria-label="Copy ${escaped}">Copy</button>`;
}

/** Commands or queries, each with what is beside it as HTML. */
export function commandLines(
  lines: readonly { text: string; link?: string | undefined }[],
): string {
  const one = ({ text, link = "" }: { text: string; link?: string | undefined }) =>
    `<div class="line"><code>${escapeHtml(text)}</code>${link}${copyButton(text)}</div>\n`;
  return `<div class="lines">\n${lines.map(one).join("")}</div>\n`;
}

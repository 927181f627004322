import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../places.ts";

/** A block of commands or queries of a runbook. */
export interface RunbookBlock {
  /** The runbook's name, which is that of its alert. */
  readonly runbook: string;
  /** The heading that it stands below. */
  readonly section: string;
  /** What it is written in: `sh` or `promql`. */
  readonly language: string;
  /** The words after the language: where it can be run. */
  readonly marks: readonly string[];
  /** One command or query each; a command that goes on in the next line is joined. */
  readonly lines: readonly string[];
}

/** A runbook as it is in its file. */
export interface RunbookText {
  readonly runbook: string;
  readonly text: string;
}

const FOLDER = join(ROOT, "alerts", "runbooks");

/** Every runbook, by name. */
export async function readRunbooks(): Promise<readonly RunbookText[]> {
  const files = (await readdir(FOLDER)).sort();
  return Promise.all(
    files.map(async (file) => ({
      runbook: file.replace(/\.md$/, ""),
      text: await readFile(join(FOLDER, file), "utf8"),
    })),
  );
}

/** The fenced blocks of a runbook. */
export function blocksOf({ runbook, text }: RunbookText): readonly RunbookBlock[] {
  const blocks: RunbookBlock[] = [];
  let section = "";
  let open: { info: string; lines: string[] } | undefined;
  for (const line of text.split("\n")) {
    const info = /^```(.*)$/.exec(line)?.[1];
    if (info !== undefined && open) {
      const [language = "", ...marks] = open.info.split(" ");
      blocks.push({ runbook, section, language, marks, lines: joined(open.lines) });
      open = undefined;
    } else if (info !== undefined) open = { info, lines: [] };
    else if (open) open.lines.push(line);
    else section = /^## (.*)$/.exec(line)?.[1] ?? section;
  }
  return blocks;
}

/** What stands between single backticks, outside of blocks. */
export function inlineCode({ text }: RunbookText): readonly string[] {
  const prose = text.replaceAll(/^```[^]*?^```$/gm, "");
  return [...prose.matchAll(/`([^`]+)`/g)].map(([, code = ""]) =>
    code.replaceAll(/\s*\n\s*/g, " "),
  );
}

function joined(lines: readonly string[]): readonly string[] {
  return lines
    .join("\n")
    .replaceAll(/\s*\\\n\s*/g, " ")
    .split("\n")
    .filter((line) => line.trim() !== "");
}

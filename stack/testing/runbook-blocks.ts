import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { takeApart, type FencedBlock } from "@headroom/alerts/markdown";
import { ROOT } from "../places.ts";

/** A block of commands or queries of a runbook; a command that goes on in the next line is joined. */
export interface RunbookBlock extends FencedBlock {
  /** The runbook's name, which is that of its alert. */
  readonly runbook: string;
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
  return takeApart(text).blocks.map((block) => ({
    ...block,
    runbook,
    lines: joined(block.lines),
  }));
}

/** What stands between single backticks, outside of blocks. */
export function inlineCode({ text }: RunbookText): readonly string[] {
  return [...takeApart(text).prose.matchAll(/`([^`]+)`/g)].map(([, code = ""]) =>
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

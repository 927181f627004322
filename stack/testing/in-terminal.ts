import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { ROOT } from "../places.ts";

const PROGRAM = join(import.meta.dirname, "in-terminal.py");

/** Whether there is a Python that can open a terminal; Windows has none. */
export const canOpenTerminal = (() => {
  try {
    execFileSync("python3", ["-c", "import pty, fcntl, termios"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

/** What a command showed in a terminal. */
export interface Shown {
  readonly code: number;
  /** With all control characters. */
  readonly raw: string;
  /** What stood in a line at any time, one for each time that it was rewritten; without the echo of Ctrl-C. */
  readonly lines: readonly string[];
}

/**
 * Runs a program of this checkout in a terminal to its end.
 *
 * @param onOutput - called with all that came so far; what it returns is typed
 */
export async function inTerminal(
  columns: number,
  [file, ...args]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv = {},
  onOutput: (raw: string) => string | undefined = () => undefined,
): Promise<Shown> {
  // Of what a person's terminal has, and not where these tests run: Node shows two colours where CI is set.
  const { NO_COLOR, FORCE_COLOR, COLUMNS, CI, ...own } = process.env;
  const command = [PROGRAM, String(columns), process.execPath, join(ROOT, file), ...args];
  const child = spawn("python3", command, {
    cwd: ROOT,
    env: { ...own, TERM: "xterm-256color", ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let raw = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    raw += text;
    const typed = onOutput(raw);
    if (typed !== undefined) child.stdin.write(typed);
  });
  const [code] = (await once(child, "close")) as [number];
  const lines = raw
    .split(/\r?\n|\r\x1b\[K/)
    .map((line) => stripVTControlCharacters(line).replace("^C", ""));
  return { code, raw, lines };
}

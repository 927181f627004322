import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { screenOn } from "@headroom/loadtest/report/terminal";
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

/** A program in a terminal. */
export interface InTerminal {
  /** Of what started it there, and ends with it. */
  readonly pid: number;
  /**
   * Waits until something stands in all that came so far, control characters too.
   *
   * @throws Error when it ends before
   */
  until(pattern: RegExp): Promise<void>;
  type(text: string): void;
  /** What it had shown when it ended. */
  readonly shown: Promise<Shown>;
}

/** Starts a program of this checkout in a terminal of so many columns. */
export function inTerminal(
  columns: number,
  [file, ...args]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv = {},
): InTerminal {
  // Of what a person's terminal has, and not where these tests run: Node shows two colours where CI is set.
  const { NO_COLOR, FORCE_COLOR, COLUMNS, CI, ...own } = process.env;
  const command = [PROGRAM, String(columns), process.execPath, join(ROOT, file), ...args];
  const child = spawn("python3", command, {
    cwd: ROOT,
    env: { ...own, TERM: "xterm-256color", ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let raw = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (raw += text));
  const shown = once(child, "close").then(([code]): Shown => {
    const lines = raw
      .split(/\r?\n|\r\x1b\[K/)
      .map((line) => stripVTControlCharacters(line).replace("^C", ""));
    return { code: code as number, raw, lines };
  });
  return {
    pid: child.pid!,
    async until(pattern) {
      while (!pattern.test(raw)) {
        if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}:\n${raw}`);
        await sleep(50);
      }
    },
    type: (text) => void child.stdin.write(text),
    shown,
  };
}

/** The lines that are wider; a single word may be, so that a path or an address can be taken from the screen. */
export function tooWide({ lines }: Pick<Shown, "lines">, columns: number): readonly string[] {
  const { width } = screenOn();
  return lines.filter((line) => width(line) > columns && /\S\s+\S/.test(line.trim()));
}

/** What `/proc/PID/stat` tells about one process. */
export interface ProcessCount {
  readonly pid: number;
  /** At most 15 characters, and chosen by the process. */
  readonly name: string;
  /** Processor time used, in clock ticks. */
  readonly time: number;
  /** When it was started, in clock ticks since the machine was. */
  readonly started: number;
  /** Resident memory in pages, whose size depends on the machine. */
  readonly pages: number;
}

/**
 * Parses `/proc/PID/stat`. The name is in parentheses and may contain any character, parentheses
 * and line breaks included; the fields after the last one are counted. Source: proc_pid_stat(5),
 * where utime, stime, starttime and rss are fields 14, 15, 22 and 24.
 *
 * @returns undefined when the text is not such a line
 */
export function parseStat(text: string): ProcessCount | undefined {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  if (open < 0 || close < open) return undefined;
  // The first of these is field 3.
  const fields = text.slice(close + 2).split(" ");
  const field = (number: number) => Number(fields[number - 3]);
  const count = {
    pid: Number(text.slice(0, open)),
    name: text.slice(open + 1, close),
    time: field(14) + field(15),
    started: field(22),
    pages: field(24),
  };
  const numbers = [count.pid, count.time, count.started, count.pages];
  return numbers.every(Number.isFinite) ? count : undefined;
}

/**
 * Parses `/proc/stat`: the time of all cores together in clock ticks, and how many cores there are.
 * Only the first eight columns are added, because the time of guests is already in `user`.
 * Source: proc_stat(5).
 *
 * @throws Error when the line of all cores is missing
 */
export function parseTotalTime(text: string): { total: number; cores: number } {
  const columns = /^cpu +(.*)$/m.exec(text)?.[1];
  if (columns === undefined) throw new Error("/proc/stat has no line for all processors");
  const total = columns
    .split(" ")
    .slice(0, 8)
    .reduce((sum, column) => sum + Number(column), 0);
  return { total, cores: text.match(/^cpu\d+ /gm)?.length ?? 1 };
}

/**
 * The program's name in the text of `/proc/PID/cmdline`, without folder and arguments. A process may
 * have written a title over its arguments, such as `nginx: worker process`: its first word counts.
 *
 * @returns an empty text for a process without a command line, such as a thread of the kernel
 */
export function programName(commandLine: string): string {
  const [first = ""] = commandLine.split("\0", 1);
  const [word = ""] = first.trim().split(/\s/, 1);
  // A login shell puts a dash before its name.
  return word.slice(word.lastIndexOf("/") + 1).replace(/^-|:$/g, "");
}

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

/** The kernel cuts the name of a process to this many characters. */
const NAME_LIMIT = 15;

/**
 * The program's name in the text of `/proc/PID/cmdline`, without folder and arguments. Both may hold
 * spaces, and a process may have written a title over all of it, such as `nginx: worker process`, so
 * the kernel's own name of it says where the name begins. Where that is of no help, what stands
 * before the first argument is the name, and of a title the first word.
 *
 * @param name - at most 15 characters of the program's name, as {@link parseStat} gives it
 * @returns an empty text for a process without a command line, such as a thread of the kernel
 */
export function programName(commandLine: string, name = ""): string {
  const [first = "", ...others] = commandLine.replace(/\0+$/, "").split("\0");
  const text = first.trim();
  const known = nameWithin(text, name);
  if (known !== undefined) return known;
  const isTitle = others.length === 0 || /:(\s|$)/.test(text);
  const [program = ""] = isTitle ? text.split(/\s/, 1) : [text];
  // A login shell puts a dash before its name.
  return program.slice(program.lastIndexOf("/") + 1).replace(/^-|:$/g, "");
}

/** How a name goes on behind what the kernel tells of it, up to an argument or the end of a title. */
const REST = {
  nothing: /^(?=:?\s|:?$)/,
  // Arguments may hold secrets: only a name that has spaces goes on behind one.
  word: /^[^\s/]*?(?=:?\s|:?$)/,
  words: /^[^/]*?(?=:\s|\s+[-/]|:?$)/,
};

/** The whole name that begins with the kernel's; where a path goes on, it is that of a folder. */
function nameWithin(text: string, name: string): string | undefined {
  if (name === "") return undefined;
  const rest = name.length < NAME_LIMIT ? "nothing" : /\s/.test(name) ? "words" : "word";
  for (const { index, 0: slash } of text.matchAll(/^|\//g)) {
    const start = index + slash.length;
    if (!text.startsWith(name, start)) continue;
    const more = REST[rest].exec(text.slice(start + name.length));
    if (more) return name + more[0];
  }
  return undefined;
}

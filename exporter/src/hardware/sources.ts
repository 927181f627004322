import { execFile } from "node:child_process";
import { access, readdir, readFile, readlink } from "node:fs/promises";
import { createRequire } from "node:module";
import os from "node:os";
import { promisify } from "node:util";
import pTimeout from "p-timeout";

/**
 * Everything that detection reads from outside, so that recorded machines can take the place of
 * this one. Each reading may fail: then it rejects with a message that says what could not be read.
 */
export interface HardwareSources {
  readonly platform: NodeJS.Platform;
  /** Of this process, as `process.arch` has it. */
  readonly arch: string;
  /** What Node says about the machine. */
  readonly os: OsFigures;
  /** Folders in which Node looks for packages. */
  readonly moduleFolders: readonly string[];
  /**
   * The standard output of a command.
   *
   * @throws Error when it cannot be started or does not end with 0
   */
  run(command: string, args: readonly string[]): Promise<string>;
  /** @throws Error when the file cannot be read */
  readFile(path: string): Promise<string>;
  exists(path: string): Promise<boolean>;
  /** Where a symbolic link points to. @throws Error when it cannot be read */
  readLink(path: string): Promise<string>;
  /** The names in a folder; none when there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
}

/** Figures that Node itself knows, as they are now. */
interface OsFigures {
  readonly totalMemoryBytes: number;
  readonly freeMemoryBytes: number;
  /** Resident set of this process. */
  readonly residentBytes: number;
  /** Processors that the scheduler lets this process use. */
  readonly parallelism: number;
  /** Empty when it is not known. */
  readonly cpuModel: string;
}

const start = promisify(execFile);

/**
 * The machine that this process runs on.
 *
 * @param timeLimitMs - milliseconds after which a command is killed
 */
export function thisMachine(timeLimitMs: number): HardwareSources {
  return {
    platform: process.platform,
    arch: process.arch,
    os: {
      totalMemoryBytes: os.totalmem(),
      // These two change, and sources are read again and again.
      get freeMemoryBytes() {
        return os.freemem();
      },
      get residentBytes() {
        return process.memoryUsage.rss();
      },
      parallelism: os.availableParallelism(),
      cpuModel: os.cpus()[0]?.model.trim() ?? "",
    },
    moduleFolders: createRequire(import.meta.url).resolve.paths("node-llama-cpp") ?? [],
    async run(command, args) {
      const options = { timeout: timeLimitMs, killSignal: "SIGKILL", windowsHide: true } as const;
      // Numbers with a decimal point, whatever the user's language.
      const env = { ...process.env, LC_ALL: "C" };
      const { stdout } = await start(command, args, { ...options, env });
      return stdout;
    },
    readFile: (path) => readFile(path, "utf8"),
    exists: (path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    readLink: (path) => readlink(path),
    list: (folder) => readdir(folder).catch(() => []),
  };
}

/** The same sources, but a reading that takes longer than `limitMs` milliseconds rejects. */
export function withTimeLimit(sources: HardwareSources, limitMs: number): HardwareSources {
  const inTime = <T>(reading: Promise<T>, what: string) =>
    pTimeout(reading, { milliseconds: limitMs, message: `${what}: no answer in ${limitMs} ms` });
  return {
    ...sources,
    run: (command, args) => inTime(sources.run(command, args), command),
    readFile: (path) => inTime(sources.readFile(path), path),
    exists: (path) => inTime(sources.exists(path), path),
    readLink: (path) => inTime(sources.readLink(path), path),
    list: (folder) => inTime(sources.list(folder), folder),
  };
}

/**
 * Reads lines of the form `key: value`, as sysctl, vm_stat and the files in /proc write them. A key
 * that comes twice keeps its first value; lines without a colon are left out.
 */
export function keyValues(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon < 0) continue;
    const key = line.slice(0, colon).trim();
    if (!found.has(key)) found.set(key, line.slice(colon + 1).trim());
  }
  return found;
}

/**
 * A whole number at the start of a value, such as 16384 in `16384 kB`.
 *
 * @throws Error that names the key when there is no such number
 */
export function wholeNumber(values: ReadonlyMap<string, string>, key: string): number {
  const digits = /^\d+/.exec(values.get(key) ?? "")?.[0];
  if (digits === undefined) throw new Error(`${key}: no number`);
  return Number(digits);
}

/**
 * The values of kernel keys on macOS. Ask only for keys that exist together: at the first unknown
 * key sysctl ends with an error.
 *
 * @throws Error when one of the keys is unknown
 */
export async function sysctl(
  sources: HardwareSources,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  // Not every shell's PATH has /usr/sbin.
  return keyValues(await sources.run("/usr/sbin/sysctl", keys));
}

import { execFile } from "node:child_process";
import { access, readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import os from "node:os";
import { promisify } from "node:util";
import type { HardwareSources } from "./sources.ts";

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
    list: (folder) => readdir(folder).catch(() => []),
  };
}

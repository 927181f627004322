import { readdirSync, readFileSync } from "node:fs";
import type { HardwareSources } from "../sources.ts";

const FOLDER = new URL("../fixtures/", import.meta.url);

/** Names of the recorded machines in `fixtures/`. */
export const MACHINES = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".txt"))
  .map((file) => file.slice(0, -".txt".length))
  .sort();

/** A machine as its fixture records it; `fixtures/README.md` describes the format. */
export function recordedMachine(name: string): HardwareSources {
  return machineOf(readFileSync(new URL(`${name}.txt`, FOLDER), "utf8"));
}

/** A machine from a text in the format of a fixture. */
export function machineOf(text: string): HardwareSources {
  const sections = new Map<string, string>();
  for (const section of text.split(/^>>> /m).slice(1)) {
    const end = section.indexOf("\n");
    sections.set(section.slice(0, end), section.slice(end + 1).replace(/\n$/, ""));
  }
  const head = [...sections.keys()].find((key) => key.startsWith("machine ")) ?? "";
  const [, platform, arch, parallelism] =
    /^machine (\w+) (\w+) parallelism=(\d+)$/.exec(head) ?? [];
  const section = async (key: string): Promise<string> => {
    const found = sections.get(key);
    if (found === undefined) throw new Error(`${key}: not recorded`);
    return found;
  };
  return {
    platform: platform as NodeJS.Platform,
    arch: arch!,
    os: {
      totalMemoryBytes: 8e9,
      freeMemoryBytes: 5e9,
      residentBytes: 1e8,
      parallelism: Number(parallelism),
      cpuModel: "",
    },
    moduleFolders: ["/node_modules"],
    async run(command, args) {
      return command === "/usr/sbin/sysctl"
        ? values(await section("sysctl"), args)
        : section(["run", command, ...args].join(" "));
    },
    readFile: (path) => section(`file ${path}`),
    exists: async (path) => sections.has(`file ${path}`) || sections.has(`folder ${path}`),
    readLink: (path) => section(`link ${path}`),
    list: async (path) => (sections.get(`folder ${path}`) ?? "").split(/\s+/).filter(Boolean),
  };
}

/** As the real sysctl does, it ends with an error at the first key that is not known. */
function values(all: string, keys: readonly string[]): string {
  const lines = keys.map((key) => {
    const line = all.split("\n").find((text) => text.startsWith(`${key}:`));
    if (line === undefined) throw new Error(`sysctl: unknown oid '${key}'`);
    return line;
  });
  return lines.join("\n");
}

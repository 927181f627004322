import type { HardwareSources } from "./sources.ts";

/** The same sources, but a reading that takes longer than `limitMs` milliseconds rejects. */
export function withTimeLimit(sources: HardwareSources, limitMs: number): HardwareSources {
  return {
    ...sources,
    run: (command, args) => inTime(sources.run(command, args), command, limitMs),
    readFile: (path) => inTime(sources.readFile(path), path, limitMs),
    exists: (path) => inTime(sources.exists(path), path, limitMs),
    list: (folder) => inTime(sources.list(folder), folder, limitMs),
  };
}

async function inTime<T>(reading: Promise<T>, what: string, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: no answer in ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([reading, late]);
  } finally {
    clearTimeout(timer);
  }
}

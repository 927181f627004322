import { stat } from "node:fs/promises";
import { modelPaths } from "../engine/llama/model-files.ts";

/** How often a model's files are looked at; a look costs a system call for each. */
const LOOK_SECONDS = 5;

/** Watches the files of a model that is loaded. */
export interface FileWatch {
  /** What happened to them since, in a sentence; undefined while they are as they were. */
  readonly changed: string | undefined;
  close(): void;
}

/**
 * Watches the files of a model by their sizes and times. To be begun before it is loaded, so that no
 * change is missed. A look that never returns, as on a network disk that is gone, holds up nothing else.
 *
 * @param file - its only or its first file
 * @param onChange - is told once what happened
 */
export async function watchFile(
  file: string,
  onChange: (what: string) => void,
  lookSeconds = LOOK_SECONDS,
): Promise<FileWatch> {
  const paths = await modelPaths(file);
  const before = await Promise.all(paths.map(stateOf));
  let changed: string | undefined;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    // One after the other: each that hangs holds a thread of the few that Node reads files with.
    for (const [i, path] of paths.entries()) {
      const state = await stateOf(path);
      if (closed) return;
      if (state === before[i]) continue;
      changed =
        `${path} ${state === undefined ? "is gone" : "was changed"} since it was loaded. ` +
        "Restart the exporter to use what is there now.";
      return onChange(changed);
    }
    timer = setTimeout(look, 1000 * lookSeconds).unref();
  };
  timer = setTimeout(look, 1000 * lookSeconds).unref();
  return {
    get changed() {
      return changed;
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

/** Sizes and times of a model's files, as one text that changes with them. */
export async function modelState(file: string): Promise<string> {
  return (await Promise.all((await modelPaths(file)).map(stateOf))).join(", ");
}

/** Undefined when there is no such file. */
async function stateOf(path: string): Promise<string | undefined> {
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  return stats && `${stats.ino} ${stats.size} ${stats.mtimeNs}`;
}

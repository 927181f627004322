import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { removeDurably, withFolderLock, writeDurably } from "./durable-folder.ts";
import { incidentText, readIncidentText, type IncidentFile } from "./incident.ts";

/** All incidents by id, oldest first. */
export type IncidentFiles = ReadonlyMap<string, IncidentFile>;

/** What a change of the incidents gives back, and the files that it changes, adds or removes. */
export interface Change<T> {
  readonly result: T;
  readonly changed: readonly IncidentFile[];
  readonly removed?: readonly IncidentFile[];
}

interface Seen {
  readonly version: string;
  /** Why the file cannot be read, or what it holds. */
  readonly content: IncidentFile | Error;
}

const EXTENSION = ".md";

/** Far below the number of files that a process may have open, and enough to keep the disk busy. */
const READ_AT_ONCE = 64;

/**
 * A folder of incidents, a Markdown file each. Several processes may change it; each change is
 * made under a lock, from what is on the disk at that time, and is on the disk when it returns.
 */
export class IncidentStore {
  readonly folder: string;
  #seen = new Map<string, Seen>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * All incidents that are on the disk now; none when there is no folder.
   *
   * @throws Error with a system code
   */
  list(): Promise<IncidentFiles> {
    return this.#inTurn(() => this.#read());
  }

  /** Files that cannot be read, as of the last reading, with the reason. */
  get broken(): ReadonlyMap<string, Error> {
    const errors = new Map<string, Error>();
    for (const [name, { content }] of this.#seen) {
      if (content instanceof Error) errors.set(name, content);
    }
    return errors;
  }

  /**
   * Changes incidents. When it fails, some of the files may be written or removed: what is changed
   * must be something that can be done again.
   *
   * @throws Error with a system code, or whatever `change` throws
   */
  change<T>(change: (files: IncidentFiles) => Change<T>): Promise<T> {
    return this.#inTurn(() =>
      withFolderLock(this.folder, async () => {
        const { result, changed, removed = [] } = change(await this.#read());
        for (const file of changed) await writeDurably(this.#path(file), incidentText(file));
        await removeDurably(removed.map((file) => this.#path(file)));
        return result;
      }),
    );
  }

  #path({ incident }: IncidentFile): string {
    return join(this.folder, `${incident.id}${EXTENSION}`);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #read(): Promise<IncidentFiles> {
    const names = (await readdir(this.folder).catch(unlessMissing([] as string[])))
      .filter((name) => name.endsWith(EXTENSION) && !name.startsWith("."))
      .sort();
    const seen = new Map<string, Seen>();
    const files = new Map<string, IncidentFile>();
    for (let first = 0; first < names.length; first += READ_AT_ONCE) {
      const some = names.slice(first, first + READ_AT_ONCE).map(async (name) => ({
        name,
        found: await this.#readOne(name).catch(unlessMissing(undefined)),
      }));
      for (const { name, found } of await Promise.all(some)) {
        if (!found) continue;
        seen.set(name, found);
        if (!(found.content instanceof Error)) files.set(found.content.incident.id, found.content);
      }
    }
    this.#seen = seen;
    return files;
  }

  /** Files are replaced and never written in place, so an unchanged version is not read again. */
  async #readOne(name: string): Promise<Seen | undefined> {
    const path = join(this.folder, name);
    const found = await stat(path);
    // A folder, or a pipe that nobody writes to, is no incident, whatever its name.
    if (!found.isFile()) return undefined;
    const version = `${found.ino} ${found.mtimeMs} ${found.size}`;
    const known = this.#seen.get(name);
    if (known?.version === version) return known;
    return { version, content: contentOf(name, await readFile(path, "utf8")) };
  }
}

function contentOf(name: string, text: string): IncidentFile | Error {
  try {
    const file = readIncidentText(text);
    // A copy under another name would be written to the original.
    if (`${file.incident.id}${EXTENSION}` === name) return file;
    return new Error(`The file's name is not its id, ${file.incident.id}; rename one of them.`);
  } catch (error) {
    return error as Error;
  }
}

function unlessMissing<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return instead;
    throw error;
  };
}

import type { HardwareSources } from "../sources.ts";
import { readProcessMemory } from "./process-memory.ts";

/** Seconds between two readings. */
const PERIOD_SECONDS = 5;
/** Walking the pages of a large model takes long, and its process waits now and then: no more than a fiftieth. */
const SHARE = 1 / 50;

/** Whose memory is read. */
export interface ListenerMemoryOptions {
  readonly sources: HardwareSources;
  /** Of TCP, on this machine. */
  readonly port: number;
}

/** Memory of the program that listens on a port of this machine, with all that it started, read again and again. */
export class ListenerMemory {
  readonly #options: ListenerMemoryOptions;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #listeners: readonly number[] = [];
  #bytes: number | undefined;

  constructor(options: ListenerMemoryOptions) {
    this.#options = options;
    void this.#read();
  }

  /** The newest reading; undefined when nobody listens, or it is a program of another user. */
  get bytes(): number | undefined {
    return this.#bytes;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #read(): Promise<void> {
    const startedAt = performance.now();
    this.#bytes = await this.#sum().catch(() => undefined);
    const took = (performance.now() - startedAt) / 1000;
    if (this.#isClosed) return;
    const wait = Math.max(PERIOD_SECONDS, took / SHARE);
    this.#timer = setTimeout(() => void this.#read(), 1000 * wait).unref();
  }

  async #sum(): Promise<number | undefined> {
    const { sources, port } = this.#options;
    this.#listeners = await listenersOn(port, sources, this.#listeners);
    if (this.#listeners.length === 0) return undefined;
    const pids = await withDescendants(this.#listeners, sources);
    const { bytes } = await readProcessMemory(sources, [process.pid, ...pids]);
    const theirs = pids.flatMap((pid) => bytes.get(pid) ?? []);
    return theirs.length === 0 ? undefined : theirs.reduce((sum, some) => sum + some);
  }
}

/**
 * The processes of this user that listen on a port.
 *
 * @param likely - are looked at first, and alone when one of them does
 */
export async function listenersOn(
  port: number,
  sources: HardwareSources,
  likely: readonly number[] = [],
): Promise<number[]> {
  if (sources.platform === "darwin") {
    const args = ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fp"];
    const text = await sources.run("/usr/sbin/lsof", args).catch(() => "");
    return [...text.matchAll(/^p(\d+)$/gm)].map(([, pid]) => Number(pid));
  }
  if (sources.platform !== "linux") return [];
  const tables = ["/proc/net/tcp", "/proc/net/tcp6"].map((path) =>
    // Without IPv6 there is no second one.
    sources.readFile(path).catch(() => ""),
  );
  const sockets = new Set((await Promise.all(tables)).flatMap((table) => socketsIn(table, port)));
  if (sockets.size === 0) return [];
  const known = await holdersOf(sockets, likely, sources);
  if (known.length > 0) return known;
  const all = (await sources.list("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  return holdersOf(sockets, all, sources);
}

const LISTENS = "0A";

/** As links to them read, in a table of proc_net_tcp(5). */
function socketsIn(table: string, port: number): string[] {
  const end = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table.split("\n").flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    return state === LISTENS && local?.endsWith(end) ? [`socket:[${inode}]`] : [];
  });
}

async function holdersOf(
  sockets: ReadonlySet<string>,
  pids: readonly number[],
  sources: HardwareSources,
): Promise<number[]> {
  const holders: number[] = [];
  // One after the other: there may be thousands of files.
  for (const pid of pids) {
    const folder = `/proc/${pid}/fd`;
    const files = (await sources.list(folder)).map((name) => `${folder}/${name}`);
    const links = await Promise.all(files.map((file) => sources.readLink(file).catch(() => "")));
    if (links.some((link) => sockets.has(link))) holders.push(pid);
  }
  return holders;
}

/** Model servers answer in one process and compute in another. */
async function withDescendants(
  pids: readonly number[],
  sources: HardwareSources,
): Promise<number[]> {
  const text = await sources.run("ps", ["-A", "-o", "pid=,ppid="]).catch(() => "");
  const parents = [...text.matchAll(/^\s*(\d+)\s+(\d+)\s*$/gm)].map(
    ([, pid, parent]) => [Number(pid), Number(parent)] as const,
  );
  const found = new Set(pids);
  // A set is gone through to its end, also to what is added meanwhile.
  for (const one of found) {
    for (const [pid, parent] of parents) if (parent === one) found.add(pid);
  }
  return [...found];
}

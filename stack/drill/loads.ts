import { join } from "node:path";
import { profile, type ProfileName } from "@headroom/loadtest/plan/profiles";
import { runK6 } from "@headroom/loadtest/run/k6";
import type { RunFolder } from "../places.ts";
import type { Session } from "../session.ts";

/** The profiles that drills use. */
export type LoadName = Extract<ProfileName, "steady" | "flood">;

/** Longer than any drill; a load that is forgotten ends by itself. */
const MOST_SECONDS = 900;

/** Where the steady load of a run writes the end of each of its requests. */
export const samplesOf = ({ path }: RunFolder): string => join(path, "steady.samples");

/** Loads that go on until they are stopped. */
export class Loads {
  readonly #k6: string;
  readonly #target: string;
  readonly #folder: RunFolder;
  readonly #signal: AbortSignal;
  readonly #running = new Map<LoadName, () => Promise<unknown>>();

  /** @param session - its folder holds what k6 writes, and its interrupt ends every load */
  constructor(k6: string, target: string, { folder, signal }: Pick<Session, "folder" | "signal">) {
    this.#k6 = k6;
    this.#target = target;
    this.#folder = folder;
    this.#signal = signal;
  }

  /** Begins it. Whatever ends it early is told when it is stopped. */
  start(name: LoadName): void {
    const stop = new AbortController();
    const interrupt = () => stop.abort();
    this.#signal.addEventListener("abort", interrupt, { once: true });
    const file = (kind: string) => join(this.#folder.path, `${name}.${kind}`);
    const ended = runK6({
      k6: this.#k6,
      profile: profile(name, MOST_SECONDS),
      target: this.#target,
      firstMessage: 0,
      summary: file("json"),
      html: file("html"),
      log: this.#folder.log(name),
      ...(name === "steady" && { samples: samplesOf(this.#folder) }),
      signal: stop.signal,
    }).finally(() => this.#signal.removeEventListener("abort", interrupt));
    // Until then it is no rejection that nobody handles.
    ended.catch(() => undefined);
    this.#running.set(name, () => {
      stop.abort();
      return ended;
    });
  }

  async stop(name: LoadName): Promise<void> {
    const stop = this.#running.get(name);
    this.#running.delete(name);
    await stop?.();
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((name) => this.stop(name)));
  }
}

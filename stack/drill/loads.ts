import { join } from "node:path";
import { profile, type ProfileName } from "@headroom/loadtest/plan/profiles";
import { runK6 } from "@headroom/loadtest/run/k6";
import type { RunFolder } from "../places.ts";

/** The profiles that drills use. */
export type LoadName = Extract<ProfileName, "steady" | "flood" | "chat">;

/** Short chats, as many a second as give each window of a drill enough of them. */
const CHATS = { requestsPerSecond: 25, inputTokens: 32, outputTokens: 8, model: "simulated" };

/** Longer than any drill; a load that is forgotten ends by itself. */
const MOST_SECONDS = 900;

/** Where the steady load of a run writes the end of each of its requests. */
export const samplesOf = ({ path }: RunFolder): string => join(path, "steady.samples");

/**
 * Starts a load that goes on until it is stopped.
 *
 * @param run - `folder` is for what k6 writes; `signal` stops the load too
 * @returns what stops it, and tells whatever ended it early
 */
export function startLoad(
  name: LoadName,
  run: { k6: string; target: string; folder: RunFolder; signal: AbortSignal },
): () => Promise<unknown> {
  const { k6, target, folder, signal } = run;
  const stop = new AbortController();
  const file = (kind: string) => join(folder.path, `${name}.${kind}`);
  const ended = runK6({
    k6,
    profile: profile(name, MOST_SECONDS, name === "chat" ? CHATS : {}),
    target,
    firstMessage: 0,
    summary: file("json"),
    html: file("html"),
    log: folder.log(name),
    ...(name === "steady" && { samples: samplesOf(folder) }),
    signal: AbortSignal.any([signal, stop.signal]),
  });
  // Until then it is no rejection that nobody handles.
  ended.catch(() => undefined);
  return () => {
    stop.abort();
    return ended;
  };
}

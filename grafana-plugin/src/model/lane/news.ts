import type { Lane } from "./lane.ts";

/** So long a lane must have been well before another breach is news: until then it is the same one. */
const CALM_MS = 60_000;

/** What was told of lanes beyond a critical limit, and what is to be told now. */
export interface News {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Those that were told of, and since when each is well again. */
  readonly known: ReadonlyMap<string, number | undefined>;
  /** Names of those that are critical and were not before, in the order of the lanes. */
  readonly fresh: readonly string[];
}

/**
 * Which lanes have become critical. One that flutters about its limit is told of once: it is forgotten
 * when it has been well for a minute.
 *
 * @param now - the moment that the lanes tell of, milliseconds since 1970
 * @param before - undefined at the first look; what was so before somebody came, or was looked up in the
 *   past, is no news
 */
export function newsOf(
  lanes: readonly Pick<Lane, "id" | "name" | "state">[],
  now: number,
  before?: News,
): News {
  const isLater = before !== undefined && now >= before.at;
  // One without values is neither worse nor well.
  const known = new Map(isLater ? before.known : []);
  const fresh: string[] = [];
  for (const { id, name, state } of lanes) {
    const wasKnown = known.has(id);
    if (state === "critical") {
      if (isLater && !wasKnown) fresh.push(name);
      known.set(id, undefined);
    } else if (wasKnown) {
      const well = state === "ok" ? (known.get(id) ?? now) : undefined;
      if (well !== undefined && now - well >= CALM_MS) known.delete(id);
      else known.set(id, well);
    }
  }
  return { at: now, known, fresh };
}

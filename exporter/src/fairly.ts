import { setImmediate as nextTurn } from "node:timers/promises";

/** How long one piece of work may keep all others waiting. */
const MOST_MILLISECONDS = 5;

/** Maps a list that may take long, and lets other work of this thread have its turn now and then. */
export async function mapFairly<T, R>(
  items: readonly T[],
  map: (item: T, index: number) => R,
): Promise<R[]> {
  const results: R[] = [];
  let since = performance.now();
  for (const [index, item] of items.entries()) {
    results.push(map(item, index));
    if (performance.now() - since < MOST_MILLISECONDS) continue;
    await nextTurn();
    since = performance.now();
  }
  return results;
}

/** 2026-01-01T12:00:00Z, so that pictures are the same on every day. */
export const END = 1_767_268_800_000;

/** Milliseconds that a scene shows. */
export const SPAN = 3_600_000;

/** Moments of a scene, evenly spaced up to {@link END}, or to a share of the scene. */
export function moments(count: number, share = 1): number[] {
  return Array.from({ length: count }, (_, i) => END - SPAN + ((i + 1) * share * SPAN) / count);
}

/**
 * Numbers between -1 and 1 that look like chance and are the same in every run: a linear
 * congruential generator with the constants of Numerical Recipes (Press et al.).
 */
export function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/**
 * A smooth curve with noise on it.
 *
 * @param level - its height at a moment, which runs from 0 to 1
 * @param spread - how far the noise reaches up and down
 */
export function wave(
  count: number,
  seed: number,
  level: (moment: number) => number,
  spread: number,
): number[] {
  const chance = noise(seed);
  return Array.from({ length: count }, (_, i) => level(i / count) + spread * chance());
}

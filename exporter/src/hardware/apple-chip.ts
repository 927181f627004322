import type { AppleChip } from "./facts.ts";

const BRAND = /^Apple M(\d{1,3})(?: (Pro|Max|Ultra))?$/;

/**
 * Reads generation and tier from the brand of an Apple processor, such as `Apple M4 Pro`.
 *
 * @returns undefined when it is another make or is not understood
 */
export function appleChip(brand: string): AppleChip | undefined {
  const match = BRAND.exec(brand.trim());
  const generation = Number(match?.[1]);
  if (!match || generation === 0) return undefined;
  return { generation, tier: (match[2] as AppleChip["tier"] | undefined) ?? "base" };
}

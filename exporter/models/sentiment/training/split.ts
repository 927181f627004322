/** The part of the data that a text belongs to. */
export type Part = "train" | "validation" | "test";

/** Of 100 buckets, the first 20 are for testing, the next 12 for choosing the recipe. */
const TEST_BUCKETS = 20;
const VALIDATION_BUCKETS = 12;

/**
 * Decides by a hash of the text alone, so that a text that stands twice (in other letter case or
 * spacing) never is on both sides, and no order or seed changes the split.
 */
export function partOf(text: string): Part {
  const bucket = hash(text.toLowerCase().replace(/\s+/g, " ").trim()) % 100;
  if (bucket < TEST_BUCKETS) return "test";
  return bucket < TEST_BUCKETS + VALIDATION_BUCKETS ? "validation" : "train";
}

/** FNV-1a over UTF-16 units, with murmur3's finaliser to mix the low bits. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

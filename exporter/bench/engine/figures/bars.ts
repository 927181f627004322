/** Blocks that fill an eighth of a character, two eighths, and so on. */
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;

/**
 * A bar of block characters, as long as the value's share of the most.
 *
 * @param most - the value of a full bar
 * @param width - of a full bar, in characters
 * @returns nothing for a value that is not above 0 or not finite
 */
export function bar(value: number, most: number, width: number): string {
  const share = value / most;
  if (!(share > 0) || !Number.isFinite(share)) return "";
  const eighths = Math.round(Math.min(1, share) * width * 8);
  // What is there is seen, however little it is.
  const shown = Math.max(1, eighths);
  return "█".repeat(Math.floor(shown / 8)) + EIGHTHS[shown % 8]!;
}

/** A bar for each value; the largest is full. */
export function bars(values: readonly number[], width = 24): string[] {
  const most = Math.max(...values.filter(Number.isFinite));
  return values.map((value) => bar(value, most, width));
}

const SECOND = ["s", 1_000] as const;
const UNITS = [["d", 86_400_000], ["h", 3_600_000], ["min", 60_000], SECOND] as const;

/** Below this many of a unit, the next smaller one is said too. */
const COARSE_FROM = 10;

/**
 * A length of time in words, as coarse as it is long: `45 s`, `1 min 30 s`, `12 min`, `2 h`,
 * `3 d 4 h`.
 *
 * @param ms milliseconds, finite; less than half a second is `under 1 s`
 */
export function durationWords(ms: number): string {
  const index = unitIndex(ms);
  const [unit, length] = UNITS[index] ?? SECOND;
  const smaller = UNITS[index + 1];
  const isCoarse = smaller === undefined || ms / length >= COARSE_FROM;
  const step = isCoarse ? length : smaller[1];
  const rounded = Math.round(ms / step) * step;
  if (!(rounded >= 1_000)) return "under 1 s";
  // Rounding may reach a longer unit, whose words differ: 59.9 s are 1 min.
  if (unitIndex(rounded) !== index) return durationWords(rounded);

  const count = Math.floor(rounded / length);
  const rest = isCoarse ? 0 : Math.round((rounded - count * length) / step);
  return rest === 0 ? `${count} ${unit}` : `${count} ${unit} ${rest} ${smaller?.[0]}`;
}

/** The longest unit that fits into `ms`, else the shortest. */
function unitIndex(ms: number): number {
  const index = UNITS.findIndex(([, length]) => ms >= length);
  return index < 0 ? UNITS.length - 1 : index;
}

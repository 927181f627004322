const SECONDS = { s: 1, m: 60, h: 3600 } as const;

/** A load run is bounded; a day is past any sensible one. */
const LONGEST_SECONDS = 86_400;

/**
 * A duration such as "30s", "2m" or "1m30s" in seconds; a bare number is seconds.
 *
 * @throws RangeError for anything else, for zero, and for more than a day
 */
export function parseDuration(text: string): number {
  const parts = /^(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/.exec(text.trim());
  const [hours = 0, minutes = 0, seconds = 0] = (parts ?? []).slice(1).map((p) => Number(p ?? 0));
  const total = hours * SECONDS.h + minutes * SECONDS.m + seconds;
  if (!parts || total < 1 || total > LONGEST_SECONDS) {
    throw new RangeError(`a duration is like 30s, 2m or 1m30s, at most a day; got "${text}"`);
  }
  return total;
}

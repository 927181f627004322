import type { CacheLogger, CacheObserver } from "../cache.ts";

/** Counts lookups and writes, and keeps log lines, so that a test can read them. */
export class Recorder {
  readonly lookups: Record<string, number> = {};
  readonly writes: Record<string, number> = {};
  readonly lines: string[] = [];

  readonly observe: CacheObserver = (tier, result, count) => {
    const counts = result === "stored" || result === "dropped" ? this.writes : this.lookups;
    const name = `${tier} ${result}`;
    counts[name] = (counts[name] ?? 0) + count;
  };

  readonly logger: CacheLogger = {
    info: (fields, message) => void this.lines.push(`${message} ${JSON.stringify(fields)}`),
    warn: (fields, message) => void this.lines.push(`${message} ${JSON.stringify(fields)}`),
  };

  /** How many log lines match. */
  logged(pattern: RegExp): number {
    return this.lines.filter((line) => pattern.test(line)).length;
  }
}

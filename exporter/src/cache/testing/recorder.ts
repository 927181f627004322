import type { CacheLogger, LookupObserver } from "../cache.ts";

/** Counts lookups and keeps log lines, so that a test can read them. */
export class Recorder {
  readonly lookups: Record<string, number> = {};
  readonly lines: string[] = [];

  readonly observe: LookupObserver = (tier, result, count) => {
    const name = `${tier} ${result}`;
    this.lookups[name] = (this.lookups[name] ?? 0) + count;
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

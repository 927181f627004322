/** A GB is 1e9 bytes here, as in `alerts/limits.ts`. */
export const GB = 1e9;

/** A size for a sentence, such as `5.3 GB`. */
export function gigabytes(bytes: number): string {
  return `${(bytes / GB).toFixed(bytes < GB / 10 ? 2 : 1)} GB`;
}

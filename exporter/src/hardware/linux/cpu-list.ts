/**
 * Reads a list of processors as the kernel writes it: `0-3,8` is 0, 1, 2, 3 and 8.
 *
 * @throws Error when the text has another shape
 */
export function cpuList(text: string): number[] {
  if (text.trim() === "") return [];
  return text
    .trim()
    .split(",")
    .flatMap((range) => {
      const match = /^(\d+)(?:-(\d+))?$/.exec(range);
      if (!match) throw new Error(`"${range}" is no range of processors`);
      const first = Number(match[1]);
      const last = Number(match[2] ?? match[1]);
      return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
    });
}

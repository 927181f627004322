/** How much longer the long text is. */
const TIMES = 20;

/**
 * By which factor work on a text takes more of the processor than the same work on twenty texts of a
 * twentieth of its length: about 1 when the time is linear in the length, and 20 when it is quadratic.
 *
 * @param length - of the long text
 */
export function growth(
  textOf: (length: number) => string,
  length: number,
  work: (text: string) => unknown,
): number {
  const [short, long] = [textOf(length / TIMES), textOf(length)];
  // The least of some rounds, because others share the machine.
  let [whole, parts] = [Infinity, Infinity];
  for (let round = 0; round < 5; round++) {
    whole = Math.min(
      whole,
      processorTime(() => work(long)),
    );
    parts = Math.min(
      parts,
      processorTime(() => {
        for (let i = 0; i < TIMES; i++) work(short);
      }),
    );
  }
  // A millisecond more is no growth.
  return whole / (parts + 1_000);
}

/** In microseconds. */
function processorTime(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

import type { Examined } from "../step.ts";

/** How many hours of some time hold samples of the exporter. */
export async function hoursOfHistory(
  { prometheus, matchers, at }: Examined,
  { window, before = 0 }: { readonly window: string; readonly before?: number },
): Promise<number> {
  const hours = await prometheus.value(
    `max(count_over_time(up{${matchers}}[${window}:1h]))`,
    at - before,
  );
  return Number.isNaN(hours) ? 0 : hours;
}

import { rangeUtil } from "@grafana/data";
import { useEffect, useRef } from "react";

/** How soon a Prometheus that is away is asked again. Milliseconds. */
const RETRY_MS = 5_000;

/**
 * Calls `refresh` every `interval` (like `5s`; empty for never), and sooner while Prometheus cannot
 * be reached. It waits while queries still run, and while nobody looks at the page.
 */
export function useRefresh(
  interval: string,
  { busy, unreachable }: { readonly busy: boolean; readonly unreachable: boolean },
  refresh: () => void,
): void {
  const current = useRef({ busy, refresh });
  useEffect(() => {
    current.current = { busy, refresh };
  });
  const ms = intervalMs(interval);
  const every = unreachable ? Math.min(ms ?? RETRY_MS, RETRY_MS) : ms;
  useEffect(() => {
    if (every === undefined) return;
    const timer = setInterval(() => {
      if (!current.current.busy && !document.hidden) current.current.refresh();
    }, every);
    return () => clearInterval(timer);
  }, [every]);
}

function intervalMs(interval: string): number | undefined {
  if (!rangeUtil.isValidTimeSpan(interval)) return undefined;
  return Math.max(1_000, rangeUtil.intervalToMs(interval));
}

import type { TimeRange } from "@grafana/data";
import { useEffect, useState } from "react";
import { PrometheusError } from "../query/prometheus-api.ts";
import { runAnnotations, type Annotation } from "../query/run-annotations.ts";
import type { Lookup } from "../variables/interpolate.ts";
import type { Dashboard } from "./schema.ts";

/** The annotations of a dashboard, and why they could not be found. */
export interface AnnotationsState {
  readonly annotations: readonly Annotation[];
  /** Undefined while Prometheus is away as well, which the panels tell of. */
  readonly problem?: string;
}

const NONE: AnnotationsState = { annotations: [] };

/** Asks for the annotations whenever the time range or a variable changes. */
export function useAnnotations(
  { annotations }: Dashboard,
  timeRange: TimeRange,
  lookup: Lookup | undefined,
  scrapeIntervalMs: number,
): AnnotationsState {
  const [state, setState] = useState(NONE);
  const list = annotations?.list;
  useEffect(() => {
    if (!lookup || !list || list.length === 0) return;
    const abort = new AbortController();
    runAnnotations(list, { timeRange, scrapeIntervalMs, lookup, signal: abort.signal }).then(
      (found) => setState({ annotations: found }),
      (error: unknown) => {
        // What was known last is better than nothing.
        if (abort.signal.aborted || (error instanceof PrometheusError && error.unreachable)) return;
        setState({ annotations: [], problem: (error as Error).message });
      },
    );
    return () => abort.abort();
  }, [list, timeRange, lookup, scrapeIntervalMs]);
  return state;
}

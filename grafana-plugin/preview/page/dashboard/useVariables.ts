import type { TimeRange } from "@grafana/data";
import { useEffect, useState } from "react";
import { PrometheusError } from "../query/prometheus-api.ts";
import { builtInLookup } from "../variables/built-in.ts";
import { resolveVariables } from "../variables/resolve.ts";
import type { Variable } from "../variables/variable.ts";
import type { Dashboard } from "./schema.ts";

/** A dashboard's variables, and why they are not known. */
export interface VariablesState {
  /** Undefined until they are found. */
  readonly variables: readonly Variable[] | undefined;
  readonly problem: { readonly message: string; readonly unreachable: boolean } | undefined;
}

/** Finds a dashboard's variables again when the time range or a choice changes. */
export function useVariables(
  dashboard: Dashboard,
  timeRange: TimeRange,
  asked: Readonly<Record<string, readonly string[]>>,
): VariablesState {
  const [state, setState] = useState<VariablesState>({ variables: undefined, problem: undefined });
  useEffect(() => {
    const abort = new AbortController();
    const range = { from: timeRange.from.valueOf(), to: timeRange.to.valueOf() };
    resolveVariables(dashboard.templating?.list ?? [], {
      asked: (name) => asked[name] ?? [],
      builtIn: builtInLookup(range, dashboard),
      range,
      signal: abort.signal,
    }).then(
      (variables) =>
        setState((old) => ({ variables: unchanged(old, variables), problem: undefined })),
      (error: Error) => {
        if (abort.signal.aborted) return;
        const unreachable = error instanceof PrometheusError && error.unreachable;
        setState((old) => ({ ...old, problem: { message: error.message, unreachable } }));
      },
    );
    return () => abort.abort();
  }, [dashboard, timeRange, asked]);
  return state;
}

/** The same list while nothing in it has changed, so that panels do not ask again for it. */
function unchanged(old: VariablesState, found: readonly Variable[]): readonly Variable[] {
  return JSON.stringify(old.variables) === JSON.stringify(found) ? old.variables! : found;
}

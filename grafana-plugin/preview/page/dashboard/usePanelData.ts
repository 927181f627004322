import {
  LoadingState,
  toDataFrame,
  type DataFrame,
  type DataQueryError,
  type TimeRange,
} from "@grafana/data";
import { useEffect, useRef, useState } from "react";
import { runPanel, type QueryFailure } from "../query/run-panel.ts";
import type { Lookup } from "../variables/interpolate.ts";
import type { Panel } from "./schema.ts";

/** The data of a panel, and the time range it was asked for. */
export interface PanelDataState {
  readonly state: LoadingState;
  readonly frames: readonly DataFrame[];
  readonly timeRange: TimeRange;
  readonly failures: readonly QueryFailure[];
  /** The failures as a panel is told of them. */
  readonly errors: DataQueryError[];
}

/** What a panel's queries depend on. */
export interface PanelQueries {
  readonly timeRange: TimeRange;
  readonly scrapeIntervalMs: number;
  /** Undefined until the variables are known. */
  readonly lookup: Lookup | undefined;
  /** Called when the queries of a panel begin and end. */
  readonly onState: (panel: number, state: PanelDataState) => void;
}

/** Runs a panel's queries whenever the time range or a variable changes. */
export function usePanelData(panel: Panel, width: number, queries: PanelQueries): PanelDataState {
  const { timeRange, scrapeIntervalMs, lookup, onState } = queries;
  const [data, setData] = useState<PanelDataState>(() => ({
    state: LoadingState.Loading,
    frames: [],
    timeRange,
    failures: [],
    errors: [],
  }));
  const latest = useRef(data);
  const known = width > 0;
  // Resizing a window by some pixels asks nothing new.
  const points = Math.ceil(width / 50) * 50;

  useEffect(() => {
    if (!lookup || !known) return;
    const abort = new AbortController();
    const set = (next: PanelDataState) => {
      latest.current = next;
      setData(next);
      onState(panel.id, next);
    };
    set({ ...latest.current, state: LoadingState.Loading });
    const context = { timeRange, width: points, scrapeIntervalMs, lookup, signal: abort.signal };
    runPanel(panel, context).then(
      ({ frames, failures }) => {
        const lost = failures.some(({ unreachable }) => unreachable);
        set({
          state: failures.length > 0 ? LoadingState.Error : LoadingState.Done,
          // Old values are better than none while Prometheus is away; their range says how old.
          frames: lost ? latest.current.frames : frames.map((frame) => toDataFrame(frame)),
          timeRange: lost ? latest.current.timeRange : timeRange,
          failures,
          errors: failures.map(({ refId, message }) => ({ refId, message })),
        });
      },
      () => undefined,
    );
    return () => abort.abort();
  }, [panel, known, points, timeRange, scrapeIntervalMs, lookup, onState]);
  return data;
}

import { LoadingState } from "@grafana/data";
import { useCallback, useState } from "react";
import type { PanelDataState } from "./usePanelData.ts";

/** What all panels of a dashboard do, taken together. */
export interface Activity {
  readonly busy: boolean;
  /** Whether Prometheus was not there for some panel. */
  readonly unreachable: boolean;
  /** When a panel last got values, in milliseconds. */
  readonly updated: number | undefined;
}

interface Known extends Activity {
  readonly panels: ReadonlyMap<number, { readonly busy: boolean; readonly unreachable: boolean }>;
}

const NOTHING: Known = { panels: new Map(), busy: false, unreachable: false, updated: undefined };

/** Gathers what panels report about their queries. */
export function useActivity(): readonly [Activity, (id: number, state: PanelDataState) => void] {
  const [known, setKnown] = useState(NOTHING);
  const report = useCallback((id: number, { state, failures }: PanelDataState) => {
    setKnown((old) => {
      const busy = state === LoadingState.Loading;
      const panels = new Map(old.panels);
      panels.set(id, { busy, unreachable: failures.some(({ unreachable }) => unreachable) });
      const all = [...panels.values()];
      const updated = busy || failures.length > 0 ? old.updated : Date.now();
      return {
        panels,
        busy: all.some((panel) => panel.busy),
        unreachable: all.some((panel) => panel.unreachable),
        updated,
      };
    });
  }, []);
  return [known, report];
}

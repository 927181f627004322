import type { PanelPlugin } from "@grafana/data";
import { useEffect, useState } from "react";
import { prepareOptions, type PreparedOptions } from "../panel/prepare-options.ts";
import { pluginFor } from "../panels/kinds.ts";
import type { Panel } from "./schema.ts";

/** What draws a panel, when it is known. */
export type PanelPluginState =
  | { readonly kind: "loading" }
  | { readonly kind: "unknown" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "ready"; readonly plugin: PanelPlugin; readonly prepared: PreparedOptions };

/** Finds the plugin that draws a panel, and gives it the options that the dashboard stores. */
export function usePanelPlugin(
  panel: Panel,
): readonly [PanelPluginState, (prepared: PreparedOptions) => void] {
  const [state, setState] = useState<PanelPluginState>({ kind: "loading" });
  useEffect(() => {
    let current = true;
    const set = (next: PanelPluginState) => {
      if (current) setState(next);
    };
    const load = async () => {
      const plugin = await pluginFor(panel.type);
      if (!plugin) return set({ kind: "unknown" });
      set({ kind: "ready", plugin, prepared: await prepareOptions(plugin, panel) });
    };
    load().catch((error: Error) => set({ kind: "failed", message: error.message }));
    return () => {
      current = false;
    };
  }, [panel]);
  const change = (prepared: PreparedOptions) =>
    setState((old) => (old.kind === "ready" ? { ...old, prepared } : old));
  return [state, change];
}

import { PluginType, type PanelPlugin, type PanelPluginMeta } from "@grafana/data";
import { loadPlugin } from "../host/load-plugin.ts";
import { statPanel } from "./StatPanel.tsx";
import { textPanel } from "./TextPanel.tsx";
import { timeSeriesPanel } from "./TimeSeriesPanel.tsx";

/** Grafana's kinds that the preview draws with Grafana's own components. */
const STANDARD: Readonly<Record<string, PanelPlugin>> = {
  stat: statPanel as PanelPlugin,
  timeseries: timeSeriesPanel as PanelPlugin,
  text: textPanel as PanelPlugin,
};

for (const [id, plugin] of Object.entries(STANDARD)) plugin.meta = metaOf(id);

/**
 * The plugin that draws a kind of panel; undefined when the preview draws none of that kind.
 *
 * @throws Error when the built plugin cannot be loaded
 */
export async function pluginFor(type: string): Promise<PanelPlugin | undefined> {
  if (type === "headroom-limits-panel") return loadPlugin();
  return STANDARD[type];
}

function metaOf(id: string): PanelPluginMeta {
  const version = "";
  const info = { author: { name: "" }, description: "", links: [], screenshots: [] };
  const logos = { large: "", small: "" };
  return {
    ...{ id, name: id, type: PluginType.panel, module: "", baseUrl: "", sort: 0 },
    info: { ...info, logos, updated: "", version },
  };
}

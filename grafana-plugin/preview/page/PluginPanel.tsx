import {
  CoreApp,
  DashboardCursorSync,
  getPanelOptionsWithDefaults,
  useFieldOverrides,
  type AbsoluteTimeRange,
  type EventBus,
  type FieldConfigSource,
  type PanelData,
  type PanelPlugin,
} from "@grafana/data";
import { PanelContextProvider, useTheme2 } from "@grafana/ui";
import { useMemo } from "react";
import { loadPlugin } from "./load-plugin.ts";
import type { Panel } from "./server-api.ts";
import { stateTimelinePanel } from "./StateTimelinePanel.tsx";
import { statPanel } from "./StatPanel.tsx";
import { tablePanel } from "./TablePanel.tsx";
import { timeSeriesPanel } from "./TimeSeriesPanel.tsx";

/** The kinds of panel that the preview draws: the built one, and Grafana's with its components. */
const KINDS = new Map<string, () => Promise<PanelPlugin>>([
  ["headroom-limits-panel", loadPlugin],
  ["stat", async () => statPanel as PanelPlugin],
  ["state-timeline", async () => stateTimelinePanel as PanelPlugin],
  ["table", async () => tablePanel as PanelPlugin],
  ["timeseries", async () => timeSeriesPanel as PanelPlugin],
]);

/** A panel's plugin, and what its component is given. */
export interface PreparedPanel {
  readonly plugin: PanelPlugin;
  readonly options: Record<string, unknown>;
  readonly fieldConfig: FieldConfigSource;
}

/**
 * Finds the plugin of a panel, has it migrate what the dashboard stores, and adds its defaults, as
 * Grafana does when it opens a panel.
 *
 * @throws Error when the preview draws none of that kind, or the plugin cannot be loaded
 */
export async function preparePanel(
  panel: Pick<Panel, "id" | "type" | "options" | "fieldConfig">,
): Promise<PreparedPanel> {
  const plugin = await KINDS.get(panel.type)?.();
  if (!plugin) throw new Error(`The preview does not draw panels of the kind "${panel.type}".`);
  const { defaults = {}, overrides = [] } = structuredClone(panel.fieldConfig ?? {});
  const fieldConfig: FieldConfigSource = { defaults, overrides };
  const options = structuredClone(panel.options ?? {});
  const prepared = getPanelOptionsWithDefaults({
    plugin,
    currentOptions:
      (await plugin.onPanelMigration?.({ ...panel, options, fieldConfig })) ?? options,
    currentFieldConfig: fieldConfig,
    isAfterPluginChange: false,
  });
  return { plugin, ...prepared } as PreparedPanel;
}

/** What a panel needs beside its data. */
export interface PluginPanelProps extends PreparedPanel {
  readonly id: number;
  readonly title: string;
  /** As it comes from the queries; the same object while nothing has changed. */
  readonly data: PanelData;
  readonly timeZone: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly eventBus: EventBus;
  readonly onChangeTimeRange: (range: AbsoluteTimeRange) => void;
}

/** Dashboards have variables in their queries only. */
const asItIs = (text: string | undefined) => text ?? "";
const ignored = () => {};

/** Draws a plugin's panel with its field configuration applied to the data. */
export function PluginPanel({ plugin, data, ...props }: PluginPanelProps) {
  const { fieldConfig, timeZone, eventBus } = props;
  const theme = useTheme2();
  const drawn = useFieldOverrides(plugin, fieldConfig, data, timeZone, theme, asItIs);
  const context = useMemo(
    () => ({
      eventBus,
      eventsScope: "global",
      sync: () => DashboardCursorSync.Crosshair,
      app: CoreApp.Dashboard,
    }),
    [eventBus],
  );
  const Component = plugin.panel;
  if (!Component || !drawn) return null;
  return (
    <PanelContextProvider value={context}>
      <Component
        {...props}
        data={drawn}
        timeRange={data.timeRange}
        transparent={false}
        renderCounter={0}
        replaceVariables={asItIs}
        onOptionsChange={ignored}
        onFieldConfigChange={ignored}
      />
    </PanelContextProvider>
  );
}

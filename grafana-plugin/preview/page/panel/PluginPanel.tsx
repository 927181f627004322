import {
  CoreApp,
  DashboardCursorSync,
  LoadingState,
  type AbsoluteTimeRange,
  type DataFrame,
  type DataQueryError,
  type EventBus,
  type InterpolateFunction,
  type PanelPlugin,
  type TimeRange,
} from "@grafana/data";
import { PanelContextProvider, useTheme2 } from "@grafana/ui";
import { useMemo } from "react";
import { usePreparedFrames } from "./field-overrides.ts";
import type { PreparedOptions } from "./prepare-options.ts";

/** A panel plugin with everything that Grafana passes to it. */
export interface PluginPanelProps {
  readonly plugin: PanelPlugin;
  readonly id: number;
  readonly title: string;
  readonly prepared: PreparedOptions;
  readonly onPreparedChange: (prepared: PreparedOptions) => void;
  /** As they come from the queries. */
  readonly frames: readonly DataFrame[];
  readonly state?: LoadingState;
  readonly errors?: DataQueryError[];
  readonly timeRange: TimeRange;
  readonly timeZone: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly transparent?: boolean;
  readonly eventBus: EventBus;
  readonly replaceVariables: InterpolateFunction;
  readonly onChangeTimeRange: (range: AbsoluteTimeRange) => void;
}

/** Draws a plugin's panel with its field configuration applied to the frames. */
export function PluginPanel(props: PluginPanelProps) {
  const { plugin, prepared, onPreparedChange, eventBus, timeRange, timeZone } = props;
  const { replaceVariables } = props;
  const theme = useTheme2();
  const { series, structureRev } = usePreparedFrames(plugin, props.frames, prepared.fieldConfig, {
    theme,
    timeZone,
    replaceVariables,
  });
  const context = useMemo(
    () => ({
      eventBus,
      eventsScope: "global",
      sync: () => DashboardCursorSync.Crosshair,
      app: CoreApp.Dashboard,
    }),
    [eventBus],
  );
  const { state = LoadingState.Done, errors } = props;
  const data = useMemo(
    () => ({ state, series, structureRev, timeRange, errors }),
    [state, series, structureRev, timeRange, errors],
  );
  const Component = plugin.panel;
  if (!Component) return null;
  return (
    <PanelContextProvider value={context}>
      <Component
        id={props.id}
        title={props.title}
        data={data}
        options={prepared.options}
        onOptionsChange={(options) => onPreparedChange({ ...prepared, options })}
        fieldConfig={prepared.fieldConfig}
        onFieldConfigChange={(fieldConfig) => onPreparedChange({ ...prepared, fieldConfig })}
        timeRange={timeRange}
        timeZone={timeZone}
        width={props.width}
        height={props.height}
        transparent={props.transparent ?? false}
        renderCounter={0}
        eventBus={eventBus}
        replaceVariables={replaceVariables}
        onChangeTimeRange={props.onChangeTimeRange}
      />
    </PanelContextProvider>
  );
}

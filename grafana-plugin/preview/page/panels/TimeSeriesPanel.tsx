import {
  DashboardCursorSync,
  FieldColorModeId,
  FieldConfigProperty,
  FieldType,
  PanelPlugin,
  type DataFrame,
  type PanelProps,
} from "@grafana/data";
import {
  LegendDisplayMode,
  SortOrder,
  TooltipDisplayMode,
  type OptionsWithLegend,
  type OptionsWithTooltip,
} from "@grafana/schema";
import { EventBusPlugin, TimeSeries, TooltipPlugin2, type UPlotConfigBuilder } from "@grafana/ui";
import { useMemo } from "react";
import { AnnotationRegions } from "./AnnotationRegions.tsx";
import { addGraphFieldConfig } from "./graph-field-config.ts";
import { GraphTooltip } from "./GraphTooltip.tsx";
import { NoData } from "./NoData.tsx";

/** Options of Grafana's time series panel. */
export type TimeSeriesOptions = OptionsWithLegend & OptionsWithTooltip;

function TimeSeriesPanel(props: PanelProps<TimeSeriesOptions>) {
  const { data, options, timeRange, timeZone, width, height, onChangeTimeRange } = props;
  const frames = useMemo(() => data.series.filter(isDrawable).map(withGaps), [data.series]);
  if (frames.length === 0) return <NoData text={props.fieldConfig.defaults.noValue} />;
  const { mode = TooltipDisplayMode.Single, sort = SortOrder.None } = options.tooltip ?? {};
  const overlay = (config: UPlotConfigBuilder, frame: DataFrame) => (
    <>
      <AnnotationRegions config={config} />
      <EventBusPlugin config={config} eventBus={props.eventBus} frame={frame} />
      {mode !== TooltipDisplayMode.None && (
        <TooltipPlugin2
          config={config}
          // A const enum of Grafana's, which cannot be imported: 0 for one series, 1 for all.
          hoverMode={mode === TooltipDisplayMode.Single ? 0 : 1}
          queryZoom={onChangeTimeRange}
          clientZoom
          syncMode={DashboardCursorSync.Crosshair}
          syncScope="global"
          render={(_plot, rows, nearest, isPinned) => (
            <GraphTooltip {...{ frame, rows, nearest, mode, sort, timeZone, isPinned }} />
          )}
        />
      )}
    </>
  );
  return (
    <TimeSeries
      frames={frames}
      {...(data.structureRev !== undefined && { structureRev: data.structureRev })}
      {...{ timeRange, timeZone, width, height }}
      legend={options.legend}
    >
      {overlay}
    </TimeSeries>
  );
}

function isDrawable({ fields, length }: DataFrame): boolean {
  const has = (type: FieldType) => fields.some((field) => field.type === type);
  return length > 0 && has(FieldType.time) && has(FieldType.number);
}

/** As in Grafana, what is no number is a gap: one NaN, a ratio of no traffic, would hide all. */
function withGaps(frame: DataFrame): DataFrame {
  const numbers = (values: readonly unknown[]) =>
    values.map((value) => (Number.isFinite(value) ? value : null));
  const fields = frame.fields.map((field) =>
    field.type === FieldType.number ? { ...field, values: numbers(field.values) } : field,
  );
  return { ...frame, fields };
}

/** Stands in for Grafana's time series panel, drawn with its graph. */
export const timeSeriesPanel = new PanelPlugin<TimeSeriesOptions>(TimeSeriesPanel)
  .useFieldConfig({
    standardOptions: {
      [FieldConfigProperty.Color]: { defaultValue: { mode: FieldColorModeId.PaletteClassic } },
    },
    useCustomConfig: addGraphFieldConfig,
  })
  .setPanelOptions((builder) => {
    const add = (path: string, defaultValue: unknown) =>
      builder.addCustomEditor({
        id: path,
        path,
        name: path,
        editor: () => null,
        defaultValue: defaultValue as never,
      });
    add("legend", {
      showLegend: true,
      displayMode: LegendDisplayMode.List,
      placement: "bottom",
      calcs: [],
    });
    add("tooltip", { mode: TooltipDisplayMode.Single, sort: SortOrder.None });
  });

import {
  cacheFieldDisplayNames,
  DashboardCursorSync,
  dateTimeFormat,
  FieldColorModeId,
  FieldConfigProperty,
  FieldType,
  PanelPlugin,
  type DataFrame,
  type PanelProps,
} from "@grafana/data";
import {
  TooltipDisplayMode,
  type OptionsWithLegend,
  type OptionsWithTooltip,
} from "@grafana/schema";
import {
  EventBusPlugin,
  getFieldDisplayItems,
  KeyboardPlugin,
  TimeSeries,
  TooltipPlugin2,
  VizTooltipContent,
  VizTooltipHeader,
  VizTooltipWrapper,
  type UPlotConfigBuilder,
} from "@grafana/ui";
import { useMemo } from "react";
import { AnnotationMarks } from "./Annotations.tsx";
import { addGraphFieldConfig } from "./field-options.ts";
import { NoData } from "./host.tsx";

/** Options of Grafana's time series panel; a dashboard stores all of them. */
type TimeSeriesOptions = OptionsWithLegend & OptionsWithTooltip;

function TimeSeriesPanel(props: PanelProps<TimeSeriesOptions>) {
  const { data, options, timeRange, timeZone, width, height } = props;
  const { mode, sort } = options.tooltip;
  const frames = useMemo(
    () => data.series.filter(({ length }) => length > 0).map(withGaps),
    [data.series],
  );
  if (frames.length === 0) return <NoData message={props.fieldConfig.defaults.noValue} />;
  const overlay = (config: UPlotConfigBuilder, frame: DataFrame) => (
    <>
      <AnnotationMarks config={config} />
      <KeyboardPlugin config={config} />
      <EventBusPlugin config={config} eventBus={props.eventBus} frame={frame} />
      <TooltipPlugin2
        config={config}
        // A const enum of Grafana's, which cannot be imported: 0 for one series, 1 for all.
        hoverMode={mode === TooltipDisplayMode.Single ? 0 : 1}
        queryZoom={props.onChangeTimeRange}
        clientZoom
        syncMode={DashboardCursorSync.Crosshair}
        syncScope="global"
        render={(_plot, rows, nearest, isPinned) => {
          const [time] = frame.fields;
          // The names that the items have are read, and not found, by who makes the items.
          cacheFieldDisplayNames([frame]);
          const row = rows.find((one) => typeof one === "number");
          const moment = dateTimeFormat(time!.values[row ?? -1], { timeZone });
          const items = getFieldDisplayItems(frame.fields, time!, rows, nearest, mode, sort);
          return (
            <VizTooltipWrapper>
              <VizTooltipHeader
                item={{ label: "", value: row === undefined ? "" : moment }}
                isPinned={isPinned}
              />
              <VizTooltipContent items={items} isPinned={isPinned} scrollable={items.length > 8} />
            </VizTooltipWrapper>
          );
        }}
      />
    </>
  );
  return (
    <TimeSeries
      {...{ frames, timeRange, timeZone, width, height }}
      structureRev={data.structureRev ?? 0}
      legend={options.legend}
    >
      {overlay}
    </TimeSeries>
  );
}

/** As in Grafana, what is no number is a gap: one NaN, a ratio of no traffic, would hide all. */
function withGaps(frame: DataFrame): DataFrame {
  const fields = frame.fields.map((field) => {
    if (field.type !== FieldType.number) return field;
    return {
      ...field,
      values: field.values.map((value) => (Number.isFinite(value) ? value : null)),
    };
  });
  return { ...frame, fields };
}

/** Stands in for Grafana's time series panel, drawn with its graph. */
export const timeSeriesPanel = new PanelPlugin<TimeSeriesOptions>(TimeSeriesPanel).useFieldConfig({
  standardOptions: {
    [FieldConfigProperty.Color]: { defaultValue: { mode: FieldColorModeId.PaletteClassic } },
  },
  useCustomConfig: addGraphFieldConfig,
});

import {
  FieldType,
  formattedValueToString,
  useFieldOverrides,
  type Field,
  type GrafanaTheme2,
  type TimeRange,
} from "@grafana/data";
import { AxisPlacement, GraphDrawStyle, ScaleDirection, ScaleOrientation } from "@grafana/schema";
import { UPlotChart, UPlotConfigBuilder, useTheme2 } from "@grafana/ui";
import { useMemo } from "react";
import type { PluginPanelProps } from "./PluginPanel.tsx";

const asItIs = (text: string | undefined) => text ?? "";

/** Every series of a panel as one of Grafana's own line charts, one below the other. */
export function UPlotSeries({ plugin, fieldConfig, data, timeZone, ...size }: PluginPanelProps) {
  const theme = useTheme2();
  const drawn = useFieldOverrides(plugin, fieldConfig, data, timeZone, theme, asItIs);
  const pairs = (drawn?.series ?? []).flatMap(({ fields }) => {
    const time = fields.find(({ type }) => type === FieldType.time);
    const numbers = fields.filter(({ type }) => type === FieldType.number);
    return time ? numbers.map((field) => ({ time, field })) : [];
  });
  const height = Math.max(24, Math.floor(size.height / Math.max(1, pairs.length)));
  return pairs.map((pair, index) => (
    <OneSeries
      key={index}
      {...{ ...pair, timeZone, height, timeRange: data.timeRange, width: size.width }}
    />
  ));
}

interface OneSeriesProps {
  readonly time: Field;
  readonly field: Field;
  readonly timeRange: TimeRange;
  readonly timeZone: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

function OneSeries({ time, field, timeRange, timeZone, width, height }: OneSeriesProps) {
  const theme = useTheme2();
  // As Grafana does: the configuration stays while only values change.
  const config = useMemo(
    () => configure(theme, timeZone, timeRange, field),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- of the field only its unit matters
    [theme, timeZone, timeRange],
  );
  const data = useMemo(() => [time.values, field.values] as [number[], number[]], [time, field]);
  return <UPlotChart config={config} data={data} width={width} height={height} />;
}

function configure(
  theme: GrafanaTheme2,
  timeZone: string,
  { from, to }: TimeRange,
  { display }: Field,
): UPlotConfigBuilder {
  const builder = new UPlotConfigBuilder(timeZone);
  builder.addScale({
    scaleKey: "x",
    isTime: true,
    orientation: ScaleOrientation.Horizontal,
    direction: ScaleDirection.Right,
    range: () => [from.valueOf(), to.valueOf()],
  });
  builder.addScale({
    scaleKey: "y",
    orientation: ScaleOrientation.Vertical,
    direction: ScaleDirection.Up,
  });
  const bottom = { scaleKey: "x", isTime: true, placement: AxisPlacement.Bottom };
  builder.addAxis({ ...bottom, timeZone, theme });
  builder.addAxis({
    scaleKey: "y",
    placement: AxisPlacement.Left,
    theme,
    formatValue: (value: number) =>
      display ? formattedValueToString(display(value)) : String(value),
  });
  builder.addSeries({
    scaleKey: "y",
    theme,
    drawStyle: GraphDrawStyle.Line,
    lineColor: theme.visualization.getColorByName("blue"),
    lineWidth: 1,
    pxAlign: false,
  });
  return builder;
}

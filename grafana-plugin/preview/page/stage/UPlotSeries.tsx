import {
  FieldType,
  formattedValueToString,
  type DataFrame,
  type Field,
  type GrafanaTheme2,
  type TimeRange,
} from "@grafana/data";
import { AxisPlacement, GraphDrawStyle, ScaleDirection, ScaleOrientation } from "@grafana/schema";
import { UPlotChart, UPlotConfigBuilder, useTheme2 } from "@grafana/ui";
import { useMemo, useState } from "react";

/** What {@link UPlotSeries} draws, and how large, in pixels. */
export interface UPlotSeriesProps {
  readonly series: readonly DataFrame[];
  readonly timeRange: TimeRange;
  readonly timeZone: string;
  readonly width: number;
  readonly height: number;
}

/** Every series as one of Grafana's own line charts, one below the other. */
export function UPlotSeries({ series, timeRange, timeZone, width, height }: UPlotSeriesProps) {
  const pairs = series.flatMap(({ fields }) => {
    const time = fields.find(({ type }) => type === FieldType.time);
    const numbers = fields.filter(({ type }) => type === FieldType.number);
    return time ? numbers.map((field) => ({ time, field })) : [];
  });
  const each = Math.max(24, Math.floor(height / Math.max(1, pairs.length)));
  return pairs.map((pair, index) => (
    <OneSeries key={index} {...pair} {...{ timeRange, timeZone, width }} height={each} />
  ));
}

interface OneSeriesProps extends Omit<UPlotSeriesProps, "series"> {
  readonly time: Field;
  readonly field: Field;
}

function OneSeries({ time, field, timeRange, timeZone, width, height }: OneSeriesProps) {
  const theme = useTheme2();
  // As Grafana does: the configuration stays while only values change, and asks for the latest.
  const [latest] = useState(() => new Latest({ timeRange, field }));
  latest.set({ timeRange, field });
  const config = useMemo(() => configure(theme, timeZone, latest), [theme, timeZone, latest]);
  const data = useMemo(() => [time.values, field.values] as [number[], number[]], [time, field]);
  return <UPlotChart config={config} data={data} width={width} height={height} />;
}

interface Drawn {
  readonly timeRange: TimeRange;
  readonly field: Field;
}

/** What is drawn now. */
class Latest {
  #drawn: Drawn;

  constructor(drawn: Drawn) {
    this.#drawn = drawn;
  }

  get(): Drawn {
    return this.#drawn;
  }

  set(drawn: Drawn): void {
    this.#drawn = drawn;
  }
}

function configure(theme: GrafanaTheme2, timeZone: string, latest: Latest): UPlotConfigBuilder {
  const builder = new UPlotConfigBuilder(timeZone);
  builder.addScale({
    scaleKey: "x",
    isTime: true,
    orientation: ScaleOrientation.Horizontal,
    direction: ScaleDirection.Right,
    range: () => {
      const { from, to } = latest.get().timeRange;
      return [from.valueOf(), to.valueOf()];
    },
  });
  builder.addScale({
    scaleKey: "y",
    orientation: ScaleOrientation.Vertical,
    direction: ScaleDirection.Up,
  });
  builder.addAxis({
    scaleKey: "x",
    isTime: true,
    placement: AxisPlacement.Bottom,
    timeZone,
    theme,
  });
  builder.addAxis({
    scaleKey: "y",
    placement: AxisPlacement.Left,
    theme,
    formatValue: (value: number) => {
      const { display } = latest.get().field;
      return display ? formattedValueToString(display(value)) : String(value);
    },
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

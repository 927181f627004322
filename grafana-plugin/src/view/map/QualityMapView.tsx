import { dateTimeFormat, type TimeZone } from "@grafana/data";
import { TooltipDisplayMode } from "@grafana/schema";
import {
  KeyboardPlugin,
  TooltipPlugin2,
  UPlotChart,
  useTheme2,
  VizTooltipContent,
  VizTooltipHeader,
  VizTooltipWrapper,
} from "@grafana/ui";
import { useMemo } from "react";
import type uPlot from "uplot";
import type { Series } from "../../data/read-series.ts";
import type { QualityMap, QualityPoint } from "../../model/map/quality-map.ts";
import { endedWords } from "../ended.ts";
import { formatShare, formatValue } from "../formats.ts";
import { useLatest } from "../use-latest.ts";
import { usePlot } from "../use-plot.ts";
import { mapConfig, type MapContent } from "./map-config.ts";
import { MapFacts, mapSentence } from "./MapFacts.tsx";

interface Props {
  readonly map: QualityMap;
  readonly xSeries: Series;
  readonly ySeries: Series;
  readonly runbookUrl: string;
  readonly width: number;
  readonly height: number;
  /** End of the visible range, and when "now" is; milliseconds since 1970. */
  readonly to: number;
  readonly now: number;
  readonly timeZone: TimeZone;
  readonly tooltipMode: TooltipDisplayMode;
}

const FACTS_HEIGHT = 24;
/** Below this height the plot needs the room of the axes' names. */
const NAMES_FROM_HEIGHT = 200;
const HOVER_ANYWHERE = 1;

/** Two series against each other: region, points, trail, and what to do when outside. */
export function QualityMapView(props: Props) {
  const { map, xSeries, ySeries, width, height, timeZone, tooltipMode } = props;
  const theme = useTheme2();
  const xName = xSeries.name;
  const yName = ySeries.name;
  const names = { x: xName, y: yName };
  const ended =
    map.ended && map.current ? endedWords(xSeries.field, map.current.time, props) : undefined;
  const formatX = (value: number) => formatValue(xSeries.field, value);
  const formatY = (value: number) => formatValue(ySeries.field, value);
  const points = useMemo(() => [...map.points].sort((a, b) => a.x - b.x), [map.points]);
  const data = useMemo<uPlot.AlignedData>(
    () => [points.map(({ x }) => x), points.map(({ y }) => y)],
    [points],
  );

  const content = useLatest<MapContent>({ map, formatX, formatY });
  const plotRef = usePlot(data);

  const label = `${xName} against ${yName}. Arrow keys move the crosshair.`;
  const isNamed = height >= NAMES_FROM_HEIGHT;
  const config = useMemo(
    () => mapConfig({ theme, xName, yName, isNamed, label }, content),
    [theme, xName, yName, isNamed, label, content],
  );
  return (
    <section
      aria-label={mapSentence(map, names, { x: formatX, y: formatY, share: formatShare, ended })}
      style={{ width, height }}
      data-inside={map.outside.length === 0}
    >
      <MapFacts map={map} names={names} ended={ended} runbookUrl={props.runbookUrl} />
      <UPlotChart
        config={config}
        data={data}
        width={width}
        height={height - FACTS_HEIGHT}
        plotRef={plotRef}
      >
        <KeyboardPlugin config={config} />
        {tooltipMode !== TooltipDisplayMode.None && (
          <TooltipPlugin2
            config={config}
            hoverMode={HOVER_ANYWHERE}
            render={(u, _indices, _series, isPinned) => {
              const point = pointUnderCursor(u, points);
              return point ? (
                <MapTooltip {...{ point, names, formatX, formatY, isPinned, timeZone }} />
              ) : null;
            }}
          />
        )}
      </UPlotChart>
    </section>
  );
}

/** The point nearest to the cursor in pixels. */
function pointUnderCursor(u: uPlot, points: readonly QualityPoint[]): QualityPoint | undefined {
  const { left = -1, top = -1 } = u.cursor;
  if (left < 0) return undefined;
  let nearest: QualityPoint | undefined;
  let least = Infinity;
  for (const point of points) {
    const distance = Math.hypot(u.valToPos(point.x, "x") - left, u.valToPos(point.y, "y") - top);
    if (distance < least) {
      least = distance;
      nearest = point;
    }
  }
  return nearest;
}

interface TooltipProps {
  readonly point: QualityPoint;
  readonly names: { readonly x: string; readonly y: string };
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
  readonly isPinned: boolean;
  readonly timeZone: TimeZone;
}

/** When a point was measured, both values, and whether they are accepted. */
function MapTooltip({ point, names, formatX, formatY, isPinned, timeZone }: TooltipProps) {
  return (
    <VizTooltipWrapper>
      <VizTooltipHeader
        item={{ label: dateTimeFormat(point.time, { timeZone }), value: "" }}
        isPinned={isPinned}
      />
      <VizTooltipContent
        isPinned={isPinned}
        items={[
          { label: names.x, value: formatX(point.x) },
          { label: names.y, value: formatY(point.y) },
          { label: "Region", value: point.inside ? "inside" : "outside" },
        ]}
      />
    </VizTooltipWrapper>
  );
}

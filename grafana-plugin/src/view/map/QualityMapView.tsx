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
import type { DensityCell, QualityMap, QualityPoint } from "../../model/map/quality-map.ts";
import { endedWords } from "../ended.ts";
import { axisFormat, formatShare, formatValue } from "../formats.ts";
import { useLatest } from "../use-latest.ts";
import { usePlot } from "../use-plot.ts";
import { mapConfig, type MapContent } from "./map-config.ts";
import { type Groups, MapFacts, mapSentence } from "./MapFacts.tsx";

interface Props {
  readonly map: QualityMap;
  readonly xSeries: Series;
  readonly ySeries: Series;
  readonly groups: Groups;
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
  const names = { x: xSeries.name, y: ySeries.name };
  // What is drawn of messages is not their mean, after which the series are named.
  const drawn = map.messages === undefined ? "" : ", mean";
  const xName = xSeries.name.replace(drawn, "");
  const yName = ySeries.name.replace(drawn, "");
  const ended =
    map.ended && map.current ? endedWords(xSeries.field, map.current.time, props) : undefined;
  const formatX = (value: number) => formatValue(xSeries.field, value);
  const formatY = (value: number) => formatValue(ySeries.field, value);
  const places = useMemo(() => placesOf(map), [map]);
  const data = useMemo<uPlot.AlignedData>(
    () => [places.map(({ x }) => x), places.map(({ y }) => y)],
    [places],
  );

  const content = useLatest<MapContent>({
    map,
    formatX: axisFormat(xSeries.field, largest(map.extent.x)),
    formatY: axisFormat(ySeries.field, largest(map.extent.y)),
  });
  const plotRef = usePlot(data);

  const label = `${xName} against ${yName}. Arrow keys move the crosshair.`;
  const isNamed = height >= NAMES_FROM_HEIGHT;
  const config = useMemo(
    () => mapConfig({ theme, xName, yName, isNamed, label }, content),
    [theme, xName, yName, isNamed, label, content],
  );
  return (
    <section
      aria-label={mapSentence(map, names, { x: formatX, y: formatY, ended })}
      style={{ width, height }}
      data-inside={map.outside.length === 0}
    >
      <MapFacts {...{ map, names, ended }} runbookUrl={props.runbookUrl} groups={props.groups} />
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
              const place = placeUnderCursor(u, places);
              if (!place) return null;
              const told = { names: { x: xName, y: yName }, formatX, formatY, timeZone };
              const { header, items } = place.tell(told);
              return (
                <VizTooltipWrapper>
                  <VizTooltipHeader item={{ label: header, value: "" }} isPinned={isPinned} />
                  <VizTooltipContent isPinned={isPinned} items={[...items]} />
                </VizTooltipWrapper>
              );
            }}
          />
        )}
      </UPlotChart>
    </section>
  );
}

const largest = (extent: readonly [number, number]) => Math.max(...extent.map(Math.abs));

/** Something that the pointer finds on the map, and what is told of it. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly tell: (words: Words) => {
    readonly header: string;
    readonly items: readonly { readonly label: string; readonly value: string }[];
  };
}

interface Words {
  readonly names: { readonly x: string; readonly y: string };
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
  readonly timeZone: TimeZone;
}

/** The cells in which messages were counted, else the points, from left to right. */
function placesOf(map: QualityMap): readonly Place[] {
  const { cells, messages, points } = map;
  const places =
    messages === undefined
      ? points.map(pointPlace)
      : cells.map((cell) => cellPlace(cell, cell.count / messages));
  return places.sort((a, b) => a.x - b.x);
}

/** When a point was measured, both values, and whether they are accepted. */
function pointPlace({ x, y, time, inside }: QualityPoint): Place {
  return {
    ...{ x, y },
    tell: ({ names, formatX, formatY, timeZone }) => ({
      header: dateTimeFormat(time, { timeZone }),
      items: [
        { label: names.x, value: formatX(x) },
        { label: names.y, value: formatY(y) },
        { label: "Region", value: inside ? "inside" : "outside" },
      ],
    }),
  };
}

/** Between which values a cell lies, how many of all messages it holds, and whether they are accepted. */
function cellPlace({ x, y, width, height, inside }: DensityCell, share: number): Place {
  return {
    x: x + width / 2,
    y: y + height / 2,
    tell: ({ names, formatX, formatY }) => ({
      header: `${formatShare(share)} of messages`,
      items: [
        { label: names.x, value: `${formatX(x)} to ${formatX(x + width)}` },
        { label: names.y, value: `${formatY(y)} to ${formatY(y + height)}` },
        { label: "Region", value: inside ? "inside" : "outside" },
      ],
    }),
  };
}

/** The place nearest to the cursor in pixels. */
function placeUnderCursor(u: uPlot, places: readonly Place[]): Place | undefined {
  const { left = -1, top = -1 } = u.cursor;
  if (left < 0) return undefined;
  let nearest: Place | undefined;
  let least = Infinity;
  for (const place of places) {
    const distance = Math.hypot(u.valToPos(place.x, "x") - left, u.valToPos(place.y, "y") - top);
    if (distance < least) {
      least = distance;
      nearest = place;
    }
  }
  return nearest;
}

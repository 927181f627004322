import { css } from "@emotion/css";
import { LoadingState, type PanelProps } from "@grafana/data";
import { PanelDataErrorView } from "@grafana/runtime";
import { LoadingPlaceholder } from "@grafana/ui";
import { useCallback, useMemo, useState } from "react";
import { type LimitsPanelOptions, readOptions } from "../options.ts";
import { Announcement } from "./Announcement.tsx";
import { nowWithin } from "./ended.ts";
import type { ChartSettings } from "./lanes/chart/LaneChart.tsx";
import { Lanes } from "./lanes/Lanes.tsx";
import { mapOf } from "./map-of.ts";
import { QualityMapView } from "./map/QualityMapView.tsx";
import { useLanes } from "./use-lanes.ts";

/**
 * The panel: shows the view that its options choose. Grafana migrates stored options only when another
 * version of the panel wrote them, so they are read here as well.
 */
export function LimitsPanel(props: PanelProps<LimitsPanelOptions>) {
  const options = useMemo(() => readOptions(props.options), [props.options]);
  const View = options.view === "map" ? MapView : LanesView;
  return <View {...props} options={options} />;
}

/** The lanes of the panel's data, or what to do when there is none. */
function LanesView(props: PanelProps<LimitsPanelOptions>) {
  const { id, data, options, timeRange, timeZone, width, height, onChangeTimeRange } = props;
  const from = timeRange.from.valueOf();
  const to = timeRange.to.valueOf();
  // When the data came: the lanes are not computed again in between.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const now = useMemo(() => nowWithin(to), [data.series, to]);
  const items = useLanes(data.series, options, { from, to, now });
  const onZoom = useCallback(
    (range: { from: number; to: number }) => onChangeTimeRange(range),
    [onChangeTimeRange],
  );
  const { tooltip } = options;
  const chart = useMemo<ChartSettings>(
    () => ({
      from,
      to,
      now,
      timeZone,
      tooltipMode: tooltip.mode,
      maxTooltipHeight: tooltip.maxHeight,
      maxTooltipWidth: tooltip.maxWidth,
      scope: `headroom-limits-${id}`,
      onZoom,
    }),
    [from, to, now, timeZone, tooltip.mode, tooltip.maxHeight, tooltip.maxWidth, id, onZoom],
  );
  return (
    <>
      <Announcement {...{ items, now, timeZone }} />
      {items.some(({ lane }) => lane.current) ? (
        <Lanes
          {...{ items, width, height, chart }}
          fold={options.fold}
          alertState={data.alertState?.state}
        />
      ) : (
        <NothingToDraw
          {...props}
          hint="The queries gave no numbers in this time range. Widen the range, or check the queries and that the source is being scraped."
        />
      )}
    </>
  );
}

/** The quality map of the panel's data, or what to do when one of its series is missing. */
function MapView(props: PanelProps<LimitsPanelOptions>) {
  const { data, options, timeRange, timeZone, width, height, replaceVariables } = props;
  const from = timeRange.from.valueOf();
  const to = timeRange.to.valueOf();
  const { gridX, gridY, gridBy, mapX, mapY, limits } = options;
  const [group, setGroup] = useState<string>();
  const [now, found] = useMemo(() => {
    const range = { from, to, now: nowWithin(to) };
    const asked = { gridX, gridY, gridBy, mapX, mapY, limits };
    return [range.now, mapOf(data.series, asked, range, group)];
  }, [data.series, gridX, gridY, gridBy, mapX, mapY, limits, from, to, group]);
  // It stays when another gets more messages.
  if (found.map && found.group !== (group ?? "")) setGroup(found.group);
  if (!found.map || !(found.map.current || found.map.messages)) {
    const problems = found.map ? [] : found.problems;
    return (
      <NothingToDraw
        {...props}
        hint={problems.join(" ") || "Both series have no values at the same time in this range."}
      />
    );
  }
  return (
    <QualityMapView
      map={found.map}
      xSeries={found.xSeries}
      ySeries={found.ySeries}
      groups={{ by: gridBy, names: found.groups, shown: found.group, onChoose: setGroup }}
      {...{ width, height, to, now, timeZone }}
      runbookUrl={replaceVariables(options.runbookUrl)}
      tooltipMode={options.tooltip.mode}
    />
  );
}

interface Props extends Pick<PanelProps, "data" | "fieldConfig" | "id"> {
  /** What is missing when the queries gave an answer, and what the reader can do. */
  readonly hint: string;
}

/** Stands where nothing can be drawn, and says why: queries that run, or that failed, or no values. */
function NothingToDraw({ data, fieldConfig, id, hint }: Props) {
  const isLoading = data.state === LoadingState.Loading || data.state === LoadingState.NotStarted;
  return (
    <div className={place} role="status">
      {isLoading ? (
        <LoadingPlaceholder text="Loading" />
      ) : (
        <PanelDataErrorView
          panelId={id}
          data={data}
          fieldConfig={fieldConfig}
          needsNumberField
          message={failureOf(data) ?? noValueOf(fieldConfig) ?? `No data. ${hint}`}
        />
      )}
    </div>
  );
}

/** What the queries said that failed, each text once; undefined when none did. */
function failureOf({ state, errors, error }: Props["data"]): string | undefined {
  const failed = [...(errors ?? []), ...(error ? [error] : [])];
  if (state !== LoadingState.Error && failed.length === 0) return undefined;
  const told = failed.map(({ message, data }) => message ?? data?.message ?? data?.error);
  const reasons = [...new Set(told.filter((text) => typeof text === "string" && text !== ""))];
  return `The query failed: ${reasons.join("; ") || "the data source did not say why"}`;
}

/** Grafana's standard option "No value". */
function noValueOf(fieldConfig: Props["fieldConfig"]): string | undefined {
  const noValue: unknown = fieldConfig?.defaults?.noValue;
  return typeof noValue === "string" && noValue !== "" ? noValue : undefined;
}

const place = css({
  display: "grid",
  placeContent: "center",
  height: "100%",
  overflow: "auto",
  textAlign: "center",
});

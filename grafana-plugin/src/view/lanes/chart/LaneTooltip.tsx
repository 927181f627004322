import { dateTimeFormat, type TimeZone } from "@grafana/data";
import {
  useTheme2,
  VizTooltipContent,
  VizTooltipFooter,
  VizTooltipHeader,
  type VizTooltipItem,
  VizTooltipWrapper,
} from "@grafana/ui";
import { nearestLimit } from "../../../model/lane/nearest.ts";
import { formatHeadroom, formatNumber, formatValue } from "../../formats.ts";
import type { LimitedSeries } from "../../limited-series.ts";
import { severityColor } from "../../states.ts";
import { linksOf, nearestSample, sampleAt } from "./tooltip-rows.ts";

interface Props {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly item: LimitedSeries;
  readonly all: readonly LimitedSeries[];
  readonly isPinned: boolean;
  readonly timeZone: TimeZone;
  readonly maxHeight: number | undefined;
}

/** The values at one moment: of one lane with its limits and headroom, or of all lanes. */
export function LaneTooltip({ time, item, all, isPinned, timeZone, maxHeight }: Props) {
  const theme = useTheme2();
  const rows = all.flatMap((other) => valueRows(other, time, other === item && all.length > 1));
  if (all.length === 1) {
    for (const limit of item.lane.limits) {
      const text = [
        ...("lower" in limit ? [formatNumber(item.series.field, limit.lower)] : []),
        ...("upper" in limit ? [formatNumber(item.series.field, limit.upper)] : []),
      ].join(" to ");
      rows.push({
        label: `${limit.severity} limit`,
        value: text,
        color: severityColor(theme, limit.severity),
      });
    }
  }
  const links = isPinned ? linksOf(item, nearestSample(item.lane, time)) : [];
  return (
    <VizTooltipWrapper>
      <VizTooltipHeader
        item={{ label: dateTimeFormat(time, { timeZone }), value: "" }}
        isPinned={isPinned}
      />
      <VizTooltipContent
        items={rows}
        isPinned={isPinned}
        scrollable={maxHeight !== undefined}
        {...(maxHeight !== undefined && { maxHeight })}
      />
      {links.length > 0 && <VizTooltipFooter dataLinks={links} />}
    </VizTooltipWrapper>
  );
}

function valueRows(
  { lane, series }: LimitedSeries,
  time: number,
  isActive: boolean,
): VizTooltipItem[] {
  const value = lane.values[sampleAt(lane, time)];
  if (value === null || value === undefined) return [];
  const { limit } = nearestLimit(lane.limits, value);
  const left = limit && formatHeadroom(limit, series.field, value);
  const words = left === undefined ? "" : ` (${left.endsWith("%") ? `${left} headroom` : left})`;
  return [{ label: lane.name, value: `${formatValue(series.field, value)}${words}`, isActive }];
}

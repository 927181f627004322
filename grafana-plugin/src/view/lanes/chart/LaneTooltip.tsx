import { dateTimeFormat, type Field, type LinkModel, type TimeZone } from "@grafana/data";
import {
  useTheme2,
  VizTooltipContent,
  VizTooltipFooter,
  VizTooltipHeader,
  type VizTooltipItem,
  VizTooltipWrapper,
} from "@grafana/ui";
import { type Lane, limitInQuestion } from "../../../model/lane/lane.ts";
import { GAP_INTERVALS } from "../../../model/lane/outside.ts";
import { formatHeadroom, formatNumber, formatValue } from "../../formats.ts";
import { severityColor } from "../../states.ts";
import type { LimitedSeries } from "../../use-lanes.ts";

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
  const limit = limitInQuestion(lane.limits, value);
  const left = limit && formatHeadroom(limit, series.field, value);
  const words = left === undefined ? "" : ` (${left.endsWith("%") ? `${left} headroom` : left})`;
  return [{ label: lane.name, value: `${formatValue(series.field, value)}${words}`, isActive }];
}

/** The sample of a lane that is nearest to a moment: its index, or -1 when there is no value. */
export function nearestSample(lane: Pick<Lane, "times" | "values">, time: number): number {
  const { times, values } = lane;
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  let before = low - 1;
  while (before >= 0 && values[before] === null) before--;
  let after = low;
  while (after < times.length && values[after] === null) after++;
  if (before < 0) return after < times.length ? after : -1;
  if (after >= times.length) return before;
  return time - times[before]! <= times[after]! - time ? before : after;
}

/**
 * The sample that says what a lane was at a moment: its index, or -1 when there is none. In a gap, which
 * the curve leaves out, and after the last value nobody knows what it was, but right beside a value.
 */
export function sampleAt({ times, values, interval }: Lane, time: number): number {
  const index = nearestSample({ times, values }, time);
  const apart = time - (times[index] ?? time);
  if (!(Math.abs(apart) > interval / 2)) return index;
  const other = index + Math.sign(apart);
  const isGap = values[other] === null || values[other] === undefined;
  return isGap || Math.abs(times[other]! - times[index]!) > GAP_INTERVALS * interval ? -1 : index;
}

/** The data links of a lane's sample; none where a stored one is no link. */
export function linksOf({ series }: LimitedSeries, index: number): LinkModel<Field>[] {
  const row = series.rows[index];
  if (row === undefined) return [];
  try {
    return series.field.getLinks?.({ valueRowIndex: row }) ?? [];
  } catch {
    return [];
  }
}

import {
  dateTimeFormat,
  FieldType,
  formattedValueToString,
  getFieldDisplayName,
  getFieldSeriesColor,
  type DataFrame,
} from "@grafana/data";
import { SortOrder, TooltipDisplayMode } from "@grafana/schema";
import {
  useTheme2,
  VizTooltipContent,
  VizTooltipFooter,
  VizTooltipHeader,
  VizTooltipWrapper,
} from "@grafana/ui";

/** Where the pointer is: the row of each series, and the series nearest to it. */
export interface GraphTooltipProps {
  readonly frame: DataFrame;
  readonly rows: readonly (number | null)[];
  readonly nearest: number | null;
  readonly mode: TooltipDisplayMode;
  readonly sort: SortOrder;
  readonly timeZone: string;
  readonly isPinned: boolean;
}

/** The values of a graph at the pointer. */
export function GraphTooltip(props: GraphTooltipProps) {
  const { frame, rows, nearest, mode, sort, timeZone, isPinned } = props;
  const theme = useTheme2();
  const row = rows.find((one) => one !== null && one !== undefined);
  const time = row === undefined || row === null ? undefined : frame.fields[0]?.values[row];
  const items = frame.fields.flatMap((field, index) => {
    const at = rows[index];
    const value = at === null || at === undefined ? undefined : (field.values[at] as number | null);
    const isShown = mode === TooltipDisplayMode.Multi || index === nearest;
    if (index === 0 || field.type !== FieldType.number || !isShown) return [];
    if (value === null || value === undefined || field.config.custom?.hideFrom?.tooltip) return [];
    return {
      label: getFieldDisplayName(field, frame),
      value: field.display ? formattedValueToString(field.display(value)) : String(value),
      color: getFieldSeriesColor(field, theme).color,
      isActive: mode === TooltipDisplayMode.Multi && index === nearest,
      numeric: value,
    };
  });
  if (sort !== SortOrder.None) {
    const sign = sort === SortOrder.Ascending ? 1 : -1;
    items.sort((a, b) => sign * (a.numeric - b.numeric));
  }
  const at = nearest === null ? undefined : rows[nearest];
  const links =
    isPinned && nearest !== null && typeof at === "number"
      ? (frame.fields[nearest]?.getLinks?.({ valueRowIndex: at }) ?? [])
      : [];
  return (
    <VizTooltipWrapper>
      <VizTooltipHeader
        item={{ label: "", value: time === undefined ? "" : dateTimeFormat(time, { timeZone }) }}
        isPinned={isPinned}
      />
      <VizTooltipContent items={items} isPinned={isPinned} scrollable={items.length > 8} />
      {links.length > 0 && <VizTooltipFooter dataLinks={links} />}
    </VizTooltipWrapper>
  );
}

import { dateTimeFormat, type TimeZone } from "@grafana/data";
import { VizTooltipContent, VizTooltipHeader, VizTooltipWrapper } from "@grafana/ui";
import type { QualityPoint } from "../../model/map/quality-map.ts";

interface Props {
  readonly point: QualityPoint;
  readonly names: { readonly x: string; readonly y: string };
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
  readonly isPinned: boolean;
  readonly timeZone: TimeZone;
}

/** When a point was measured, both values, and whether they are accepted. */
export function MapTooltip({ point, names, formatX, formatY, isPinned, timeZone }: Props) {
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

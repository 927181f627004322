import { useCallback, useLayoutEffect, useRef } from "react";
import type uPlot from "uplot";

/**
 * Keeps a UPlotChart up to date, which passes on either a new size or new data: panels change both
 * at once. Without new data it is drawn again, because what is painted beside it may have changed.
 *
 * @returns what the chart takes as `plotRef`
 */
export function usePlot(data: uPlot.AlignedData): (plot: uPlot) => void {
  const plot = useRef<uPlot | null>(null);
  useLayoutEffect(() => {
    const u = plot.current;
    if (!u) return;
    if (u.data !== data) u.setData(data);
    else u.redraw(false);
  });
  return useCallback((u) => {
    plot.current = u;
  }, []);
}

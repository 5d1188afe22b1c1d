import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { onThemeChange } from "./theme.ts";
import { CHART_HEIGHT } from "./time-chart.ts";
import { useWidth } from "./use-width.ts";

/**
 * Draws a chart into an element as soon as that has a width, and again with its width, its data and the theme.
 * @param optionsFor the chart's options for a width in pixels
 * @param parts the chart is made again when one of these changes
 */
export function usePlot(
  box: RefObject<HTMLElement | null>,
  data: uPlot.AlignedData,
  optionsFor: (width: number) => uPlot.Options,
  parts: readonly unknown[] = [],
): void {
  const plot = useRef<uPlot | undefined>(undefined);
  const width = useWidth(box);
  useEffect(() => {
    if (box.current === null || width === 0) return undefined;
    const drawn = new uPlot(optionsFor(width), data, box.current);
    plot.current = drawn;
    return () => {
      plot.current = undefined;
      drawn.destroy();
    };
  }, [...parts, width === 0]);
  useEffect(() => onThemeChange(() => plot.current?.redraw()), []);
  useEffect(() => {
    if (width > 0) plot.current?.setSize({ width, height: CHART_HEIGHT });
  }, [width]);
  useEffect(() => {
    if (plot.current !== undefined) replaceData(plot.current, data);
  }, [data]);
}

/** Shows other data; a range of time that was zoomed into stays. */
function replaceData(plot: uPlot, data: uPlot.AlignedData): void {
  const [times] = plot.data;
  const { min, max } = plot.scales.x ?? {};
  const isZoomed =
    typeof min === "number" &&
    typeof max === "number" &&
    times.length > 1 &&
    (min > (times[0] as number) || max < (times[times.length - 1] as number));
  plot.setData(data, !isZoomed);
  if (isZoomed) plot.redraw();
}

import type { ReportMark } from "@ape/core/report/report";
import type uPlot from "uplot";
import { cssColor } from "./theme.ts";

const MARK_COLORS: Record<ReportMark["kind"], string> = {
  scale: "blue",
  stop: "orange",
  limit: "red",
  fault: "red",
  end: "muted",
};

/**
 * Shades the times in which the load generator was saturated.
 * @param isAbove whether the shade is drawn over values that fill the chart, as a veil
 */
export function saturatedPlugin(
  spans: () => readonly { from: number; to: number }[],
  isAbove = false,
): uPlot.Plugin {
  return {
    hooks: {
      [isAbove ? "draw" : "drawClear"]: (plot: uPlot) => {
        const { ctx, bbox } = plot;
        ctx.save();
        if (isAbove) ctx.globalAlpha = 0.6;
        ctx.fillStyle = cssColor("shade");
        for (const { from, to } of spans()) {
          const left = Math.max(bbox.left, plot.valToPos(from / 1_000, "x", true));
          const right = Math.min(bbox.left + bbox.width, plot.valToPos(to / 1_000, "x", true));
          if (right > left) ctx.fillRect(left, bbox.top, right - left, bbox.height);
        }
        ctx.restore();
      },
    },
  };
}

/** Draws a dashed line at each mark of the run. */
export function marksPlugin(marks: () => readonly ReportMark[]): uPlot.Plugin {
  return {
    hooks: {
      draw: (plot) => {
        const { ctx, bbox } = plot;
        ctx.save();
        ctx.lineWidth = devicePixelRatio;
        ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
        const [times] = plot.data;
        const last = times.at(-1) ?? 0;
        const bucket = last - (times.at(-2) ?? last);
        for (const { at, kind } of marks()) {
          // The last point is the beginning of the last bucket: what happened within it is drawn there.
          const seconds = at / 1_000 > last && at / 1_000 <= last + 2 * bucket ? last : at / 1_000;
          const x = Math.round(plot.valToPos(seconds, "x", true));
          if (x < bbox.left || x > bbox.left + bbox.width) continue;
          ctx.strokeStyle = cssColor(MARK_COLORS[kind]);
          ctx.beginPath();
          ctx.moveTo(x, bbox.top);
          ctx.lineTo(x, bbox.top + bbox.height);
          ctx.stroke();
        }
        ctx.restore();
      },
    },
  };
}

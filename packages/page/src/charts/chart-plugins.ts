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

/** Shades the times in which the load generator was saturated. */
export function saturatedPlugin(spans: () => readonly { from: number; to: number }[]): uPlot.Plugin {
  return {
    hooks: {
      drawClear: (plot) => {
        const { ctx, bbox } = plot;
        ctx.save();
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
        for (const { at, kind } of marks()) {
          const x = Math.round(plot.valToPos(at / 1_000, "x", true));
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

import pc from "picocolors";
import type { Io, TextStream } from "../io.ts";

/** Words and marks in colour where the stream is a terminal, plain elsewhere. */
export interface Style {
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
  tick: string;
  cross: string;
}

/** Colours for a stream: never with NO_COLOR, always with FORCE_COLOR, else on a terminal only. Source: no-color.org. */
export function colours(stream: Pick<TextStream, "isTty">, env: Io["env"]): Style {
  const off = env.NO_COLOR !== undefined && env.NO_COLOR !== "";
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "" && env.FORCE_COLOR !== "0";
  const { green, red, yellow, dim, bold } = pc.createColors(
    !off && (forced || (stream.isTty && env.TERM !== "dumb")),
  );
  const unicode = env.TERM !== "linux" && env.TERM !== "dumb";
  return {
    good: green,
    bad: red,
    warn: yellow,
    dim,
    bold,
    tick: green(unicode ? "✓" : "ok"),
    cross: red(unicode ? "✗" : "x"),
  };
}

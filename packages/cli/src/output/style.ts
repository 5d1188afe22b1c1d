import pc from "picocolors";
import type { Io, TextStream } from "../io.ts";

/** Words and marks in colour if the stream is a terminal, plain elsewhere. */
export interface Style {
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
  tick: string;
  cross: string;
  /** The two halves of a bar, and the mark of text that was cut. */
  full: string;
  empty: string;
  cut: string;
}

/**
 * Colours for a stream: never with NO_COLOR or FORCE_COLOR=0, always with another FORCE_COLOR, else only on a terminal.
 * Characters beyond ASCII unless the terminal or the locale lacks them. Sources: no-color.org, force-color.org,
 * locale(7) for the order of the variables.
 */
export function colours(stream: Pick<TextStream, "isTty">, env: Io["env"]): Style {
  const off = isSet(env.NO_COLOR) || env.FORCE_COLOR === "0" || env.FORCE_COLOR === "false";
  const { green, red, yellow, dim, bold } = pc.createColors(
    !off && (isSet(env.FORCE_COLOR) || (stream.isTty && env.TERM !== "dumb")),
  );
  const unicode = hasUnicode(env);
  return {
    good: green,
    bad: red,
    warn: yellow,
    dim,
    bold,
    tick: green(unicode ? "✓" : "ok"),
    cross: red(unicode ? "✗" : "x"),
    full: unicode ? "█" : "#",
    empty: unicode ? "░" : "-",
    cut: unicode ? "…" : "~",
  };
}

function hasUnicode(env: Io["env"]): boolean {
  if (env.TERM === "linux" || env.TERM === "dumb") return false;
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find(isSet);
  return locale === undefined || /utf-?8/i.test(locale);
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}

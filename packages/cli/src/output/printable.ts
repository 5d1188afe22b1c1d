import { withVisibleDirection } from "@ape/core/report/writing-direction";

// biome cannot distinguish a pattern that searches for control characters from one that has them by mistake, so they
// are built here.
const range = (from: number, to: number): string => `${String.fromCharCode(from)}-${String.fromCharCode(to)}`;
const BREAKS = /[\t\n\r]+/g;
const CONTROLS = new RegExp(`[${range(0x00, 0x1f)}${range(0x7f, 0x9f)}]`, "g");

/**
 * Text of a target or a model as one harmless line: it must not control the reader's terminal (escape sequences, line
 * breaks, writing direction). Line breaks become spaces, controls of the writing direction escapes, other control
 * characters `?`.
 */
export function printable(text: string): string {
  return withVisibleDirection(text.replace(BREAKS, " ").replace(CONTROLS, "?"));
}

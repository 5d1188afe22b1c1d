import { characterRange, withVisibleDirection } from "@ape/core/report/writing-direction";

const BREAKS = /[\t\n\r]+/g;
const CONTROLS = new RegExp(`[${characterRange(0x00, 0x1f)}${characterRange(0x7f, 0x9f)}]`, "g");

/**
 * Text of a target or a model as one harmless line: it must not control the reader's terminal (escape sequences, line
 * breaks, writing direction). Line breaks become spaces, controls of the writing direction escapes, other control
 * characters `?`.
 */
export function printable(text: string): string {
  return withVisibleDirection(text.replace(BREAKS, " ").replace(CONTROLS, "?"));
}

// biome cannot distinguish a pattern that searches for control characters from one that has them by mistake, so they
// are built here.
const range = (from: number, to: number): string => `${String.fromCharCode(from)}-${String.fromCharCode(to)}`;
const BREAKS = /[\t\n\r]+/g;
const CONTROLS = new RegExp(
  `[${range(0x00, 0x1f)}${range(0x7f, 0x9f)}${range(0x202a, 0x202e)}${range(0x2066, 0x2069)}]`,
  "g",
);

/**
 * Text of a target or a model as one harmless line: it must not control the reader's terminal (escape sequences, line
 * breaks, writing direction). Line breaks become spaces, other control characters `?`.
 */
export function printable(text: string): string {
  return text.replace(BREAKS, " ").replace(CONTROLS, "?");
}

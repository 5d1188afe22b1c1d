/** The lines of a text that the one before did not have; all of them without one before. */
export function newLines(text: string, before: string | undefined): string {
  if (before === undefined || before === "") return text;
  const known = new Set(before.split("\n"));
  return text
    .split("\n")
    .filter((line) => !known.has(line))
    .join("\n");
}

/**
 * What identifies a mutant in one version of a file.
 * @param {Pick<import("@stryker-mutator/api/core").Mutant, "fileName" | "location" | "replacement">} mutant
 */
export function mutantKey({ fileName, location: { start, end }, replacement }) {
  return `${fileName}:${start.line}:${start.column}-${end.line}:${end.column}:${replacement}`;
}

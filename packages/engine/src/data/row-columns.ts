/**
 * Why a row cannot stand in a table with these columns: no columns at all, one without a name, one that is missing, or one more.
 * @returns undefined if it can
 */
export function columnProblem(columns: readonly string[], row: object): string | undefined {
  const names = Object.keys(row);
  if (columns.length === 0 && names.length === 0) return "has no columns";
  if (names.includes("")) return "has a value without a name";
  const missing = columns.find((name) => !Object.hasOwn(row, name));
  if (missing !== undefined) return `has no "${missing}", which the first row has`;
  const known = new Set(columns);
  const more = names.length > known.size ? names.find((name) => !known.has(name)) : undefined;
  return more === undefined ? undefined : `has "${more}", which the first row has not`;
}

/** A name that the JSON text of an object gives twice; undefined if there is none. */
export function repeatedName(text: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  let last = '""';
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    else if (token !== ":") last = token;
    else if (depth === 1) {
      // `"a"` and `"\u0061"` are the same name.
      const name = JSON.parse(last) as string;
      if (seen.has(name)) return name;
      seen.add(name);
    }
  }
  return undefined;
}

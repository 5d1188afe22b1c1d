const MOST_NAMES = 2_000;
/** Longer names are rare, and would only fill the memory. */
const LONGEST_NAME = 100;

/**
 * A function of a name that keeps its results: for names of fields and headers, which are few and come again with every
 * answer. Bounded, because a target can invent names: all results are dropped when there are 2,000, and those of names of
 * over 100 characters are not kept.
 * @param resultOf has to return the same for the same name, and never undefined
 */
export function byName<T extends NonNullable<unknown> | null>(
  resultOf: (name: string) => T,
): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const result = resultOf(name);
    if (name.length > LONGEST_NAME) return result;
    if (known.size >= MOST_NAMES) known.clear();
    known.set(name, result);
    return result;
  };
}

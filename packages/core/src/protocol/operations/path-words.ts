/** What the literal parts of a path say. */
export interface PathWords {
  /** Path of the collection whose items it is about: `/tickets` of `/tickets/{id}/close`; empty if it has none. */
  collection: string;
  /** What is done to an item: `close`. */
  action: string | undefined;
}

/** Whether a name is that of several things: `orders`, not `status` or `address`. */
export const isPlural = (name: string): boolean => /[^aisu]s$/i.test(name);

/** The last part of a path: `items` of `/orders/{id}/items`. */
export const lastPart = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/**
 * Splits a path template into its collection and its action: the last literal part is an action where it follows a
 * parameter and is no plural, as in `/orders/{id}/cancel` (a custom method in the sense of Google's AIP-136, with a slash).
 */
export function pathWords(path: string): PathWords {
  const parts = path.split("/").filter((part) => part !== "");
  const at = parts.findLastIndex((part) => !part.includes("{"));
  if (at < 0) return { collection: "", action: undefined };
  const last = parts[at] as string;
  const acts = at > 0 && parts[at - 1]?.includes("{") === true && !isPlural(last);
  if (!acts) return { collection: `/${parts.slice(0, at + 1).join("/")}`, action: undefined };
  const above = parts.slice(0, at).findLastIndex((part) => !part.includes("{"));
  return { collection: `/${parts.slice(0, above + 1).join("/")}`, action: last };
}

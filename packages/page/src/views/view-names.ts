/** Views of a page, in the order of its tabs. */
export const VIEW_NAMES = [
  "overview",
  "operations",
  "failures",
  "sessions",
  "paths",
  "compare",
  "runs",
] as const;
export type ViewName = (typeof VIEW_NAMES)[number];

/** Views that need the server. */
export const SERVED_VIEWS: readonly ViewName[] = ["compare", "runs"];

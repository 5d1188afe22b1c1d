/** Where the page is: kept in the fragment of its address, so that a link leads to the same place. */
export type PageRoute = Readonly<Record<string, string>>;

/** The parameters of a fragment such as `#view=sessions&outcome=failed`. */
export function parseRoute(hash: string): PageRoute {
  return Object.fromEntries(new URLSearchParams(hash.replace(/^#/, "")));
}

/** The fragment of a route; parameters without a value are left out. */
export function routeHash(route: Readonly<Record<string, string | undefined>>): string {
  const entries = Object.entries(route).filter((entry): entry is [string, string] => (entry[1] ?? "") !== "");
  return `#${new URLSearchParams(entries)}`;
}

/** Parameters that stay when another view is opened. */
const KEPT = ["token", "run"] as const;

/** The address of a view, with what belongs to the whole page. */
export function linkTo(from: PageRoute, to: Readonly<Record<string, string | undefined>>): string {
  return routeHash({ ...Object.fromEntries(KEPT.map((key) => [key, from[key]])), ...to });
}

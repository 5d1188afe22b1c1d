import type { LiveWhole, PageFolder, PageRun } from "@ape/core/report/page-data";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { PageApi } from "./api.ts";
import type { PageRoute } from "./route.ts";

/** What every view of the page can read. */
export interface PageState {
  route: PageRoute;
  /** Opens a place of the page; parameters that are undefined are removed. */
  go(to: Readonly<Record<string, string | undefined>>): void;
  run: PageRun | LiveWhole;
  /** Undefined in a file. */
  api: PageApi | undefined;
  folder: PageFolder | undefined;
  live: "no" | "live" | "lost" | "ended";
}

const Context = createContext<PageState | undefined>(undefined);

export const PageProvider = Context.Provider;

export function usePage(): PageState {
  const page = useContext(Context);
  if (page === undefined) throw new Error("a view outside of the page");
  return page;
}

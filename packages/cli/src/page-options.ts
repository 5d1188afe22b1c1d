import type { RunOptions } from "@ape/engine/run/run-options";
import type { Io } from "./io.ts";
import { openInBrowser } from "./open-in-browser.ts";

/** The options of a command that starts a run, as far as they decide on its page. */
export interface PageChoice {
  page?: boolean;
  open?: boolean;
  quiet?: boolean | undefined;
  json?: "object" | "stream" | undefined;
}

/**
 * Whether a run serves its page: where it is asked for, and on a terminal unless it is refused. Its address goes to the
 * standard error.
 * @param opensByDefault `page.open` of the configuration
 */
export function pageOptions(
  io: Io,
  { page, open = false, quiet = false, json }: PageChoice,
  opensByDefault: boolean,
): Pick<RunOptions, "onPage"> {
  const isShown = page ?? (open || (io.err.isTty && !quiet && json === undefined));
  if (!isShown) return {};
  return {
    onPage: (url) => {
      // Whoever asked for a page needs its address, however quiet the rest is.
      if (!quiet || page === true || open) io.err.write(`page ${url}\n`);
      if (open || opensByDefault) openInBrowser(url, io);
    },
  };
}

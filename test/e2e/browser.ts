import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** A Chromium of this machine; undefined if there is none. */
export const CHROMIUM = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"].find(
  (path) => path !== undefined && existsSync(path),
);

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts Chromium without a window. */
export function launchBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error("no Chromium");
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

/** A page that collects what must not happen: errors, messages of the policy, requests to other places. */
export interface WatchedPage {
  page: Page;
  problems: string[];
  close(): Promise<void>;
}

/** Opens a page whose requests may only go to an address that begins with `allowed`. */
export async function openWatched(
  browser: Browser,
  url: string,
  allowed: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error.stack)));
  page.on("dialog", (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.route("**/*", (route) => {
    const to = route.request().url();
    if (to.startsWith(allowed) || to.startsWith("data:")) return route.continue();
    problems.push(`request to ${to}`);
    return route.abort();
  });
  await page.goto(url);
  return { page, problems, close: () => context.close() };
}

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What axe-core finds on a page, one line each. */
export async function axeFindings(page: Page): Promise<string[]> {
  // The policy of the page refuses scripts; the debugger's evaluation is not bound by it.
  await page.evaluate(readFileSync(AXE, "utf8"));
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
      };
    };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ""}`),
    );
  });
}

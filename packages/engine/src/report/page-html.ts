import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ApeError } from "@ape/core/lib/errors";
import type { PageData } from "@ape/core/report/page-data";
import { jsonWithVisibleDirection } from "@ape/core/report/writing-direction";

/** The built page: its one script and its one style sheet. */
export interface PageAssets {
  script: string;
  style: string;
}

/**
 * Reads the built page.
 * @throws ApeError RUN_DIRECTORY if it was not built
 */
export async function readPageAssets(folder: string): Promise<PageAssets> {
  try {
    const [script, style] = await Promise.all([
      readFile(join(folder, "page.js"), "utf8"),
      readFile(join(folder, "page.css"), "utf8"),
    ]);
    return { script, style };
  } catch (cause) {
    throw new ApeError("RUN_DIRECTORY", `the page cannot be read from ${folder}`, {
      cause,
      hint: "Install ape-test again, or run `npm run build` in its repository.",
    });
  }
}

/**
 * A whole page in one file: script, style and data are inside, nothing else is loaded or executed. Source of the
 * policy: Content Security Policy Level 3, section 6.
 */
export function pageHtml({ script, style }: PageAssets, data: PageData): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy({ script, style }, data.mode)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>APE</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<div id="page"><noscript>This page needs JavaScript. The same figures are in summary.json and report.json.</noscript></div>
<script type="application/json" id="data">${scriptJson(data)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** The policy of a page: its own script and style by their hashes, and its own server while it is served. */
export function contentSecurityPolicy({ script, style }: PageAssets, mode: PageData["mode"]): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "img-src data:",
    `connect-src ${mode === "file" ? "'none'" : "'self'"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

/** JSON that ends no script element, whatever texts it holds. Source: HTML, section 4.12.1.3. */
function scriptJson(value: unknown): string {
  return jsonWithVisibleDirection(value).replaceAll("<", "\\u003c");
}

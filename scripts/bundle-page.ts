import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Packages that are inside of the page, which browsers load. */
export const PAGE_PACKAGES = [
  "preact",
  "uplot",
  "d3-sankey",
  "d3-array",
  "d3-shape",
  "d3-path",
  "internmap",
] as const;

/** Bundles the page into one script and one style sheet: `page.js` and `page.css`. */
export async function bundlePage(outdir: string): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: { page: "packages/page/src/main.tsx" },
    outdir,
    bundle: true,
    minify: true,
    format: "iife",
    platform: "browser",
    target: ["es2022", "chrome109", "firefox115", "safari16.4"],
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    charset: "utf8",
    // An inline script must not hold what ends its element.
    supported: { "inline-script": false },
    tsconfig: "packages/page/tsconfig.json",
    plugins: [
      {
        name: "workspaces",
        setup(plugin) {
          plugin.onResolve({ filter: /^@ape\// }, ({ path }) => {
            const [, name = "", ...rest] = path.split("/");
            return { path: join(ROOT, `packages/${name}`, "src", `${rest.join("/")}.ts`) };
          });
        },
      },
    ],
  });
}

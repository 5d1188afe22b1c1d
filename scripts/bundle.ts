import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What CommonJS packages inside of a module expect to be there. */
const REQUIRE =
  'import { createRequire as apeCreateRequire } from "node:module";\nconst require = apeCreateRequire(import.meta.url);';

/**
 * Bundles TypeScript with the workspaces that it imports; npm packages stay what they are, dependencies, unless it
 * shall stand alone, as in the container image.
 */
export async function bundle({
  standalone = false,
  ...options
}: Pick<BuildOptions, "entryPoints" | "outdir" | "splitting"> & { standalone?: boolean }): Promise<void> {
  await build({
    ...options,
    absWorkingDir: ROOT,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    ...(standalone
      ? { banner: { js: REQUIRE }, minifySyntax: true, minifyWhitespace: true }
      : ({ sourcemap: "linked", packages: "external" } as const)),
    outExtension: options.splitting === true ? {} : { ".js": ".mjs" },
    plugins: [
      {
        name: "workspaces",
        setup(plugin) {
          plugin.onResolve({ filter: /^@ape\// }, ({ path }) => {
            const [, name = "", ...rest] = path.split("/");
            const folder = name === "shop" ? "examples/shop" : `packages/${name}`;
            return { path: join(ROOT, folder, "src", `${rest.join("/")}.ts`) };
          });
        },
      },
    ],
  });
}

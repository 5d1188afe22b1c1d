import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Bundles TypeScript with the workspaces that it imports; npm packages stay what they are, dependencies. */
export async function bundle(
  options: Pick<BuildOptions, "entryPoints" | "outdir" | "splitting">,
): Promise<void> {
  await build({
    ...options,
    absWorkingDir: ROOT,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    sourcemap: "linked",
    packages: "external",
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

import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gatewayJsonSchema } from "@ape/core/config/gateway";
import { configJsonSchema } from "@ape/core/config/schema";
import { build } from "esbuild";

/** Bundles the workspaces into the one published package; npm packages stay what they are, dependencies. */
const out = "packages/cli/dist";
rmSync(out, { recursive: true, force: true });
await build({
  entryPoints: {
    main: "packages/cli/src/main.ts",
    agents: "packages/engine/src/launch/main.ts",
    shop: "examples/shop/src/main.ts",
  },
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  sourcemap: "linked",
  packages: "external",
  plugins: [
    {
      name: "workspaces",
      setup(plugin) {
        plugin.onResolve({ filter: /^@ape\// }, ({ path }) => {
          const [, name = "", ...rest] = path.split("/");
          const folder = name === "shop" ? "examples/shop" : `packages/${name}`;
          return { path: join(process.cwd(), folder, "src", `${rest.join("/")}.ts`) };
        });
      },
    },
  ],
});

// The demo's own files, as real files beside the bundle.
const demo = "packages/cli/demo";
rmSync(demo, { recursive: true, force: true });
mkdirSync(demo, { recursive: true });
for (const file of ["ape.config.yaml", "openapi.yaml", "accounts.csv"])
  cpSync(join("examples/shop", file), join(demo, file));
cpSync("examples/shop/openapi.yaml", "packages/cli/openapi.yaml");

mkdirSync("packages/cli/schema", { recursive: true });
writeFileSync(
  "packages/cli/schema/ape.config.schema.json",
  `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
);
writeFileSync(
  "packages/cli/schema/ape.mcp-gateway.schema.json",
  `${JSON.stringify(gatewayJsonSchema(), null, 2)}\n`,
);

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What CommonJS packages inside of a module expect to be there. */
const REQUIRE =
  'import { createRequire as apeCreateRequire } from "node:module";\nconst require = apeCreateRequire(import.meta.url);';

/**
 * Packages that are bundled although others are not: installed whole they would be more than half of the installation,
 * of which the program uses a small part. Their licences go along, see {@link licencesInside}.
 */
const INSIDE = [
  "@grafana/grafana-foundation-sdk",
  "@modelcontextprotocol/client",
  "@modelcontextprotocol/core",
  "@modelcontextprotocol/server",
  "@scalar/openapi-upgrader",
  "csv-parse",
  "csv-stringify",
  "tslib",
  "zod",
] as const;

/** The licences of the packages that are bundled, as one text. */
export function licencesInside(): string {
  return INSIDE.map((name) => {
    const folder = join(ROOT, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      version: string;
      license: string;
    };
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    const text = file === undefined ? "" : `\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
    return `${name} ${version} (${license})\n${text}`;
  }).join(`\n${"-".repeat(80)}\n\n`);
}

/**
 * Bundles TypeScript with the workspaces that it imports; npm packages stay what they are, dependencies, unless it
 * shall stand alone, as in the container image.
 */
export async function bundle({
  standalone = false,
  ...options
}: Pick<BuildOptions, "entryPoints" | "outdir"> & { standalone?: boolean }): Promise<void> {
  await build({
    ...options,
    absWorkingDir: ROOT,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    ...(standalone
      ? { banner: { js: REQUIRE }, minify: true, keepNames: true }
      : ({ sourcemap: "linked", packages: "external" } as const)),
    plugins: [
      {
        name: "workspaces",
        setup(plugin) {
          plugin.onResolve({ filter: /^@ape\// }, ({ path }) => {
            const [, name = "", ...rest] = path.split("/");
            const folder = name === "shop" ? "examples/shop" : `packages/${name}`;
            return { path: join(ROOT, folder, "src", `${rest.join("/")}.ts`) };
          });
          plugin.onResolve(
            {
              filter:
                /^(?:@(?:grafana|modelcontextprotocol|scalar)\/|(?:csv-parse|csv-stringify|tslib|zod)(?:\/|$))/,
            },
            ({ path, kind }) => {
              if (!INSIDE.some((name) => path === name || path.startsWith(`${name}/`))) return undefined;
              const found =
                kind === "require-call"
                  ? createRequire(import.meta.url).resolve(path)
                  : fileURLToPath(import.meta.resolve(path));
              return { path: found, sideEffects: false };
            },
          );
        },
      },
    ],
  });
}

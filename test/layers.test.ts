import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect, test } from "vitest";

/** The published package that only opens `ape-test init`. */
const LAUNCHER_PACKAGE = "create-ape-test";
const ROOT = new URL("..", import.meta.url).pathname;
const PACKAGES = readdirSync(join(ROOT, "packages")).filter((name) => name !== LAUNCHER_PACKAGE);

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** The packages of this repository that a package's manifest declares: all that it may import. */
function declaredBy(name: string): string[] {
  const manifest = JSON.parse(readFileSync(join(ROOT, "packages", name, "package.json"), "utf8")) as Manifest;
  return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).flatMap((one) =>
    one.startsWith("@ape/") ? [one.slice("@ape/".length)] : [],
  );
}

const DECLARED = new Map(PACKAGES.map((name) => [name, declaredBy(name)]));

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

const IMPORT = /(?:from|import)\s*\(?\s*"([^"]+)"/g;
const imports = (file: string): string[] =>
  Array.from(readFileSync(file, "utf8").matchAll(IMPORT), (match) => match[1] as string);

test("the packages form layers: what one declares never leads back to it, and core declares nothing", () => {
  const below = (name: string, path: readonly string[]): void => {
    expect(path, `${[...path, name].join(" -> ")}`).not.toContain(name);
    for (const next of DECLARED.get(name) ?? []) below(next, [...path, name]);
  };
  for (const name of PACKAGES) below(name, []);
  expect(DECLARED.get("core")).toEqual([]);
  expect([...DECLARED.values()].flat()).not.toContain("cli");
});

test("create-ape-test only starts `ape-test init`", () => {
  expect(readdirSync(join(ROOT, "packages", LAUNCHER_PACKAGE, "bin"))).toEqual(["create-ape-test.mjs"]);
  expect(existsSync(join(ROOT, "packages", LAUNCHER_PACKAGE, "src"))).toBe(false);
});

test.each(PACKAGES)("%s imports what its manifest declares, all of it, and nothing else", (name) => {
  const home = join(ROOT, "packages", name);
  const folder = join(home, "src");
  const helpers = join(home, "test");
  const declared = DECLARED.get(name) ?? [];
  const used = new Set<string>();
  const wrong: string[] = [];
  for (const file of [...sources(folder), ...(existsSync(helpers) ? sources(helpers) : [])]) {
    // Only tests, and what they share, leave `src`, and never the package.
    const bounds = file.endsWith(".test.ts") || file.startsWith(helpers) ? home : folder;
    for (const specifier of imports(file)) {
      const other = /^@ape\/([^/]+)/.exec(specifier)?.[1];
      if (other !== undefined && other !== name) used.add(other);
      const undeclared = other !== undefined && other !== name && !declared.includes(other);
      const upwards =
        specifier.startsWith(".") && relative(bounds, join(file, "..", specifier)).startsWith("..");
      if (undeclared || specifier === "ape-test" || upwards)
        wrong.push(`${relative(ROOT, file)}: ${specifier}`);
    }
  }
  expect(wrong).toEqual([]);
  expect([...used].sort()).toEqual([...declared].sort());
});

test.each(["core", "catalog"])("%s does no I/O and has no clock and no randomness of its own", (name) => {
  const wrong: string[] = [];
  for (const file of sources(join(ROOT, "packages", name, "src")).filter(
    (one) => !one.endsWith(".test.ts"),
  )) {
    const text = readFileSync(file, "utf8");
    if (
      /"node:(?!vm")|\bDate\.now\(|\bnew Date\(\)|\bperformance\.|\bMath\.random\(|\bsetTimeout\(|\bfetch\(|\bprocess\./.test(
        text,
      )
    )
      wrong.push(relative(ROOT, file));
  }
  expect(wrong).toEqual([]);
});

test("the linter refuses a floating promise, any and a default export", () => {
  const folder = mkdtempSync(join(tmpdir(), "ape-lint-"));
  try {
    copyFileSync(join(ROOT, "biome.json"), join(folder, "biome.json"));
    writeFileSync(
      join(folder, "sample.ts"),
      "async function late(): Promise<void> {}\nexport function go(): void {\n  late();\n}\nexport const x = (1 as any) + 1;\nexport default go;\n",
    );
    const output = lintFolder(folder);
    for (const rule of ["noFloatingPromises", "noExplicitAny", "noDefaultExport"])
      expect(output).toContain(rule);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function lintFolder(folder: string): string {
  const { stdout, stderr } = spawnSync(
    join(ROOT, "node_modules/.bin/biome"),
    ["lint", "--vcs-enabled=false", "."],
    { cwd: folder, encoding: "utf8" },
  );
  return stdout + stderr;
}

test("no test is skipped but those of the list, each with its reason", () => {
  const list = JSON.parse(readFileSync(join(ROOT, "test/skips.json"), "utf8")) as Record<string, string>;
  const found: string[] = [];
  for (const folder of ["packages", "examples", "test", "bench"].map((name) => join(ROOT, name)))
    for (const file of existsSync(folder)
      ? sources(folder).filter((name) => name.endsWith(".test.ts") && !name.includes("node_modules"))
      : [])
      if (/\b(?:test|it|describe)\.(?:skip|todo|skipIf|runIf)\b/.test(readFileSync(file, "utf8")))
        found.push(relative(ROOT, file));
  expect(found.filter((file) => file !== "test/layers.test.ts").sort()).toEqual(Object.keys(list).sort());
  for (const reason of Object.values(list)) expect(reason.length).toBeGreaterThan(20);
});

test("no file imports another that leads back to it, not even for a type", () => {
  const root = (name: string): string => join(ROOT, "packages", name, "src");
  const files = PACKAGES.flatMap((name) => sources(root(name)));
  const known = new Set(files);
  const below = new Map(
    files.map((file) => [
      file,
      imports(file).flatMap((specifier) => {
        const [, name, path] = /^@ape\/([^/]+)\/(.+)$/.exec(specifier) ?? [];
        const target = specifier.startsWith(".")
          ? join(file, "..", specifier)
          : name === undefined
            ? ""
            : join(root(name), `${path}.ts`);
        return known.has(target) ? [target] : [];
      }),
    ]),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const look = (file: string, path: readonly string[]): void => {
    const from = path.indexOf(file);
    if (from >= 0) circles.push([...path.slice(from), file].map((one) => relative(ROOT, one)).join(" -> "));
    if (from >= 0 || done.has(file)) return;
    for (const next of below.get(file) ?? []) look(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) look(file, []);
  expect(circles).toEqual([]);
});

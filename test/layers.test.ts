import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";

/**
 * What each package may import (DESIGN section 2): core <- {agent, gateway, inference} <- engine <- cli, core <- setup <- cli;
 * and core <- http <- {gateway, inference, engine}: connections, and the servers of all three.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  agent: ["core"],
  http: ["core"],
  gateway: ["core", "http"],
  inference: ["core", "http"],
  engine: ["core", "http", "agent", "gateway", "inference"],
  setup: ["core"],
  cli: ["core", "http", "agent", "gateway", "inference", "engine", "setup"],
};
/** The published package that only opens `ape-test init`. */
const DOOR = "create-ape-test";
const ROOT = new URL("..", import.meta.url).pathname;

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name));
}

const IMPORT = /(?:from|import)\s*\(?\s*"([^"]+)"/g;
const imports = (file: string): string[] =>
  Array.from(readFileSync(file, "utf8").matchAll(IMPORT), (match) => match[1] as string);

test("every package is in the table", () => {
  expect(readdirSync(join(ROOT, "packages")).sort()).toEqual([...Object.keys(MAY_IMPORT), DOOR].sort());
});

test("create-ape-test is nothing but a door", () => {
  expect(readdirSync(join(ROOT, "packages", DOOR, "bin"))).toEqual(["create-ape-test.mjs"]);
  expect(existsSync(join(ROOT, "packages", DOOR, "src"))).toBe(false);
});

test.each(Object.keys(MAY_IMPORT))("%s imports only what lies below it", (name) => {
  const folder = join(ROOT, "packages", name, "src");
  const wrong: string[] = [];
  for (const file of sources(folder)) {
    for (const specifier of imports(file)) {
      const other = /^@ape\/([^/]+)/.exec(specifier)?.[1];
      const alien = other !== undefined && other !== name && !MAY_IMPORT[name]?.includes(other);
      const upwards =
        specifier.startsWith(".") && relative(folder, join(file, "..", specifier)).startsWith("..");
      if (alien || specifier === "ape-test" || upwards) wrong.push(`${relative(ROOT, file)}: ${specifier}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("core does no I/O and has no clock and no randomness of its own", () => {
  const wrong: string[] = [];
  for (const file of sources(join(ROOT, "packages/core/src")).filter((name) => !name.endsWith(".test.ts"))) {
    const text = readFileSync(file, "utf8");
    if (
      /"node:|\bDate\.now\(|\bnew Date\(\)|\bperformance\.|\bMath\.random\(|\bsetTimeout\(|\bfetch\(|\bprocess\./.test(
        text,
      )
    )
      wrong.push(relative(ROOT, file));
  }
  expect(wrong).toEqual([]);
});

test("the linter refuses an import against the direction, in every package below the top", {
  timeout: 60_000,
}, () => {
  const probes: string[] = [];
  try {
    for (const [name, below] of Object.entries(MAY_IMPORT)) {
      if (name === "cli") continue;
      const forbidden = Object.keys(MAY_IMPORT).find(
        (other) => other !== name && other !== "cli" && !below.includes(other),
      );
      const specifier = forbidden === undefined ? "ape-test" : `@ape/${forbidden}/errors`;
      const file = join(mkdtempSync(join(ROOT, "packages", name, "src", "lint-probe-")), "probe.ts");
      probes.push(file);
      writeFileSync(file, `export { ApeError } from "${specifier}";\n`);
    }
    const output = lint(...probes);
    for (const file of probes)
      expect(output, file).toMatch(new RegExp(`${relative(ROOT, file)}:\\d+:\\d+ \\S*noRestrictedImports`));
  } finally {
    for (const file of probes) rmSync(join(file, ".."), { recursive: true });
  }
});

test("the linter refuses a floating promise, any and a default export", () => {
  const folder = mkdtempSync(join(ROOT, "packages/core/src/lint-probe-"));
  try {
    const file = join(folder, "probe.ts");
    writeFileSync(
      file,
      "async function late(): Promise<void> {}\nexport function go(): void {\n  late();\n}\nexport const x = (1 as any) + 1;\nexport default go;\n",
    );
    const output = lint(file);
    for (const rule of ["noFloatingPromises", "noExplicitAny", "noDefaultExport"])
      expect(output).toContain(rule);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function lint(...files: readonly string[]): string {
  try {
    return execFileSync(join(ROOT, "node_modules/.bin/biome"), ["lint", ...files], {
      cwd: ROOT,
      encoding: "utf8",
      stdio: "pipe",
    });
  } catch (thrown) {
    const { stdout, stderr } = thrown as { stdout: string; stderr: string };
    return stdout + stderr;
  }
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

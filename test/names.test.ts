import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";

const ROOT = new URL("..", import.meta.url).pathname;

/** Words that an engineer of the field would not search for: each had a standard term. */
const BANNED =
  /house|crew|cast(?:Session|ing)?$|errand|manner|witness|plane|roster|outfit|belonging|surround|mischief|governor|knock|farewell|skimmer|dealer|rehears/i;

const EXPORT = /^export (?:abstract |async )?(?:function\*?|const|class|interface|type) (\w+)/gm;

function exportsOf(name: string): [file: string, name: string][] {
  const folder = join(ROOT, "packages", name, "src");
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /(?<!\.test)\.tsx?$/.test(entry.name))
    .flatMap((entry) => {
      const file = join(entry.parentPath, entry.name);
      return Array.from(readFileSync(file, "utf8").matchAll(EXPORT), (match): [string, string] => [
        relative(ROOT, file),
        match[1] as string,
      ]);
    });
}

test.each(readdirSync(join(ROOT, "packages")).filter((name) => name !== "create-ape-test"))(
  "%s exports no name that needs a dictionary",
  (name) => {
    const names = exportsOf(name);
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter(([, one]) => BANNED.test(one))).toEqual([]);
  },
);

test("no name is exported twice, from packages, their test helpers, test or bench", () => {
  const files = new Map<string, string[]>();
  for (const folder of ["packages", "test", "bench"])
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })) {
      const file = relative(ROOT, join(entry.parentPath, entry.name));
      if (!entry.isFile() || !/(?<!\.test|\.d)\.tsx?$/.test(file) || /node_modules|\/dist\//.test(file))
        continue;
      for (const [, name] of readFileSync(join(ROOT, file), "utf8").matchAll(EXPORT))
        files.set(name as string, [...(files.get(name as string) ?? []), file]);
    }
  expect(files.size).toBeGreaterThan(1_000);
  // Overloads of a function have one name in one file.
  expect([...files].filter(([, where]) => new Set(where).size > 1)).toEqual([]);
});

test("no folder of a package has more than 20 source files", () => {
  const counts = new Map<string, number>();
  for (const name of readdirSync(join(ROOT, "packages"))) {
    if (name === "create-ape-test") continue;
    const folder = join(ROOT, "packages", name, "src");
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
      if (entry.isFile() && /(?<!\.test)\.tsx?$/.test(entry.name))
        counts.set(entry.parentPath, (counts.get(entry.parentPath) ?? 0) + 1);
  }
  expect([...counts].filter(([, count]) => count > 20).map(([folder]) => relative(ROOT, folder))).toEqual([]);
});

test("what only tests use is in `test` beside `src`, not in it", () => {
  const found = readdirSync(join(ROOT, "packages")).flatMap((name) =>
    readdirSync(join(ROOT, "packages", name), { withFileTypes: true, recursive: true })
      .filter(({ parentPath }) => /\/src(?:\/|$)/.test(parentPath) && !parentPath.includes("node_modules"))
      .filter((entry) => /\btesting\b|\bfixtures?\b|\bmocks?\b/.test(`${entry.parentPath}/${entry.name}`))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  expect(found).toEqual([]);
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { isEquivalent, obsoleteEntries, readEquivalent } from "../scripts/mutation/equivalent.ts";
import { mutantsOf, sourcesBelow } from "../scripts/mutation/mutants.ts";
import { sampleMutants } from "../scripts/mutation/sample.ts";
import { isDetected, scoreOf } from "../scripts/mutation/score.ts";

const ROOT = new URL("..", import.meta.url).pathname;
const SOURCE = `
export const Limit = z.string().min(1).describe("The highest number of agents.");
export const isOver = (n: number): boolean => n > 3 && n > 3;
`;

const created: string[] = [];
afterEach(() => {
  for (const directory of created.splice(0)) rmSync(directory, { recursive: true });
});

function project(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "mutants-"));
  created.push(root);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  return root;
}

test("mutants of a file carry the text they replace; descriptions of a schema have none", async () => {
  const root = project({ "limit.ts": SOURCE });
  const mutants = await mutantsOf(root, ["limit.ts"]);
  const seen = mutants.map(({ line, original, replacement, occurrence }) => [
    line,
    original,
    replacement,
    occurrence,
  ]);
  expect(seen).toContainEqual([3, "n > 3", "n >= 3", 0]);
  expect(seen).toContainEqual([3, "n > 3", "n >= 3", 1]);
  expect(seen).toContainEqual([3, "n > 3 && n > 3", "n > 3 || n > 3", 0]);
  expect(seen).toContainEqual([2, "z.string().min(1)", "z.string().max(1)", 0]);
  expect(mutants.filter(({ original }) => original.includes("highest"))).toEqual([]);
  expect(new Set(mutants.map(({ key }) => key)).size).toBe(mutants.length);
});

test("sources are files without tests; a path of a file is itself", () => {
  const root = project({
    "a.ts": "",
    "a.test.ts": "",
    "a.testing.ts": "",
    "a.d.ts": "",
    "b.tsx": "",
    "c.json": "",
  });
  expect(sourcesBelow(root, ".")).toEqual(["a.ts", "b.tsx"]);
  expect(sourcesBelow(root, "a.ts")).toEqual(["a.ts"]);
});

test("a sample follows from its seed; a new line above or another file changes no draw", async () => {
  const root = project({ "a.ts": SOURCE, "b.ts": SOURCE });
  const all = await mutantsOf(root, ["a.ts", "b.ts"]);
  const draw = (seed: number) => sampleMutants(all, 6, seed).map(({ key }) => key);
  expect(draw(1)).toHaveLength(6);
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
  expect(sampleMutants(all, Number.POSITIVE_INFINITY, 1)).toHaveLength(all.length);

  const text = ({ file, original, replacement, occurrence }: (typeof all)[number]) =>
    [file, original, replacement, occurrence].join();
  const order = sampleMutants(all, all.length, 1).map(text);
  writeFileSync(join(root, "b.ts"), `\n\n${SOURCE}`);
  expect(sampleMutants(await mutantsOf(root, ["a.ts", "b.ts"]), all.length, 1).map(text)).toEqual(order);
  const alone = sampleMutants(await mutantsOf(root, ["a.ts"]), all.length, 1).map(text);
  expect(alone).toEqual(order.filter((one) => one.startsWith("a.ts")));
});

test("an entry of the list names mutants by their texts, one occurrence where it says so", async () => {
  const root = project({ "limit.ts": SOURCE });
  const mutants = await mutantsOf(root, ["limit.ts"]);
  const entry = { original: "n  >\n3", replacement: "n >= 3", reason: "n is never 3 in this file" };
  const named = (list: Parameters<typeof isEquivalent>[0]) =>
    mutants.filter((one) => isEquivalent(list, one)).length;
  expect(named({ "limit.ts": [entry] })).toBe(2);
  expect(named({ "limit.ts": [{ ...entry, occurrence: 1 }] })).toBe(1);
  expect(named({ "limit.ts": [{ ...entry, within: "const isOver = (n: number)" }] })).toBe(2);
  expect(named({ "limit.ts": [{ ...entry, within: "const Limit" }] })).toBe(0);
  expect(named({ "other.ts": [entry] })).toBe(0);
  expect(obsoleteEntries({ "limit.ts": [entry], "other.ts": [entry] }, mutants)).toEqual([]);
  expect(obsoleteEntries({ "limit.ts": [{ ...entry, original: "n > 4" }] }, mutants)).toEqual([
    "limit.ts: n > 4 -> n >= 3",
  ]);
});

test("the list of equivalent mutants names existing mutants only, each with a reason", async () => {
  const list = readEquivalent(join(ROOT, "scripts/mutation/equivalent.json"));
  // Mutants of a file take a while: what is within a line is looked for there.
  const byMutants = Object.fromEntries(
    Object.entries(list).map(([file, entries]) => [
      file,
      entries.filter(({ within }) => within === undefined),
    ]),
  );
  for (const [file, entries] of Object.entries(list)) {
    const lines = readFileSync(join(ROOT, file), "utf8").split("\n");
    for (const { original, within } of entries)
      if (within !== undefined)
        expect(lines.filter((line) => line.includes(within)).join("\n"), `${file}: ${within}`).toContain(
          original,
        );
  }
  expect(
    obsoleteEntries(
      byMutants,
      await mutantsOf(
        ROOT,
        Object.keys(byMutants).filter((file) => byMutants[file]?.length !== 0),
      ),
    ),
  ).toEqual([]);
});

test("a mutant is detected by a failed test, by a run without end, or by a module that does not load", () => {
  const results = [
    { status: "Killed", testsCompleted: 1 },
    { status: "Timeout" },
    { status: "RuntimeError" },
    { status: "Survived", testsCompleted: 0 },
    { status: "Survived", testsCompleted: 4 },
    { status: "NoCoverage" },
  ] as const;
  expect(results.map(isDetected)).toEqual([true, true, true, true, false, false]);
  expect(scoreOf(results)).toEqual({ scorePct: 66.7, detected: 4, timedOut: 1, survived: 1, notCovered: 1 });
  expect(scoreOf([])).toEqual({ scorePct: 100, detected: 0, timedOut: 0, survived: 0, notCovered: 0 });
});

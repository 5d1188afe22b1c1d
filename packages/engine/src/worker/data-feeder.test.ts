import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DataFeeder, loadRows } from "./data-feeder.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ape-rows-"));
});
afterAll(() => rm(directory, { recursive: true }));

const file = async (name: string, text: string): Promise<string> => {
  await writeFile(join(directory, name), text);
  return name;
};
const load = (name: string, secret: string[] = []) =>
  loadRows({ file: name, unique: false, secret }, directory);
const never = new AbortController().signal;

test("CSV with quotes and a byte-order mark, JSON and inline rows become text", async () => {
  expect(await load(await file("a.csv", '\ufeffemail,name\na@b.c,"Doe, J"\n\n'))).toEqual([
    { email: "a@b.c", name: "Doe, J" },
  ]);
  expect(await load(await file("a.json", '[{"a":1,"b":"x"}]'))).toEqual([{ a: "1", b: "x" }]);
  expect(await loadRows({ rows: [{ a: true }], unique: false, secret: [] }, directory)).toEqual([
    { a: "true" },
  ]);
});

test.each([
  ["missing.csv", undefined, "FILE_MISSING"],
  ["empty.csv", "email,password\n", "DATA_INVALID"],
  ["ragged.csv", "a,b\n1,2,3\n", "DATA_INVALID"],
  ["broken.json", "[{", "DATA_INVALID"],
  ["scalar.json", "[1]", "DATA_INVALID"],
])("%s is refused", async (name, text, code) => {
  if (text !== undefined) await file(name, text);
  await expect(load(name)).rejects.toMatchObject({ code });
});

test("generated columns: not twice, and they can be secret", async () => {
  const name = await file("c.csv", "email\na@b.c\n");
  const generate = { email: "email" as const };
  await expect(
    loadRows({ file: name, unique: false, secret: [], generate }, directory),
  ).rejects.toMatchObject({
    code: "DATA_INVALID",
    message: expect.stringContaining("generated too") as string,
  });
  expect(await loadRows({ unique: false, secret: ["pin"], generate: { pin: "uuid" } }, directory)).toEqual(
    [],
  );
});

test("a secret column that is not there is named", async () => {
  const name = await file("b.csv", "email\na@b.c\n");
  await expect(load(name, ["password"])).rejects.toMatchObject({
    code: "DATA_INVALID",
    hint: "Its columns are email.",
  });
});

test("unique rows: no two workers ever hold the same one, and every row is dealt once before any returns", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(),
      async (count, workers, seed) => {
        const rows = Array.from({ length: count }, (_, n) => ({ n: String(n) }));
        const held: number[] = [];
        for (let worker = 0; worker < workers; worker += 1) {
          const feeder = new DataFeeder(rows, { unique: true, seed, worker, workers });
          for (let n = 0; n < feeder.size; n += 1)
            held.push((await feeder.take(() => 0, never))?.index ?? -1);
        }
        expect(held.sort((a, b) => a - b)).toEqual(rows.map((_, n) => n));
      },
    ),
  );
});

test("a session that finds every row in use waits, first come first served, and may give up", async () => {
  const feeder = new DataFeeder([{ n: "0" }], { unique: true, seed: 1, worker: 0, workers: 1 });
  await feeder.take(() => 0, never);
  const stop = new AbortController();
  let time = 5;
  const second = feeder.take(() => time, never);
  const third = feeder.take(() => time, stop.signal);
  expect(feeder.waiting).toBe(2);
  time = 9;
  feeder.release(0);
  expect(await second).toMatchObject({ index: 0, waitedMs: 4 });
  stop.abort();
  expect(await third).toBeUndefined();
});

test("the same seed deals the same order", async () => {
  const rows = Array.from({ length: 30 }, (_, n) => ({ n: String(n) }));
  const deal = async (seed: number): Promise<number[]> => {
    const feeder = new DataFeeder(rows, { unique: false, seed, worker: 0, workers: 1 });
    const taken: number[] = [];
    for (let n = 0; n < 60; n += 1) taken.push((await feeder.take(() => 0, never))?.index ?? -1);
    return taken;
  };
  expect(await deal(7)).toEqual(await deal(7));
  expect(await deal(7)).not.toEqual(await deal(8));
  expect((await deal(7)).slice(30)).toEqual((await deal(7)).slice(0, 30));
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DataFeeder, loadRows, openRows } from "./data-feeder.ts";

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

test("a session that gives up leaves its place to those behind it", async () => {
  const feeder = new DataFeeder([{ n: "0" }], { unique: true, seed: 1, worker: 0, workers: 1 });
  await feeder.take(() => 0, never);
  const stop = new AbortController();
  const first = feeder.take(() => 0, stop.signal);
  const second = feeder.take(() => 0, never);
  stop.abort();
  expect(await first).toBeUndefined();
  expect(feeder.waiting).toBe(1);
  feeder.release(0);
  expect((await second)?.index).toBe(0);
});

test("a row that was released for a session that ends at the same moment goes to the next one", async () => {
  const feeder = new DataFeeder([{ n: "0" }], { unique: true, seed: 1, worker: 0, workers: 1 });
  await feeder.take(() => 0, never);
  const stop = new AbortController();
  const first = feeder.take(() => 0, stop.signal);
  const second = feeder.take(() => 0, never);
  feeder.release(0);
  stop.abort();
  expect(await first).toBeUndefined();
  expect((await second)?.index).toBe(0);
});

test("only a row in use is released, and an aborted session takes none", async () => {
  const feeder = new DataFeeder([{ n: "0" }], { unique: true, seed: 1, worker: 0, workers: 1 });
  expect(await feeder.take(() => 0, AbortSignal.abort())).toBeUndefined();
  expect((await feeder.take(() => 0, never))?.index).toBe(0);
  const waits = feeder.take(() => 0, never);
  feeder.release(7);
  expect(feeder.waiting).toBe(1);
  feeder.release(0);
  expect((await waits)?.index).toBe(0);
});

test("a row in use is passed over and dealt again in its turn", async () => {
  const rows = Array.from({ length: 3 }, (_, n) => ({ n: String(n) }));
  const feeder = new DataFeeder(rows, { unique: true, seed: 1, worker: 0, workers: 1 });
  const take = async () => (await feeder.take(() => 0, never))?.index as number;
  const order = [await take(), await take(), await take()];
  feeder.release(order[1] as number);
  expect(await take()).toBe(order[1]);
  feeder.release(order[2] as number);
  feeder.release(order[0] as number);
  expect([await take(), await take()]).toEqual([order[2], order[0]]);
});

test("without unique rows each worker deals all, from another place of one order", async () => {
  const rows = Array.from({ length: 9 }, (_, n) => ({ n: String(n) }));
  const dealt = async (worker: number) => {
    const feeder = new DataFeeder(rows, { unique: false, seed: 3, worker, workers: 3 });
    const taken: number[] = [];
    for (let n = 0; n < feeder.size; n += 1) taken.push((await feeder.take(() => 0, never))?.index ?? -1);
    return taken;
  };
  const [first, second, third] = [await dealt(0), await dealt(1), await dealt(2)];
  expect(first).toHaveLength(9);
  expect(second).toEqual([...first.slice(3), ...first.slice(0, 3)]);
  expect(third).toEqual([...first.slice(6), ...first.slice(0, 6)]);
});

test.each([
  [10_000, false, 10_000],
  [10_001, false, 3_334],
  [9, true, 3],
])("of %d rows, unique: %j, the first of three workers deals %d", (length, unique, size) => {
  const rows = { length, at: () => ({}) };
  expect(new DataFeeder(rows, { unique, seed: 1, worker: 0, workers: 3 }).size).toBe(size);
});

test("a worker holds its own share of unique rows, and all of a small table", async () => {
  const rows = Array.from({ length: 7 }, (_, n) => ({ n: String(n) }));
  const data = { rows, unique: false, secret: [] };
  const shown = async (unique: boolean, worker: number) => {
    const opened = await openRows(data, directory, { unique, worker, workers: 3 });
    return [opened.length, ...Array.from({ length: 8 }, (_, index) => opened.at(index)?.n)];
  };
  expect(await shown(true, 0)).toEqual([
    7,
    "0",
    undefined,
    undefined,
    "3",
    undefined,
    undefined,
    "6",
    undefined,
  ]);
  expect(await shown(true, 2)).toEqual([
    7,
    undefined,
    undefined,
    "2",
    undefined,
    undefined,
    "5",
    undefined,
    undefined,
  ]);
  expect(await shown(false, 2)).toEqual([7, "0", "1", "2", "3", "4", "5", "6", undefined]);
});

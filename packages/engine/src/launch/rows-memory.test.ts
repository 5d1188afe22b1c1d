import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readTable } from "../data/table.ts";
import { DataFeeder, loadRows, openRows } from "../worker/data-feeder.ts";

const ROWS = 100_000;
const WORKERS = 4;
const data = { file: "accounts.csv", unique: true, secret: [] };
let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ape-rows-memory-"));
  const lines = Array.from(
    { length: ROWS },
    (_, n) => `user-${n}@example.com,secret-${n * 7919},Somebody ${n},${n % 97} High Street`,
  );
  await writeFile(join(directory, data.file), ["email,password,name,street", ...lines].join("\n"));
});
afterAll(() => rm(directory, { recursive: true }));

setFlagsFromString("--expose_gc");
const collectGarbage = runInNewContext("gc") as () => void;

/**
 * Two measurements: what else the process does can add to one, and what earlier tests have left and is collected meanwhile
 * can take from one.
 */
const costsOf = async (make: () => Promise<unknown>): Promise<[number, number]> => [
  await costOf(make),
  await costOf(make),
];
/** Measures until it is little enough, four times at most: other test files of the process may keep something meanwhile. */
async function leastCost(make: () => Promise<unknown>, enough: number): Promise<number> {
  let least = await costOf(make);
  for (let more = 3; more > 0 && least >= enough; more -= 1) least = Math.min(least, await costOf(make));
  return least;
}

/** Bytes that stay in use for what a function gives. */
async function costOf(make: () => Promise<unknown>): Promise<number> {
  const used = async (): Promise<number> => {
    // The last call's values are let go of in a turn of their own.
    await setImmediate();
    collectGarbage();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  // What is loaded once is no cost of the rows.
  await make();
  const before = await used();
  const kept = await make();
  const cost = (await used()) - before;
  expect(kept).toBeDefined();
  return cost;
}

test("a worker holds its share of the rows in little memory, and the engine none", async () => {
  const all = Math.max(...(await costsOf(() => loadRows(data, directory))));
  // A part of the rows, and each in less than what an object of strings takes.
  const enough = (all / WORKERS) * 0.8;
  const share = await leastCost(async () => {
    const own = { unique: true, worker: 1, workers: WORKERS };
    const rows = await openRows(data, directory, own);
    expect(rows.at(1)?.email).toBe("user-1@example.com");
    expect(rows.at(2)).toBeUndefined();
    return [rows, new DataFeeder(rows, { ...own, seed: 1 })];
  }, enough);
  const survey = await leastCost(() => readTable(data, directory), all / 10);
  expect(share).toBeLessThan(enough);
  expect(survey).toBeLessThan(all / 10);
}, 60_000);

test("a large table that is not unique is divided too, and every row is still dealt by one worker", async () => {
  const seen = new Uint8Array(ROWS);
  for (let worker = 0; worker < WORKERS; worker += 1) {
    const own = { unique: false, worker, workers: WORKERS };
    const rows = await openRows({ ...data, unique: false }, directory, own);
    const feeder = new DataFeeder(rows, { ...own, seed: 3 });
    expect(feeder.size).toBe(ROWS / WORKERS);
    for (let n = 0; n < feeder.size; n += 1) {
      const taken = await feeder.take(() => 0, new AbortController().signal);
      if (taken?.values.email === `user-${taken?.index}@example.com`) seen[taken.index as number] = 1;
    }
  }
  expect(seen.every((one) => one === 1)).toBe(true);
});

import { expect, test } from "vitest";
import { AgentPool, type SessionSlot } from "./pool.ts";

interface Held {
  slot: SessionSlot;
  end: () => Promise<void>;
}

function poolOf(options: { open?: boolean; quota?: number } = {}) {
  const held: Held[] = [];
  const told = { freed: 0, idle: 0 };
  const pool = new AgentPool({
    run: (slot) =>
      new Promise((resolve) => {
        const entry: Held = {
          slot,
          end: async () => {
            held.splice(held.indexOf(entry), 1);
            resolve();
            await new Promise(setImmediate);
          },
        };
        held.push(entry);
      }),
    open: options.open ?? false,
    quota: options.quota ?? Number.POSITIVE_INFINITY,
    freed: () => {
      told.freed += 1;
    },
    idle: () => {
      told.idle += 1;
    },
  });
  return { pool, held, told };
}

test("wanted agents run one session after another, each with a number of its own", async () => {
  const { pool, held } = poolOf();
  pool.setWanted(3);
  expect(held.map(({ slot }) => slot)).toEqual([
    { agent: 0, number: 0 },
    { agent: 1, number: 1 },
    { agent: 2, number: 2 },
  ]);
  await held[1]?.end();
  expect(held.at(-1)?.slot).toEqual({ agent: 1, number: 3 });
  expect(pool.active).toBe(3);
});

test("scaling down cuts no session off, scaling up again doubles no agent", async () => {
  const { pool, held } = poolOf();
  pool.setWanted(3);
  pool.setWanted(1);
  expect(pool.active).toBe(3);
  pool.setWanted(2);
  expect(pool.active).toBe(3);
  await held[2]?.end();
  expect(pool.active).toBe(2);
  pool.setWanted(3);
  expect(held.map(({ slot }) => slot.agent)).toEqual([0, 1, 2]);
});

test("a quota of sessions is used up exactly, and then the pool is idle", async () => {
  const { pool, held, told } = poolOf({ quota: 4 });
  pool.setWanted(3);
  await held[0]?.end();
  await held[0]?.end();
  expect(pool.active).toBe(2);
  expect(told.idle).toBe(0);
  await held[0]?.end();
  await held[0]?.end();
  expect([pool.active, told.idle]).toEqual([0, 1]);
});

test("a drained pool takes nothing new and tells when its last session ended", async () => {
  const { pool, held, told } = poolOf();
  pool.setWanted(2);
  pool.drain();
  pool.setWanted(5);
  expect(pool.active).toBe(2);
  await held[0]?.end();
  expect([pool.active, held.length, told.idle]).toEqual([1, 1, 0]);
  await held[0]?.end();
  expect([pool.active, held.length, told.idle]).toEqual([0, 0, 1]);
});

test("open load: arrivals take free agents and find none when all are busy", async () => {
  const { pool, held, told } = poolOf({ open: true });
  pool.setWanted(2);
  expect([pool.arrive(10), pool.arrive(20), pool.arrive(30)]).toEqual([true, true, false]);
  expect(held.map(({ slot }) => slot.scheduledAt)).toEqual([10, 20]);
  await held[0]?.end();
  expect(told.freed).toBe(1);
  expect(pool.arrive(40)).toBe(true);
  expect(held.at(-1)?.slot).toEqual({ agent: 0, number: 2, scheduledAt: 40 });
});

test("a drained pool of an open load takes no arrival, and is idle at once where nothing runs", async () => {
  const { pool, held, told } = poolOf({ open: true });
  pool.setWanted(2);
  expect(pool.arrive(10)).toBe(true);
  pool.drain();
  expect(pool.arrive(20)).toBe(false);
  expect(told.idle).toBe(0);
  await held[0]?.end();
  expect([pool.active, held.length, told.idle]).toEqual([0, 0, 1]);
  const empty = poolOf();
  empty.pool.drain();
  expect(empty.told.idle).toBe(1);
});

test("an open load ends with its quota, and takes no arrival beyond it", async () => {
  const { pool, held, told } = poolOf({ open: true, quota: 1 });
  pool.setWanted(2);
  expect([pool.arrive(10), pool.arrive(20), pool.active]).toEqual([true, false, 1]);
  await held[0]?.end();
  expect([pool.arrive(30), told.idle]).toEqual([false, 1]);
});

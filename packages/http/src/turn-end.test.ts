import { expect, test } from "vitest";
import { settleAtTurnEnd } from "./turn-end.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("nothing is settled within the turn, and everything at its end, in order", async () => {
  const settled: string[] = [];
  settleAtTurnEnd((value: string) => settled.push(value), "a");
  settleAtTurnEnd((value: string) => settled.push(value), "b");
  await Promise.resolve();
  expect(settled).toEqual([]);
  await turn();
  expect(settled).toEqual(["a", "b"]);
});

test("what follows one answer begins after all of them are settled", async () => {
  const order: string[] = [];
  const both = ["a", "b"].map((name) =>
    new Promise<string>((resolve) => {
      settleAtTurnEnd((value: string) => {
        order.push(`settled ${value}`);
        resolve(value);
      }, name);
    }).then((value) => order.push(`after ${value}`)),
  );
  await Promise.all(both);
  expect(order).toEqual(["settled a", "settled b", "after a", "after b"]);
});

test("what is asked for while others are settled comes with the next turn", async () => {
  const settled: string[] = [];
  settleAtTurnEnd(() => settleAtTurnEnd((value: string) => settled.push(value), "later"), undefined);
  await turn();
  expect(settled).toEqual([]);
  await turn();
  expect(settled).toEqual(["later"]);
});

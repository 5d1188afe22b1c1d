import fc from "fast-check";
import { expect, test } from "vitest";
import { FairQueue, type Waiting } from "./fair-queue.ts";

interface Named extends Waiting {
  name: string;
}
const entry = (of: string, name = of): Named => ({ of, name, gone: false });

test("owners take turns, whatever each has asked for", () => {
  const queue = new FairQueue<Named>();
  for (const name of ["a1", "a2", "a3", "b1", "c1", "b2"]) queue.add(entry(name[0] as string, name));
  const order = Array.from({ length: 6 }, () => queue.shift()?.name);
  expect(order).toEqual(["a1", "b1", "c1", "a2", "b2", "a3"]);
  expect(queue.shift()).toBeUndefined();
});

test("a queue served while it is filled lets no newcomer be overtaken twice by the same owner, and loses none", () => {
  const moves = fc.array(
    fc.oneof(fc.nat({ max: 9 }), fc.constant("serve" as const), fc.constant("leave" as const)),
    {
      maxLength: 400,
    },
  );
  fc.assert(
    fc.property(moves, (list) => {
      const queue = new FairQueue<Named>();
      const waiting: { item: Named; newcomer: boolean; overtakenBy: Map<string, number> }[] = [];
      const known = new Set<string>();
      let count = 0;
      for (const move of list) {
        if (typeof move === "number") {
          const item = entry(String(move), String(count));
          count += 1;
          queue.add(item);
          waiting.push({ item, newcomer: !known.has(item.of), overtakenBy: new Map() });
          known.add(item.of);
        } else if (move === "leave") {
          const [first] = waiting.splice(Math.floor(waiting.length / 2), 1);
          if (first === undefined) continue;
          first.item.gone = true;
          queue.noteRemoved();
        } else {
          const served = queue.shift();
          const at = waiting.findIndex(({ item }) => item === served);
          expect(served === undefined).toBe(at === -1);
          if (at === -1) continue;
          for (const { item, newcomer, overtakenBy } of waiting.slice(0, at)) {
            // Of one owner the oldest goes first.
            expect(item.of).not.toBe(served?.of);
            const times = (overtakenBy.get(served?.of ?? "") ?? 0) + 1;
            overtakenBy.set(served?.of ?? "", times);
            if (newcomer) expect(times).toBeLessThanOrEqual(1);
          }
          waiting.splice(at, 1);
        }
        expect(queue.size).toBe(waiting.length);
      }
      const rest = new Set<Named>();
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) rest.add(next);
      expect(rest).toEqual(new Set(waiting.map(({ item }) => item)));
    }),
  );
});

test("an owner that was served alone starts level with a newcomer", () => {
  const queue = new FairQueue<Named>();
  for (let n = 1; n <= 5; n += 1) {
    queue.add(entry("a", `a${n}`));
    expect(queue.shift()?.name).toBe(`a${n}`);
  }
  for (const name of ["b1", "b2", "b3", "a6"]) queue.add(entry(name[0] as string, name));
  expect(Array.from({ length: 4 }, () => queue.shift()?.name)).toEqual(["b1", "b2", "a6", "b3"]);
});

test("of 65 and more removed entries none is kept, and the order of the others is", () => {
  const queue = new FairQueue<Named>();
  const entries = Array.from({ length: 200 }, (_, n) => entry(`owner ${n % 40}`, String(n)));
  for (const one of entries) queue.add(one);
  entries.forEach((one, n) => {
    if (n % 3 === 0) return;
    one.gone = true;
    queue.noteRemoved();
  });
  const left = entries.filter(({ gone }) => !gone).map(({ name }) => name);
  expect(queue.size).toBe(left.length);
  const served = Array.from(left, () => queue.shift());
  expect(served.map((one) => one?.name).sort()).toEqual([...left].sort());
  // The first turn of each owner comes before the second of any.
  expect(new Set(served.slice(0, 40).map((one) => one?.of)).size).toBe(40);
  expect([queue.size, queue.shift()]).toEqual([0, undefined]);
});

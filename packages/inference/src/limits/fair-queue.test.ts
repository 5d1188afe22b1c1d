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

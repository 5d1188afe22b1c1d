import type { Event } from "@ape/core/protocol/events";
import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeEvents } from "./merge-events.ts";

async function* chunked(part: number, chunks: readonly (readonly number[])[]): AsyncGenerator<Event[], void> {
  let number = 0;
  for (const chunk of chunks) {
    yield chunk.map((at) => {
      number += 1;
      return { at, part, number } as unknown as Event;
    });
  }
}
async function merged(parts: readonly (readonly (readonly number[])[])[]) {
  const seen: { at: number; part: number; number: number }[] = [];
  await mergeEvents(
    parts.map((chunks, part) => chunked(part, chunks)),
    (event) => seen.push(event as never),
  );
  return seen;
}

test("processes are merged by time, whatever their chunks", async () => {
  const seen = await merged([[[1, 4], [], [7]], [[2, 3], [8]], [[]], []]);
  expect(seen.map(({ at }) => at)).toEqual([1, 2, 3, 4, 7, 8]);
});

test("events of the same moment come in the order of their processes, whatever else is read", async () => {
  const order = (await merged([[[5]], [[5], [5]], [[5]]])).map(({ part }) => part);
  expect(order).toEqual([0, 1, 1, 2]);
  const later = (await merged([[[5]], [[1, 5]], [[5]]])).map(({ part }) => part);
  expect(later).toEqual([1, 0, 1, 2]);
});

test("an error of the visitor ends the reading of every process", async () => {
  let ended = 0;
  async function* endless(): AsyncGenerator<Event[], void> {
    try {
      for (let at = 0; ; at += 1) yield [{ at } as Event];
    } finally {
      ended += 1;
    }
  }
  await expect(
    mergeEvents([endless(), endless()], () => {
      throw new Error("enough");
    }),
  ).rejects.toThrow("enough");
  expect(ended).toBe(2);
});

test("each process's events stay in their order, and all are passed on", async () => {
  const chunk = fc.array(fc.nat({ max: 30 }), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(chunk, { maxLength: 4 }), { maxLength: 4 }), async (parts) => {
      const rising = parts.map((chunks) => {
        let at = 0;
        return chunks.map((one) =>
          one.map((step) => {
            at += step;
            return at;
          }),
        );
      });
      const seen = await merged(rising);
      expect(seen).toHaveLength(rising.flat(2).length);
      expect(seen.map(({ at }) => at)).toEqual(seen.map(({ at }) => at).toSorted((a, b) => a - b));
      for (const [part] of rising.entries()) {
        const numbers = seen.filter((one) => one.part === part).map(({ number }) => number);
        expect(numbers).toEqual(numbers.map((_, index) => index + 1));
      }
    }),
  );
});

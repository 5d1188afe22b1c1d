import fc from "fast-check";
import { expect, test } from "vitest";
import { StreamParser } from "./event-stream.ts";

test("messages are the same however the stream is cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom("whole", "increment"), fc.json()), { maxLength: 6 }),
      fc.array(fc.nat(40), { maxLength: 20 }),
      (sent, cuts) => {
        const text = sent.map(([event, data]) => `event: ${event}\ndata: ${data}\n\n`).join("");
        const parser = new StreamParser();
        const found = [];
        let at = 0;
        for (const length of cuts) {
          found.push(...parser.push(text.slice(at, at + length)));
          at += length;
        }
        found.push(...parser.push(text.slice(at)));
        expect(found).toEqual(sent.map(([event, data]) => ({ event, data })));
      },
    ),
  );
});

test("comments and an unfinished message are no messages", () => {
  expect(new StreamParser().push(": connected\n\nevent: whole\ndata: {}\n")).toEqual([]);
});

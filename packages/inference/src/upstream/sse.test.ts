import { Buffer } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SseReader } from "./sse.ts";

function read(pieces: readonly Buffer[]): string[] {
  const events: string[] = [];
  const reader = new SseReader((data) => events.push(data));
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return events;
}

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

test("any split of the bytes gives the same events, with LF or CRLF and comments between", () => {
  const data = fc
    .string({ unit: "grapheme", minLength: 1 })
    .filter((text) => !/[\r\n]/.test(text) && !text.startsWith(" "));
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          data,
          fc.constantFrom("data:", "data: "),
          fc.constantFrom("", ": ping", "event: x", "id: 1"),
        ),
        { maxLength: 6 },
      ),
      fc.constantFrom("\n", "\r\n"),
      fc.array(fc.nat(), { maxLength: 8 }),
      (events, newline, cuts) => {
        const text = events
          .map(
            ([value, field, before]) =>
              `${before === "" ? "" : before + newline}${field}${value}${newline}${newline}`,
          )
          .join("");
        expect(read(cutAt(Buffer.from(text), cuts))).toEqual(events.map(([value]) => value));
      },
    ),
  );
});

test("every byte on its own is as good as all at once", () => {
  const text = 'data: {"a":"🐒é"}\r\n\r\n: comment\n\ndata:[DONE]\n\n';
  expect(read([...Buffer.from(text)].map((byte) => Buffer.from([byte])))).toEqual(['{"a":"🐒é"}', "[DONE]"]);
});

test("data lines of one event are joined, and a last event without its blank line counts", () => {
  expect(read([Buffer.from("data: a\ndata: b\n\ndata: c")])).toEqual(["a\nb", "c"]);
  expect(read([Buffer.from("database: x\n\nretry: 10\n\n")])).toEqual([]);
});

test("the reader knows whether an event is under way", () => {
  const reader = new SseReader(() => undefined);
  reader.push(Buffer.from("data: a\n\n"));
  expect(reader.atBoundary).toBe(true);
  reader.push(Buffer.from("data: b"));
  expect(reader.atBoundary).toBe(false);
  reader.push(Buffer.from("\n"));
  expect(reader.atBoundary).toBe(false);
});

import { Buffer } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { answerForm, SseReader } from "./sse.ts";

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

test.each<["events" | "json" | undefined, string]>([
  ["events", "data: {}"],
  ["events", "event:x"],
  ["events", "error: overloaded"],
  ["events", "id: 1"],
  ["events", "retry: 10"],
  ["events", ": comment"],
  ["events", "\uFEFFdata: a"],
  ["events", " \r\n\tdata: a"],
  ["events", `${" ".repeat(59)}data: a`],
  [undefined, `${" ".repeat(60)}data: a`],
  ["json", '{"a":1}'],
  ["json", "[1]"],
  ["json", "\uFEFF \n{"],
  [undefined, 'x{"a":1}'],
  [undefined, "database: x"],
  [undefined, "data"],
  [undefined, "x data: a"],
  [undefined, "<html>"],
  [undefined, ""],
])("the form of an answer is %s if it begins with %j", (form, text) => {
  expect(answerForm(Buffer.from(text))).toBe(form);
});

test.each<[why: string, text: string, events: readonly string[]]>([
  ["one space after the colon is no part of the data", "data:  a\n\n", [" a"]],
  ["data may be empty", "data:\n\ndata: \n\n", ["", ""]],
  ["empty lines alone are no event", "\n\r\n\n", []],
  ["a carriage return within a line stays", "data: a\rb\r\n\r\n", ["a\rb"]],
  ["a byte order mark is passed over at the beginning", "\uFEFFdata: a\n\n", ["a"]],
  ["and only there", "data: a\n\n\uFEFFdata: b\n\n", ["a"]],
  ["a comment within an event does not end it", "data: a\n: ping\ndata: b\n\n", ["a\nb"]],
  ["a failure as a text", "error:  the model is gone \n", ['{"error":{"message":"the model is gone"}}']],
  ["a failure without a text", "error:\n", ['{"error":{"message":""}}']],
  ["a failure as JSON", 'error: {"error":{"code":5}}\n', ['{"error":{"code":5}}']],
  ["a failure as JSON without a name", 'error: {"message":"m"}\n', ['{"error":{"message":"m"}}']],
  ["a failure as JSON that is no object", "error: [1]\n", ['{"error":{"message":"[1]"}}']],
  ["a line of JSON that reports a failure", '{"error":"busy"}\r\n', ['{"error":"busy"}']],
  ["a line of JSON between events", 'data: a\n\n{"error":5}\ndata: b\n\n', ["a", '{"error":5}', "b"]],
  ["a line of other JSON", '{"detail":"busy"}\n', ['{"error":{"detail":"busy"}}']],
  ["a line of JSON that is cut", '{"detail"', ['{"error":{"message":"{\\"detail\\""}}']],
  ["a line of JSON with an answer is no failure", '{"choices":[]}\n', []],
  [
    "a line of JSON with an answer and a failure is one",
    '{"choices":[],"error":{"code":1}}\n',
    ['{"error":{"code":1}}'],
  ],
  ["JSON that is not at the beginning of a line", ' {"error":"x"}\n', []],
  [
    "an event under way comes after a failure within it",
    "data: a\nerror: x\n\n",
    ['{"error":{"message":"x"}}', "a"],
  ],
])("%s", (_why, text, events) => {
  const bytes = Buffer.from(text);
  expect(read([bytes])).toEqual(events);
  expect(read([...bytes].map((byte) => Buffer.from([byte])))).toEqual(events);
});

test("an event is handed on with its blank line, and the end hands on nothing twice", () => {
  const events: string[] = [];
  const reader = new SseReader((data) => events.push(data));
  expect(reader.atBoundary).toBe(true);
  reader.push(Buffer.from("da"));
  expect(reader.atBoundary).toBe(false);
  reader.push(Buffer.from("ta: a\n\ndata: b\nda"));
  expect([events, reader.atBoundary]).toEqual([["a"], false]);
  reader.push(Buffer.from("ta: c\n"));
  expect([events, reader.atBoundary]).toEqual([["a"], false]);
  reader.end();
  expect([events, reader.atBoundary]).toEqual([["a", "b\nc"], true]);
  reader.end();
  reader.push(Buffer.from("data: d\n\n"));
  expect(events).toEqual(["a", "b\nc", "d"]);
});

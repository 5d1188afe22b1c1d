import fc from "fast-check";
import { expect, test } from "vitest";
import { RequestPeeker } from "./request-peeker.ts";

const value = fc.jsonValue({ maxDepth: 2 });
const known = fc.record(
  {
    model: fc.stringMatching(/^[a-zA-Z0-9./:-]{1,12}$/),
    messages: fc.array(value, { maxLength: 3 }),
    stream: fc.boolean(),
    tools: fc.array(value, { maxLength: 2 }),
    temperature: fc.double({ noNaN: true, noDefaultInfinity: true }),
    max_tokens: fc.nat(),
    seed: fc.nat(),
    user: fc.string({ unit: "grapheme" }),
    '{"model"': value,
  },
  { requiredKeys: ["model", "messages"] },
);

/** One for all requests, as in a proxy: what it keeps of one must not change what it says of the next. */
const skimmer = new RequestPeeker();
const requestHead = (text: string): ReturnType<RequestPeeker["head"]> => skimmer.head(Buffer.from(text));

test("what is skimmed is what JSON.parse would give, however it is spaced and ordered", () => {
  fc.assert(
    fc.property(known, fc.constantFrom(undefined, 1, "\t"), fc.boolean(), (request, space, backwards) => {
      const entries = Object.entries(request);
      const text = JSON.stringify(Object.fromEntries(backwards ? entries.reverse() : entries), null, space);
      expect(requestHead(` ${text}\n`) ?? "looked at").toEqual(
        text.includes('\\"model') ? "looked at" : { model: request.model, streamed: request.stream === true },
      );
    }),
    { numRuns: 500 },
  );
});

test.each([
  "",
  "{",
  "{}",
  "[]",
  "null",
  '{"model":"m"}',
  '{"model":"m","messages":{}}',
  '{"model":"","messages":[]}',
  '{"model":7,"messages":[]}',
  '{"model":"m","messages":[]',
  '{"model":"m","messages":[]}}',
  '{"model":"m","messages":[],}',
  '{"model":"m","messages":["]}',
  '{"model":"m","messages":[],"stream":"yes"}',
  '{"model":"m","messages":[],"stream":}',
  '{"model":"m" "messages":[]}',
  '{"model":"m","messages":[],"\\u0073tream":true}',
])("%j is left to JSON.parse", (text) => {
  expect(requestHead(text)).toBeUndefined();
});

test("any text is skimmed without a throw", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.json()),
      (text) => requestHead(text) === undefined || text.includes("messages"),
    ),
  );
});

test("a message or a list of tools that begins like the last one, and goes on otherwise, is read as what it is", () => {
  const piece = fc.constantFrom(
    '{"role":"system","content":"be \\"good\\""}',
    '"a"',
    "1",
    "12",
    "[]",
    "[1]",
    "{}",
    '"]"',
  );
  const list = fc.array(piece, { maxLength: 4 }).map((pieces) => `[${pieces.join(",")}]`);
  const after = fc.constantFrom("", "}", "]", "[", '"', ",", "x");
  fc.assert(
    fc.property(fc.array(fc.tuple(list, list, after), { minLength: 2, maxLength: 6 }), (requests) => {
      const kept = new RequestPeeker();
      for (const [messages, tools, end] of requests) {
        const text = `{"messages":${messages}${end},"tools":${tools},"model":"m"}`;
        const body = Buffer.from(text);
        expect(kept.head(body)).toEqual(new RequestPeeker().head(body));
        expect(kept.head(body) !== undefined || end !== "").toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

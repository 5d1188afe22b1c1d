import fc from "fast-check";
import { expect, test } from "vitest";
import { type RequestOptions, requestHead } from "./request-head.ts";

function head(more: Partial<RequestOptions>) {
  return requestHead({ origin: "", path: "/", method: "GET", headers: [], body: null, ...more }, "shop:8080");
}

test("names the host, the persistence and the length, and keeps the order of fields", () => {
  expect(head({ path: "/a?b=1", headers: ["Accept", "*/*", "x-a", "1", "x-a", "2"] })).toEqual({
    text: "GET /a?b=1 HTTP/1.1\r\nhost: shop:8080\r\nconnection: keep-alive\r\nAccept: */*\r\nx-a: 1\r\nx-a: 2\r\n\r\n",
    keepAlive: true,
  });
  expect(head({ method: "PUT", body: "zwölf" }).text).toContain("\r\ncontent-length: 6\r\n\r\n");
  expect(head({ method: "PUT", body: Buffer.alloc(9) }).text).toContain("\r\ncontent-length: 9\r\n\r\n");
});

test.each([
  ["POST", true],
  ["PUT", true],
  ["PATCH", true],
  ["QUERY", true],
  ["GET", false],
  ["DELETE", false],
])("a %s without content: content-length said %s", (method, said) => {
  expect(head({ method }).text.includes("content-length: 0")).toBe(said);
});

test.each([
  ["close", false],
  ["keep-alive, Close", false],
  ["keep-alive", true],
  ["x-closed", true],
])("connection: %s leaves the connection for another request: %s", (connection, keepAlive) => {
  const made = head({ headers: ["Connection", connection] });
  expect(made.keepAlive).toBe(keepAlive);
  expect(made.text.match(/connection: /gi)).toHaveLength(1);
});

test("a HEAD is the last request of its connection", () => {
  expect(head({ method: "HEAD" })).toMatchObject({
    keepAlive: false,
    text: expect.stringContaining("connection: close"),
  });
});

test("a host of the order's own takes the place of the origin's", () => {
  expect(head({ headers: ["Host", "other"] }).text.match(/host: .*/gi)).toEqual(["host: other"]);
});

test.each(["transfer-encoding", "Keep-Alive", "upgrade", "expect", "te", "trailer", "a b", "a:", "", "ä"])(
  "the field %j is refused",
  (name) => {
    expect(() => head({ headers: [name, "1"] })).toThrow(/invalid/);
  },
);

test("a field is written as it is given, whatever was written by its name before", () => {
  const value = fc.constantFrom("1", "2", "1\n", "x".repeat(1_100));
  const name = fc.constantFrom("x-a", "X-A", "te");
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 8 }), (fields) => {
      const bad = fields.some(([given, said]) => given === "te" || said.includes("\n"));
      if (bad) expect(() => head({ headers: fields.flat() })).toThrow(/invalid/);
      else
        expect(head({ headers: fields.flat() }).text).toContain(
          `keep-alive\r\n${fields.map((field) => `${field.join(": ")}\r\n`).join("")}\r\n`,
        );
    }),
  );
});

test("a length that is not that of the body is refused, the right one is said once", () => {
  expect(() => head({ method: "PUT", body: "abc", headers: ["content-length", "2"] })).toThrow(
    /content-length/,
  );
  expect(
    head({ method: "PUT", body: "abc", headers: ["content-length", "3"] }).text.match(/length/g),
  ).toHaveLength(1);
});

test.each([
  "a",
  "/a b",
  "/a\r\nb",
  "/\u0100",
  "",
  "http://",
  "http://x",
  "ftp://x/",
  "http:///",
  "http://x y/",
])("the path %j is refused", (path) => {
  expect(() => head({ path })).toThrow(/path/);
});

test("whatever is accepted makes as many lines as it has fields", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "binary" }),
      fc.string({ unit: "binary" }),
      (name, value, path) => {
        for (const order of [{ headers: [name, value] }, { headers: ["x-a", value] }, { path: `/${path}` }]) {
          let text: string;
          try {
            ({ text } = head(order));
          } catch {
            continue;
          }
          const lines = text.split(/\r\n|\n|\r/);
          expect(lines.length).toBeLessThanOrEqual(6);
          expect(lines.slice(-2)).toEqual(["", ""]);
          expect(Buffer.from(text, "latin1").toString("latin1")).toBe(text);
        }
      },
    ),
  );
});

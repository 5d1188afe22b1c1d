import type { Json, JsonObject } from "@ape/core/lib/json";
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeBody, type PropertyEncoding } from "./request-body.ts";

test("a list repeats its name in a form; texts stay, the rest is JSON", () => {
  expect(encodeBody({ a: ["x", "y"], b: 1, c: { d: true } }, "application/x-www-form-urlencoded").body).toBe(
    "a=x&a=y&b=1&c=%7B%22d%22%3Atrue%7D",
  );
});

test("bytes, text, JSON and plain forms", () => {
  expect(encodeBody({ base64: "AAEC" }, "application/octet-stream").body).toEqual(Buffer.from([0, 1, 2]));
  expect(encodeBody("hello", "text/plain").body).toBe("hello");
  expect(encodeBody("hello", "application/json").body).toBe('"hello"');
  expect(encodeBody({ a: "1", b: "2" }, "text/plain").body).toBe("a=1\r\nb=2\r\n");
  expect(encodeBody({ a: 1 }, "application/problem+json").body).toBe('{"a":1}');
});

test.each(["!!!", "hello world", "a=b", "AA==AA", "{}"])("what is no base64 is no bytes: %s", (base64) => {
  expect(encodeBody({ base64 }, "application/octet-stream").body).toBe(JSON.stringify({ base64 }));
  const form = encodeBody({ file: { filename: "a", base64 } }, "multipart/form-data").body.toString();
  expect(form).toContain(`\r\n\r\n${base64}\r\n--`);
});

test.each(["", "AAEC", "_-8=", "AAE\r\nC"])("base64 is bytes in either alphabet, in lines: %j", (base64) => {
  const bytes = Buffer.from(base64, "base64");
  expect(encodeBody({ base64 }, "application/octet-stream").body).toEqual(bytes);
});

test("any fields and files of a multipart form are read back as they were by another parser", async () => {
  const text = fc.string({ unit: "grapheme", maxLength: 20 }).map((value) => value.replaceAll(/\r|\n/g, ""));
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(
        text.filter((name) => name !== "" && name !== "__proto__"),
        { maxLength: 5 },
      ),
      text,
      async (names, value) => {
        const { type, body } = encodeBody(
          Object.fromEntries(names.map((name) => [name, value])),
          "multipart/form-data",
        );
        if (names.length === 0) return;
        const form = await new Response(new Uint8Array(body as Buffer), {
          headers: { "content-type": type },
        }).formData();
        expect([...form.values()]).toEqual(names.map(() => value));
        expect([...form.keys()]).toEqual(Object.keys(Object.fromEntries(names.map((name) => [name, 1]))));
      },
    ),
    { numRuns: 50 },
  );
  const { type, body } = encodeBody(
    { doc: { filename: 'a"b\r\nc.txt', content: "hi", type: "text/x\r\nevil: 1" }, raw: { base64: "AAE=" } },
    "multipart/form-data",
  );
  expect(type).toMatch(/^multipart\/form-data; boundary=ape-/);
  const wire = (body as Buffer).toString("latin1");
  expect(wire).toContain('filename="a%22b%0D%0Ac.txt"');
  expect(wire).not.toContain("\r\nevil");
  expect(wire).toContain("\x00\x01");
});

/** As long as there is time: a slow machine tries less, and still tries. */
const BUDGET = { interruptAfterTimeLimit: 2_000, numRuns: 2_000, markInterruptAsFailure: false };

/** Text of any kind, what separates fields and parts included. */
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc
    .array(
      fc.constantFrom(
        "\r\n",
        "--ape-",
        "--",
        "=",
        "&",
        "+",
        "%",
        "%22",
        '"',
        ";",
        "\0",
        "\ud800",
        "é",
        "__proto__",
      ),
    )
    .map((parts) => parts.join("")),
);
const scalar = fc.oneof(anyText, fc.integer(), fc.boolean(), fc.constant(null));
const anyForm: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.oneof(anyText, fc.constantFrom("base64", "filename", "a", "a[]", "__proto__")),
  fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })),
  { maxKeys: 5 },
);

/** The fields that a form represents, each with its text; a text that is no Unicode is made so, as every browser does. */
function fieldsOf(form: JsonObject): [string, string][] {
  const text = (value: Json): string =>
    Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString();
  return Object.entries(form).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one): [string, string] => [text(name), text(one)]),
  );
}

test("any urlencoded form is read back as it was, and holds no byte that is not of its alphabet", () => {
  fc.assert(
    fc.property(anyForm, (form) => {
      const { body, type } = encodeBody(form, "application/x-www-form-urlencoded");
      expect(type).toBe("application/x-www-form-urlencoded");
      expect(body).toMatch(/^[\w.*+%&=-]*$/);
      expect([...new URLSearchParams(body as string)]).toEqual(fieldsOf(form));
    }),
    BUDGET,
  );
});

/** Splits a multipart body by its boundary alone, and gives each part's header lines and bytes. */
function partsOf(type: string, body: Buffer): { head: string[]; content: Buffer }[] {
  const boundary = Buffer.from(`\r\n--${/boundary=(.+)$/.exec(type)?.[1]}`);
  const wire = Buffer.concat([Buffer.from("\r\n"), body]);
  const parts = [];
  for (let at = wire.indexOf(boundary); ; ) {
    const next = wire.indexOf(boundary, at + boundary.length);
    if (next < 0) {
      expect(wire.subarray(at + boundary.length).toString()).toBe("--\r\n");
      return parts;
    }
    const part = wire.subarray(at + boundary.length + 2, next);
    const end = part.indexOf("\r\n\r\n");
    parts.push({
      head: part.subarray(0, end).toString().split("\r\n"),
      content: part.subarray(end + 4),
    });
    at = next;
  }
}

test("any multipart form, files of any bytes and names included, has just its parts, and no name ends a line", () => {
  const file = fc.record({ filename: anyText, base64: fc.base64String(), type: anyText });
  fc.assert(
    fc.property(anyForm, fc.dictionary(anyText, file, { maxKeys: 2 }), (form, files) => {
      const sent = { ...form, ...files } as JsonObject;
      const { type, body } = encodeBody(sent, "multipart/form-data");
      const parts = partsOf(type, body as Buffer);
      const expected = fieldsOf(
        Object.fromEntries(
          Object.entries(sent).map(([name, value]) => [name, Object.hasOwn(files, name) ? "a file" : value]),
        ),
      );
      expect(parts).toHaveLength(expected.length);
      for (const [index, { head, content }] of parts.entries()) {
        const [name = "", text = ""] = expected[index] ?? [];
        const shown = name.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
        expect(head[0]?.startsWith(`content-disposition: form-data; name="${shown}"`)).toBe(true);
        const given = Object.entries(files).find(([key]) => Buffer.from(key).toString() === name)?.[1];
        expect(head).toHaveLength(given === undefined ? 1 : 2);
        if (given === undefined) expect(content.toString()).toBe(text);
        else expect(content.equals(Buffer.from(given.base64, "base64"))).toBe(true);
      }
    }),
    BUDGET,
  );
});

const form = (data: JsonObject, properties: Record<string, PropertyEncoding>, type = "multipart/form-data") =>
  encodeBody(data, type, { properties: new Map(Object.entries(properties)) });

test.each<[JsonObject, Record<string, PropertyEncoding>, string[], string[]]>([
  [{ a: { b: 1 } }, {}, ["content-type: application/json"], ['{"b":1}']],
  [{ a: "x" }, { a: { type: "text/csv" } }, ["content-type: text/csv"], ["x"]],
  [{ a: "x" }, { a: { type: "application/json" } }, ["content-type: application/json"], ['"x"']],
  [{ a: ["x", "y"] }, { a: { type: "application/json" } }, ["content-type: application/json"], ['["x","y"]']],
  [
    { a: ["x", "y"] },
    { a: { type: "text/plain" } },
    ["content-type: text/plain", "content-type: text/plain"],
    ["x", "y"],
  ],
  [{ a: null }, { a: { isFile: true } }, [""], ["null"]],
  [{ a: "x" }, { a: { isFile: true } }, ["content-type: application/octet-stream"], ["x"]],
  [{ a: "x" }, { a: { isFile: true, type: "image/png" } }, ["content-type: image/png"], ["x"]],
  [{ a: { content: "x" } }, { a: { isFile: true } }, ["content-type: application/octet-stream"], ["x"]],
  [{ a: { content: "x" } }, {}, ["content-type: application/json"], ['{"content":"x"}']],
  [{ a: { base64: "eA==", type: "b/c" } }, { a: { type: "image/png" } }, ["content-type: b/c"], ["x"]],
  [{ a: { filename: "f" } }, {}, ["content-type: application/octet-stream"], [""]],
])("the parts of %j with %j", (data, properties, types, contents) => {
  const { type, body } = form(data, properties);
  const parts = partsOf(type, body as Buffer);
  expect(parts.map(({ head }) => head[1] ?? "")).toEqual(types);
  expect(parts.map(({ content }) => content.toString())).toEqual(contents);
});

test("a file is named by its own name, else as its field or `file`", () => {
  const named = (data: JsonObject, properties = {}) =>
    /filename="([^"]*)"/.exec(String(form(data, properties).body))?.[1];
  expect(named({ a: { filename: "f.txt", content: "x" } })).toBe("f.txt");
  expect(named({ a: { base64: "" } })).toBe("file");
  expect(named({ a: "x" }, { a: { isFile: true } })).toBe("a");
});

test("properties of a urlencoded form have the document's style and type", () => {
  const type = "application/x-www-form-urlencoded";
  expect(
    form(
      { a: ["x", "y"], b: ["1", "2"], c: "ü z" },
      { a: { style: { name: "form", explode: false } } },
      type,
    ),
  ).toEqual({ type, body: "a=x,y&b=1&b=2&c=%C3%BC+z" });
  expect(form({ a: ["x"] }, { a: { type: "application/json" } }, type).body).toBe("a=%5B%22x%22%5D");
});

test.each<[Json, string, string]>([
  [{ base64: "eA==", a: 1 }, "application/octet-stream", '{"base64":"eA==","a":1}'],
  [[1], "text/plain", "[1]"],
  [{ a: 1 }, "text/plainer", '{"a":1}'],
  [{ a: ["1", { b: 2 }] }, "text/plain;charset=utf-8", 'a=1\r\na={"b":2}\r\n'],
  [{ a: 1 }, "x-multipart/form-data", '{"a":1}'],
  [{ a: 1 }, "application/jsonp", '{"a":1}'],
  ["a", "application/ld+json", '"a"'],
  ["a", "application/jsonp", "a"],
])("%j as %s is %s", (data, type, text) => {
  expect(encodeBody(data, type)).toEqual({ type, body: text });
});

test("a form in another encoding is written by it, with or without properties of a document", () => {
  const encode = (text: string): Buffer => Buffer.from(text, "latin1");
  const type = "application/x-www-form-urlencoded";
  expect(encodeBody({ a: "é" }, type, { encode })).toEqual({ type, body: "a=%E9" });
  expect(encodeBody({ a: "é" }, type)).toEqual({ type, body: "a=%C3%A9" });
  expect(encodeBody({ a: "é" }, "text/plain", { encode }).body).toEqual(Buffer.from("a=\xe9\r\n", "latin1"));
  expect(encodeBody({ base64: "AAEC" }, "image/png").body).toEqual(Buffer.from([0, 1, 2]));
  expect(encodeBody([1], type).body).toBe("[1]");
});

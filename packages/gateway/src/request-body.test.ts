import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeBody } from "./request-body.ts";

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

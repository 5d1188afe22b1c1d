import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeLayer } from "./encoded-text.ts";
import { SecretMasker } from "./mask.ts";

const SECRET = `k&y "w/örd'<+>\\7|x`;
const bytes = (text: string): number[] => [...Buffer.from(text)];
const hex = (text: string): string => Buffer.from(text).toString("hex");
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
const units = (text: string): number[] => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
const four = (code: number): string => code.toString(16).padStart(4, "0");
const ESCAPERS: Record<string, (text: string) => string> = {
  json: inJson,
  "percent, every byte": (text) =>
    bytes(text)
      .map((byte) => `%${four(byte).slice(2)}`)
      .join(""),
  "percent, upper case": (text) =>
    bytes(text)
      .map((byte) => `%${four(byte).slice(2).toUpperCase()}`)
      .join(""),
  percent: encodeURIComponent,
  "decimal entities": (text) => [...text].map((c) => `&#${c.codePointAt(0)};`).join(""),
  "hexadecimal entities": (text) => [...text].map((c) => `&#x${c.codePointAt(0)?.toString(16)};`).join(""),
  html: (text) =>
    text.replaceAll("&", "&amp;").replaceAll('"', "&#34;").replaceAll("<", "&lt;").replaceAll("'", "&#x27;"),
  "\\u": (text) =>
    units(text)
      .map((code) => `\\u${four(code)}`)
      .join(""),
  "\\U": (text) =>
    units(text)
      .map((code) => `\\u${four(code).toUpperCase()}`)
      .join(""),
};
const masker = (secret: string): SecretMasker => {
  const made = new SecretMasker();
  made.add(secret);
  return made;
};

test.each(
  Object.keys(ESCAPERS).flatMap((one) =>
    ["none", ...Object.keys(ESCAPERS)].map((other) => [one, other] as const),
  ),
)("a secret escaped as %s, then as %s, is masked", (one, other) => {
  const once = (ESCAPERS[one] as (text: string) => string)(SECRET);
  const twice = ESCAPERS[other]?.(once) ?? once;
  expect(masker(SECRET).mask(`before ${twice} after`)).toBe("before *** after");
  expect(masker(SECRET).mayHold(`before ${twice} after`)).toBe(true);
});

test.each(["", "u", "us", "user:", "Ä", "x:y"])("a secret within base64 behind %j is masked", (before) => {
  for (const secret of ["key-1234-ABCD", SECRET, "???>>>~~~"])
    for (const after of ["", ":", "zz", '"}'])
      for (const form of ["base64", "base64url"] as const) {
        const text = Buffer.from(before + secret + after).toString(form);
        const shown = masker(secret).mask(`Basic ${text} end`);
        expect(shown).toContain("***");
        for (const piece of shown.split(/[^A-Za-z0-9+/_-]+/))
          expect(Buffer.from(piece, "base64").toString("latin1")).not.toContain(secret.slice(2, -2));
        expect(masker(secret).mask(encodeURIComponent(text))).toContain("***");
        expect(masker(secret).mask(inJson(text).replaceAll("/", "\\/"))).toContain("***");
      }
});

test.each([hex(SECRET), hex(SECRET).toUpperCase()])("a secret in hexadecimal digits is masked", (text) => {
  expect(masker(SECRET).mask(`x ${text} y`)).toBe("x *** y");
});

test("what is encoded and no secret stays as it is, and names are kept", () => {
  const made = new SecretMasker({ names: ["password"] });
  made.add("pass", "password");
  const text = '{"password":"x"} a%20b &amp; \\u0041 %zz &unknown; %C3%A9 %e9';
  expect(made.mask(text)).toBe(text);
  expect(made.mask(`%70%61%73%73 ${text}`)).toBe(`{{password}} ${text}`);
});

test("secrets in any escapes, mixed within one text, are masked, and the rest of it stays", () => {
  const piece = fc.constantFrom(...Object.values(ESCAPERS), (text: string) => text);
  const secret = fc
    .string({ unit: "grapheme", minLength: 6, maxLength: 12 })
    .filter((text) => /[g-z]{3}/.test(text));
  fc.assert(
    fc.property(secret, piece, piece, (value, one, other) => {
      fc.pre(/^\P{Surrogate}*$/u.test(value));
      const text = `<< ${other(one(value))} >>`;
      expect(masker(value).mask(text)).toMatch(/^<< .*\*{3}.* >>$/s);
    }),
  );
});

test("a range of a decoded text is the range that it was written as", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("a", "%41", "%C3%A9", "&#65;", "\\u0041", "&amp;", "%e9", "😀")),
      (parts) => {
        const text = parts.join("");
        const decoded = decodeLayer(text);
        if (decoded === undefined) return;
        let at = 0;
        let was = 0;
        for (const part of parts) {
          const length = (decodeLayer(part)?.text ?? part).length;
          expect(decoded.rangeOf(at, at + length)).toEqual({ start: was, end: was + part.length });
          at += length;
          was += part.length;
        }
        expect(at).toBe(decoded.text.length);
      },
    ),
  );
});

test.each([
  ["pässwörd-1", "p&auml;ssw&ouml;rd-1"],
  ["pass ßéñ§9", "pass &szlig;&eacute;&ntilde;&sect;9"],
  ["key<ä>&1", "key&lt;&auml;&gt;&amp;1"],
  ["key<ä>&1", "key&amp;lt;&amp;auml;&amp;gt;&amp;amp;1"],
])("the secret %s is masked where letters are named as in %s", (secret, written) => {
  expect(masker(secret).mask(`before ${written} after`)).toBe("before *** after");
});

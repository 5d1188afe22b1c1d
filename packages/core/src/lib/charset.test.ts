import fc from "fast-check";
import { expect, test } from "vitest";
import { charsetOf, decodeText, encodingName, withoutByteOrderMark } from "./charset.ts";

test.each([
  ["latin1", "windows-1252"],
  [" ISO-8859-1 ", "windows-1252"],
  ["utf8", "utf-8"],
  ["Shift_JIS", "shift_jis"],
  ["klingon", undefined],
  ["", undefined],
])("%j is %s", (label, name) => {
  expect(encodingName(label)).toBe(name);
});

test.each([
  ["text/html; charset=ISO-8859-1", "windows-1252"],
  ['text/html;Charset="utf-8"; x=y', "utf-8"],
  ["text/html; x=charset", undefined],
  ["text/html", undefined],
])("%s declares %s", (type, name) => {
  expect(charsetOf(type)).toBe(name);
});

test.each([
  [[0x63, 0x61, 0x66, 0xe9], undefined, "café", "windows-1252"],
  [[0x63, 0x61, 0x66, 0xe9], "iso-8859-1", "café", "windows-1252"],
  [[0x63, 0x61, 0x66, 0xc3, 0xa9], undefined, "café", "utf-8"],
  [[0x63, 0x61, 0x66, 0xc3, 0xa9], "unknown-name", "café", "utf-8"],
  [[0xef, 0xbb, 0xbf, 0x61], "iso-8859-1", "a", "utf-8"],
  [[0xff, 0xfe, 0x61, 0x00], undefined, "a", "utf-16le"],
  [[0xfe, 0xff, 0x00, 0x61], "utf-8", "a", "utf-16be"],
  [[0xef, 0xe0], "windows-1251", "па", "windows-1251"],
  [[0x93, 0xfa, 0x96, 0x7b], "shift_jis", "日本", "shift_jis"],
  [[], undefined, "", "utf-8"],
])("bytes %j declared as %s are %j in %s", (bytes, declared, text, encoding) => {
  expect(decodeText(Uint8Array.from(bytes), declared)).toEqual({ text, encoding });
});

test("whatever the bytes, they are text; and UTF-8 is read as UTF-8, with or without a mark", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(typeof decodeText(bytes).text).toBe("string");
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      fc.pre(!text.startsWith("\ufeff"));
      expect(decodeText(new TextEncoder().encode(text)).text).toBe(text);
      expect(decodeText(new TextEncoder().encode(`\ufeff${text}`)).text).toBe(text);
      expect(withoutByteOrderMark(`\ufeff${text}`)).toBe(text);
    }),
  );
});

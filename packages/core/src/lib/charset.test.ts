import fc from "fast-check";
import { expect, test } from "vitest";
import { charsetOf, decodeText, encodingName, wideEncoding, withoutByteOrderMark } from "./charset.ts";

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

const wide = (text: string, isLittle: boolean): Uint8Array => {
  const points = Array.from(text, (one) => one.codePointAt(0) as number);
  const view = new DataView(new ArrayBuffer(points.length * 4));
  for (const [at, point] of points.entries()) view.setUint32(at * 4, point, isLittle);
  return new Uint8Array(view.buffer);
};

test.each([
  [true, "utf-32le"],
  [false, "utf-32be"],
] as const)(
  "UTF-32 is read by its byte-order mark, and without one where it is JSON (little-endian: %j)",
  (isLittle, encoding) => {
    const marked = wide('\ufeff{"a":"\u00e9\u{1f600}"}', isLittle);
    expect(decodeText(marked)).toEqual({ text: '{"a":"é😀"}', encoding });
    expect(wideEncoding(wide("{}", isLittle))).toBeUndefined();
    expect(wideEncoding(wide("{}", isLittle), true)).toBe(encoding);
    expect(decodeText(wide("{}", isLittle), encoding).text).toBe("{}");
  },
);

test("what only looks like UTF-32 is not, and what is no character becomes a replacement", () => {
  for (const bytes of [
    [0xff, 0xfe, 0, 0, 1],
    [0xff, 0xfe, 0x61, 0],
    [0, 0, 0xfe],
    [0x7b, 0, 0x7d, 0],
  ])
    expect(wideEncoding(Uint8Array.from(bytes), true)).toBeUndefined();
  expect(decodeText(Uint8Array.from([0xff, 0xfe, 0, 0, 0, 0, 0x11, 0])).text).toBe("\ufffd");
});

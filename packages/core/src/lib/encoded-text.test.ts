import { expect, test } from "vitest";
import { decodeLayer } from "./encoded-text.ts";

test.each<[string, string | undefined]>([
  ["plain", undefined],
  ["%41b", "Ab"],
  ["%4g", undefined],
  ["%c3%a9%e2%82%ac%f0%9f%90%92", "é€🐒"],
  ["%e9x", "éx"],
  ["%u0041", "A"],
  ["%u004", undefined],
  ["&amp;&LT;&gt;&quot;&apos;&nbsp;&sol;&bsol;&equals;&plus;", "&<>\"'\u00a0/\\=+"],
  ["&other;", undefined],
  ["&Agrave;&szlig;&auml;&Auml;&yuml;&divide;&euro;&sect;", "ÀßäÄÿ÷€§"],
  ["&AUML;", undefined],
  ["&#65;&#66&#x43;&#X44", "ABCD"],
  ["&#1114111;", "\u{10ffff}"],
  ["&#1114112;", undefined],
  ["\\u0041\\u{42}\\x43", "ABC"],
  ["\\u{110000}", undefined],
  ["\\x4", undefined],
  ["\\b\\f\\n\\r\\t\\N", "\b\f\n\r\t\n"],
  ["\\\"\\'\\\\\\/", "\"'\\/"],
  ["\\q", undefined],
  ["&other;%41", "&other;A"],
  ["%25%34%31", "%41"],
])("%j decodes to %j", (text, decoded) => {
  expect(decodeLayer(text)?.text).toBe(decoded);
});

test("places of the decoded text are found in the encoded one", () => {
  const text = "a%41bc&amp;d";
  const layer = decodeLayer(text);
  expect(layer?.text).toBe("aAbc&d");
  const shown = (start: number, end: number) => {
    const { start: from = -1, end: to = -1 } = layer?.rangeOf(start, end) ?? {};
    return [text.slice(from, to), layer?.wasEncoded(start, end)];
  };
  expect([0, 1, 2, 3, 4, 5].map((at) => shown(at, at + 1))).toEqual([
    ["a", false],
    ["%41", true],
    ["b", false],
    ["c", false],
    ["&amp;", true],
    ["d", false],
  ]);
  expect(shown(0, 6)).toEqual([text, true]);
  expect(shown(2, 4)).toEqual(["bc", false]);
  expect(shown(1, 3)).toEqual(["%41b", true]);
  expect(shown(3, 6)).toEqual(["c&amp;d", true]);
  expect(decodeLayer("x%f0%9f%90%92y")?.rangeOf(2, 3)).toEqual({ start: 1, end: 13 });
});

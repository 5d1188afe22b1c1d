import fc from "fast-check";
import { expect, test } from "vitest";
import { type EncodeText, encoderFor, urlEncode } from "./form-charset.ts";

async function encoder(charset: string): Promise<EncodeText> {
  const encode = await encoderFor(charset);
  if (encode === undefined) throw new Error(`no encoder for ${charset}`);
  return encode;
}

test.each([
  ["windows-1252", "café", "caf%E9"],
  ["windows-1252", "5 €", "5+%80"],
  ["windows-1252", "日", "%26%2326085%3B"],
  ["windows-1251", "па", "%EF%E0"],
  ["shift_jis", "日本", "%93%FA%96%7B"],
  ["gbk", "中", "%D6%D0"],
  ["euc-kr", "한", "%C7%D1"],
  ["big5", "中", "%A4%A4"],
  ["euc-jp", "日", "%C6%FC"],
  ["koi8-r", "п", "%D0"],
])("in %s, %s is sent as %s", async (charset, text, expected) => {
  expect(urlEncode([["q", text]], await encoder(charset))).toBe(`q=${expected}`);
});

test("an unknown encoding has no encoder", async () => {
  expect(await encoderFor("klingon")).toBeUndefined();
});

test("what is ASCII is sent as in UTF-8, whatever the encoding", async () => {
  const encode = await encoder("windows-1252");
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ unit: "binary-ascii" }), fc.string({ unit: "binary-ascii" }))),
      (pairs) => {
        expect(urlEncode(pairs, encode)).toBe(new URLSearchParams(pairs).toString());
      },
    ),
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { ChunkForms } from "./chunk-forms.ts";
import { type DeltaKind, DeltaTemplate } from "./delta-template.ts";

const content = (text: string, more = "", choice = ""): string =>
  `"choices":[{"index":0,"delta":{"content":${JSON.stringify(text)}}${choice}}]${more}}`;
const args = (text: string, call = "", delta = ""): string =>
  `"choices":[{"delta":{${delta}"tool_calls":[{"index":1,"function":{"arguments":${JSON.stringify(text)}}${call}}]}}]}`;
const learn = (tail: string, kind: DeltaKind, text: string) => DeltaTemplate.learn(tail, kind, 1, text);

test("a form reads every text, in any writing that JSON allows", () => {
  const texts = learn(content("a"), "content", "a");
  const calls = learn(args("a"), "arguments", "a");
  expect([texts?.kind, texts?.index, calls?.kind, calls?.index]).toEqual(["content", 1, "arguments", 1]);
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(texts?.text(content(text))).toBe(text);
      expect(calls?.text(args(text))).toBe(text);
    }),
  );
  expect(texts?.text(content("a").replace('"a"', '"\\u0062"'))).toBe("b");
});

test.each([
  ["another form", args("b")],
  ["a shorter one", '"choices":[]}'],
  ["another end", content("b", ',"x":1')],
  ["another beginning", content("b").replace('"index":0', '"index":1')],
  ["an end within the text", content("b").replace('"b"', '"b","x":"c"')],
  ["an escape that is none", content("b").replace('"b"', '"\\x"')],
])("a form does not read %s", (_what, tail) => {
  expect(learn(content("a"), "content", "a")?.text(tail)).toBeUndefined();
});

test.each<[string, string, DeltaKind, string, boolean]>([
  ["one text", content("a"), "content", "a", true],
  ["one text with empty parts", content("a", ',"usage":null', ',"finish_reason":null'), "content", "a", true],
  [
    "no calls beside it",
    content("a").replace('"content"', '"tool_calls":null,"content"'),
    "content",
    "a",
    true,
  ],
  ["a text that is written in another way", content("b"), "content", "a", false],
  ["a text and usage", content("a", ',"usage":{}'), "content", "a", false],
  ["a text and an error", content("a", ',"error":{}'), "content", "a", false],
  ["a text and its end", content("a", "", ',"finish_reason":"stop"'), "content", "a", false],
  ["a text and calls", content("a").replace('"content"', '"tool_calls":[],"content"'), "content", "a", false],
  ["the second choice", content("a").replace('"index":0', '"index":1'), "content", "a", false],
  ["two choices", content("a").replace("[{", '[{"index":0},{'), "content", "a", false],
  ["a text that is no delta", content("a").replace('"delta"', '"message"'), "content", "a", false],
  ["a call's arguments", args("a"), "arguments", "a", true],
  ["a call's arguments beside an empty text", args("a", "", '"content":"",'), "arguments", "a", true],
  ["a call's arguments beside a text", args("a", "", '"content":"b",'), "arguments", "a", false],
  ["a call with an empty id", args("a", ',"id":""'), "arguments", "a", true],
  [
    "a call with its id before",
    args("a").replace('{"index":1', '{"id":"x","index":1'),
    "arguments",
    "a",
    false,
  ],
  [
    "a call with its name",
    args("a").replace('"arguments"', '"name":"x","arguments"'),
    "arguments",
    "a",
    false,
  ],
  [
    "a call with an empty name",
    args("a").replace('"arguments"', '"name":"","arguments"'),
    "arguments",
    "a",
    true,
  ],
  ["two calls", args("a").replace("}}]}", "}},{}]}"), "arguments", "a", false],
  ["a call without a function", args("a").replace('"function"', '"other"'), "arguments", "a", false],
])("%s is learned: %s", (_what, tail, kind, text, learned) => {
  expect(learn(tail, kind, text) !== undefined).toBe(learned);
});

test("forms are learned of heads that recur, and no more than a few", () => {
  const forms = new ChunkForms();
  const growth = { kind: "content", index: 0, text: "a" } as const;
  expect(forms.learn(`{"id":1,${content("a")}`, growth)).toBe('{"id":1,');
  expect(forms.addedText(content("b"))).toEqual({ kind: "content", index: 0, text: "b" });
  expect(forms.learn(`{"id":2,${content("b")}`, growth)).toBe('{"id":2,');
  expect(forms.learn(`{"usage":1,${content("a")}`, growth)).toBeUndefined();
  expect(forms.learn(`{"error":1,${content("a")}`, growth)).toBeUndefined();
  expect(forms.learn(content("a"), growth)).toBeUndefined();
  expect(forms.learn("{}", growth)).toBeUndefined();
  for (let n = 1; n < 8; n += 1)
    expect(forms.learn(`{"id":1,${content("a", `,"n":${n}`)}`, growth)).toBe('{"id":1,');
  expect(forms.learn(`{"id":1,${content("a", ',"n":8')}`, growth)).toBeUndefined();
  expect(forms.addedText(content("a", ',"n":7'))?.text).toBe("a");
  expect(forms.addedText(content("a", ',"n":8'))).toBeUndefined();
});

test("after many chunks of no form none is looked for", () => {
  const forms = new ChunkForms();
  const growth = { kind: "content", index: 0, text: "other" } as const;
  for (let n = 0; n < 64; n += 1) expect(forms.learn(`{"a":1,${content("a")}`, growth)).toBeUndefined();
  expect(forms.learn(`{"a":1,${content("a")}`, { ...growth, text: "a" })).toBeUndefined();
  const fewer = new ChunkForms();
  for (let n = 0; n < 63; n += 1) fewer.learn(`{"a":1,${content("a")}`, growth);
  expect(fewer.learn(`{"a":1,${content("a")}`, { ...growth, text: "a" })).toBe('{"a":1,');
});

test("constant ends are kept, up to a length and a number, unless they do not recur", () => {
  const forms = new ChunkForms();
  const end = (more: string): string => `"choices":[{"x":${JSON.stringify(more)}}]}`;
  const fits = 400 - end("").length;
  expect(forms.constant(end("a"))).toBeUndefined();
  expect(forms.learn(`{"a":1,${end("a")}`, undefined)).toBe('{"a":1,');
  expect(forms.constant(end("a"))).toEqual({ choices: [{ x: "a" }] });
  expect(forms.learn(`{"a":2,${end("a")}`, undefined)).toBe('{"a":2,');
  expect(forms.learn(`{"a":1,${end("a".repeat(fits))}`, undefined)).toBe('{"a":1,');
  expect(forms.learn(`{"a":1,${end("a".repeat(fits + 1))}`, undefined)).toBeUndefined();
  for (const mark of ['"id":1', '"usage":{}', '"error":1'])
    expect(forms.learn(`{"a":1,"choices":[],${mark}}`, undefined)).toBeUndefined();
  expect(forms.learn('{"a":1,"choices":[],"usage":null}', undefined)).toBe('{"a":1,');
  expect(forms.learn('{"a":1,"choices":[', undefined)).toBeUndefined();
  for (let n = 3; n < 32; n += 1) expect(forms.learn(`{"a":1,${end(`n${n}`)}`, undefined)).toBe('{"a":1,');
  expect(forms.learn(`{"a":1,${end("more")}`, undefined)).toBeUndefined();
});

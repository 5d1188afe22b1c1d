import type { Json } from "@ape/core/lib/json";
import type { ToolCall } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import {
  headerText,
  type ParameterStyle,
  type ParameterStyles,
  parameterText,
  pathSegment,
  queryPairs,
  styledCall,
} from "./parameter-style.ts";

type Name = ParameterStyle["name"];
const LIST: Json = ["a b", 2];
const OBJECT: Json = { x: "a b", y: 2 };

test.each<[Json | undefined, string]>([
  ["a", "a"],
  [1.5, "1.5"],
  [Number.POSITIVE_INFINITY, "Infinity"],
  [true, "true"],
  [null, "null"],
  [undefined, ""],
  [[1], "[1]"],
  [{ a: 1 }, '{"a":1}'],
])("%j is the text %j", (value, text) => expect(parameterText(value)).toBe(text));

test.each<[Name | undefined, boolean, Json, string]>([
  [undefined, true, LIST, "p=a+b&p=2"],
  [undefined, true, "a b", "p=a+b"],
  [undefined, true, '["a",1]', "p=a&p=1"],
  [undefined, true, '{"x":1}', "p%5Bx%5D=1"],
  [undefined, true, "[broken", "p=%5Bbroken"],
  [undefined, true, "{broken", "p=%7Bbroken"],
  [undefined, true, [], ""],
  ["form", true, 7, "p=7"],
  ["spaceDelimited", false, LIST, "p=a+b%202"],
  ["spaceDelimited", true, LIST, "p=a+b%202"],
  ["pipeDelimited", false, OBJECT, "p=x%7Ca+b%7Cy%7C2"],
  ["deepObject", true, LIST, "p=a+b&p=2"],
  ["deepObject", true, { x: { y: [1, 2] }, z: null }, "p%5Bx%5D%5By%5D=1&p%5Bx%5D%5By%5D=2&p%5Bz%5D=null"],
  ["json", true, LIST, "p=%5B%22a+b%22%2C2%5D"],
])("in the style %s (explode: %s) %j is %s", (name, explode, value, text) => {
  const style = name === undefined ? undefined : { name, explode };
  expect(queryPairs("p", value, style).join("&")).toBe(text);
});

test("names are encoded as values are", () => {
  expect(queryPairs("a b[]", ["c"], undefined)).toEqual(["a+b%5B%5D=c"]);
});

test.each<[Name, boolean, string, string]>([
  ["simple", false, "a,b", "a,b"],
  ["label", false, "a,b", ".a,b"],
  ["label", true, "a,b", ".a.b"],
  ["label", true, ".a.b", ".a.b"],
  ["label", false, '{"x":1,"y":2}', ".x,1,y,2"],
  ["matrix", false, "a,b", ";p=a,b"],
  ["matrix", true, "a,b", ";p=a;p=b"],
  ["matrix", true, '["a","b c"]', ";p=a;p=b%20c"],
  ["matrix", false, '["a","b c"]', ";p=a,b%20c"],
  ["matrix", false, ";p=a", ";p=a"],
  ["json", false, "[1]", "[1]"],
  ["simple", false, ".a", ".a"],
  ["label", false, ";a", ".;a"],
  ["matrix", false, ".a", ";p=.a"],
])("in the style %s (explode: %s) the segment %s is %s", (name, explode, segment, text) => {
  expect(
    pathSegment(
      encodeURIComponent(segment).replaceAll("%2C", ",").replaceAll("%3B", ";").replaceAll("%3D", "="),
      "p",
      { name, explode },
    ),
  ).toBe(name === "json" ? encodeURIComponent(segment) : text);
});

test.each<[Name, boolean, string, string]>([
  ["simple", false, "a", "a"],
  ["simple", true, "7", "7"],
])("in the style %s (explode: %s) the header %s is %s", (name, explode, written, text) => {
  expect(headerText(written, { name, explode })).toBe(text);
});

const NONE: ParameterStyles = new Map();
const styles = (entries: Record<string, [Name, boolean]>): ParameterStyles =>
  new Map(Object.entries(entries).map(([name, [kind, explode]]) => [name, { name: kind, explode }]));
const call = (path: string, headers?: Record<string, string>): ToolCall =>
  ({ target: "t", method: "GET", path, ...(headers === undefined ? {} : { headers }) }) as ToolCall;

test("a call without styles stays the very same", () => {
  const own = call("/a");
  expect(styledCall(own, "/a", { path: NONE, header: NONE, cookie: NONE })).toBe(own);
});

test.each<[template: string, path: string, styled: string]>([
  ["/a/{p}", "/a/1,2", "/a/.1.2"],
  ["/a/{p}/{q}", "/a/1/2", "/a/.1/;q=2"],
  ["/a/x{p}y", "/a/x1,2y", "/a/x.1.2y"],
  ["/a/{p}:{q}", "/a/1:2", "/a/.1:;q=2"],
  ["/a/{p}-{other}-{q}", "/a/1-2-3", "/a/.1-2-;q=3"],
  ["/a/x{p}", "/a/y1", "/a/y1"],
  ["/a/{p}x", "/a/1y", "/a/1y"],
  ["/a/{p}:{q}", "/a/12", "/a/12"],
  ["/a/x{p}", "/a/x", "/a/x"],
  ["/a/{p}", "/a/1,2?b=3,4", "/a/.1.2?b=3,4"],
  ["/a/{p}", "/a/1,2#b", "/a/.1.2#b"],
  ["/a/{other}", "/a/1,2", "/a/1,2"],
  ["/a/{p}/b", "/a", "/a"],
  ["/{p}", "/a/b", "/.a/b"],
])("by the template %s the path %s is %s", (template, path, styled) => {
  const own = { path: styles({ p: ["label", true], q: ["matrix", false] }), header: NONE, cookie: NONE };
  expect(styledCall(call(path), template, own).path).toBe(styled);
});

test("headers and cookies have their styles by their names, whatever their case", () => {
  const own = {
    path: NONE,
    header: styles({ "x-list": ["simple", false] }),
    cookie: styles({ c: ["form", false], d: ["form", true] }),
  };
  const headers = {
    "X-List": "[1,2]",
    "X-Other": "[1,2]",
    Cookie: `c=${encodeURIComponent('["a b",2]')}; d=%7B%22x%22%3A1%7D; e=[1,2]; f; =[1]; c=plain`,
  };
  expect(styledCall(call("/a", headers), "/a", own).headers).toEqual({
    "X-List": "1,2",
    "X-Other": "[1,2]",
    Cookie: "c=a%20b,2; d=x%3D1; e=[1,2]; f; =[1]; c=plain",
  });
  expect(styledCall(call("/a", headers), "/a", { ...own, cookie: NONE }).headers?.Cookie).toBe(
    headers.Cookie,
  );
  expect(styledCall(call("/a"), "/a", own)).not.toHaveProperty("headers");
});

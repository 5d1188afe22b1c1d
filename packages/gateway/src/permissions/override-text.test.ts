import { describe, expect, test } from "vitest";
import {
  fieldsOfText,
  formValues,
  namedPairs,
  readingsOf,
  requestsOfText,
  valueTexts,
} from "./override-text.ts";

const pairs = (list: Iterable<readonly [string, string]>): string[] =>
  Array.from(list, ([name, value]) => `${name}=${value}`);

test.each<[string, string[]]>([
  ["_method=a", ["_method=a"]],
  ["a=1&_method=b;verb=c\r\nhttp_method=d\nmethod=e", ["_method=b", "verb=c", "http_method=d", "method=e"]],
  ["_method=a=b", ["_method=a=b"]],
  ["_method=", ["_method="]],
  ["_method", []],
  ["a=_method", []],
  ["=_method", []],
])("the pairs of %j that can name a method are %j", (text, found) => {
  expect(pairs(namedPairs(text))).toEqual(found);
});

test.each<[string, string[]]>([
  ['{"a":1}', ['{"a":1}']],
  [' \n["a"]', [' \n["a"]']],
  ['a={"b":1}&c=2', ['{"b":1}']],
  ["a=+%7B%22b%22:1%7d", [' {"b":1}']],
  ["a=%20%5b1]&b=[2]", [" [1]", "[2]"]],
  ["a=b{", []],
  ["text", []],
])("the JSON in the form %j is %j", (text, values) => {
  expect([...formValues(text)]).toEqual(values);
});

test.each<[string, string[]]>([
  ["a", ["a"]],
  ["a\0b\0", ["a\0b\0", "ab"]],
  ["+AF8-method", ["+AF8-method", "_method"]],
  ["+AF8AbQ-x+AF8-", ["+AF8AbQ-x+AF8-", "_mx_"]],
  ["+AF8AAA-", ["+AF8AAA-", "_\0"]],
  ["+A-", ["+A-"]],
  ["AF8-", ["AF8-"]],
])("%j is read as %j", (text, readings) => {
  expect(readingsOf(text)).toEqual(readings);
});

describe("the fields of a text", () => {
  test.each<[string, string, string[]]>([
    ["XML", "<x><_method>PUT</_method></x>", ["_method=PUT"]],
    ["XML with blanks", "< _method a > PUT", ["_method=PUT"]],
    ["XML with CDATA", "<a:_method><![CDATA[ PUT ]]></a:_method>", ["a:_method=PUT"]],
    ["characters by number", "<_method>&#80;&#x55;T</_method>", ["_method=PUT"]],
    ["a number beyond all characters", "<_method>PUT&#x110000;</_method>", ["_method=PUT"]],
    ["two words run together", "<_method>PUTS_</_method>", []],
    ["a word of two letters", "<_method>PU</_method>", []],
    ["another element", "<color>PUT</color>", []],
    ["YAML", "_method: PUT", ["_method=PUT"]],
    ["YAML in a list", "a: 1\n - _method: 'PUT'", ["_method=PUT"]],
    ["YAML in braces", '{a: 1, "_method" : "PUT"', ["_method=PUT", "_method=PUT"]],
    ["YAML with a tag", "_method: !!str PUT", ["_method=PUT"]],
    ["YAML with an anchor", "_method: &a1 PUT", ["_method=PUT"]],
    ["YAML with an explicit key", "? _method\n: PUT", ["_method=PUT"]],
    ["a text about YAML", "use _method: PUT", []],
    ["JSON", '{"_method":"PUT"}', ["_method=PUT", "_method=PUT"]],
    ["JSON of other fields", '\ufeff [{"a":"b","c": "d"}]', ["a=b", "c=d"]],
    ["JSON with a list", '{"a":["b"]}', []],
    ["JSON with escapes", '{"\\u005fmethod":"P\\u0055\\T"}', ["_method=PUT"]],
    ["JSON without an end", '{"a":"b', ["a=b"]],
    ["JSON with an escape at its end", '{"a":"b\\', ["a=b\\"]],
    ["a text in quotes", 'say "a":"b"', []],
  ])("of %s", (_what, text, found) => {
    expect(pairs(fieldsOfText(text))).toEqual(found);
  });

  test.each<[string, string, string]>([
    ["a part of a form", 'name="_method"\r\n\r\nPUT\r\n--x', "PUT"],
    ["a part with other lines", 'name="_method"\nContent-Type: a\n \t\n  PUT', "PUT"],
    ["lines that end with CR alone", 'name="_method"\r\rPUT\r', "PUT"],
    ["a name without quotes", "NAME = _method; x\n\nPUT", "PUT"],
    ["an extended name", "name*=utf-8'en'_method\n\nPUT", "PUT"],
    ["a name with escapes", 'name="_\\method"\n\nPUT', "PUT"],
  ])("of %s", (_what, text, value) => {
    expect(pairs(fieldsOfText(text))).toContain(`_method=${value}`);
  });

  test("of a part in base64 are decoded", () => {
    const text = `name="_method"\n\n${Buffer.from("PUT").toString("base64")}`;
    expect(pairs(fieldsOfText(text))).toContain("_method=PUT");
  });

  test.each([
    ["a part without an empty line", 'name="_method"\nPUT'],
    ["another part", 'name="a"\n\nPUT'],
    ["one line", 'name="_method" PUT'],
  ])("of %s are none", (_what, text) => {
    expect(pairs(fieldsOfText(text)).filter((pair) => pair.startsWith("_method="))).toEqual([]);
  });
});

test.each<[string, string[]]>([
  ["PUT /a HTTP/1.1", ["PUT=/a"]],
  ["--b\r\n\r\nPUT\t/a HTTP/1.1\r\n\r\nGET /b HTTP/2", ["PUT=/a", "GET=/b"]],
  ["a PUT /a HTTP/1.1", []],
  ["put /a HTTP/1.1", []],
  ["PU /a HTTP/1.1", []],
  ["PUT /a HTTP", []],
  ["PUT /a", []],
])("the requests within %j are %j", (text, requests) => {
  expect(pairs(requestsOfText(text))).toEqual(requests);
});

test("a value's texts are its own, and those of bytes and files", () => {
  expect(valueTexts("a")).toEqual(["a"]);
  expect(valueTexts(5)).toEqual(["5"]);
  expect(valueTexts({ base64: "UFVU", content: "b", other: "c" })).toEqual(["PUT", "b"]);
  expect(valueTexts({ base64: 1, content: 2 })).toEqual([]);
});

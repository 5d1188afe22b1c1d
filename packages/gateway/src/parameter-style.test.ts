import type { Json } from "@ape/core/lib/json";
import type { ToolCall } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { headerText, type ParameterStyle, pathSegment, queryPairs, styledCall } from "./parameter-style.ts";

const style = (name: ParameterStyle["name"], explode = false): ParameterStyle => ({ name, explode });
const COLOUR = { R: 100, G: "a b" };

test.each<[ParameterStyle | undefined, Json, string]>([
  [style("deepObject", true), COLOUR, "c%5BR%5D=100&c%5BG%5D=a+b"],
  [undefined, COLOUR, "c%5BR%5D=100&c%5BG%5D=a+b"],
  [
    style("deepObject", true),
    { in: { x: 1 }, list: [1, 2] },
    "c%5Bin%5D%5Bx%5D=1&c%5Blist%5D=1&c%5Blist%5D=2",
  ],
  [style("form", true), COLOUR, "R=100&G=a+b"],
  [style("form"), COLOUR, "c=R,100,G,a+b"],
  [style("spaceDelimited"), COLOUR, "c=R%20100%20G%20a+b"],
  [style("pipeDelimited"), ["a", "b"], "c=a%7Cb"],
  [style("form"), ["a", "b,c"], "c=a,b%2Cc"],
  [style("form", true), ["a", "b"], "c=a&c=b"],
  [style("json"), COLOUR, "c=%7B%22R%22%3A100%2C%22G%22%3A%22a+b%22%7D"],
  [style("json"), '{"R":1}', "c=%7B%22R%22%3A1%7D"],
  [style("json"), "plain", "c=%22plain%22"],
  [style("form"), '["a","b"]', "c=a,b"],
  [style("form"), "a", "c=a"],
])("in the query, %j writes %j as %s", (given, value, wire) => {
  expect(queryPairs("c", value, given).join("&")).toBe(wire);
});

/** Source: OpenAPI 3.1, "Style Examples", for `color` with a text, a list and an object. */
test.each<[ParameterStyle, Json, string]>([
  [style("simple"), ["blue", "black"], "blue,black"],
  [style("simple"), COLOUR, "R,100,G,a%20b"],
  [style("simple", true), COLOUR, "R=100,G=a%20b"],
  [style("label"), "blue", ".blue"],
  [style("label"), ["blue", "black"], ".blue,black"],
  [style("label", true), ["blue", "black"], ".blue.black"],
  [style("label", true), COLOUR, ".R=100.G=a%20b"],
  [style("matrix"), "blue", ";color=blue"],
  [style("matrix"), ["blue", "black"], ";color=blue,black"],
  [style("matrix", true), ["blue", "black"], ";color=blue;color=black"],
  [style("matrix"), COLOUR, ";color=R,100,G,a%20b"],
  [style("matrix", true), COLOUR, ";R=100;G=a%20b"],
])("in a path, %j writes %j as %s", (given, value, wire) => {
  const segment = encodeURIComponent(typeof value === "string" ? value : JSON.stringify(value));
  expect(pathSegment(segment, "color", given)).toBe(wire);
  expect(pathSegment(wire, "color", given)).toBe(wire);
});

test("headers join lists and objects by commas; JSON stays where the document asks for it", () => {
  expect(headerText('["a","b"]', style("simple"))).toBe("a,b");
  expect(headerText('{"R":1,"G":2}', style("simple"))).toBe("R,1,G,2");
  expect(headerText('{"R":1,"G":2}', style("simple", true))).toBe("R=1,G=2");
  expect(headerText('{"R":1}', style("json"))).toBe('{"R":1}');
  expect(headerText("{broken", style("simple"))).toBe("{broken");
});

test("a call without styled parameters is left as it is", () => {
  const call = { target: "t", method: "GET", path: "/a/1", headers: { x: "1" } } as const;
  expect(styledCall(call, "/a/{id}", { path: new Map(), header: new Map(), cookie: new Map() })).toBe(call);
  const styles = { path: new Map([["id", style("matrix")]]), header: new Map(), cookie: new Map() };
  expect(styledCall({ ...call, path: "/a/1?x=2" }, "/a/{id}", styles).path).toBe("/a/;id=1?x=2");
});

test("a list in a cookie is joined by commas where its style says so", () => {
  const call: ToolCall = { target: "t", method: "GET", path: "/a", headers: { cookie: "" } };
  const sent = (cookie: string): string | undefined =>
    styledCall({ ...call, headers: { cookie } }, "/a", {
      path: new Map(),
      header: new Map(),
      cookie: new Map([["c", { name: "form", explode: false }]]),
    }).headers?.cookie;
  expect(sent("a=1; c=%5B1%2C2%5D")).toBe("a=1; c=1,2");
  expect(sent('c=["x y","z"]')).toBe("c=x%20y,z");
  expect(sent("c=%7B%22k%22%3A1%7D")).toBe("c=k,1");
  expect(sent("c=5; d=%5B1%5D")).toBe("c=5; d=%5B1%5D");
});

const styled = (path: string, template: string, names: readonly string[], more: Partial<ToolCall> = {}) =>
  styledCall({ target: "t", method: "GET", path, ...more }, template, {
    path: new Map(names.map((name) => [name, { name: "label", explode: true } as const])),
    header: new Map([["x-ids", { name: "simple", explode: false } as const]]),
    cookie: new Map(),
  });

test.each([
  ["/x/1:2", "/x/{a}:{b}", ["a"], "/x/.1:2"],
  ["/x/1:2", "/x/{a}:{b}", ["b"], "/x/1:.2"],
  ["/x/1:2:3", "/x/{a}:{b}", ["a", "b"], "/x/.1:.2:3"],
  ["/x/1:2:3", "/x/{a}:{b}:{c}", ["c"], "/x/1:2:.3"],
  ["/x/l7", "/x/l{s}", ["s"], "/x/l.7"],
  ["/x/7r", "/x/{s}r", ["s"], "/x/.7r"],
  ["/x/l7r?y=1", "/x/l{s}r", ["s"], "/x/l.7r?y=1"],
  ["/x/l7r#y", "/x/l{s}r", ["s"], "/x/l.7r#y"],
  // What does not match its template stays as it is.
  ["/x/12", "/x/{a}:{b}", ["a"], "/x/12"],
  ["/x/:2", "/x/{a}:{b}", ["b"], "/x/:2"],
  ["/x/1:", "/x/{a}:{b}", ["b"], "/x/1:"],
  ["/x/m7", "/x/l{s}", ["s"], "/x/m7"],
  ["/x/7s", "/x/{s}r", ["s"], "/x/7s"],
  ["/x/l", "/x/l{s}", ["s"], "/x/l"],
  ["/x", "/x/{s}", ["s"], "/x"],
])("%s of %s with styles of %j is sent as %s", (path, template, names, expected) => {
  expect(styled(path, template, names).path).toBe(expected);
});

test("headers have their styles whatever their case; a call without any stays as it is", () => {
  expect(
    styled("/x", "/x", [], { headers: { "X-Ids": "[1,2]", Cookie: "x-ids=[1]", other: "[1]" } }).headers,
  ).toEqual({
    "X-Ids": "1,2",
    Cookie: "x-ids=[1]",
    other: "[1]",
  });
  expect(styled("/x", "/x", [])).not.toHaveProperty("headers");
  const call: ToolCall = { target: "t", method: "GET", path: "/x/1" };
  expect(styledCall(call, "/x/{a}", { path: new Map(), header: new Map(), cookie: new Map() })).toBe(call);
});

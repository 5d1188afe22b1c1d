import fc from "fast-check";
import { expect, test } from "vitest";
import { issuesIn, objectAround, offersPath, placesOf, ShallowIssue } from "./provenance.ts";

const kinds = (json: unknown, value: string, operation = "GET /orders"): string[][] =>
  issuesIn(JSON.stringify(json), value, { operation, path: "/orders" }).map((issue) => [...issue.kinds]);

test.each([
  [{ id: "run-1", state: { id: "st-1" } }, "st-1", "POST /runs", "state"],
  [{ id: "run-1", state: { id: "st-1" } }, "run-1", "POST /runs", "run"],
  [{ items: [{ name: "{a}" }, { id: "o1" }] }, "o1", "GET /orders", "order"],
  [[{ id: "o1" }], "o1", "GET /orders", "order"],
  [{ data: { customer: { id: 5123 } } }, "5123", "GET /orders", "customer"],
  [{ customerId: "c1" }, "c1", "GET /orders", "customer"],
  [{ text: 'a "quoted": {', products: ["p1"] }, "p1", "GET /x", "product"],
])("in %j, %s identifies a thing of its own kind", (json, value, operation, kind) => {
  expect(kinds(json, value, operation).flat()).toContain(kind);
});

test("an id of an inner object does not stand for the outer one", () => {
  expect(kinds({ id: "run-1", state: { id: "st-1" } }, "st-1", "POST /runs").flat()).not.toContain("run");
});

test("ids beside a value are kept, of its own object alone", () => {
  const json = JSON.stringify({
    tasks: [
      { id: "t1", projectId: "p1" },
      { id: "t2", projectId: "p2" },
    ],
  });
  const [issue] = issuesIn(json, "t2", { operation: "GET /tasks", path: "/tasks" });
  expect(issue?.siblings).toEqual([["projectId", "p2"]]);
});

test("the object around any value of any JSON text is JSON, and scanning it always ends", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ minLength: 1 }), (value, text) => {
      const json = JSON.stringify({ outer: [value], inner: { id: text } });
      const at = json.lastIndexOf(JSON.stringify(text));
      expect(JSON.parse(objectAround(json, at))).toEqual({ id: text });
      issuesIn(json, text, { operation: "GET /a", path: "/a" });
    }),
  );
});

test.each<[string, string, number[]]>([
  ['{"a":"v","b":"v"}', "v", [5, 13]],
  ['{"v":"x","b":["v"]}', "v", [14]],
  ['"v"', "v", [0]],
  ["5", "5", []],
  ["[5,15,51,5.0,-5]", "5", [1]],
  ['{"a":5,"b":[5]}', "5", [5, 12]],
  ["[12.55]", "12.55", [1]],
  ["[-5]", "-5", [1]],
  ["[1e5]", "1e5", [1]],
  ["[1E+55]", "1E+55", [1]],
  ["[1e-5]", "1e-5", [1]],
  ["[true]", "true", []],
  ["[a5]", "a5", []],
  ["[5a]", "5a", []],
  ["[1.a]", "1.a", []],
  ["[1ea]", "1ea", []],
  ["[1x5]", "1x5", []],
  ["[1e*5]", "1e*5", []],
  ['{"a":"v"', "v", [5]],
  ['{"a":"v', "v", []],
  ['{"a":5', "5", []],
  ["x5,", "5", []],
  [":5x", "5", []],
])("in %s, %j is at %j", (json, value, places) => {
  expect([...placesOf(json, value)]).toEqual(places);
});

test.each([
  ['{"href":"/a/b"}', "/a/b", true],
  ['{"href":"https://shop.example/a/b"}', "/a/b", true],
  ['{"href":"/a b"}', "/a%20b", true],
  ['{"href":"/a%20b"}', "/a%20b", true],
  ['{"href":"/a/b/c"}', "/a/b", false],
  ['{"href":"/"}', "/", false],
  ['{"href":"/a"}', "/a", true],
])("%s offers the path %s: %j", (json, path, offered) => {
  expect(offersPath(json, path)).toBe(offered);
});

test.each<[string, string[]]>([
  ['{"customer":{"data":[{"id":"w"},{"id":"v"}]}}', ["id", "data", "customer"]],
  ['{"customer":{"data":[[{"k":[1]}],{"id":"v"}]}}', ["id", "data", "customer"]],
  ['{"customer":{"data":[{"k":{"z":[1]},"id":"w"},{"id":"v"}]}}', ["id", "data", "customer"]],
  ['{"customer":{"data":{"x":{"l":[1]},"id":"v"}}}', ["id", "data", "customer"]],
  ['{"customer":{"data":{"x":[{"l":1}],"y":{},"id":"v"}}}', ["id", "data", "customer"]],
  ['{"customer":{"data":{"t":"a\\"{","id":"v"}}}', ["id", "data", "customer"]],
  ['{"customer":{"data":{"t":"{ \\" {","id":"v"}}}', ["id", "data", "customer"]],
  ['{"customer":{"data":{"t":"\\\\","id":"v"}}}', ["id", "data", "customer"]],
  ['{"customer":{"data":{"t":"{\\\\\\"{","id":"v"}}}', ["id", "data", "customer"]],
  ['{"customer":{"data":{"t":"}","id":"v"}}}', ["id", "data", "customer"]],
  ['{"customer":{"data":["x","v"]}}', ["data"]],
  ['{"customer":{"k":"x","list":[["v"]]}}', ["list"]],
  ['{"customer":{"x":"y","id":"v"},"id":"u"}', ["id", "customer"]],
])("the names from the root of %s to its value", (json, wanted) => {
  const [issue] = issuesIn(json, "v", { operation: "GET /", path: "/" });
  expect(issue?.kinds).toEqual(wanted);
});

test.each<[string, string]>([
  ['{"a":{"b":[{"c":"}"},2],"d":"\\\\","id":"v"},"e":1}', '{"b":[{"c":"}"},2],"d":"\\\\","id":"v"}'],
  ['{"a":{"t":"x\\"}","id":"v","n":[{}]}}', '{"t":"x\\"}","id":"v","n":[{}]}'],
  ['{"a":[{"b":1},{"id":"v","l":[[1]]}]}', '{"id":"v","l":[[1]]}'],
  ['{"a":{"id":"v","t":"x', '{"id":"v","t":"x'],
  ['{"a":{"id":"v","l":[1', '{"id":"v","l":[1'],
  ['["v"]', '["v"]'],
])("the object around the value of %s", (json, wanted) => {
  expect(objectAround(json, json.indexOf('"v"'))).toBe(wanted);
});

test("four places of a value are looked at, and four ids beside each", () => {
  const source = { operation: "GET /", path: "/" };
  const list = (length: number) => JSON.stringify(Array.from({ length }, () => ({ id: "v" })));
  expect([3, 4, 5].map((length) => issuesIn(list(length), "v", source).length)).toEqual([3, 4, 4]);
  const beside = JSON.stringify({ id: "v", aId: "1", b_uuid: 23, cKey: "3", dRef: "4", eID: "5", note: "6" });
  expect(issuesIn(beside, "v", source)[0]?.siblings).toEqual([
    ["aId", "1"],
    ["b_uuid", "23"],
    ["cKey", "3"],
    ["dRef", "4"],
  ]);
});

test("a value near the top of an answer has the kinds of the same place in a text", () => {
  const source = { operation: "GET /runs", path: "/runs" };
  expect({ ...new ShallowIssue("id", "", source), kinds: new ShallowIssue("id", "", source).kinds }).toEqual({
    ...source,
    siblings: [],
    kinds: ["id", "run"],
  });
  expect(new ShallowIssue("id", "customer", source).kinds).toEqual(["id", "customer"]);
  expect(new ShallowIssue("orderId", "data", source).kinds).toEqual(["order", "orderid"]);
});

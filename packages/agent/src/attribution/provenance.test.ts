import fc from "fast-check";
import { expect, test } from "vitest";
import { issuesIn, objectAround } from "./provenance.ts";

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

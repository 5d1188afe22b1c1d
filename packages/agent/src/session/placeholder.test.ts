import fc from "fast-check";
import { expect, test } from "vitest";
import { fillPath, fillPlaceholders } from "./placeholder.ts";

const VALUES: Record<string, string> = {
  password: "s3cret",
  id: "17",
  "Card Number": "4111",
  odd: "a/b?c d",
  next: "/things?page=2",
};
const read = (name: string): string | undefined => VALUES[name];

test("placeholders are filled at any depth, unknown ones are named", () => {
  const { value, unknown } = fillPlaceholders(
    { a: ["x {{password}}", { b: "/o/{{ id }}/{{who}}" }], c: 1 },
    read,
  );
  expect(value).toEqual({ a: ["x s3cret", { b: "/o/17/{{who}}" }], c: 1 });
  expect(unknown).toEqual(["who"]);
});

test("a name may have spaces", () => {
  expect(fillPlaceholders({ card: "{{Card Number}}" }, read)).toEqual({
    value: { card: "4111" },
    unknown: [],
  });
});

test("what is handed in is never changed, and not copied where there is nothing to fill", () => {
  const given = { a: [{ b: "{{id}}" }, "x"], same: { c: 1 } };
  const filled = fillPlaceholders(given, read).value;
  expect(given.a[0]).toEqual({ b: "{{id}}" });
  expect(filled.same).toBe(given.same);
  expect(fillPlaceholders(given.same, read).value).toBe(given.same);
});

test.each([
  ["/o/{{id}}", "/o/17"],
  ["/o/{{odd}}/x", "/o/a%2Fb%3Fc%20d/x"],
  ["/o?q={{odd}}", "/o?q=a%2Fb%3Fc%20d"],
  ["{{next}}", "/things?page=2"],
  ["/api{{next}}", "/api/things?page=2"],
  ["/p/{{next}}", "/p/%2Fthings%3Fpage%3D2"],
])("the path %s becomes %s", (path, wanted) => {
  expect(fillPath(path, read)).toEqual({ value: wanted, unknown: [] });
});

test("an unknown name in a path is told, and any value can be a segment", () => {
  expect(fillPath("/o/{{who}}", read).unknown).toEqual(["who"]);
});

test("a value without placeholders comes back equal", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      fc.pre(!JSON.stringify(value).includes("{{"));
      const json = JSON.parse(JSON.stringify(value));
      expect(fillPlaceholders(json, read)).toEqual({ value: json, unknown: [] });
    }),
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { fillPlaceholders } from "./placeholder.ts";

const read = (name: string): string | undefined => ({ password: "s3cret", id: "17" })[name];

test("placeholders are filled at any depth, unknown ones are named", () => {
  const { value, unknown } = fillPlaceholders(
    { a: ["x {{password}}", { b: "/o/{{ id }}/{{who}}" }], c: 1 },
    read,
  );
  expect(value).toEqual({ a: ["x s3cret", { b: "/o/17/{{who}}" }], c: 1 });
  expect(unknown).toEqual(["who"]);
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

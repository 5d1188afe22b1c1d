import { expect, test } from "vitest";
import { argumentFault } from "./argument-fault.ts";

const fault = (
  keyword: string,
  params: Record<string, unknown> = {},
  instancePath = "",
  known = ["path", "query"],
) =>
  argumentFault(
    "http_get",
    { keyword, instancePath, params, message: "must be good" },
    { path: "products" },
    known,
  );

test.each<[string, string]>([
  [fault("required", { missingProperty: "path" }), "http_get needs path, the path from /, such as /products"],
  [fault("required", { missingProperty: "size" }), "http_get needs size"],
  [fault("required", { missingProperty: "path" }, "/data/item"), "data.item of http_get needs path"],
  [
    fault("additionalProperties", { additionalProperty: "url" }),
    'http_get has no argument "url"; it takes path, query',
  ],
  [
    fault("additionalProperties", { additionalProperty: "url" }, "", []),
    'http_get has no argument "url"; it takes none',
  ],
  [
    fault("additionalProperties", { additionalProperty: "x".repeat(99) }, "/data"),
    `data of http_get has no field "${"x".repeat(60)}"`,
  ],
  [fault("pattern", { pattern: "^/" }, "/path"), 'write the path from /, such as /products, not "products"'],
  [fault("pattern", { pattern: "^a" }, "/name"), "name of http_get must have the form ^a"],
  [fault("enum", { allowedValues: ["a", "b"] }, "/size"), "size of http_get must be one of a, b"],
  [fault("enum", {}, "/size"), "size of http_get must be one of "],
  [fault("type", { type: "string" }, "/size"), "size of http_get must be text"],
  [fault("type", { type: "object" }), "the arguments of http_get must be an object of names and values"],
  [fault("type", { type: "array,integer" }, "/size"), "size of http_get must be a list or a whole number"],
  [fault("type", { type: ["number", "null"] }, "/size"), "size of http_get must be a number or a null"],
  [fault("minimum", {}, "/size"), "the arguments of http_get are wrong: size must be good"],
  [fault("minimum"), "the arguments of http_get are wrong: they must be good"],
  [argumentFault("http_get", undefined, {}, []), "the arguments of http_get are wrong: they do not fit"],
  [fault("type", { type: "string" }, `/${"a".repeat(99)}`), `${"a".repeat(60)} of http_get must be text`],
])("%s", (text, wanted) => {
  expect(text).toBe(wanted);
});

test("of many arguments thirty are named", () => {
  const known = Array.from({ length: 40 }, (_, n) => `a${n}`);
  expect(fault("additionalProperties", { additionalProperty: "x" }, "", known)).toMatch(/a29$/);
  expect(fault("enum", { allowedValues: known }, "/a")).toMatch(/a29$/);
});

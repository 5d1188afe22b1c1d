import { expect, test } from "vitest";
import {
  foldName,
  isOverrideField,
  isPossibleOverride,
  isQueryOverride,
  mayNameMethod,
  methodsIn,
  STANDARD_METHOD,
  withoutQuotes,
} from "./override-name.ts";

test.each<[string, boolean, boolean, boolean]>([
  ["_method", true, false, false],
  ["data[_method]", true, false, false],
  ["_Method", true, false, false],
  ["%5Fmethod", true, false, false],
  ["_method[0]", true, false, false],
  ["_method_override", true, false, false],
  ["_HttpMethod", true, false, false],
  ["$httpMethod", true, false, false],
  ["x-http-method-override", true, false, false],
  ["X_HTTP_Method", true, false, false],
  ["_verb", true, false, false],
  ["method", false, true, false],
  ["http_method", false, true, true],
  ["verb", false, true, false],
  ["request.verb", false, true, true],
  ["override_method", false, false, true],
  ["payment_method", false, false, false],
  ["methods", false, false, false],
  ["_methods", false, false, false],
  ["my_method", false, false, false],
  ["a__http_method_override", true, false, false],
  ["_methodoverride", true, false, false],
  ["_method_overrides", false, false, false],
  ["$method", false, false, false],
  ["$http_method", true, false, false],
  ["a$httpmethod", false, false, false],
  ["$httpmethods", false, false, false],
  ["$methodoverride", true, false, false],
  ["methodoverride", true, false, false],
  ["amethodoverride", false, false, false],
  ["methodoverrides", false, false, false],
  ["http_method_override", true, false, false],
  ["x_my_very_own_httpmethod", true, false, false],
  ["x_my_methods", false, false, false],
  ["ax_method", false, false, false],
  ["_verbs", false, false, false],
  ["a_verb", false, false, false],
  ["http_x_http_method", true, false, false],
  ["http_x_http_method_overrides", false, false, false],
  ["ahttp_x_http_method", false, false, false],
  ["request_verbs", false, false, false],
  ["arequest_verb", false, false, false],
  ["http_verb", false, true, true],
  ["realmethod", false, false, true],
  ["unreal_method", false, false, false],
  ["real_methods", false, false, false],
  ["color", false, false, false],
])("%s is read as the method: %j, in a query: %j, may be: %j", (name, is, query, possible) => {
  expect([isOverrideField(name), isQueryOverride(name), isPossibleOverride(name)]).toEqual([
    is,
    query,
    possible,
  ]);
  // The cached result is the same.
  expect(isOverrideField(name)).toBe(is);
});

test.each([
  ["_METHOD", true],
  ["verb", true],
  ["%5f", true],
  ["a\\u005f", true],
  ["color", false],
])("%s may name a method: %j", (text, may) => {
  expect(mayNameMethod(text)).toBe(may);
});

test.each([
  [" a.b", "a_b"],
  ["a+b", "a_b"],
  ["a\0b", "a"],
  ["a[1]", "a"],
  ["a_12", "a"],
  ["$a", "$a"],
  ["x".repeat(200), "x".repeat(200)],
  ["x".repeat(201), ""],
])("the name %j is folded to %j", (name, folded) => {
  expect(foldName(name)).toBe(folded);
});

test.each<[string, string[]]>([
  ["delete", ["DELETE"]],
  ['"delete"', ["DELETE"]],
  ["DELETE;q=1, put", ["DELETE", "PUT"]],
  ["DELETE\0x", ["DELETE"]],
  ["+delete+", ["DELETE"]],
  ["d%65lete", ["DELETE"]],
  [",", []],
  ["", []],
])("the methods of %j are %j", (value, methods) => {
  expect(methodsIn(value)).toEqual(methods);
});

test.each([
  [` ' a ' `, "a"],
  [`"a`, "a"],
  [`a"b`, `a"b`],
])("%j without quotes is %j", (value, bare) => {
  expect(withoutQuotes(value)).toBe(bare);
});

test("other methods are data", () => {
  expect(["GET", "OPTIONS", "get", "GETS", "TRACE"].map((one) => STANDARD_METHOD.test(one))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

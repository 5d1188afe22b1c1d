import { expect, test } from "vitest";
import { fieldOf } from "./field.ts";
import { isTokenRefresh, namesRefresh } from "./refresh-operation.ts";

const input = (place: "body" | "query", name: string) =>
  fieldOf({ in: place, name, type: "string", required: true, description: "" }, "");

test.each([
  ["refresh the token", true],
  ["renew it", true],
  ["renewal", true],
  ["renewed", false],
  ["refreshing", false],
  ["token", false],
])("%s mentions a refresh: %j", (words, mentions) => {
  expect(namesRefresh(words)).toBe(mentions);
});

test.each([
  ["auth refresh", [input("body", "refreshToken")], true],
  ["auth refresh", [input("body", "token"), input("body", "refresh")], true],
  ["auth refresh", [input("query", "refreshToken")], false],
  ["auth refresh", [input("body", "token")], false],
  ["auth refresh", [], false],
  ["auth token", [input("body", "refreshToken")], false],
])("%s with %o renews credentials: %j", (words, inputs, renews) => {
  expect(isTokenRefresh(words, inputs)).toBe(renews);
});

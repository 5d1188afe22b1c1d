import { expect, test } from "vitest";
import { type Field, fieldOf } from "./field.ts";
import { grantOf, isGrant, isTokenRefresh, namesRefresh, refreshInput } from "./refresh-operation.ts";

const input = (place: "body" | "query", name: string): Field =>
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

test("the option of a grant that names the means is taken, else its name, and none where no option does", () => {
  const grant = (options?: string[]) => ({
    ...input("body", "grant_type"),
    ...(options ? { enum: options } : {}),
  });
  expect(grantOf(grant(), "password")).toBe("password");
  expect(grantOf(grant(["code", "resource_owner_password"]), "password")).toBe("resource_owner_password");
  expect(grantOf(grant(["password", "refresh"]), "refresh_token")).toBe("refresh");
  expect(grantOf(grant(["client_credentials"]), "password")).toBeUndefined();
});

test.each([
  ["body", "grant_type", true],
  ["body", "grantType", true],
  ["query", "grant_type", false],
  ["body", "grant", false],
] as const)("%s %s is a grant: %s", (place, name, expected) => {
  expect(isGrant(input(place, name))).toBe(expected);
});

test("only a login renews credentials by an input of its own", () => {
  const inputs = [input("body", "password"), input("body", "refreshToken")];
  expect(refreshInput({ login: true, inputs })).toBe(inputs[1]);
  expect(refreshInput({ login: false, inputs })).toBeUndefined();
  expect(refreshInput({ login: true, inputs: [input("body", "token")] })).toBeUndefined();
});

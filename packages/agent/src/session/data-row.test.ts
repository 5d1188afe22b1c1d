import { expect, test } from "vitest";
import { loginOf } from "./data-row.ts";

test.each<[Record<string, string>, string[], [string, string] | undefined]>([
  [{ username: "ada", password: "p" }, ["password"], ["ada", "p"]],
  [{ city: "Bern", email: "ada@x", pwd: "p" }, ["pwd"], ["ada@x", "p"]],
  [{ city: "Bern", code: "p" }, ["code"], ["Bern", "p"]],
  [{ name: "ada", passwort: "" }, [], ["ada", ""]],
  [{ username: "ada", note: "x" }, [], undefined],
  [{ city: "Bern", code: "c", seat: "p" }, ["code", "seat"], undefined],
  [{ city: "Bern", code: "c" }, [], undefined],
  [{ password: "p" }, ["password"], undefined],
  [{ password: "p", token: "t" }, ["password", "token"], undefined],
  [{}, [], undefined],
])("a row of %j with the secrets %j signs in as %j", (values, secret, expected) => {
  const found = loginOf({ values, secret });
  expect(found && [found.user, found.password]).toEqual(expected);
});

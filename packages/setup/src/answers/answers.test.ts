import { expect, test } from "vitest";
import { type AuthKind, credentialVariables } from "./answers.ts";

test.each<[AuthKind, string[]]>([
  ["none", []],
  ["bearer", ["MY_SHOP_2_TOKEN"]],
  ["basic", ["MY_SHOP_2_USER", "MY_SHOP_2_PASSWORD"]],
  ["apiKey", ["MY_SHOP_2_API_KEY"]],
  ["oauth2", ["MY_SHOP_2_CLIENT_ID", "MY_SHOP_2_CLIENT_SECRET"]],
])("credentials of the kind %s are in variables of the target's name", (auth, names) => {
  expect(credentialVariables({ name: "my-shop.2", auth })).toEqual(names);
});

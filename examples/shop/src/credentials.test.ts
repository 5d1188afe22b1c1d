import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { accountsCsv, credentialsAt } from "./credentials.ts";
import { DEFAULT_ACCOUNTS, DEFAULT_SEED } from "./shop.ts";

test("accounts.csv holds the accounts that the shop opens by default", () => {
  const file = readFileSync(new URL("../accounts.csv", import.meta.url), "utf8");
  expect(file).toBe(accountsCsv(DEFAULT_ACCOUNTS, DEFAULT_SEED));
});

test("an account depends on its index and the seed, not on how many there are", () => {
  expect(accountsCsv(50, 7).startsWith(accountsCsv(10, 7))).toBe(true);
  expect(credentialsAt(3, 7)).not.toEqual(credentialsAt(3, 8));
});

test("no address is given out twice and no value needs quoting", () => {
  const accounts = Array.from({ length: 3000 }, (_, index) => credentialsAt(index, 1));
  expect(new Set(accounts.map(({ email }) => email)).size).toBe(3000);
  for (const { email, password } of accounts) expect(email + password).toMatch(/^[\w.@-]+$/);
});

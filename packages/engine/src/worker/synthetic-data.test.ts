import type { ValueGenerator } from "@ape/core/config/generate";
import { expect, test } from "vitest";
import { generateRow } from "./synthetic-data.ts";

const COLUMNS: Record<string, ValueGenerator> = {
  email: "email",
  second: { email: { domain: "test.example" } },
  name: "name",
  id: "uuid",
  handle: "username",
  secret: "password",
  age: { number: { min: 18, max: 20, decimals: 0 } },
  price: { number: { min: 0.5, max: 0.52, decimals: 2 } },
  born: { date: { from: "1999-12-31", to: "2000-01-02" } },
  colour: { choice: ["red", 7, true] },
};

test("every kind has its form and keeps its bounds", () => {
  const seen = { ages: new Set(), prices: new Set(), dates: new Set(), colours: new Set() };
  for (let number = 0; number < 300; number += 1) {
    const row = generateRow(COLUMNS, { seed: 9, worker: 0, number });
    expect(row.email).toMatch(/^[a-z0-9-]+@example\.com$/);
    expect(row.second).toMatch(/@test\.example$/);
    expect(row.handle).toMatch(/^u[0-9a-f]{15}$/);
    expect(row.secret).toMatch(/^[A-Z][a-z][0-9a-f]{12}\d!$/);
    expect(row.name).toMatch(/^\w+ \w+$/);
    expect(row.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    seen.ages.add(row.age);
    seen.prices.add(row.price);
    seen.dates.add(row.born);
    seen.colours.add(row.colour);
  }
  expect([...seen.ages].sort()).toEqual(["18", "19", "20"]);
  expect([...seen.prices].sort()).toEqual(["0.50", "0.51", "0.52"]);
  expect([...seen.dates].sort()).toEqual(["1999-12-31", "2000-01-01", "2000-01-02"]);
  expect([...seen.colours].sort()).toEqual(["7", "red", "true"]);
});

test("the same sessionId makes the same row; no two sessions of a run share an address or an id", () => {
  const sessionId = { seed: 4, worker: 2, number: 11 };
  expect(generateRow(COLUMNS, sessionId)).toEqual(generateRow(COLUMNS, sessionId));
  const emails = new Set<string>();
  const ids = new Set<string>();
  for (let worker = 0; worker < 8; worker += 1)
    for (let number = 0; number < 10_000; number += 1) {
      const { email, id, handle, secret } = generateRow(
        { email: "email", id: "uuid", handle: "username", secret: "password" },
        { seed: 1, worker, number },
      );
      emails.add(email ?? "");
      ids.add(id ?? "");
      ids.add(handle ?? "");
      ids.add(secret ?? "");
    }
  expect(emails.size).toBe(80_000);
  expect(ids.size).toBe(240_000);
});

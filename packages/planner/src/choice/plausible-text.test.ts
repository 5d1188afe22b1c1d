import { fieldOf } from "@ape/catalog/operations/field";
import type { ApiField } from "@ape/core/protocol/api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { plausibleText } from "./plausible-text.ts";

const text = (name: string, seed = 7, more: Partial<ApiField> = {}): string =>
  plausibleText(
    fieldOf({ in: "body", name, type: "string", required: true, description: "", ...more }, "things"),
    seed,
  );

test.each([
  ["firstName", /^[A-Z][\p{L}'-]+$/u],
  ["surname", /^[A-Z][\p{L}' -]+$/u],
  ["phone", /^555\d{7}$/],
  ["zip", /^\d{5}$/],
  ["city", /^[A-Z]/],
  ["username", /^[a-z-]+[0-9a-f]{6}$/],
  ["title", /^[A-Z][a-z-]+ [a-z-]+ [0-9a-f]{6}$/],
  ["comment", /^[A-Z].*[.?]$/],
])("a text for %s looks like one", (name, form) => {
  for (let seed = 0; seed < 20; seed += 1) expect(text(name, seed)).toMatch(form);
});

test("an e-mail address is one of nobody", () => {
  expect(text("contact", 3, { format: "email" })).toMatch(/^[\p{L}-]+\.[0-9a-f]{6}@mail\.example$/u);
});

test("the same seed gives the same text, and most seeds another one", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("comment", "title", "username", "street", "company"),
      fc.nat(),
      (name, seed) => {
        expect(text(name, seed)).toBe(text(name, seed));
      },
    ),
  );
  for (const name of ["comment", "title", "username", "street"])
    expect(new Set(Array.from({ length: 100 }, (_, seed) => text(name, seed))).size).toBeGreaterThan(90);
});

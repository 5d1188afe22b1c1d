import type { JsonObject } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { entryNames } from "./entry-names.ts";

test.each<[JsonObject, string | undefined, RegExp]>([
  [{ pattern: "^[A-Z]{2}$" }, undefined, /^[A-Z]{2}$/],
  [{ pattern: "^[a-z]+-[0-9]$" }, undefined, /^[a-z]+-\d$/],
  [{ pattern: "^[0-9]{3}$" }, undefined, /^\d{3}$/],
  [{ pattern: "^X-[A-Z][a-z]+$" }, undefined, /^X-[A-Z][a-z]+$/],
  [{ maxLength: 2 }, undefined, /^..?$/],
  [{ minLength: 12 }, undefined, /^.{12,}$/],
  [{}, "^env_", /^env_/],
  [{ pattern: "[A-Z]$" }, "^k", /^k.*[A-Z]$/],
  [{ pattern: "^[a-z_]+$", maxLength: 5 }, undefined, /^[a-z_]{1,5}$/],
])("names of %j and %s fit and differ", (allowed, pattern, fitting) => {
  const names = entryNames(allowed, pattern);
  expect(new Set(names).size).toBeGreaterThan(2);
  for (const name of names) expect(name).toMatch(fitting);
});

test("names that are listed, and the usual ones", () => {
  expect(entryNames({ enum: ["red", "blue", 3] }, undefined)).toEqual(["red", "blue"]);
  expect(entryNames({}, undefined).slice(0, 2)).toEqual(["name", "value"]);
});

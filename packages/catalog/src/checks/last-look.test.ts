import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { suggestChecks } from "./suggest-checks.ts";

const GUIDES = [
  "GET /guides | Guides |  | [].id# [].title",
  "GET /guides/{id} | A guide |  | id# title",
  "POST /guides | Write a guide | title | id# title",
] as const;

test.each([
  ["rest", "Open the guide Tandem.", { operation: "GET /guides", text: { contains: "Tandem" } }],
  ["rest", "List the guides.", { operation: "GET /guides" }],
  ["web", "Read the guide about tyres.", { operation: "GET /guides/{id}" }],
] as const)("the last read of a goal that changes nothing, of %s: %s", (kind, goal, expected) => {
  const [only, ...others] = suggestChecks(goal, [apiOf(kind, ...GUIDES)]).checks;
  expect(only?.check).toEqual({ action: expect.objectContaining({ ...expected, status: "2xx" }) });
  expect(others).toEqual([]);
});

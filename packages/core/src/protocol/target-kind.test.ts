import { expect, test } from "vitest";
import {
  canMatch,
  describesItself,
  everyOperation,
  TARGET_KIND_TRAITS,
  TARGET_KINDS,
  takesDocument,
} from "./target-kind.ts";

test.each(TARGET_KINDS)("the patterns that are shown for %s can match its operations", (kind) => {
  const shown = TARGET_KIND_TRAITS[kind].pattern.match(/`[^`]+`/g) ?? [];
  expect(shown.length).toBeGreaterThan(0);
  for (const pattern of shown) expect(canMatch(kind, pattern.replaceAll("`", ""))).toBe(true);
  expect(canMatch(kind, "* /**")).toBe(true);
  expect(everyOperation(kind).some((pattern) => canMatch(kind, pattern))).toBe(true);
});

test("operations of another kind cannot be matched", () => {
  expect(canMatch("rest", "query orders")).toBe(false);
  expect(canMatch("graphql", "GET /orders")).toBe(false);
  expect(canMatch("mcp", "mutation add")).toBe(false);
});

test("documents are for REST and GraphQL, and GraphQL and MCP describe themselves", () => {
  expect(TARGET_KINDS.filter(takesDocument)).toEqual(["rest", "graphql"]);
  expect(TARGET_KINDS.filter(describesItself)).toEqual(["graphql", "mcp"]);
});

test("the patterns for every operation are those of the kind", () => {
  expect(Object.fromEntries(TARGET_KINDS.map((kind) => [kind, everyOperation(kind)[0]]))).toEqual({
    rest: "* /**",
    graphql: "query *",
    web: "* /**",
    mcp: "query *",
  });
  expect(everyOperation("mcp")).toEqual(["query *", "mutation *", "tool *"]);
});

test.each([
  ["rest", "GET /a", true],
  ["rest", "GET", false],
  ["web", "* /a", true],
  ["graphql", "mutation add", true],
  ["graphql", "* /a", false],
  ["mcp", "tool add", true],
  ["mcp", "* /**x", false],
] as const)("for %s the pattern %s can match: %j", (kind, pattern, matches) => {
  expect(canMatch(kind, pattern)).toBe(matches);
});

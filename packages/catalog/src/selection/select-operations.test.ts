import type { ApiDescription } from "@ape/core/protocol/api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { largeApi } from "../../test/large-api.ts";
import { findOperations } from "./find-operations.ts";
import { operationCost } from "./operation-cost.ts";
import { SelectionSource, selectOperations } from "./select-operations.ts";

const keysOf = (apis: readonly ApiDescription[]): string[] =>
  apis.flatMap(({ operations }) => operations.map(({ method, path }) => `${method} ${path}`));

const large = new SelectionSource([largeApi()]);

test("a document that fits into the budget is given whole, as the same object", () => {
  const api = { ...largeApi(), operations: largeApi().operations.slice(0, 8) };
  const apis = [api];
  const selection = selectOperations("Delete a sensor", new SelectionSource(apis), 6_000);
  expect(selection.apis).toBe(apis);
  expect(selection).toMatchObject({ selected: 8, total: 8 });
});

test("of a large document each clause of a goal gets its operations, with the login and the lists that give ids", () => {
  const { apis, selected, total } = selectOperations(
    "Log in, create a voucher, then archive the oldest contract.",
    large,
    1_500,
  );
  expect(keysOf(apis)).toEqual(
    expect.arrayContaining([
      "POST /login",
      "POST /vouchers",
      "POST /contracts/{contractId}/archive",
      "GET /contracts",
    ]),
  );
  expect(selected).toBeLessThan(total / 2);
  expect(apis[0]?.leftOut).toBe(total - selected);
});

test.each(["graphql", "mcp"] as const)("operations of %s targets are selected too", (kind) => {
  const source = new SelectionSource([largeApi(kind)]);
  const { apis, selected, total } = selectOperations("Create a ticket and list the recipes.", source, 1_000);
  const names = apis[0]?.operations.map(({ path }) => path);
  expect(names).toEqual(
    expect.arrayContaining(
      kind === "mcp" ? ["create_ticket", "list_recipe"] : ["createTicket", "listRecipe"],
    ),
  );
  expect(selected).toBeLessThan(total);
});

test("a selection keeps to its budget and to the document's order, and is the same each time", () => {
  const words = [
    "create",
    "archive",
    "list",
    "delete",
    "voucher",
    "sensors",
    "a",
    "the",
    "and",
    "then",
    "room,",
  ];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 500, max: 5_000 }),
      (chosen, maxTokens) => {
        const prompt = chosen.join(" ");
        const selection = selectOperations(prompt, large, maxTokens);
        const [api] = selection.apis;
        const cost = (api?.operations ?? []).reduce((sum, one) => sum + operationCost(one, largeApi()), 0);
        expect(cost).toBeLessThanOrEqual(maxTokens);
        const order = keysOf(large.apis);
        const places = keysOf(selection.apis).map((key) => order.indexOf(key));
        expect(places).toEqual(places.toSorted((one, two) => one - two));
        expect(selectOperations(prompt, large, maxTokens)).toEqual(selection);
      },
    ),
    { numRuns: 60 },
  );
});

test("a search shows operations that are left out, and none that is listed", () => {
  const selection = selectOperations("Create a voucher.", large, 700);
  const listed = new Set(keysOf(selection.apis));
  const text = findOperations("archive tournament", large, selection);
  expect(text).toContain("- POST /tournaments/{tournamentId}/archive (auth) Archive a tournament");
  expect(text).toContain("  path tournamentId");
  for (const line of text.split("\n")) {
    const [, key] = /^- (\S+ \S+)/.exec(line) ?? [];
    if (key !== undefined) expect(listed).not.toContain(key);
  }
  expect(text.length).toBeLessThan(4_000);
  expect(findOperations("xylophone", large, selection)).toBe(
    "No operation beside those that are listed has these words.",
  );
});

test.each([
  ["graphql", "- mutation archiveTournament Archive a tournament", "  argument tournamentId"],
  ["mcp", "- tool archive_tournament Archive a tournament", "  argument tournamentId"],
] as const)("a search among operations of %s names them and their arguments", (kind, line, argument) => {
  const source = new SelectionSource([largeApi(kind)]);
  const text = findOperations(
    "archive tournament",
    source,
    selectOperations("Create a voucher.", source, 700),
  );
  expect(text).toContain(line);
  expect(text).toContain(argument);
});

test("never more operations are selected than may have a tool, the best ones first", () => {
  const whole = selectOperations("Create a voucher", large, 1_000_000);
  expect(whole.selected).toBe(whole.total);
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 60 }), (most) => {
      const { apis, selected, total } = selectOperations("Create a voucher", large, 1_000_000, most);
      expect(selected).toBeLessThanOrEqual(most);
      expect(keysOf(apis)).toContain("POST /vouchers");
      expect(apis[0]?.leftOut).toBe(total - selected);
    }),
  );
});

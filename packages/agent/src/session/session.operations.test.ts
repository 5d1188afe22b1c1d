import { findOperations } from "@ape/catalog/selection/find-operations";
import { SelectionSource, selectOperations } from "@ape/catalog/selection/select-operations";
import { largeApi } from "@ape/catalog/test/large-api";
import type { TargetKind } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { finishTool, play, type Tool } from "../../test/session.ts";
import { toolsFor } from "../policy/tools.ts";

const namesOf = (apis: Parameters<typeof toolsFor>[0]): string[] =>
  toolsFor(apis).map((one) => one.function.name);

/** A selection for a goal, with the search of what it leaves out, as the engine gives them to a session. */
function selectFor(prompt: string, kind: TargetKind = "rest") {
  const source = new SelectionSource([largeApi(kind, "shop")]);
  const selection = selectOperations(prompt, source, 700);
  return {
    apis: selection.apis,
    findOperations: (words: string) => findOperations(words, source, selection),
  };
}

test("what a prompt leaves out is found without a request, and called with http_request", async () => {
  const more = selectFor("Create a voucher.");
  const find: Tool = ["find_operations", { words: "archive a tournament" }];
  const call: Tool = [
    "http_request",
    { method: "post", path: "/tournaments/t-1/archive", data: { tournament_name: "x" } },
  ];
  const { calls, steps, prompts } = await play(
    [find, call, finishTool],
    () => ({ status: 200, json: {} }),
    more,
  );
  expect(prompts[0]).not.toContain("/tournaments/");
  expect(prompts[1]).toContain(
    '# Operations found\nfor "archive a tournament"\nshop:\n- POST /tournaments/{tournamentId}/archive',
  );
  expect(prompts[2]).toContain("# Operations found");
  expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual(["POST /tournaments/t-1/archive"]);
  expect(steps.map(({ tool, action }) => [tool, action?.operation])).toEqual([
    ["find_operations", undefined],
    ["http_request", "POST /tournaments/t-1/archive"],
    ["finish", undefined],
  ]);
});

test("a value that a search has shown was not issued by the target: who sends it has invented it", async () => {
  const more = selectFor("Create a voucher.");
  const find: Tool = ["find_operations", { words: "archive a tournament" }];
  const call: Tool = ["http_request", { method: "POST", path: "/tournaments/tournamentId/archive" }];
  const { steps } = await play(
    [find, call, finishTool],
    () => ({ status: 404, json: { message: "no" } }),
    more,
  );
  expect(steps[1]?.action?.attribution).toBe("simulation");
});

test.each([
  ["rest", "http_request"],
  ["graphql", "graphql"],
  ["mcp", "call_tool"],
] as const)("the search and %s's tool %s are offered only where operations are left out", (kind, tool) => {
  const { apis } = selectFor("Create a voucher.", kind);
  expect(namesOf(apis)).toEqual(expect.arrayContaining(["find_operations", tool]));
  const whole = namesOf([largeApi(kind, "shop")]);
  expect(whole).not.toContain("find_operations");
  if (kind !== "graphql") expect(whole).not.toContain(tool);
});

test("a search where all operations are listed says so", async () => {
  const find: Tool = ["find_operations", { words: "orders" }];
  const { prompts, ended } = await play([find, finishTool], () => ({ status: 200 }));
  expect(prompts[1]).toContain("All operations are listed.");
  expect(ended?.steps).toBe(2);
});

test("the rest of a long answer is shown without a request", async () => {
  const items = Array.from({ length: 30 }, (_, n) => ({ id: `item-${n}`, title: "x".repeat(100) }));
  const { calls, steps, prompts } = await play(
    [["http_get", { path: "/items" }], ["show_more", {}], ["show_more", { from: 28 }], finishTool],
    () => ({ status: 200, json: { items } }),
  );
  expect(calls).toHaveLength(1);
  expect(steps.map(({ tool }) => tool)).toEqual(["http_get", "show_more", "show_more", "finish"]);
  expect(prompts[1]).toContain("item-0");
  expect(prompts[1]).not.toContain("item-9");
  expect(prompts[2]).not.toContain('item-0"');
  expect(prompts[3]).toContain("item-29");
});

test("a place behind the end of a long answer is explained, and a range means its first place", async () => {
  const items = Array.from({ length: 30 }, (_, n) => ({ id: `item-${n}`, title: "x".repeat(100) }));
  const { prompts } = await play(
    [
      ["http_get", { path: "/items" }],
      ["show_more", { from: 99 }],
      ["show_more", { items: "28-30" }],
      finishTool,
    ],
    () => ({ status: 200, json: { items } }),
  );
  expect(prompts[2]).toContain("the list ends at 30");
  expect(prompts[3]).toContain("item-29");
  expect(prompts[3]).not.toContain("the list ends");
});

import type { ApiDescription } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { toolCatalog } from "./tool-catalog.ts";

const described = (target: string, kind: NonNullable<ApiDescription["kind"]>): ApiDescription => ({
  target,
  title: target,
  kind,
  documented: true,
  auth: [],
  operations: [
    { method: "GET", path: "/things/{id}", summary: "One thing", fields: [], secured: false },
    { method: "POST", path: "/things", id: "makeThing", summary: "New", fields: [], secured: false },
    { method: "query", path: "things", summary: "Things", fields: [], secured: false },
  ],
});
const catalogue = (
  kinds: Record<string, NonNullable<ApiDescription["kind"]>>,
  expose: "generic" | "operations",
) => toolCatalog({ describe: (name) => described(name, kinds[name] ?? "rest") }, Object.keys(kinds), expose);

test("the tools of a kind are listed where a target is of it", () => {
  expect([...catalogue({ shop: "rest" }, "generic").keys()]).not.toContain("graphql");
  const tools = catalogue({ shop: "rest", api: "graphql", box: "mcp" }, "generic");
  expect([...tools.keys()]).toEqual(expect.arrayContaining(["http_get", "graphql", "call_tool"]));
  expect(
    tools
      .get("graphql")
      ?.callOf({ api_name: "api", query: "{ a }", variables: { n: 1 }, headers: { cookie: "a=1" } }),
  ).toEqual({
    target: "api",
    method: "POST",
    path: "",
    headers: { cookie: "a=1" },
    graphql: { query: "{ a }", variables: { n: 1 } },
  });
  expect(tools.get("call_tool")?.callOf({ api_name: "box", name: "echo" }).tool).toEqual({
    name: "echo",
    arguments: {},
  });
  expect(tools.get("call_tool")?.fault({ arguments: {} })).toMatch(/name/);
});

test("operations are tools of their own where asked for, those of HTTP alone", () => {
  const names = [...catalogue({ shop: "rest" }, "operations").keys()];
  expect(names).toEqual(expect.arrayContaining(["shop_get_things_id", "shop_makeThing"]));
  expect(names.some((name) => name.includes("query"))).toBe(false);
});

test("an object among the parameters is one argument with its properties and their bounds", () => {
  const field = { in: "query", required: true, description: "" } as const;
  const api: ApiDescription = {
    ...described("shop", "rest"),
    operations: [
      {
        method: "GET",
        path: "/things",
        summary: "Things",
        secured: false,
        fields: [
          { ...field, name: "filter", type: "object" },
          { ...field, name: "filter.size", type: "integer", maximum: 5 },
          { ...field, name: "filter.deep.er", type: "string" },
          { ...field, name: "ids", type: "string[]", minItems: 1, maxLength: 3, required: false },
        ],
      },
    ],
  };
  const tool = toolCatalog({ describe: () => api }, ["shop"], "operations").get("shop_get_things");
  expect(tool?.definition.function.parameters).toMatchObject({
    properties: {
      filter: { type: "object", properties: { size: { type: "integer", maximum: 5 } }, required: ["size"] },
      ids: { type: "array", minItems: 1, items: { type: "string", maxLength: 3 } },
    },
    required: ["filter"],
  });
  expect(tool?.fault({ filter: { size: 6 } })).toMatch(/<= 5/);
  expect(tool?.callOf({ filter: { size: 3 }, ids: ["a"] }).query).toEqual({
    filter: { size: 3 },
    ids: ["a"],
  });
});

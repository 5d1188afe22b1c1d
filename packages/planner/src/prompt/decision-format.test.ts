import type { JsonObject } from "@ape/core/lib/json";
import type { ChatRequest, ToolDefinition } from "@ape/core/protocol/chat";
import { expect, test } from "vitest";
import { market } from "../../test/market.ts";
import { requestFor } from "../../test/session.ts";
import { createPlanner } from "../planner.ts";
import { toolsOf } from "./decision-format.ts";

const tools = (request: ChatRequest): readonly ToolDefinition[] => request.tools ?? [];

/** A request for JSON in place of one with tools. */
function asked({ tools: offered = [], tool_choice: _, ...request }: ChatRequest): ChatRequest {
  const anyOf = offered.map(({ function: { name, description, parameters } }) => ({
    type: "object",
    description,
    properties: { tool: { const: name }, arguments: parameters },
  }));
  return {
    ...request,
    response_format: { type: "json_schema", json_schema: { name: "d", schema: { anyOf } } },
  };
}

test("a request for JSON is decided as one with the same tools, and answered with its first call", () => {
  const goal = "Log in, find a ware under $20, put it into the basket, pay, log out.";
  const facts = [
    { name: "mail", value: "b@mail.example", origin: "data" },
    { name: "password", value: "{{password}}", origin: "data" },
  ];
  const request = requestFor({ apis: [market().api], goal }, facts, []);
  const [call] = createPlanner().plan(request).toolCalls;
  const { content, toolCalls } = createPlanner().plan(asked(request));
  expect(toolCalls).toEqual([]);
  expect(JSON.parse(content)).toEqual({ tool: call?.name, arguments: JSON.parse(call?.arguments ?? "") });
  expect(toolsOf(asked(request).response_format)).toEqual(tools(request));
});

test.each<JsonObject>([
  {},
  { anyOf: 5 },
  { anyOf: [null, { properties: {} }, { properties: { tool: { const: 5 } } }] },
])("a schema of another form has no tools: %j", (schema) => {
  expect(toolsOf({ type: "json_schema", json_schema: { name: "d", schema } })).toEqual([]);
  expect(toolsOf({ type: "json_object" } as never)).toEqual([]);
});

import type { ToolDefinition } from "@ape/core/chat";
import type { JsonObject } from "@ape/core/json";

const scalar: JsonObject = { type: ["string", "number", "boolean"] };
const request: Record<string, JsonObject> = {
  api_name: { type: "string" },
  path: { type: "string", pattern: "^(/|\\{\\{)", maxLength: 2000 },
  query: { type: "object", additionalProperties: { anyOf: [scalar, { type: "array", items: scalar }] } },
  headers: { type: "object", additionalProperties: { type: "string" } },
};

function http(method: string, what: string, body: boolean): ToolDefinition {
  const properties: JsonObject = body ? { ...request, data: {} } : { ...request };
  return tool(`http_${method}`, `${what} (HTTP ${method.toUpperCase()})`, properties, ["path"]);
}

function tool(name: string, description: string, properties: JsonObject, required: string[]): ToolDefinition {
  return {
    type: "function",
    function: {
      name,
      description,
      parameters: { type: "object", properties, required, additionalProperties: false },
    },
  };
}

/** The tools of an agent, the same for every agent and every step: a stable part of every prompt. */
export const TOOLS: readonly ToolDefinition[] = [
  http("get", "Read", false),
  http("post", "Create or do something", true),
  http("put", "Replace", true),
  http("patch", "Change", true),
  http("delete", "Remove", true),
  tool(
    "state_update",
    "Remember values for later steps",
    {
      set: {
        type: "object",
        maxProperties: 8,
        additionalProperties: { type: ["string", "number", "boolean"] },
      },
    },
    ["set"],
  ),
  tool("wait", "Do nothing for a while", { ms: { type: "number", minimum: 0, maximum: 60000 } }, ["ms"]),
  tool("finish", "End the session: the goal is reached, or cannot be", { reason: { type: "string" } }, []),
];

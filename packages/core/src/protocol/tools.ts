import type { Json, JsonObject } from "../lib/json.ts";
import type { ToolDefinition } from "./chat.ts";
import type { HttpMethod } from "./operations/operation.ts";
import type { ToolCall } from "./tool-call.ts";

/** Arguments of a tool, after its schema has accepted them. */
export type ToolArguments = Readonly<Record<string, Json | undefined>>;

const scalar: JsonObject = { type: ["string", "number", "boolean"] };
const request: Record<string, JsonObject> = {
  api_name: { type: "string" },
  path: { type: "string", pattern: "^(/|\\{\\{)", maxLength: 2000 },
  query: {
    type: "object",
    additionalProperties: { type: ["string", "number", "boolean", "array", "object"] },
  },
  headers: { type: "object", additionalProperties: { type: "string" } },
};

function http(method: string, what: string, body: boolean): ToolDefinition {
  const properties: JsonObject = body ? { ...request, data: {} } : { ...request };
  return tool(`http_${method}`, what, properties, ["path"]);
}

/** A tool in the form that models are shown: parameters as JSON Schema, nothing beyond them allowed. */
export function tool(
  name: string,
  description: string,
  properties: JsonObject,
  required: string[],
): ToolDefinition {
  const parameters: JsonObject = { type: "object", properties, additionalProperties: false };
  if (required.length > 0) parameters.required = required;
  return { type: "function", function: { name, description, parameters } };
}

/** The method of each tool that makes an HTTP request. */
export const TOOL_METHODS: Readonly<Record<string, HttpMethod>> = {
  http_get: "GET",
  http_post: "POST",
  http_put: "PUT",
  http_patch: "PATCH",
  http_delete: "DELETE",
};

/** The tools that reach a REST target: an agent is offered them, and the gateway's MCP endpoint lists them. */
export const HTTP_TOOLS: readonly ToolDefinition[] = [
  http("get", "Read", false),
  http("post", "Create or do something", true),
  http("put", "Replace", true),
  http("patch", "Change", true),
  http("delete", "Remove", true),
];

/** The tool that reaches any operation of a REST target; offered if a prompt leaves operations out. */
export const HTTP_REQUEST_TOOL: ToolDefinition = tool(
  "http_request",
  "Call an operation that has no tool of its own",
  {
    api_name: { type: "string" },
    method: { type: "string", enum: Object.values(TOOL_METHODS) },
    path: request.path as JsonObject,
    query: request.query as JsonObject,
    headers: request.headers as JsonObject,
    data: {},
  },
  ["method", "path"],
);

/** The tool that searches the operations left out of a prompt; it needs no request. */
export const FIND_OPERATIONS_TOOL: ToolDefinition = tool(
  "find_operations",
  "Search the operations that are not listed",
  { words: { type: "string", maxLength: 200 } },
  ["words"],
);

/** The tool that reaches a GraphQL target. */
export const GRAPHQL_TOOL: ToolDefinition = tool(
  "graphql",
  "Send one GraphQL operation",
  {
    api_name: { type: "string" },
    query: { type: "string", maxLength: 8000 },
    variables: { type: "object" },
    operation_name: { type: "string", maxLength: 200 },
  },
  ["query"],
);

/**
 * The tool that submits a form of the last page of a web target; controls that it does not name keep their defaults.
 */
export const SUBMIT_FORM_TOOL: ToolDefinition = tool(
  "submit_form",
  "Send a form of the last page; a field that is left out keeps what the page has in it",
  {
    api_name: { type: "string" },
    form: { type: "string", maxLength: 200 },
    fields: {
      type: "object",
      additionalProperties: { anyOf: [scalar, { type: "array", items: scalar }] },
    },
    submit: { type: "string", maxLength: 200 },
  },
  ["fields"],
);

/** The tool that calls a tool of an MCP target. */
export const CALL_TOOL: ToolDefinition = tool(
  "call_tool",
  "Call a tool of an MCP server",
  {
    api_name: { type: "string" },
    name: { type: "string", maxLength: 200 },
    arguments: { type: "object" },
  },
  ["name"],
);

/** The arguments of the tool `graphql`, after its schema has accepted them, as a call carries them. */
export function graphqlOf(args: ToolArguments): NonNullable<ToolCall["graphql"]> {
  const graphql: NonNullable<ToolCall["graphql"]> = { query: args.query as string };
  if (args.variables !== undefined) graphql.variables = args.variables as JsonObject;
  if (args.operation_name !== undefined) graphql.operationName = args.operation_name as string;
  return graphql;
}

/** The arguments of `call_tool`, after its schema has accepted them, as a call carries them. */
export function calledToolOf(args: ToolArguments): NonNullable<ToolCall["tool"]> {
  return { name: args.name as string, arguments: (args.arguments ?? {}) as JsonObject };
}

import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { withDoubles } from "@ape/core/lib/lossless-number";
import { argumentFault } from "@ape/core/protocol/argument-fault";
import type { ToolDefinition } from "@ape/core/protocol/chat";
import { operationTools } from "@ape/core/protocol/operations/operation-tools";
import type { QueryValue, ToolCall } from "@ape/core/protocol/tool-call";
import {
  CALL_TOOL,
  calledToolOf,
  GRAPHQL_TOOL,
  graphqlOf,
  HTTP_TOOLS,
  TOOL_METHODS,
  type ToolArguments,
  tool,
} from "@ape/core/protocol/tools";
import { Ajv } from "ajv";
import type { Gateway } from "../gateway.ts";
import { annotationsOf, describedTool } from "./generic-tools.ts";
import type { McpTool } from "./mcp-tool.ts";
import { asDocumented, mcpOperationTool } from "./operation-tool.ts";

/** Every tool that a gateway offers, by name. */
export type ToolCatalog = ReadonlyMap<string, McpTool>;

const MAX_FAULT = 500;

/** The tools for a gateway's targets: the generic ones, and with `operations` one for each documented operation. */
export function toolCatalog(
  gateway: Pick<Gateway, "describe">,
  targets: readonly string[],
  expose: "generic" | "operations",
): ToolCatalog {
  const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: false });
  const tools = new Map<string, McpTool>();
  const add = (plain: ToolDefinition, toCall: (args: ToolArguments) => ToolCall): void => {
    const definition = describedTool(plain, targets);
    const { name, parameters } = definition.function;
    // An unknown target is the gateway's own answer, with a code that callers know.
    const validate = ajv.compile({ ...parameters, properties: withoutTargets(parameters.properties) });
    const known = Object.keys(parameters.properties as JsonObject);
    if (!tools.has(name))
      tools.set(name, {
        definition,
        annotations: annotationsOf(TOOL_METHODS[name]),
        read: (args) =>
          validate(withDoubles(args))
            ? toCall(args)
            : argumentFault(name, validate.errors?.[0], args, known).slice(0, MAX_FAULT),
      });
  };
  const [only] = targets.length === 1 ? targets : [];
  for (const definition of HTTP_TOOLS)
    add(definition, (args) => httpCall(definition.function.name, args, only ?? ""));
  const kinds = targets.map((target) => gateway.describe(target).kind);
  if (kinds.includes("graphql"))
    add(withHeaders(GRAPHQL_TOOL), (args) => ({ ...otherCall(args, only ?? ""), graphql: graphqlOf(args) }));
  if (kinds.includes("mcp"))
    add(withHeaders(CALL_TOOL), (args) => ({ ...otherCall(args, only ?? ""), tool: calledToolOf(args) }));
  if (expose === "operations")
    for (const tool of operationTools(
      targets.map((target) => asDocumented(gateway.describe(target))),
      { prefix: true },
    )) {
      const named = mcpOperationTool(tool, ajv);
      tools.set(named.definition.function.name, named);
    }
  return tools;
}

function withoutTargets(properties: Json | undefined): JsonObject {
  const { api_name: given, ...others } = (properties ?? {}) as JsonObject;
  return isJsonObject(given ?? null) ? { ...others, api_name: { type: "string" } } : others;
}

/** The call of a generic tool's arguments; a gateway with one target needs no `api_name`. */
function httpCall(name: string, args: ToolArguments, only: string): ToolCall {
  const call: ToolCall = {
    target: (args.api_name as string | undefined) ?? only,
    method: TOOL_METHODS[name] ?? "GET",
    path: args.path as string,
  };
  if (args.query !== undefined) call.query = args.query as Record<string, QueryValue>;
  if (args.headers !== undefined) call.headers = args.headers as Record<string, string>;
  if (args.data !== undefined) call.data = args.data;
  return call;
}

/** A tool that also accepts headers: an agent carries its own credentials with every call. */
function withHeaders({ function: { name, description, parameters } }: ToolDefinition): ToolDefinition {
  const { properties, required } = parameters as { properties: JsonObject; required: string[] };
  const headers: JsonObject = { type: "object", additionalProperties: { type: "string" } };
  return tool(name, description, { ...properties, headers }, required);
}

/** Common fields of calls other than HTTP requests. */
function otherCall(args: ToolArguments, only: string): ToolCall {
  const call: ToolCall = { target: (args.api_name as string | undefined) ?? only, method: "POST", path: "" };
  if (args.headers !== undefined) call.headers = args.headers as Record<string, string>;
  return call;
}

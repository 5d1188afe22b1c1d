import type { Json, JsonObject } from "@ape/core/lib/json";
import { withDoubles, writeJson } from "@ape/core/lib/lossless-number";
import { encodeSegment } from "@ape/core/lib/percent";
import type { ApiField, ApiOperation } from "@ape/core/protocol/api";
import type { ToolDefinition } from "@ape/core/protocol/chat";
import { type HttpMethod, isMethod } from "@ape/core/protocol/operation";
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
import { Ajv, type ValidateFunction } from "ajv";
import type { Gateway } from "../gateway.ts";

/** A tool at the MCP server: how it is listed, and the call that it makes. */
export interface McpTool {
  readonly definition: ToolDefinition;
  /** What is wrong with the arguments, or undefined. */
  fault(args: JsonObject): string | undefined;
  callOf(args: JsonObject): ToolCall;
}

/** Every tool that a gateway offers, by name. */
export type ToolCatalog = ReadonlyMap<string, McpTool>;

const MAX_NAME = 64;

/** The tools for a gateway's targets: the generic ones, and with `operations` one for each documented operation. */
export function toolCatalog(
  gateway: Pick<Gateway, "describe">,
  targets: readonly string[],
  expose: "generic" | "operations",
): ToolCatalog {
  const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: false });
  const tools = new Map<string, McpTool>();
  const add = (definition: ToolDefinition, toCall: (args: ToolArguments) => ToolCall): void => {
    const validate = ajv.compile(definition.function.parameters);
    const { name } = definition.function;
    if (!tools.has(name))
      tools.set(name, {
        definition,
        fault: (args) => (validate(withDoubles(args)) ? undefined : faultOf(ajv, validate)),
        callOf: toCall,
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
    for (const target of targets) {
      const { documented, operations } = gateway.describe(target);
      for (const operation of operations) {
        const { method } = operation;
        if (isMethod(method))
          add(operationTool(target, operation, documented), (args) =>
            operationCall(target, operation, method, args),
          );
      }
    }
  return tools;
}

function faultOf(ajv: Ajv, validate: ValidateFunction): string {
  return ajv.errorsText(validate.errors, { dataVar: "arguments" }).slice(0, 500);
}

/** The call that a generic tool's arguments represent; a gateway with one target needs no `api_name`. */
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

/** A tool that takes headers too: an agent carries its own credentials with every call. */
function withHeaders({ function: { name, description, parameters } }: ToolDefinition): ToolDefinition {
  const { properties, required } = parameters as { properties: JsonObject; required: string[] };
  const headers: JsonObject = { type: "object", additionalProperties: { type: "string" } };
  return tool(name, description, { ...properties, headers }, required);
}

/** What calls have in common that are no request of HTTP's own. */
function otherCall(args: ToolArguments, only: string): ToolCall {
  const call: ToolCall = { target: (args.api_name as string | undefined) ?? only, method: "POST", path: "" };
  if (args.headers !== undefined) call.headers = args.headers as Record<string, string>;
  return call;
}

const SCHEMA_TYPES = ["string", "number", "integer", "boolean", "object"];

/** Named by what the document calls the operation, else by its method and path: `shop_placeOrder`, `shop_post_orders`. */
function operationTool(
  target: string,
  { method, path, summary, id, fields }: ApiOperation,
  documented: boolean,
): ToolDefinition {
  const properties: JsonObject = {};
  const required: string[] = [];
  for (const field of fields) {
    if (field.in !== "path" && field.in !== "query") continue;
    if (isInObject(field, fields)) continue;
    properties[field.name] = field.type === "object" ? objectSchema(field, fields) : fieldSchema(field);
    if (field.required || field.in === "path") required.push(field.name);
  }
  properties.headers = { type: "object", additionalProperties: { type: "string" } };
  // Of an operation that only `allow` names nothing says what it takes.
  const takesData = documented ? fields.some((field) => field.in === "body") : method !== "GET";
  if (takesData) properties.data = {};
  const name = `${target}_${id ?? `${method.toLowerCase()}_${path}`}`
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .replace(/_$/, "");
  return tool(name.slice(0, MAX_NAME), `${summary} (${method} ${path})`, properties, required);
}

/** Whether a field is a property of an object among the parameters, `filter.colour`. */
function isInObject({ in: place, name }: ApiField, fields: readonly ApiField[]): boolean {
  return fields.some(
    (other) => other.in === place && other.type === "object" && name.startsWith(`${other.name}.`),
  );
}

/** An object among the parameters with its own properties; deeper ones are left to the caller. */
function objectSchema(field: ApiField, fields: readonly ApiField[]): JsonObject {
  const schema = fieldSchema(field);
  const properties: JsonObject = {};
  const required: string[] = [];
  for (const inner of fields) {
    if (inner.in !== field.in || !inner.name.startsWith(`${field.name}.`)) continue;
    const name = inner.name.slice(field.name.length + 1);
    if (/[.[]/.test(name)) continue;
    properties[name] = fieldSchema(inner);
    if (inner.required) required.push(name);
  }
  return required.length === 0 ? { ...schema, properties } : { ...schema, properties, required };
}

const BOUNDS = [
  "format",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
] as const;
const LIST_BOUNDS = ["minItems", "maxItems", "uniqueItems"] as const;

/** The JSON Schema of a field; patterns are left out, as documents have such as no validator knows. */
function fieldSchema(field: ApiField): JsonObject {
  const { type, description, enum: choices, nullable } = field;
  const base = type.replace(/\[\]$/, "");
  const listed = type.endsWith("[]");
  const item: JsonObject = SCHEMA_TYPES.includes(base)
    ? { type: nullable === true && !listed ? [base, "null"] : base }
    : {};
  if (choices !== undefined) item.enum = [...choices];
  for (const key of BOUNDS) if (field[key] !== undefined) item[key] = field[key];
  const schema: JsonObject = listed ? { type: "array", items: item } : item;
  if (listed) for (const key of LIST_BOUNDS) if (field[key] !== undefined) schema[key] = field[key];
  return description === "" ? schema : { ...schema, description };
}

/** The call of a named tool; values of path parameters are encoded, so that they stay one segment. */
function operationCall(
  target: string,
  operation: ApiOperation,
  method: HttpMethod,
  args: ToolArguments,
): ToolCall {
  const call: ToolCall = {
    target,
    method,
    path: operation.path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => segment(args[name])),
  };
  const query: Record<string, QueryValue> = {};
  for (const field of operation.fields) {
    const value = args[field.name];
    if (field.in === "query" && value !== undefined && value !== null)
      query[field.name] = value as QueryValue;
  }
  if (Object.keys(query).length > 0) call.query = query;
  if (args.headers !== undefined) call.headers = args.headers as Record<string, string>;
  if (args.data !== undefined) call.data = args.data;
  return call;
}

function segment(value: Json | undefined): string {
  const text = typeof value === "string" ? value : writeJson(value ?? "");
  return encodeSegment(text);
}

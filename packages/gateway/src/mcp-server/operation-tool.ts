import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { withDoubles } from "@ape/core/lib/lossless-number";
import type { ApiDescription } from "@ape/core/protocol/api";
import { argumentFault } from "@ape/core/protocol/argument-fault";
import { describedTypes } from "@ape/core/protocol/fields/field-text";
import { fieldTree, nodeSchema } from "@ape/core/protocol/fields/field-tree";
import { isMethod } from "@ape/core/protocol/operations/operation";
import { readOperationArguments } from "@ape/core/protocol/operations/operation-arguments";
import {
  DATA_ARGUMENT,
  HEADERS_ARGUMENT,
  type OperationTool,
} from "@ape/core/protocol/operations/operation-tools";
import { tool } from "@ape/core/protocol/tools";
import type { Ajv, ErrorObject, ValidateFunction } from "ajv";
import { annotationsOf } from "./generic-tools.ts";
import type { McpTool } from "./mcp-tool.ts";

const MAX_FAULT = 500;

/** A description whose operations can be tools: operations that only `allow` names have no known inputs. */
export function asDocumented(api: ApiDescription): ApiDescription {
  if (api.documented) return api;
  return {
    ...api,
    documented: true,
    operations: api.operations.map((operation) =>
      operation.method === "GET" ? operation : { ...operation, openBody: true },
    ),
  };
}

/**
 * An operation as a tool for MCP clients. Besides the documented inputs it accepts `headers` of any name: callers carry
 * their own credentials.
 */
export function mcpOperationTool(operationTool: OperationTool, ajv: Ajv): McpTool {
  const { operation, target } = operationTool;
  const definition = isMethod(operation.method) ? withAnyHeaders(operationTool) : operationTool.definition;
  const validate = compiled(ajv, withAnyBody(definition.function.parameters));
  const output = outputSchema(operationTool);
  return {
    definition,
    annotations: annotationsOf(operation.method, operation.reads),
    ...(output === undefined ? {} : { outputSchema: output }),
    read: (args) => {
      if (validate !== undefined && !validate(withDoubles(args))) {
        const wrong = (validate.errors ?? []).filter((error) => valueAt(args, error) !== null);
        const { name, parameters } = definition.function;
        const known = Object.keys(parameters.properties as JsonObject);
        if (wrong.length > 0) return argumentFault(name, wrong[0], args, known).slice(0, MAX_FAULT);
      }
      const { method, path } = operation;
      if (!isMethod(method))
        return { target, method: "POST", path: "", tool: { name: path, arguments: args } };
      const read = readOperationArguments(operationTool, args);
      return typeof read === "string" ? read : { target, method, ...read };
    },
  };
}

/**
 * A schema whose objects may have additional properties, the default of JSON Schema, and whose values may have the further
 * types that its descriptions name.
 */
function opened(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(opened);
  if (!isJsonObject(schema)) return schema;
  const result = Object.fromEntries(
    Object.entries(schema).flatMap(([key, inner]) =>
      key === "additionalProperties" && inner === false ? [] : [[key, opened(inner)]],
    ),
  );
  const others = describedTypes(schema.description);
  if (typeof schema.type === "string" && others.length > 0) result.type = [schema.type, ...others];
  return result;
}

/** What is validated before a call: the body's own rules, which may have alternatives, are left to the target. */
function withAnyBody(schema: JsonObject): JsonObject {
  const properties = schema.properties as JsonObject;
  if (properties[DATA_ARGUMENT] === undefined) return schema;
  return { ...schema, properties: { ...properties, [DATA_ARGUMENT]: {} } };
}

/** Undefined for a schema that the validator does not support: then only the target validates. */
function compiled(ajv: Ajv, schema: JsonObject): ValidateFunction | undefined {
  try {
    return ajv.compile(schema);
  } catch {
    return undefined;
  }
}

/** The value that an error is about. A null counts as left out; the target validates it. */
function valueAt(args: JsonObject, { instancePath }: ErrorObject): Json | undefined {
  let at: Json | undefined = args;
  for (const part of instancePath.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    at = Array.isArray(at)
      ? at[Number(name)]
      : isJsonObject(at as Json)
        ? (at as JsonObject)[name]
        : undefined;
  }
  return at;
}

function withAnyHeaders({ definition }: OperationTool): OperationTool["definition"] {
  const { name, description, parameters } = definition.function;
  const properties = parameters.properties as JsonObject;
  const known = properties[HEADERS_ARGUMENT];
  const headers: JsonObject = {
    type: "object",
    ...(isJsonObject(known as Json) ? (known as JsonObject) : {}),
    additionalProperties: { type: "string" },
  };
  const body = properties[DATA_ARGUMENT];
  return tool(
    name,
    description,
    {
      ...properties,
      [HEADERS_ARGUMENT]: headers,
      ...(body === undefined ? {} : { [DATA_ARGUMENT]: opened(body) }),
    },
    (parameters.required ?? []) as string[],
  );
}

/**
 * The schema of a successful call's answer. The body's fields are described and not enforced: if a target breaks its
 * document, the caller should see that, rather than the caller's MCP client refuse it.
 */
function outputSchema({ operation: { fields } }: OperationTool): JsonObject | undefined {
  const answer = fields.filter((field) => field.in === "answer");
  if (answer.length === 0) return undefined;
  const json = { anyOf: [nodeSchema(fieldTree(answer)), {}] };
  return {
    type: "object",
    properties: {
      status: { type: "integer", description: "HTTP status; 0 where no answer came" },
      operation: { type: "string" },
      headers: { type: "object" },
      body: {
        type: "object",
        properties: {
          kind: { type: "string", enum: ["json", "text", "page", "binary", "empty"] },
          json,
        },
        required: ["kind"],
      },
    },
    required: ["status", "body"],
  };
}

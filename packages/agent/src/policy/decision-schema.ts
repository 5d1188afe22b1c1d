import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import type { ResponseFormat, ToolDefinition } from "@ape/core/protocol/chat";
import { withUnions } from "@ape/core/protocol/operations/union-schemas";

/** Longest texts and lists for which a grammar stays small. */
const MAX_LENGTH = 64;
const MAX_ITEMS = 32;

/**
 * The tools as one JSON Schema for servers that do not parse tool calls: an object `{tool, arguments}` with one branch for
 * each tool. `tool` comes first, as servers that turn a schema into a grammar keep the order of properties. Bounds that
 * make a grammar large, or that no grammar of llama.cpp has, are left out.
 */
export function decisionFormat(tools: readonly ToolDefinition[]): ResponseFormat {
  const branches = withUnions(tools, "types").map(
    ({ function: { name, description, parameters } }): JsonObject => ({
      type: "object",
      description,
      properties: { tool: { const: name }, arguments: forGrammar(parameters) },
      required: ["tool", "arguments"],
      additionalProperties: false,
    }),
  );
  return { type: "json_schema", json_schema: { name: "decision", schema: { anyOf: branches } } };
}

function forGrammar(schema: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    if ((key === "minimum" || key === "maximum") && !Number.isSafeInteger(value)) continue;
    if ((key === "minLength" || key === "maxLength") && Number(value) > MAX_LENGTH) continue;
    if ((key === "minItems" || key === "maxItems") && Number(value) > MAX_ITEMS) continue;
    if (key === "pattern" || key === "uniqueItems") continue;
    if (key === "properties" && isJsonObject(value))
      result[key] = Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [name, isJsonObject(inner) ? forGrammar(inner) : inner]),
      );
    else
      result[key] =
        (key === "items" || key === "additionalProperties") && isJsonObject(value)
          ? forGrammar(value)
          : value;
  }
  // With an open object a small model may generate without end.
  if (isJsonObject(result.properties) && result.additionalProperties === undefined)
    result.additionalProperties = false;
  return result;
}

/**
 * The tools as text, one per line with its arguments in TypeScript notation: the model may not see the schema of the
 * answer.
 */
export function describeTools(tools: readonly ToolDefinition[]): string {
  return tools
    .map(
      ({ function: { name, description, parameters } }) =>
        `- ${name}(${typeText(parameters)}) ${description}`,
    )
    .join("\n");
}

function typeText(schema: Json | undefined): string {
  if (!isJsonObject(schema)) return "any";
  const { type, properties, items } = schema;
  if (Array.isArray(schema.enum)) return schema.enum.map((choice) => JSON.stringify(choice)).join(" | ");
  if (isJsonObject(properties)) {
    const required = Array.isArray(schema.required) ? schema.required : [];
    const fields = Object.entries(properties).map(([name, inner]) => {
      const said =
        isJsonObject(inner) && typeof inner.description === "string" ? ` /* ${inner.description} */` : "";
      return `${JSON.stringify(name)}${required.includes(name) ? "" : "?"}: ${typeText(inner)}${said}`;
    });
    return `{${fields.join(", ")}}`;
  }
  if (type === "array") return `${items === undefined ? "any" : typeText(items)}[]`;
  if (typeof type !== "string") return "any";
  return `${type}${boundsText(schema)}`;
}

function boundsText({ minimum, maximum, format }: JsonObject): string {
  const bounds = minimum === undefined && maximum === undefined ? "" : ` ${text(minimum)}..${text(maximum)}`;
  return `${bounds}${typeof format === "string" ? ` ${format}` : ""}`;
}

const text = (value: Json | undefined): string => (value === undefined ? "" : String(value));

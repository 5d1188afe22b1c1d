import type { Buffer } from "node:buffer";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import type { ToolDefinition } from "@ape/core/protocol/chat";
import { withUnions } from "@ape/core/protocol/operations/union-schemas";
import type { RequestEdits } from "./dialect.ts";

type Tools = readonly ToolDefinition[];
type ToolEdits = Pick<RequestEdits, "plainTools" | "plainSchemas" | "unions">;

/** Tools with changed schemas, by list: all calls of an agent share one list. */
const strictless = new WeakMap<Tools, Tools>();
const simplified = new WeakMap<Tools, Tools>();

/** The tools in the form that a provider accepts. The same list for the same input, so that cached encodings are found. */
export function editTools(tools: Tools, { plainTools, plainSchemas, unions }: ToolEdits): Tools {
  const edited = plainTools ? cached(strictless, tools, withoutStrict) : tools;
  return plainSchemas ? cached(simplified, edited, simple) : withUnions(edited, unions);
}

/** Whether a list of tools as JSON may have to be changed. */
export function mayEditTools(json: Buffer, { plainTools, plainSchemas, unions }: ToolEdits): boolean {
  if (plainSchemas || (plainTools && json.includes('"strict"'))) return true;
  return unions !== "described" && (json.includes("<or ") || json.includes("; or "));
}

function cached(
  lists: WeakMap<Tools, Tools>,
  tools: Tools,
  edit: (tool: ToolDefinition) => ToolDefinition,
): Tools {
  let known = lists.get(tools);
  if (known === undefined) {
    const edited = tools.map(edit);
    known = edited.some((tool, index) => tool !== tools[index]) ? edited : tools;
    lists.set(tools, known);
  }
  return known;
}

/** Other clients' lists may hold anything. */
const functionOf = (tool: unknown): JsonObject | undefined =>
  isJsonObject(tool) && isJsonObject(tool.function) ? tool.function : undefined;

function withoutStrict(tool: ToolDefinition): ToolDefinition {
  const known = functionOf(tool);
  if (known === undefined || !("strict" in known)) return tool;
  const { strict: _, ...definition } = tool.function as ToolDefinition["function"] & { strict?: unknown };
  return { ...tool, function: definition };
}

/** A tool for servers that refuse objects without properties and values without a type. */
function simple(tool: ToolDefinition): ToolDefinition {
  if (!isJsonObject(functionOf(tool)?.parameters)) return tool;
  const { parameters, ...definition } = tool.function;
  const { properties } = parameters;
  if (!isJsonObject(properties) || Object.keys(properties).length === 0)
    return { ...tool, function: definition as ToolDefinition["function"] };
  return { ...tool, function: { ...definition, parameters: typed(parameters) } };
}

function typed(schema: JsonObject): JsonObject {
  const { additionalProperties: _, ...rest } = schema;
  if (isJsonObject(rest.properties))
    rest.properties = Object.fromEntries(
      Object.entries(rest.properties).map(([name, inner]): [string, Json] => [
        name,
        isJsonObject(inner) ? typed(inner) : inner,
      ]),
    );
  if (isJsonObject(rest.items)) rest.items = typed(rest.items);
  else if (rest.type === "array") rest.items = { type: "string" };
  if (rest.type === undefined) rest.type = "string";
  // What an object without properties holds is written as JSON text, which is read back.
  if (
    rest.type === "object" &&
    (!isJsonObject(rest.properties) || Object.keys(rest.properties).length === 0)
  ) {
    const { properties: __, required: ___, ...text } = rest;
    return {
      ...text,
      type: "string",
      description: `${typeof rest.description === "string" ? `${rest.description} ` : ""}(as JSON)`,
    };
  }
  return rest;
}

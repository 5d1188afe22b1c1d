import { isJsonObject, type Json, type JsonObject } from "../../lib/json.ts";
import type { ToolDefinition } from "../chat.ts";
import { describedTypes, withoutDescribedTypes } from "../fields/field-text.ts";
import { PropertyWords } from "./prompt-tools.ts";

/**
 * How the schemas of tools express a value of several types. `types`: a list as `type`; `anyOf`: one schema for each type;
 * `nullable`: null as OpenAPI 3.0 writes it, other types in the description; `described`: all in the description,
 * `<or null>`, as {@link operationTools} writes them.
 */
export type UnionForm = "types" | "anyOf" | "nullable" | "described";

const known = new WeakMap<readonly ToolDefinition[], Map<UnionForm, readonly ToolDefinition[]>>();

/** The tools with the types that descriptions name in a form that a server enforces. The same list for the same input. */
export function withUnions(tools: readonly ToolDefinition[], form: UnionForm): readonly ToolDefinition[] {
  if (form === "described") return tools;
  let forms = known.get(tools);
  if (forms === undefined) {
    forms = new Map();
    known.set(tools, forms);
  }
  let list = forms.get(form);
  if (list === undefined) {
    const words = new PropertyWords();
    const changed = tools.map((tool) => toolWithUnions(tool, words, form));
    list = changed.some((tool, index) => tool !== tools[index]) ? changed : tools;
    forms.set(form, list);
  }
  return list;
}

function toolWithUnions(tool: ToolDefinition, words: PropertyWords, form: UnionForm): ToolDefinition {
  // Other clients' tools may have no schema.
  if (!isJsonObject(tool as unknown) || !isJsonObject(tool.function?.parameters)) return tool;
  const { parameters } = tool.function;
  // A description that an earlier tool gave is left out of later ones, and its types with it.
  const schema = unionSchema(parameters, words.complete(parameters), form);
  return schema === parameters ? tool : { ...tool, function: { ...tool.function, parameters: schema } };
}

/** @param complete the schema with all descriptions */
function unionSchema(schema: JsonObject, complete: Json | undefined, form: UnionForm): JsonObject {
  const full = isJsonObject(complete) ? complete : schema;
  const result: JsonObject = {};
  let changed = false;
  for (const [key, value] of Object.entries(schema)) {
    const inner =
      key === "properties" && isJsonObject(value)
        ? unionProperties(value, full.properties, form)
        : (key === "items" || key === "additionalProperties") && isJsonObject(value)
          ? unionSchema(value, full[key], form)
          : value;
    changed ||= inner !== value;
    result[key] = inner;
  }
  const types = describedTypes(full.description);
  if (types.length === 0 || typeof schema.type !== "string") return changed ? result : schema;
  return union(result, types, form);
}

function unionProperties(properties: JsonObject, complete: Json | undefined, form: UnionForm): JsonObject {
  const full = isJsonObject(complete) ? complete : properties;
  const entries = Object.entries(properties).map(([name, inner]): [string, Json] => [
    name,
    isJsonObject(inner) ? unionSchema(inner, full[name], form) : inner,
  ]);
  return entries.some(([name, inner]) => inner !== properties[name])
    ? Object.fromEntries(entries)
    : properties;
}

function union(schema: JsonObject, others: readonly string[], form: UnionForm): JsonObject {
  if (form === "nullable" && !others.includes("null")) return schema;
  const { type, description, ...rest } = schema;
  const expressed = form === "nullable" ? ["null"] : others;
  const said = typeof description === "string" ? withoutDescribedTypes(description, expressed) : undefined;
  const words: JsonObject = said === undefined ? {} : { description: said };
  if (form === "nullable") return { type: type as Json, nullable: true, ...words, ...rest };
  if (form === "anyOf")
    return { ...words, anyOf: [{ type: type as Json, ...rest }, ...others.map(schemaOf)] };
  const list: JsonObject = { type: [type as string, ...others], ...words, ...rest };
  // A list of choices holds for every type.
  if (Array.isArray(rest.enum))
    return others.every((other) => other === "null") ? { ...list, enum: [...rest.enum, null] } : schema;
  if (others.includes("array") && rest.items === undefined) list.items = {};
  return list;
}

/** Some servers refuse a list without a schema of its items. */
const schemaOf = (type: string): JsonObject => (type === "array" ? { type, items: {} } : { type });

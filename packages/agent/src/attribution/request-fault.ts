import { isComposite, isJsonObject, type Json } from "@ape/core/lib/json";
import type { ApiField } from "@ape/core/protocol/api";
import type { ToolCall } from "@ape/core/protocol/tool-call";

/**
 * Returns how a call breaks the API document, or undefined: a missing required field, a value outside its enum or
 * bounds. Reads top-level fields only.
 */
export function requestFault(call: ToolCall, fields: readonly ApiField[]): string | undefined {
  for (const field of fields) {
    if (field.in === "answer" || field.in === "path" || field.name.includes(".") || field.name.includes("[]"))
      continue;
    const value = fieldValue(call, field);
    if (value === undefined) {
      if (field.required && field.form === undefined)
        return `the ${field.in} field ${field.name}, which the API document requires, is missing`;
    } else if (field.enum !== undefined && !isComposite(value) && !allows(field.enum, value))
      return `${field.name} is none of the documented values`;
    else if (isOutside(field, value)) return `${field.name} is outside of its documented bounds`;
  }
  return undefined;
}

function fieldValue(call: ToolCall, { in: where, name }: ApiField): Json | undefined {
  if (where === "header") return call.headers?.[name.toLowerCase()];
  if (where === "body") {
    const data = call.data ?? call.graphql?.variables ?? call.tool?.arguments;
    return isJsonObject(data) ? data[name] : undefined;
  }
  const mark = call.path.indexOf("?");
  const inPath = mark < 0 ? null : new URLSearchParams(call.path.slice(mark + 1)).get(name);
  return (call.query?.[name] as Json | undefined) ?? inPath ?? undefined;
}

const allows = (known: readonly Json[], value: Json): boolean =>
  known.some((one) => one === value || String(one) === String(value));

function isOutside({ minimum, maximum, type }: ApiField, value: Json): boolean {
  if (type !== "integer" && type !== "number") return false;
  const number = Number(value);
  return (minimum !== undefined && number < minimum) || (maximum !== undefined && number > maximum);
}

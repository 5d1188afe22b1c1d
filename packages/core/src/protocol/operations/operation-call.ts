import { isJsonObject, type Json, type JsonObject } from "../../lib/json.ts";
import type { ToolCall } from "../tool-call.ts";
import { isMethod, type OperationRef } from "./operation.ts";

/**
 * The call of an operation in the configuration (a probe, a hook).
 * @param target of the call
 * @param path the template filled in; unused for operations other than HTTP
 * @param given `document` of GraphQL, with `arguments` as its variables; `arguments` of a tool
 */
export function operationCall(
  target: string,
  { method, template }: Pick<OperationRef, "method" | "template">,
  path: string,
  given: { document?: string | undefined; arguments?: JsonObject | undefined },
): ToolCall {
  if (isMethod(method)) return { target, method, path };
  const call: ToolCall = { target, method: "POST", path: "" };
  if (method === "tool") call.tool = { name: template, arguments: given.arguments ?? {} };
  else
    call.graphql = {
      query: given.document ?? `${method} { ${template} }`,
      ...(given.arguments === undefined ? {} : { variables: given.arguments }),
    };
  return call;
}

/** A JSON value with `{name}` in its strings replaced. */
export function fillBraces(value: Json, read: (name: string) => string | undefined): Json {
  if (typeof value === "string")
    return value.replaceAll(/\{(\w+)\}/g, (whole, name: string) => read(name) ?? whole);
  if (Array.isArray(value)) return value.map((item) => fillBraces(item, read));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillBraces(item, read)]));
}

/** The names in braces of every string of a JSON value. */
export function bracedNames(value: Json): string[] {
  if (typeof value === "string")
    return Array.from(value.matchAll(/\{(\w+)\}/g), (match) => match[1] as string);
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(bracedNames);
}

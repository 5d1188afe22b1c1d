import { graphqlSelection } from "@ape/catalog/operations/graphql-selection";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import { coerce } from "../choice/default-value.ts";
import { setAtPath } from "../choice/step-call.ts";
import type { Request } from "../planning-context.ts";

/**
 * Builds the tool call for an operation other than HTTP.
 * @param own the name of the operation's own tool, if it has one
 */
export function alternativeCall(
  { target, method, path, query, data }: Request,
  operation: Operation | undefined,
  own?: string,
): { name: string; arguments: string } {
  const given = argumentsOf(query, data, operation);
  if (own !== undefined) return { name: own, arguments: writeJson(given) };
  if (method === "tool")
    return {
      name: "call_tool",
      arguments: writeJson({ api_name: target, name: path, arguments: given }),
    };
  const text = documentOf(method, path, given, operation);
  return {
    name: "graphql",
    arguments: writeJson({ api_name: target, query: text, variables: given, operation_name: path }),
  };
}

/** Nests dotted names as objects, with each value in its field's type. */
function argumentsOf(
  query: Request["query"],
  data: Json | undefined,
  operation: Operation | undefined,
): JsonObject {
  let given: Json = isJsonObject(data) ? data : {};
  for (const [name, value] of Object.entries(query ?? {})) {
    const field = operation?.inputs.find((input) => input.name === name);
    given = setAtPath(given, name, field === undefined ? value : coerce(value, field));
  }
  return isJsonObject(given) ? given : {};
}

/** A document that asks for one root field with these variables, and for all known fields of its answer. */
function documentOf(
  method: string,
  name: string,
  given: JsonObject,
  operation: Operation | undefined,
): string {
  const types = typesOf(operation?.signature ?? "");
  const names = Object.keys(given).filter((argument) => types.has(argument));
  const declared = names.map((argument) => `$${argument}: ${types.get(argument)}`).join(", ");
  const passed = names.map((argument) => `${argument}: $${argument}`).join(", ");
  const plain = (operation?.answers ?? []).filter(({ type }) => !/^(?:object|array)/.test(type));
  return `${method} ${name}${declared === "" ? "" : `(${declared})`} { ${name}${passed === "" ? "" : `(${passed})`}${graphqlSelection(plain)} }`;
}

/** Arguments of a signature, `(id: ID!, first: Int): T`, to their types. */
function typesOf(signature: string): Map<string, string> {
  const types = new Map<string, string>();
  const end = signature.indexOf(")");
  if (!signature.startsWith("(")) return types;
  for (const match of signature.slice(1, end).matchAll(/(\w+): ([\w[\]!]+)/g))
    types.set(match[1] as string, match[2] as string);
  return types;
}

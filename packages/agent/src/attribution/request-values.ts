import { isJsonObject, type Json } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import type { ToolCall } from "@ape/core/protocol/tool-call";
import { isKeyName, kindOf, kindOfField, kindsOfOperation, pathParameters } from "./resource-kind.ts";

/** A value of a request that identifies something, or that the agent wrote. */
export interface RequestValue {
  value: string;
  name: string;
  in: "path" | "query" | "body";
  /** The field identifies a resource. */
  identifies: boolean;
  /** The kinds of resource that belong in its field. */
  kinds: readonly string[];
  /** In a path: the fixed segment before it. */
  collection: string;
}

const MAX_VALUES = 40;
const MAX_DEPTH = 3;
/** Smaller numbers are amounts unless their name says otherwise. */
const SMALLEST_ID = 1_000;
/** In the body of an update these fields are changed; elsewhere they refer to another resource. */
const OWN_ATTRIBUTE =
  /^(?:key|code|slug|sku|number|no|ref|reference|name|username|login|email|handle|token|value)$/i;

/** The values of a request with their fields: path parameters first; at most 40. Short texts and amounts are left out. */
export function requestValues(call: ToolCall, operation: string): RequestValue[] {
  const values: RequestValue[] = pathParameters(call.path, operation).map((parameter) => ({
    ...parameter,
    in: "path",
    identifies: true,
  }));
  const mark = call.path.indexOf("?");
  if (mark >= 0)
    for (const [name, value] of new URLSearchParams(call.path.slice(mark + 1)))
      collect(values, "query", [name], value, operation);
  for (const name in call.query) collect(values, "query", [name], call.query[name] as Json, operation);
  for (const data of [call.data, call.graphql?.variables, call.tool?.arguments])
    if (data !== undefined) collect(values, "body", [], data, operation);
  if (updatesResource(call, operation))
    for (const one of values) if (one.in === "body" && OWN_ATTRIBUTE.test(one.name)) one.identifies = false;
  return values;
}

/** Whether a request changes what the last part of its path names. */
const updatesResource = ({ method }: ToolCall, operation: string): boolean =>
  (method === "PUT" || method === "PATCH") && operation.endsWith("}");

function collect(
  values: RequestValue[],
  where: "query" | "body",
  keys: readonly string[],
  value: Json,
  operation: string,
): void {
  if (values.length >= MAX_VALUES) return;
  if (typeof value === "string" || isNumber(value)) {
    const name = keys.at(-1) ?? "";
    const identifies = isKeyName(name);
    const counts =
      typeof value === "string"
        ? value.length >= 3 || identifies
        : identifies || (Number.isInteger(Number(value)) && Number(value) >= SMALLEST_ID);
    if (!counts) return;
    values.push({
      value: String(value),
      name,
      in: where,
      identifies,
      kinds: kindsOf(keys, operation),
      collection: "",
    });
  } else if (Array.isArray(value)) {
    for (const item of value.slice(0, MAX_VALUES)) collect(values, where, keys, item, operation);
  } else if (isJsonObject(value) && keys.length < MAX_DEPTH)
    for (const key in value) collect(values, where, [...keys, key], value[key] ?? null, operation);
}

function kindsOf(keys: readonly string[], operation: string): string[] {
  const leaf = keys.at(-1) ?? "";
  const own = kindOfField(leaf);
  if (own !== undefined) return own === kindOf(leaf) ? [own] : [own, kindOf(leaf)];
  const around = keys.at(-2);
  return around === undefined ? [...kindsOfOperation(operation), kindOf(leaf)] : [kindOf(around)];
}

/** The key with which a call is made once (draft-ietf-httpapi-idempotency-key-header). */
export const sentIdempotencyKey = (
  ...headers: readonly (Readonly<Record<string, string>> | undefined)[]
): string | undefined =>
  headers
    .flatMap((some) => Object.entries(some ?? {}))
    .find(([name]) => /^(?:x-)?idempotency-key$/i.test(name))?.[1];

import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { parseJson, writeJson } from "@ape/core/lib/lossless-number";
import { decodePercent } from "@ape/core/lib/percent";
import { RESERVED_ARGUMENTS } from "@ape/core/protocol/operations/operation-tools";
import { templateValues } from "@ape/core/protocol/operations/route-table";
import { coerce } from "../choice/default-value.ts";
import type { Request } from "../planning-context.ts";
import type { OfferedTool } from "./tool-reader.ts";

/** Builds a call of an operation's own tool; undefined if the request has something that the tool does not accept. */
export function operationToolCall(
  { path, query, headers, data }: Request,
  operation: Operation,
  { name, arguments: names, path: template, flat }: OfferedTool,
): { name: string; arguments: string } | undefined {
  const values = templateValues(template, path);
  const filled = template.replaceAll(/\{([^{}]+)\}/g, (_, parameter: string) => values[parameter] ?? "");
  if (filled !== decodePercent(path)) return undefined;
  const args: JsonObject = {};
  for (const [place, given] of [
    ["path", values],
    ["query", query ?? {}],
  ] as const)
    for (const [parameter, value] of Object.entries(given)) {
      const argument = names.get(`${place} ${parameter}`);
      if (argument === undefined) return undefined;
      args[argument] = typed(value, parameter, operation);
    }
  const { cookie, ...others } = headers ?? {};
  const cookies = cookie === undefined ? {} : cookiesIn(cookie);
  if (Object.keys(others).length > 0) args.headers = others;
  if (Object.keys(cookies).length > 0) args.cookies = cookies;
  if (data !== undefined && flat) {
    if (
      !isJsonObject(data) ||
      Object.keys(data).some((field) => field in args || RESERVED_ARGUMENTS.has(field))
    )
      return undefined;
    Object.assign(args, data);
  } else if (data !== undefined) args.data = data;
  return { name, arguments: writeJson(args) };
}

/** Converts a value to its field's type: that of an earlier call is text. */
function typed(value: Json, name: string, { inputs }: Operation): Json {
  const field = inputs.find((input) => input.name === name && (input.in === "path" || input.in === "query"));
  if (field === undefined) return value;
  if (field.type === "object" && typeof value === "string" && value.startsWith("{")) return objectIn(value);
  return coerce(value, field);
}

function objectIn(text: string): Json {
  try {
    const value = parseJson(text) as Json;
    return isJsonObject(value) ? value : text;
  } catch {
    return text;
  }
}

function cookiesIn(header: string): Record<string, string> {
  const cookies: Record<string, string> = {};
  for (const pair of header.split("; ")) {
    const [name = "", value = ""] = pair.split("=", 2);
    cookies[name] = decodePercent(value);
  }
  return cookies;
}

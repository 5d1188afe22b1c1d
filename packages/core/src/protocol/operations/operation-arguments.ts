import { isComposite, isJsonObject, type Json, type JsonObject } from "../../lib/json.ts";
import { writeJson } from "../../lib/lossless-number.ts";
import { encodeSegment } from "../../lib/percent.ts";
import type { QueryValue } from "../tool-call.ts";
import { withFlatBody } from "./flat-body.ts";
import { isMethod } from "./operation.ts";
import { COOKIES_ARGUMENT, DATA_ARGUMENT, HEADERS_ARGUMENT, type OperationTool } from "./operation-tools.ts";

/** Where the arguments of an operation's tool go. */
export interface OperationArguments {
  path: string;
  query?: Record<string, QueryValue>;
  headers?: Record<string, string>;
  data?: Json;
}

/** How values are written into a path. */
type EncodeValue = (text: string) => string;

/**
 * Reads the arguments of an operation's tool. Values are not validated: the target does that.
 * @param encode percent-encodes a value of the path; values stay within their segment by default
 * @returns the parts of the call, or one sentence that tells the model what is wrong
 */
export function readOperationArguments(
  tool: OperationTool,
  args: JsonObject,
  encode: EncodeValue = encodeSegment,
): OperationArguments | string {
  const { name, parameters: schema } = tool.definition.function;
  const { operation } = tool;
  if (!isMethod(operation.method)) return { path: operation.path, data: args };
  const known = schema.properties as JsonObject;
  const call: OperationArguments = { path: operation.path };
  const headers: Record<string, string> = {};
  const query: Record<string, QueryValue> = {};
  for (const [argument, value] of Object.entries(args)) {
    const field = tool.parameters.get(argument);
    if (field?.in === "query") {
      if (value !== null) query[field.name] = value as QueryValue;
    } else if (field === undefined && argument === HEADERS_ARGUMENT) {
      const problem = readTexts(value, headers, argument);
      if (problem !== undefined) return problem;
    } else if (argument === DATA_ARGUMENT && argument in known) call.data = value;
    else if (!(argument in known))
      return `${name} has no argument "${argument.slice(0, 60)}"; ${describeArguments(tool)}`;
  }
  const problem = fillPath(tool, args, call, encode) ?? readCookies(args[COOKIES_ARGUMENT], headers);
  if (problem !== undefined) return problem;
  if (Object.keys(query).length > 0) call.query = query;
  if (Object.keys(headers).length > 0) call.headers = headers;
  return call;
}

function describeArguments(tool: OperationTool): string {
  const shown = withFlatBody(tool, tool.definition.function.parameters);
  const names = Object.keys(shown.properties as JsonObject);
  return names.length === 0 ? "it takes none" : `it takes ${names.slice(0, 30).join(", ")}`;
}

function fillPath(
  tool: OperationTool,
  args: JsonObject,
  call: OperationArguments,
  encode: EncodeValue,
): string | undefined {
  const { name } = tool.definition.function;
  for (const [argument, field] of tool.parameters) {
    if (field.in !== "path") continue;
    const value = args[argument];
    if (value === undefined || value === null || value === "")
      return `${name} needs ${argument}, ${field.description === "" ? "a part of the path" : field.description}`;
    if (/^\{[^{}]*\}$/.test(String(value)))
      return `${argument} is ${String(value)}; write the real value there, taken from what you know`;
    call.path = call.path.replaceAll(`{${field.name}}`, () =>
      encode(isComposite(value) ? writeJson(value) : String(value)),
    );
  }
  return undefined;
}

/** Texts by name; nulls are dropped, because a strict schema cannot leave a field out. */
function readTexts(value: Json, into: Record<string, string>, argument: string): string | undefined {
  if (value === null) return undefined;
  if (!isJsonObject(value)) return `${argument} must be an object of texts by their names`;
  for (const [name, text] of Object.entries(value))
    if (text !== null) into[name] = isComposite(text) ? writeJson(text) : String(text);
  return undefined;
}

/** Cookie parameters as one header (RFC 6265, section 4.2.1). */
function readCookies(value: Json | undefined, headers: Record<string, string>): string | undefined {
  if (value === undefined) return undefined;
  const cookies: Record<string, string> = {};
  const problem = readTexts(value, cookies, COOKIES_ARGUMENT);
  const pairs = Object.entries(cookies).map(([name, text]) => `${name}=${keepingPlaceholders(text)}`);
  if (pairs.length > 0) headers.cookie = pairs.join("; ");
  return problem;
}

const PLACEHOLDERS = /(\{\{[^{}]+\}\})/;

/** A text percent-encoded as one segment, but for the placeholders in it, which are filled in and encoded later. */
export function keepingPlaceholders(text: string): string {
  return text
    .split(PLACEHOLDERS)
    .map((part, index) => (index % 2 === 1 ? part : encodeSegment(part)))
    .join("");
}

import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import type { ApiField, ApiOperation } from "@ape/core/protocol/api";
import type { ToolDefinition } from "@ape/core/protocol/chat";
import { readTrait, splitTraits } from "@ape/core/protocol/fields/field-text";
import { hasFlatBody } from "@ape/core/protocol/operations/flat-body";
import { isMethod, OPERATION_VERBS, type Verb } from "@ape/core/protocol/operations/operation";
import {
  COOKIES_ARGUMENT,
  DATA_ARGUMENT,
  HEADERS_ARGUMENT,
  RESERVED_ARGUMENTS,
} from "@ape/core/protocol/operations/operation-tools";
import { PropertyWords, spokenCall } from "@ape/core/protocol/operations/prompt-tools";
import { fieldsOfChosenForms } from "./chosen-form.ts";

/** The tool of an operation, as a request offers it. */
export interface OfferedTool {
  name: string;
  method: Verb;
  path: string;
  summary: string;
  /** Its inputs, without the fields of its answer. */
  inputs: readonly ApiField[];
  /** The argument of each path and query parameter: `query data` is `query_data`. */
  arguments: ReadonlyMap<string, string>;
  /** The fields of the request's body are arguments of the tool itself, not of an object. */
  flat: boolean;
}

const DESCRIPTION = new RegExp(`^(${OPERATION_VERBS.join("|")}) (\\S+)(?:: (.*))?$`);

/**
 * Reads the tools of operations from the offered ones, by name; skips others.
 * @param goal what chooses between the forms of a body
 */
export function readOperationTools(tools: readonly ToolDefinition[], goal = ""): Map<string, OfferedTool> {
  const found = new Map<string, OfferedTool>();
  const words = new PropertyWords();
  for (const { function: offered } of tools) {
    const match = DESCRIPTION.exec(offered?.description ?? "");
    if (match === null) continue;
    const parameters = words.complete(offered.parameters);
    if (!isJsonObject(parameters) || !isJsonObject(parameters.properties)) continue;
    const method = match[1] as Verb;
    const written = match[2] as string;
    const path = written.replace(/\?$/, "");
    const flat = path === written && hasFlatBody(method, parameters.properties);
    const inputs: ApiField[] = [];
    const names = new Map<string, string>();
    const required = fieldNamesIn(parameters.required);
    const { summary, whole } = isMethod(method) ? { summary: match[3] } : splitWhole(match[3]);
    if (whole !== undefined) inputs.push(whole);
    for (const [argument, schema] of Object.entries(parameters.properties))
      readArgument(argument, schema, { method, path, flat, required, inputs, names });
    found.set(offered.name, {
      name: offered.name,
      method,
      path,
      summary: summary ?? spokenCall(offered.name, method, path),
      inputs: fieldsOfChosenForms(inputs, goal),
      arguments: names,
      flat,
    });
  }
  return found;
}

/** What the description of a tool says at its end of all its arguments: how many there are. */
function splitWhole(said: string | undefined): { summary?: string; whole?: ApiField } {
  if (said === undefined) return {};
  const whole: ApiField = { in: "body", name: "", type: "object", required: false, description: "" };
  readKeywords(whole, { description: said });
  if (whole.minProperties === undefined && whole.maxProperties === undefined) return { summary: said };
  const summary = whole.description;
  whole.description = "";
  whole.required = whole.example !== undefined;
  return summary === "" ? { whole } : { summary, whole };
}

interface Arguments {
  method: Verb;
  path: string;
  flat: boolean;
  required: ReadonlySet<string>;
  inputs: ApiField[];
  names: Map<string, string>;
}

const HOLDERS: ReadonlyMap<string, ApiField["in"]> = new Map([
  [HEADERS_ARGUMENT, "header"],
  [COOKIES_ARGUMENT, "cookie"],
  [DATA_ARGUMENT, "body"],
]);

function readArgument(argument: string, schema: Json, into: Arguments): void {
  const { method, path, flat, required, inputs, names } = into;
  if (!isMethod(method)) {
    readValue("body", argument, schema, required.has(argument), inputs);
    return;
  }
  const holder = HOLDERS.get(argument);
  if (holder !== undefined) {
    // A body that is a text, a number, a tuple or any object is one field without a name.
    if (isJsonObject(schema) && schema.properties === undefined && saysNothing(schema.items))
      readValue(holder, "", { type: "object", ...schema }, required.has(argument), inputs);
    else {
      if (isJsonObject(schema) && schema.minItems !== undefined) {
        const whole: ApiField = { in: holder, name: "", type: "array", required: true, description: "" };
        readKeywords(whole, schema);
        inputs.push(whole);
      } else if (isJsonObject(schema) && isJsonObject(schema.properties)) {
        const whole: ApiField = { in: holder, name: "", type: "object", required: false, description: "" };
        readKeywords(whole, schema);
        if (whole.minProperties !== undefined || whole.maxProperties !== undefined) inputs.push(whole);
      }
      readInner(holder, "", schema, inputs);
    }
    return;
  }
  const inPath = [argument, argument.replace(/^path_/, "")].find((name) => path.includes(`{${name}}`));
  if (flat && inPath === undefined) {
    readValue("body", argument, schema, required.has(argument), inputs);
    return;
  }
  const bare = argument.replace(/^query_/, "");
  const taken = RESERVED_ARGUMENTS.has(bare) || path.includes(`{${bare}}`);
  const place = inPath === undefined || names.has(`path ${inPath}`) ? "query" : "path";
  const name = place === "path" ? (inPath as string) : taken ? bare : argument;
  names.set(`${place} ${name}`, argument);
  readValue(place, name, schema, place === "path" || required.has(argument), inputs);
}

/** A field and its nested fields. */
function readValue(
  place: ApiField["in"],
  name: string,
  schema: Json,
  required: boolean,
  into: ApiField[],
): void {
  if (!isJsonObject(schema)) return;
  const items = isJsonObject(schema.items) ? schema.items : undefined;
  const listed = items !== undefined && isPlain(items);
  const type = listed ? `${String(items.type)}[]` : typeof schema.type === "string" ? schema.type : "string";
  const field: ApiField = { in: place, name, type, required, description: "" };
  if (listed) readKeywords(field, items);
  readKeywords(field, schema);
  if (field.neededInForm === true) field.required = true;
  into.push(field);
  if (!listed) readInner(place, name, schema, into);
}

function readInner(place: ApiField["in"], prefix: string, schema: Json, into: ApiField[]): void {
  if (!isJsonObject(schema)) return;
  const { items, properties } = schema;
  if (isJsonObject(items)) {
    if (prefix === "" && isPlain(items)) readValue(place, "[]", items, true, into);
    else readInner(place, `${prefix}[]`, items, into);
  }
  if (!isJsonObject(properties)) return;
  const required = fieldNamesIn(schema.required);
  for (const [name, inner] of Object.entries(properties))
    readValue(place, prefix === "" ? name : `${prefix}.${name}`, inner, required.has(name), into);
}

/** Whether a list's schema says nothing of its items, as that of a tuple. */
const saysNothing = (items: Json | undefined): boolean =>
  items === undefined || (isJsonObject(items) && Object.keys(items).length === 0);

const isPlain = ({ type }: JsonObject): boolean =>
  typeof type === "string" && type !== "object" && type !== "array";

const fieldNamesIn = (names: Json | undefined): ReadonlySet<string> =>
  new Set(Array.isArray(names) ? names.filter((name) => typeof name === "string") : []);

const KEYWORDS = [
  "format",
  "enum",
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
] as const;
const TRAITS = /^(.*?) ?<(.*)>$/s;

function readKeywords(field: ApiField, schema: JsonObject): void {
  const bounds = field as unknown as JsonObject;
  for (const key of KEYWORDS) if (schema[key] !== undefined) bounds[key] = schema[key];
  if (typeof schema.description !== "string") return;
  const match = TRAITS.exec(schema.description);
  if (match === null) {
    field.description = schema.description;
    return;
  }
  field.description = match[1] ?? "";
  for (const trait of splitTraits(match[2] ?? ""))
    try {
      readTrait(field, trait);
    } catch {
      // A description that only looks like traits.
      field.description = schema.description;
    }
}

/** An operation of a tool, with the fields of its answer. */
export function operationOfTool(
  { name, method, path, summary, inputs }: OfferedTool,
  answers: readonly ApiField[],
  { secured, reads }: { secured: boolean; reads: boolean },
): ApiOperation & { tool: string } {
  const fields = [...inputs, ...answers];
  return { method, path, summary, secured, ...(reads ? { reads } : {}), fields, tool: name };
}

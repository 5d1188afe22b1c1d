import type { JsonObject } from "../../lib/json.ts";
import type { ApiDescription, ApiField, ApiOperation } from "../api.ts";
import type { ToolDefinition } from "../chat.ts";
import { shorten, writeTraits } from "../fields/field-text.ts";
import { type FieldNode, fieldTree, nodeSchema, objectSchema } from "../fields/field-tree.ts";
import { TARGET_KIND_TRAITS } from "../target-kind.ts";
import { tool } from "../tools.ts";
import { isMethod } from "./operation.ts";

/** The tool of one operation: its definition for the model, and the place of each argument. */
export interface OperationTool {
  readonly definition: ToolDefinition;
  readonly target: string;
  readonly operation: ApiOperation;
  /** The path and query parameters by the names of their arguments; of an MCP tool every argument. */
  readonly parameters: ReadonlyMap<string, ApiField>;
}

/** Arguments that hold several values: headers, cookies and the request's body. */
export const HEADERS_ARGUMENT = "headers";
export const COOKIES_ARGUMENT = "cookies";
export const DATA_ARGUMENT = "data";
/** Names that no path or query parameter and no field of a body has among a tool's arguments: those, and the API's name. */
export const RESERVED_ARGUMENTS: ReadonlySet<string> = new Set([
  HEADERS_ARGUMENT,
  COOKIES_ARGUMENT,
  DATA_ARGUMENT,
  "api_name",
]);

/** The longest function name that OpenAI's API accepts. */
const MAX_NAME = 64;
const MAX_SUMMARY = 100;

/** Names that the generic tools and those of a session have. */
const TAKEN = [
  "http_get",
  "http_post",
  "http_put",
  "http_patch",
  "http_delete",
  "http_request",
  "graphql",
  "submit_form",
  "call_tool",
  "state_update",
  "wait",
  "finish",
  "find_operations",
  "show_more",
];

/** Whether each operation of a target has a tool of its own, as its kind and a document of it allow. */
export function hasOperationTools({ kind = "rest", documented }: ApiDescription): boolean {
  return documented && TARGET_KIND_TRAITS[kind].operationTools;
}

/**
 * One typed tool for each documented operation of REST targets and for each tool of MCP targets, in the document's order.
 * Path and query parameters are arguments by their names, header parameters are under `headers`, cookies under `cookies`,
 * the request's body is under `data`.
 * @param prefix puts the target's name before every tool's name; otherwise only where targets have tools of the same name
 */
export function operationTools(
  apis: readonly ApiDescription[],
  { prefix = false }: { prefix?: boolean } = {},
): OperationTool[] {
  const wanted = apis
    .filter(hasOperationTools)
    .flatMap((api) =>
      api.operations.map((operation) => ({ target: api.target, operation, name: nameOf(operation) })),
    );
  const owners = new Map<string, Set<string>>();
  for (const { target, name } of wanted) owners.set(name, (owners.get(name) ?? new Set()).add(target));
  const used = new Set(TAKEN);
  return wanted.map(({ target, operation, name }) => {
    const ambiguous = prefix || (owners.get(name)?.size ?? 0) > 1;
    const full = plainName(ambiguous ? `${target}_${name}` : name);
    return operationTool(target, operation, unused(full, used));
  });
}

/** The first sentence of a summary. */
function firstSentence(text: string): string {
  const first = /^.*?[.!?](?=\s)/su.exec(text)?.[0] ?? text;
  return first.replace(/\.$/, "");
}

/** By what the document calls it, else by method and path: `placeOrder`, `get_orders_by_orderId`. */
function nameOf({ id, method, path }: ApiOperation): string {
  const given = plainName(id ?? (isMethod(method) ? "" : path));
  if (given !== "") return given;
  const parts = path.replaceAll(/\{([^{}]*)\}/g, " by_$1 ");
  return plainName(`${method.toLowerCase()}_${parts}`);
}

function plainName(text: string): string {
  const name = text
    .replaceAll(/[^A-Za-z0-9_-]+/g, "_")
    .replaceAll(/_{2,}/g, "_")
    .replaceAll(/^[_-]+|_+$/g, "");
  // Gemini's function names begin with a letter.
  return (/^\d/.test(name) ? `op_${name}` : name).slice(0, MAX_NAME);
}

function unused(name: string, used: Set<string>): string {
  let free = name;
  for (let count = 2; used.has(free); count += 1) {
    const suffix = `_${count}`;
    free = `${name.slice(0, MAX_NAME - suffix.length)}${suffix}`;
  }
  used.add(free);
  return free;
}

function operationTool(target: string, operation: ApiOperation, name: string): OperationTool {
  const { method, path, summary, fields } = operation;
  const said = firstSentence(shorten(summary, MAX_SUMMARY));
  const description = said === "" ? `${method} ${path}` : `${method} ${path}: ${said}`;
  const inputs = fields.filter((field) => field.in !== "answer");
  if (!isMethod(method)) {
    const { properties, required } = objectSchema(fieldTree(inputs));
    const named = inputs.filter((field) => field.name !== "");
    const parameters = new Map(named.map((field) => [field.name, field]));
    const definition = tool(name, `${description}${wholeTraits(inputs, said)}`, properties, required);
    if (operation.openBody === true) definition.function.parameters.additionalProperties = true;
    return { definition, target, operation, parameters };
  }
  const properties: JsonObject = {};
  const required: string[] = [];
  const parameters = new Map<string, ApiField>();
  for (const place of ["path", "query"] as const) {
    const own = inputs.filter((field) => field.in === place);
    const { properties: schemas, required: needed } = objectSchema(fieldTree(own));
    for (const [field, schema] of Object.entries(schemas)) {
      const argument = RESERVED_ARGUMENTS.has(field) || field in properties ? `${place}_${field}` : field;
      properties[argument] = schema;
      if (place === "path" || needed.includes(field)) required.push(argument);
      const known = own.find((one) => one.name === field);
      if (known !== undefined) parameters.set(argument, known);
    }
  }
  const hold = (argument: string, place: ApiField["in"]): void => {
    const own = inputs.filter((field) => field.in === place);
    if (own.length === 0) return;
    const root = fieldTree(own);
    properties[argument] = nodeSchema(root);
    if (isNeeded(root)) required.push(argument);
  };
  hold(HEADERS_ARGUMENT, "header");
  hold(COOKIES_ARGUMENT, "cookie");
  hold(DATA_ARGUMENT, "body");
  if (operation.openBody === true) properties[DATA_ARGUMENT] ??= {};
  if (operation.needsBody === true && DATA_ARGUMENT in properties && !required.includes(DATA_ARGUMENT))
    required.push(DATA_ARGUMENT);
  return { definition: tool(name, description, properties, required), target, operation, parameters };
}

/** What is said of the arguments of a tool as a whole, behind its description: how many there are, ` <properties 1..>`. */
function wholeTraits(inputs: readonly ApiField[], said: string): string {
  const whole = inputs.find(({ name }) => name === "");
  if (whole === undefined) return "";
  const { minProperties, maxProperties, example } = whole;
  const traits = writeTraits({
    ...(minProperties === undefined ? {} : { minProperties }),
    ...(maxProperties === undefined ? {} : { maxProperties }),
    ...(example === undefined ? {} : { example }),
  });
  return traits.length === 0 ? "" : `${said === "" ? ":" : ""} <${traits.join("; ")}>`;
}

/** Whether a value, or something of each item of a list, has to be sent. */
function isNeeded({ field, items, properties }: FieldNode): boolean {
  // What an unnamed object says is about the whole body; whether it has to be sent, its properties say.
  const isWhole = field?.name === "" && properties.size > 0;
  if (field !== undefined && !isWhole) return field.required && field.form === undefined;
  return (items !== undefined && isNeeded(items)) || [...properties.values()].some(isNeeded);
}

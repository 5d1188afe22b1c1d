import { isJsonObject, type Json, type JsonObject } from "../../lib/json.ts";
import type { ToolDefinition } from "../chat.ts";
import { isEmptyWord, wordsOf } from "../fields/field-text.ts";
import { takesQueryOnly, withFlatBody } from "./flat-body.ts";
import type { OperationTool } from "./operation-tools.ts";
import { pathWords } from "./path-words.ts";

/** The verb that a method expresses. */
const METHOD_VERBS: Readonly<Record<string, string>> = {
  POST: "create",
  PUT: "update",
  PATCH: "update",
  DELETE: "delete",
};

/** Verbs that say no more of a GET than that it reads. */
const READ_VERBS = new Set("fetch get list read retrieve return show view".split(" "));

/** Words of summaries that do not tell one operation from another. */
const COMMON = new Set("all existing given new one single specific specified".split(" "));

/**
 * The definitions of operations' tools as short as a model can do with, because every prompt has them: no summary that only
 * repeats name, path and arguments, no description that an earlier tool gave of the same argument, no object around the
 * fields of a body where they can stand alone. What an object has besides its properties is refused when it is read, and
 * that a text is not empty goes without saying.
 * {@link PropertyWords} reads the left out descriptions back.
 */
export function promptTools(tools: readonly OperationTool[]): ToolDefinition[] {
  const schemas = tools.map(({ definition }) => terseSchema(definition.function.parameters));
  const ambiguous = ambiguousKeys(schemas);
  const described = new Set<string>();
  return tools.map(({ definition: { type, function: full }, operation }, index) => {
    const { name } = full;
    const parameters = mapProperties(schemas[index] as JsonObject, (property, schema) => {
      const key = propertyKey(property, schema);
      // Without a description it would count as one that was described before.
      if (ambiguous.has(key)) return { description: "", ...schema };
      if (typeof schema.description !== "string") return schema;
      if (!described.has(key)) {
        described.add(key);
        return schema;
      }
      const { description: _, ...rest } = schema;
      return rest;
    });
    const own = tools[index] as OperationTool;
    const call = `${operation.method} ${operation.path}`;
    const summary = full.description.slice(call.length + 2);
    const said = summary === "" || repeatsCall(summary, own) ? "" : `: ${summary}`;
    const description = `${call}${takesQueryOnly(own) ? "?" : ""}${said}`;
    return { type, function: { name, description, parameters: withFlatBody(own, parameters) } };
  });
}

/** Descriptions of arguments by name and schema, to read back what {@link promptTools} leaves out. */
export class PropertyWords {
  readonly #said = new Map<string, string>();

  /** The schema of a tool's arguments with the descriptions that earlier tools gave of the same ones. */
  complete(parameters: Json | undefined): Json | undefined {
    if (!isJsonObject(parameters)) return parameters;
    return mapProperties(parameters, (name, schema) => {
      const key = propertyKey(name, schema);
      if (typeof schema.description === "string") {
        this.#said.set(key, schema.description);
        const { description: said, ...rest } = schema;
        return said === "" ? rest : schema;
      }
      const description = this.#said.get(key);
      return description === undefined ? schema : { ...schema, description };
    });
  }
}

/**
 * Whether name, path and arguments of a tool have every word of a summary. A name that is made of method and path has no
 * verb of its own: there the summary's first word has to be the one that reads back, see {@link methodVerb}.
 */
function repeatsCall(summary: string, { definition, operation }: OperationTool): boolean {
  const { name, parameters } = definition.function;
  const known = new Set([name, operation.path, ...namesIn(parameters)].flatMap(wordsOf).map(stem));
  const [first = "", ...rest] = wordsOf(summary)
    .filter((word) => !isEmptyWord(word))
    .map(stem);
  const isExpressed = isMadeOfCall(name, operation.method)
    ? first === methodVerb(operation.method, operation.path)
    : known.has(first) || (operation.method === "GET" && READ_VERBS.has(first));
  return isExpressed && rest.every((word) => COMMON.has(word) || known.has(word));
}

/** Whether a tool's name was made of its method and path, because the document has none for it. */
const isMadeOfCall = (name: string, method: string): boolean => name.startsWith(`${method.toLowerCase()}_`);

/** The verb that method and path express where a summary is left out: `list` of a GET of many things, `show` of one. */
function methodVerb(method: string, path: string): string {
  if (method === "GET") return path.endsWith("}") ? "show" : "list";
  const { action } = pathWords(path);
  if (method === "POST" && action !== undefined) return action.split(/[^a-z]/i)[0]?.toLowerCase() ?? "";
  return METHOD_VERBS[method] ?? "";
}

const stem = (word: string): string => word.replace(/s$/, "");

function namesIn(schema: JsonObject): string[] {
  const names: string[] = [];
  mapProperties(schema, (name, inner) => {
    names.push(name);
    return inner;
  });
  return names;
}

/** An argument's name and schema without what is said of it. */
function propertyKey(name: string, { description: _, ...schema }: JsonObject): string {
  return `${name} ${JSON.stringify(schema, (key, value: Json) => (key === "description" ? undefined : value))}`;
}

/** Arguments that are described in several ways, or not everywhere. */
function ambiguousKeys(schemas: readonly JsonObject[]): ReadonlySet<string> {
  const words = new Map<string, Json | undefined>();
  const ambiguous = new Set<string>();
  for (const schema of schemas)
    mapProperties(schema, (name, inner) => {
      const key = propertyKey(name, inner);
      if (!words.has(key)) words.set(key, inner.description);
      else if (words.get(key) !== inner.description) ambiguous.add(key);
      return inner;
    });
  return ambiguous;
}

/** A schema with each of its properties, inner ones included, as a function returns it. */
function mapProperties(
  schema: JsonObject,
  map: (name: string, schema: JsonObject) => JsonObject,
): JsonObject {
  const result: JsonObject = { ...schema };
  if (isJsonObject(schema.properties))
    result.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, inner]) => [
        name,
        isJsonObject(inner) ? mapProperties(map(name, inner), map) : inner,
      ]),
    );
  if (isJsonObject(schema.items)) result.items = mapProperties(schema.items, map);
  return result;
}

function terseSchema(schema: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    if ((key === "additionalProperties" && value === false) || (key === "minLength" && value === 1)) continue;
    if (key === "properties" && isJsonObject(value))
      result[key] = Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [
          name,
          isJsonObject(inner) ? terseSchema(inner) : inner,
        ]),
      );
    else result[key] = key === "items" && isJsonObject(value) ? terseSchema(value) : value;
  }
  return result;
}

/**
 * A summary in place of one that is left out: the words of a tool's or an operation's name, or the verb of its method and its
 * path.
 */
export function spokenCall(name: string, method: string, path: string): string {
  const words =
    name === "" || isMadeOfCall(name, method)
      ? `${methodVerb(method, path)} ${path.replaceAll(/\{[^{}]*\}/g, " ")}`
      : name;
  return words
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll(/[^\p{L}\d]+/gu, " ")
    .trim()
    .toLowerCase();
}

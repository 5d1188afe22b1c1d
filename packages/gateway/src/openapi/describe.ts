import type { ApiAuth, ApiField, ApiOperation } from "@ape/core/api";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/json";
import { type HttpMethod, METHODS } from "@ape/core/operation";
import { OpenApiDocument } from "./document.ts";

const MAX_DEPTH = 4;
const MAX_FIELDS = 60;
const MAX_SUMMARY = 200;

/** An operation of a document: what agents are told, and what the gateway needs to call and check it. */
export interface DocumentedOperation extends ApiOperation {
  method: HttpMethod;
  /** Content type that its body is sent as. */
  bodyType: string | undefined;
  /** Whether every documented success answers JSON. */
  promisesJson: boolean;
  /** Of lists in the query that do not repeat their name. */
  separators: ReadonlyMap<string, string>;
}

/** Every operation of a document, in its order. */
export function operationsOf(document: OpenApiDocument): DocumentedOperation[] {
  const found: DocumentedOperation[] = [];
  const everywhere = isSecured(document.root.security);
  for (const [path, rawItem] of Object.entries(document.root.paths as JsonObject)) {
    const item = document.follow(rawItem);
    for (const method of METHODS) {
      const raw = item[method.toLowerCase()];
      if (isJsonObject(raw)) found.push(describe(document, path, method, item, raw, everywhere));
    }
  }
  return found;
}

function describe(
  document: OpenApiDocument,
  path: string,
  method: HttpMethod,
  item: JsonObject,
  operation: JsonObject,
  everywhere: boolean,
): DocumentedOperation {
  const fields: ApiField[] = [];
  const separators = new Map<string, string>();
  const parameters = [...list(item.parameters), ...list(operation.parameters)].map((parameter) =>
    document.follow(parameter),
  );
  for (const parameter of parameters) {
    const where = parameter.in;
    if (where !== "path" && where !== "query" && where !== "header") continue;
    const separator = where === "query" ? separatorOf(parameter) : undefined;
    if (separator !== undefined) separators.set(text(parameter.name), separator);
    fields.push(
      fieldOf(
        where,
        text(parameter.name),
        document.follow(parameter.schema),
        parameter.required === true || where === "path",
        {
          description: text(parameter.description),
          example: parameter.example,
        },
      ),
    );
  }
  const content = document.follow(document.follow(operation.requestBody).content);
  const bodyType = Object.keys(content).find((type) => /json/.test(type)) ?? Object.keys(content)[0];
  if (bodyType !== undefined)
    walk(document, "body", "", document.follow(document.follow(content[bodyType]).schema), fields, 0);
  const { fields: answers, promisesJson } = answersOf(document, operation);
  fields.push(...answers);
  const summary = text(operation.summary);
  const more = text(operation.description);
  // The summary and what the description says first: every prompt has them.
  const said = firstSentence(more);
  const words =
    summary === "" || more === "" || more.startsWith(summary) ? more || summary : `${summary}. ${said}`;
  return {
    method,
    path,
    summary: words.length > MAX_SUMMARY ? `${words.slice(0, MAX_SUMMARY - 3)}...` : words,
    ...(typeof operation.operationId === "string" ? { id: operation.operationId } : {}),
    fields: fields.slice(0, MAX_FIELDS),
    secured: operation.security === undefined ? everywhere : isSecured(operation.security),
    bodyType,
    promisesJson,
    separators,
  };
}

function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s+\p{Lu})/su.exec(text)?.[0] ?? text;
}

/** OpenAPI 3.1, "Style Values": what is between the items of a list; undefined where its name is repeated. */
function separatorOf({ style, explode }: JsonObject): string | undefined {
  if (style === "spaceDelimited") return explode === true ? undefined : "%20";
  if (style === "pipeDelimited") return explode === true ? undefined : "%7C";
  return explode === false ? "," : undefined;
}

function answersOf(
  document: OpenApiDocument,
  operation: JsonObject,
): { fields: ApiField[]; promisesJson: boolean } {
  const fields: ApiField[] = [];
  const responses = document.follow(operation.responses);
  const successes = Object.keys(responses)
    .filter((status) => /^2/.test(status))
    .sort();
  let promisesJson = successes.length > 0;
  for (const [index, status] of successes.entries()) {
    const content = document.follow(document.follow(responses[status]).content);
    const types = Object.keys(content);
    const json = types.find((type) => /json/.test(type));
    if (types.length > 0 && types.some((type) => !/json/.test(type))) promisesJson = false;
    if (index === 0 && json !== undefined)
      walk(document, "answer", "", document.follow(document.follow(content[json]).schema), fields, 0);
  }
  return { fields, promisesJson };
}

/** The fields of a JSON Schema that stands alone, its local references followed. */
export function fieldsOf(where: "body" | "answer", schema: JsonObject): ApiField[] {
  const document = new OpenApiDocument(schema);
  const fields: ApiField[] = [];
  walk(document, where, "", document.follow(schema), fields, 0);
  return fields;
}

/** Adds the fields of a schema: nested ones with dotted names, list items as `[]`. */
function walk(
  document: OpenApiDocument,
  where: "body" | "answer",
  prefix: string,
  schema: JsonObject,
  fields: ApiField[],
  depth: number,
): void {
  const merged = mergeAll(document, schema);
  if (depth > MAX_DEPTH || fields.length >= MAX_FIELDS) return;
  if (typeName(merged).startsWith("array") || isJsonObject(merged.items)) {
    walk(document, where, `${prefix}[]`, document.follow(merged.items), fields, depth + 1);
    return;
  }
  const required = list(merged.required);
  for (const [name, raw] of Object.entries(isJsonObject(merged.properties) ? merged.properties : {})) {
    const property = mergeAll(document, document.follow(raw));
    const path = prefix === "" ? name : `${prefix}.${name}`;
    const nested = isJsonObject(property.properties) || isJsonObject(property.items);
    if (fields.length >= MAX_FIELDS) return;
    fields.push(fieldOf(where, path, property, required.includes(name), {}));
    if (nested) walk(document, where, path, property, fields, depth + 1);
  }
}

/** `allOf` merged, the first of `oneOf` and `anyOf` taken: enough to tell somebody what to send. */
function mergeAll(document: OpenApiDocument, schema: JsonObject): JsonObject {
  let merged = schema;
  for (const part of list(schema.allOf)) {
    const other = mergeAll(document, document.follow(part));
    merged = {
      ...other,
      ...merged,
      properties: { ...(other.properties as JsonObject), ...(merged.properties as JsonObject) },
      required: [...list(other.required), ...list(merged.required)],
    };
  }
  const choice = [...list(schema.oneOf), ...list(schema.anyOf)]
    .map((part) => document.follow(part))
    .find((part) => part.type !== "null");
  return choice === undefined ? merged : { ...mergeAll(document, choice), ...merged };
}

function fieldOf(
  where: ApiField["in"],
  name: string,
  schema: JsonObject,
  required: boolean,
  own: { description?: string; example?: Json | undefined },
): ApiField {
  const field: ApiField = {
    in: where,
    name,
    type: typeName(schema),
    required,
    description: own.description || text(schema.description),
  };
  const example = schema.default ?? own.example ?? schema.example ?? list(schema.examples)[0];
  if (typeof schema.format === "string") field.format = schema.format;
  if (Array.isArray(schema.enum)) field.enum = schema.enum;
  else if (schema.const !== undefined) field.enum = [schema.const];
  if (where !== "answer" && example !== undefined) field.example = example;
  if (typeof schema.minimum === "number") field.minimum = schema.minimum;
  if (typeof schema.maximum === "number") field.maximum = schema.maximum;
  return field;
}

function typeName(schema: JsonObject): string {
  const types =
    list(schema.type).length > 0 ? list(schema.type).filter((type) => type !== "null") : [schema.type];
  const [type] = types;
  if (typeof type === "string") return type;
  if (isJsonObject(schema.properties)) return "object";
  if (isJsonObject(schema.items)) return "array";
  const sample = list(schema.enum)[0];
  return sample === undefined || sample === null ? "string" : typeof sample;
}

function isSecured(security: Json | undefined): boolean {
  const requirements = list(security);
  return (
    requirements.length > 0 && requirements.every((one) => isJsonObject(one) && Object.keys(one).length > 0)
  );
}

/** How sessions show their credentials, from the document's security schemes. */
export function authOf(document: OpenApiDocument): ApiAuth[] {
  const schemes = document.follow(document.follow(document.root.components).securitySchemes);
  const found: ApiAuth[] = [];
  for (const raw of Object.values(schemes)) {
    const scheme = document.follow(raw);
    const name = text(scheme.name);
    if (scheme.type === "apiKey" && name !== "") {
      const prefix = scheme.in === "header" ? prefixIn(text(scheme.description)) : undefined;
      if (scheme.in === "header" && prefix !== undefined) found.push({ type: "header", name, prefix });
      else if (scheme.in === "header" || scheme.in === "query" || scheme.in === "cookie")
        found.push({ type: scheme.in, name });
    } else if (
      scheme.type === "oauth2" ||
      scheme.type === "openIdConnect" ||
      text(scheme.scheme).toLowerCase() === "bearer"
    )
      found.push({ type: "bearer" });
  }
  return found.filter(
    (auth, index) => found.findIndex((other) => JSON.stringify(other) === JSON.stringify(auth)) === index,
  );
}

const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
const text = (value: Json | undefined): string =>
  typeof value === "string" ? value.replaceAll(/\s+/g, " ").trim() : "";

/** What a scheme's words want before the credential: OpenAPI has no field for it, so documents show it, as `Token xxxx.yyyy`. */
function prefixIn(description: string): string | undefined {
  return /(?:^|[\s"'`:])(Token|Bearer|JWT|ApiKey|Api-Key)\s+(?:x{3,}|<|\{|\[|[A-Za-z]+\.[A-Za-z]+\.)/.exec(
    description,
  )?.[1];
}

import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import type { ApiAuth, ApiField, ApiOperation } from "@ape/core/protocol/api";
import { headerNameFault } from "@ape/core/protocol/http-field";
import { type HttpMethod, METHODS } from "@ape/core/protocol/operations/operation";
import type { ParameterStyles } from "../parameter-style.ts";
import type { PropertyEncodings } from "../request-body.ts";
import type { OpenApiDocument } from "./document.ts";
import { fieldsOfParameter, type Parameter, parametersOf } from "./parameter.ts";
import { pathFault } from "./paths.ts";
import { encodingsOf } from "./property-encoding.ts";
import { MAX_FIELDS, SchemaFields, text } from "./schema-fields.ts";
import { tokenOperations } from "./token-operation.ts";

const MAX_SUMMARY = 200;

/** An operation of a document: its description for agents, and what the gateway needs to call and validate it. */
export interface DocumentedOperation extends ApiOperation {
  method: HttpMethod;
  /** Content type of its body. */
  bodyType: string | undefined;
  /** How properties of a form are serialized. */
  encoding: { properties?: PropertyEncodings };
  /** Whether a required body may be null: then a call without data sends `null`. */
  nullBody: boolean;
  /** Whether every documented success answers JSON. */
  promisesJson: boolean;
  /** Of the parameters whose values are no plain text on the wire, by place. */
  styles: Readonly<Record<"path" | "query" | "header" | "cookie", ParameterStyles>>;
  /** Its `servers` and those of its path item, if it has any. */
  servers: Json | undefined;
}

const NO_STYLES: ParameterStyles = new Map();

/** Every operation of a document, in its order. */
export function operationsOf(document: OpenApiDocument): DocumentedOperation[] {
  const found: DocumentedOperation[] = [];
  const fields = new SchemaFields(document);
  const everywhere = isSecured(document.root.security);
  for (const [path, rawItem] of Object.entries(document.root.paths as JsonObject)) {
    if (pathFault(path) !== undefined) continue;
    const item = document.follow(rawItem);
    for (const method of METHODS) {
      const raw = item[method.toLowerCase()];
      if (isJsonObject(raw)) found.push(describe(document, fields, path, method, item, raw, everywhere));
    }
  }
  for (const { path, operation } of tokenOperations(document))
    found.push(describe(document, fields, path, "POST", {}, operation, false));
  return found;
}

function describe(
  document: OpenApiDocument,
  schemas: SchemaFields,
  path: string,
  method: HttpMethod,
  item: JsonObject,
  raw: JsonObject,
  everywhere: boolean,
): DocumentedOperation {
  const operation = document.follow(raw);
  const parameters = parametersOf(document, schemas, item, operation);
  const inputs = parameters.flatMap((parameter) => fieldsOfParameter(parameter, schemas).map(withItem));
  const content = document.follow(document.follow(operation.requestBody).content);
  const bodyType = bodyTypeOf(content);
  const media = bodyType === undefined ? {} : document.follow(content[bodyType]);
  const body = bodyType === undefined ? [] : bodyFields(document, schemas, bodyType, media);
  inputs.push(...body);
  const { fields: answers, promisesJson } = answersOf(document, schemas, operation);
  const answerHeaders = answerHeadersOf(document, operation);
  const summary = text(operation.summary) || text(item.summary);
  const more = text(operation.description);
  // The summary and the beginning of the description: every prompt has them.
  const said = firstSentence(more);
  const words =
    summary === "" || more === "" || more.startsWith(summary) ? more || summary : `${summary}. ${said}`;
  return {
    method,
    path,
    summary: words.length > MAX_SUMMARY ? `${words.slice(0, MAX_SUMMARY - 3)}...` : words,
    ...(typeof operation.operationId === "string" ? { id: operation.operationId } : {}),
    fields: [...inputs, ...answers].slice(0, MAX_FIELDS),
    ...(bodyType !== undefined && body.length === 0 ? { openBody: true as const } : {}),
    ...(bodyType !== undefined && document.follow(operation.requestBody).required === true
      ? { needsBody: true as const }
      : {}),
    ...(answerHeaders.length > 0 ? { answerHeaders } : {}),
    secured: operation.security === undefined ? everywhere : isSecured(operation.security),
    bodyType,
    nullBody:
      document.follow(operation.requestBody).required === true &&
      body.some(({ name, type, nullable }) => name === "" && (type === "null" || nullable === true)),
    encoding: { properties: encodingsOf(document, schemas, bodyType, media, body) },
    promisesJson,
    styles: {
      path: stylesOf(parameters, "path"),
      query: stylesOf(parameters, "query"),
      header: stylesOf(parameters, "header"),
      // Exploded, a list would repeat the cookie's name, which few servers read: it stays JSON.
      cookie: stylesOf(
        parameters.filter(({ style }) => style?.explode === false),
        "cookie",
      ),
    },
    servers: operation.servers ?? item.servers,
  };
}

/** The media type of a body: JSON, else a form, else text, else the first. */
export function bodyTypeOf(content: JsonObject): string | undefined {
  const types = Object.keys(content);
  return (
    types.find((type) => /[/+]json\b/i.test(type)) ??
    types.find((type) => /json/i.test(type)) ??
    types.find((type) => /x-www-form-urlencoded/i.test(type)) ??
    types.find((type) => /^multipart\/form-data/i.test(type)) ??
    types.find((type) => /^text\/plain/i.test(type)) ??
    types[0]
  );
}

/** Media types whose bodies are bytes where no schema says otherwise. */
const BYTES = /^(?:image|audio|video|font|model)\/|^application\/(?:octet-stream|pdf|zip|gzip|wasm|x-)/i;
const FORM = /x-www-form-urlencoded|^multipart\//i;

/** The fields of a body; where its schema has none, what its media type or its example tells. */
function bodyFields(
  document: OpenApiDocument,
  schemas: SchemaFields,
  type: string,
  media: JsonObject,
): readonly ApiField[] {
  // Of a body that is a sequence of items, one item is one (OpenAPI 3.2, "Sequential Media Types").
  const fields = schemas.of("body", media.schema ?? media.itemSchema);
  if (FORM.test(type)) return fields.map(withItem);
  if (fields.length > 0) return fields;
  const [first] = Object.values(document.follow(media.examples));
  const example = media.example ?? document.follow(first).value ?? document.follow(first).dataValue;
  const whole: ApiField = { in: "body", name: "", type: "object", required: true, description: "" };
  if (example !== undefined) return [{ ...whole, type: jsonTypeOf(example), example }];
  return BYTES.test(type) && !/[+/](?:json|xml|yaml)\b/i.test(type) && !isJsonObject(media.schema)
    ? [{ ...whole, type: "string", format: "binary" }]
    : fields;
}

/** A required list where an empty one writes nothing: into a form, a path, a query, a header. */
const withItem = (field: ApiField): ApiField =>
  field.required && field.minItems === undefined && (field.type.endsWith("[]") || field.type === "array")
    ? { ...field, minItems: 1 }
    : field;

function jsonTypeOf(value: Json): string {
  if (Array.isArray(value)) return "array";
  if (isNumber(value)) return "number";
  return value === null ? "null" : isJsonObject(value) ? "object" : typeof value;
}

function stylesOf(parameters: readonly Parameter[], place: Parameter["in"]): ParameterStyles {
  const styled = parameters.flatMap(({ in: where, name, style }) =>
    where === place && style !== undefined
      ? [[place === "header" ? name.toLowerCase() : name, style] as const]
      : [],
  );
  return styled.length === 0 ? NO_STYLES : new Map(styled);
}

function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s+\p{Lu})/su.exec(text)?.[0] ?? text;
}

function answersOf(
  document: OpenApiDocument,
  schemas: SchemaFields,
  operation: JsonObject,
): { fields: readonly ApiField[]; promisesJson: boolean } {
  let fields: readonly ApiField[] = [];
  const responses = document.follow(operation.responses);
  const successes = Object.keys(responses)
    .filter((status) => /^2/.test(status))
    .sort();
  let promisesJson = false;
  let promisesElse = false;
  for (const [index, status] of successes.entries()) {
    const content = document.follow(document.follow(responses[status]).content);
    const types = Object.keys(content);
    const json = types.find((type) => /json/.test(type));
    promisesJson ||= json !== undefined;
    // A documented success without content promises nothing, except statuses that have none (RFC 9110, sections 15.3.5
    // and 15.3.6).
    promisesElse ||= types.length === 0 ? !/^20[45]$/.test(status) : types.some((type) => !/json/.test(type));
    if (index === 0 && json !== undefined)
      fields = schemas.of("answer", document.follow(content[json]).schema);
  }
  return { fields, promisesJson: promisesJson && !promisesElse };
}

/** Headers that models are not shown: of the form of an answer, of limits, which are shown when they matter, and credentials. */
const PLAIN_HEADER =
  /^(?:content-(?:type|length|encoding)|date|server)$|rate-?limit|cookie|authoriz|secret|password|api-?key|token|session/;
const MAX_ANSWER_HEADERS = 12;

function answerHeadersOf(document: OpenApiDocument, operation: JsonObject): string[] {
  const responses = document.follow(operation.responses);
  const names = Object.keys(responses)
    .filter((status) => /^2/.test(status))
    .flatMap((status) => Object.keys(document.follow(document.follow(responses[status]).headers)))
    .map((name) => name.toLowerCase())
    .filter((name) => !PLAIN_HEADER.test(name));
  return [...new Set(names)].slice(0, MAX_ANSWER_HEADERS);
}

function isSecured(security: Json | undefined): boolean {
  const requirements = list(security);
  return (
    requirements.length > 0 && requirements.every((one) => isJsonObject(one) && Object.keys(one).length > 0)
  );
}

/** How sessions send their credentials, from the document's security schemes. */
export function authOf(document: OpenApiDocument): ApiAuth[] {
  const schemes = document.follow(document.follow(document.root.components).securitySchemes);
  const found: ApiAuth[] = [];
  for (const raw of Object.values(schemes)) {
    const scheme = document.follow(raw);
    const name = text(scheme.name);
    const isSent = scheme.in !== "header" || headerNameFault(name) === undefined;
    if (scheme.type === "apiKey" && name !== "" && isSent) {
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
  // Beside another scheme, a user and a password are what a token is fetched with.
  if (found.length === 0 && Object.values(schemes).some((raw) => isBasic(document.follow(raw))))
    return [{ type: "basic" }];
  return found.filter(
    (auth, index) => found.findIndex((other) => JSON.stringify(other) === JSON.stringify(auth)) === index,
  );
}

const isBasic = ({ type, scheme }: Record<string, Json>): boolean =>
  type === "http" && text(scheme).toLowerCase() === "basic";

const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

/**
 * The prefix that a scheme's description requires before the credential: OpenAPI has no field for it, so documents show
 * an example, as `Token xxxx.yyyy`.
 */
function prefixIn(description: string): string | undefined {
  return /(?:^|[\s"'`:])(Token|Bearer|JWT|ApiKey|Api-Key)\s+(?:x{3,}|<|\{|\[|[A-Za-z]+\.[A-Za-z]+\.)/.exec(
    description,
  )?.[1];
}

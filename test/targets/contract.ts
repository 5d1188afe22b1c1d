import { Ajv2020 } from "ajv/dist/2020.js";

type Json = Record<string, unknown>;

/** An answer to be validated against an OpenAPI document. */
export interface AnswerToCheck {
  /** `METHOD /template`, as the document's paths have it. */
  operation: string;
  status: number;
  headers: Headers;
  text: string;
}

export interface Contract {
  /** Every operation of the document, `METHOD /template`. */
  operations: string[];
  /** The statuses that the document gives an operation. */
  statuses(operation: string): number[];
  /** What is wrong with an answer; empty if it matches the document. */
  violations(answered: AnswerToCheck): string[];
}

const METHODS = ["get", "put", "post", "delete", "patch"];

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A copy whose objects may have only the described properties. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (!isJson(value)) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closed(inner)]));
  if (value.type === "object" && isJson(value.properties) && value.additionalProperties === undefined) {
    copy.additionalProperties = false;
  }
  return copy;
}

/** The value of a local reference (`#/...`, RFC 6901); returns anything else unchanged. */
function resolve(document: unknown, value: unknown): unknown {
  if (!isJson(value) || typeof value.$ref !== "string") return value;
  let found: unknown = document;
  for (const step of value.$ref.slice(2).split("/")) {
    found = isJson(found) ? found[step.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined;
  }
  return resolve(document, found);
}

function get(document: unknown, from: unknown, ...steps: string[]): Json | undefined {
  let found = resolve(document, from);
  for (const step of steps) found = resolve(document, isJson(found) ? found[step] : undefined);
  return isJson(found) ? found : undefined;
}

/** Reads an OpenAPI 3.1 document so that answers of a running server can be validated against it. */
export function contractOf(openapi: unknown): Contract {
  const document = closed(openapi);
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema({ $id: "api", components: get(document, document, "components") ?? {} });
  const operations: string[] = [];
  for (const [path, item] of Object.entries(get(document, document, "paths") ?? {})) {
    for (const method of METHODS)
      if (isJson(item) && isJson(item[method])) operations.push(`${method.toUpperCase()} ${path}`);
  }
  const described = (operation: string) => {
    const [method = "", path = ""] = operation.split(" ");
    return get(document, document, "paths", path, method.toLowerCase(), "responses");
  };
  return {
    operations,
    statuses: (operation) => Object.keys(described(operation) ?? {}).map(Number),
    violations: ({ operation, status, headers, text }) => {
      const response = get(document, described(operation), String(status));
      if (response === undefined) return [`${operation}: ${status} is not in the document`];
      const found: string[] = [];
      for (const [name, header] of Object.entries(get(document, response, "headers") ?? {})) {
        if (isJson(header) && header.required === true && !headers.has(name))
          found.push(`${name} is missing`);
      }
      const media = get(document, response, "content", "application/json");
      if (media === undefined) return text === "" ? found : [...found, "a body where none is described"];
      if (!(headers.get("content-type") ?? "").startsWith("application/json")) return [...found, "not JSON"];
      const pointed = JSON.parse(JSON.stringify(media.schema).replaceAll('"#/', '"api#/'));
      const validate = ajv.compile(pointed);
      if (!validate(JSON.parse(text))) found.push(ajv.errorsText(validate.errors));
      return found.map((violation) => `${operation} ${status}: ${violation}`);
    },
  };
}

/** Where the document leaves an operation, parameter, body, answer or field without a description. */
export function undescribed(openapi: unknown): string[] {
  const missing: string[] = [];
  const need = (node: unknown, where: string, ...keys: string[]) => {
    for (const key of keys) {
      const text = isJson(node) ? node[key] : undefined;
      if (typeof text !== "string" || text.length < 5) missing.push(`${where}: ${key}`);
    }
  };
  const walk = (node: unknown, where: string) => {
    if (Array.isArray(node)) for (const [index, inner] of node.entries()) walk(inner, `${where}/${index}`);
    if (!isJson(node)) return;
    if (typeof node.in === "string" && typeof node.name === "string") need(node, where, "description");
    if (isJson(node.responses) && where.startsWith("/paths")) need(node, where, "summary", "description");
    for (const [key, inner] of Object.entries(node)) {
      if (key === "properties" && isJson(inner)) {
        for (const [name, field] of Object.entries(inner))
          need(field, `${where}/properties/${name}`, "description");
      }
      walk(inner, `${where}/${key}`);
    }
  };
  walk(openapi, "");
  return missing;
}

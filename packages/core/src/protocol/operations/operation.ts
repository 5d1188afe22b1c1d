/** HTTP methods that a tool call can have. */
export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type HttpMethod = (typeof METHODS)[number];

/** What an operation is called by: an HTTP method, a kind of GraphQL operation, or an MCP tool. */
export const OPERATION_VERBS = [...METHODS, "query", "mutation", "tool"] as const;
export type Verb = (typeof OPERATION_VERBS)[number];

/** Whether a verb is an HTTP method. */
export function isMethod(verb: Verb): verb is HttpMethod {
  return (METHODS as readonly string[]).includes(verb);
}

/**
 * `METHOD /template`, `query name`, `mutation name` (a field of the schema's root) or `tool name`, with the target
 * before it if a goal uses several: `shop: GET /products/{id}`.
 */
export interface OperationRef {
  target: string | undefined;
  /** Without the target: the form in metrics and events. */
  operation: string;
  method: Verb;
  /** The route template, or the name of the field or tool. */
  template: string;
}

const REF =
  /^(?:([A-Za-z][\w-]*):\s+)?(?:(GET|POST|PUT|PATCH|DELETE)\s+(\/\S*)|(query|mutation)\s+([A-Za-z_]\w*)|(tool)\s+([\w./-]+))$/;

/** Reads `POST /orders`, `query products` or `shop: tool search`; undefined for any other text. */
export function parseOperation(text: string): OperationRef | undefined {
  const match = REF.exec(text.trim());
  if (match === null) return undefined;
  const method = (match[2] ?? match[4] ?? match[6]) as Verb;
  const template = (match[3] ?? match[5] ?? match[7]) as string;
  return { target: match[1], operation: `${method} ${template}`, method, template };
}

/** The names in braces of a template, in order: `/a/{b}/c/{d}` has `b` and `d`. */
export function templateNames(template: string): string[] {
  return Array.from(template.matchAll(/\{([^}]+)\}/g), (match) => match[1] as string);
}

/**
 * What operations are compared by: parameters without their names (`GET /orders/{order}` is `GET /orders/{id}`), and
 * without a slash at the end, from which many servers lead to the path without it, or the other way round.
 */
export function operationShape(operation: string): string {
  const shape = operation.includes("{") ? operation.replaceAll(/\{[^}]*\}/g, "{}") : operation;
  return shape.endsWith("/") && !shape.endsWith(" /") ? shape.slice(0, -1) : shape;
}

/** A custom method of the resource that a segment names: `5:cancel` (Google AIP-136). */
const CUSTOM_METHOD = /^(.+)(:[A-Za-z][A-Za-z-]*)$/;
const ID_SEGMENT = /^(?:\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,}|(?=.*\d)[\w.~%-]{6,}|[\w.~-]+[_-]\d+)$/i;

/** One or two letters and a number, as in `/boats/b2`: a version is none. */
const CODE_SEGMENT = /^(?!v\d)[a-z]{1,2}\d+$/i;

/**
 * Folds the ids in a path: segments that are numbers, UUIDs, or long with a digit become `{id}`, and so do short codes below
 * the first segment, and what precedes a custom method: `5:cancel` becomes `{id}:cancel`.
 */
export function foldIds(path: string): string {
  return path
    .split("/")
    .map((segment, at) => (at > 1 && CODE_SEGMENT.test(segment) ? "{id}" : foldSegment(segment)))
    .join("/");
}

function foldSegment(segment: string): string {
  const custom = segment.includes(":") ? CUSTOM_METHOD.exec(segment) : null;
  if (custom !== null && ID_SEGMENT.test(custom[1] as string)) return `{id}${custom[2]}`;
  return ID_SEGMENT.test(segment) ? "{id}" : segment;
}

/** HTTP methods that a tool call can have. */
export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type HttpMethod = (typeof METHODS)[number];

/** What an operation is called by: an HTTP method, a kind of GraphQL operation, or an MCP tool. */
export const VERBS = [...METHODS, "query", "mutation", "tool"] as const;
export type Verb = (typeof VERBS)[number];

/** Whether a verb is an HTTP method. */
export function isMethod(verb: Verb): verb is HttpMethod {
  return (METHODS as readonly string[]).includes(verb);
}

/**
 * `METHOD /template`, `query name`, `mutation name` (a field of the schema's root) or `tool name`, with the target
 * before it where a goal uses several: `shop: GET /products/{id}`.
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

/** Reads `POST /orders`, `query products` or `shop: tool search`; undefined where the text is none of them. */
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

/** An operation with its parameters unnamed: `GET /orders/{order}` and `GET /orders/{id}` are the same one. */
export function operationShape(operation: string): string {
  return operation.includes("{") ? operation.replaceAll(/\{[^}]*\}/g, "{}") : operation;
}

const ID_SEGMENT = /^(?:\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,}|(?=.*\d)[\w.~%-]{6,}|[\w.~-]+[_-]\d+)$/i;

/** Folds the ids in a path: segments that are numbers, UUIDs, or long with a digit become `{id}`. */
export function foldIds(path: string): string {
  return path
    .split("/")
    .map((segment) => (ID_SEGMENT.test(segment) ? "{id}" : segment))
    .join("/");
}

interface Node {
  fixed: Map<string, Node>;
  variable: Node | undefined;
  template: string | undefined;
}

const node = (): Node => ({ fixed: new Map(), variable: undefined, template: undefined });

/**
 * Finds the route template of a path. A fixed segment wins over a parameter, as OpenAPI asks
 * (OpenAPI 3.1, "Path Templating Matching").
 */
export class RouteTable {
  readonly #roots = new Map<string, Node>();

  add(method: HttpMethod, template: string): void {
    let at = this.#roots.get(method);
    if (at === undefined) {
      at = node();
      this.#roots.set(method, at);
    }
    for (const segment of template.split("/").slice(1)) {
      if (segment.includes("{")) {
        at.variable ??= node();
        at = at.variable;
        continue;
      }
      let next = at.fixed.get(segment);
      if (next === undefined) {
        next = node();
        at.fixed.set(segment, next);
      }
      at = next;
    }
    at.template ??= template;
  }

  /** The template that a path without its query belongs to, or undefined. */
  match(method: HttpMethod, path: string): string | undefined {
    const root = this.#roots.get(method);
    if (root === undefined) return undefined;
    const segments = path.split("/");
    const found = find(root, segments, 1);
    // Many servers answer with and without a slash at the end, or lead from one to the other.
    const bare = segments.length > 2 && segments.at(-1) === "" ? segments.slice(0, -1) : undefined;
    return found ?? (bare === undefined ? undefined : find(root, bare, 1));
  }
}

function find(at: Node, segments: readonly string[], index: number): string | undefined {
  if (index >= segments.length) return at.template;
  const segment = segments[index] as string;
  const fixed = at.fixed.get(segment);
  const found = fixed === undefined ? undefined : find(fixed, segments, index + 1);
  if (found !== undefined) return found;
  return at.variable === undefined || segment === "" ? undefined : find(at.variable, segments, index + 1);
}

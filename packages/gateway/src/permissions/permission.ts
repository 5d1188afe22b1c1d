import type { Json } from "@ape/core/lib/json";
import { type HttpMethod, operationShape } from "@ape/core/protocol/operations/operation";
import type { RouteTable } from "@ape/core/protocol/operations/route-table";
import { methodOverridesOf } from "./method-override.ts";
import { pathSpellings } from "./path-spelling.ts";
import { compileAllow, compileDeny, decodeSegments } from "./pattern.ts";

export interface PermissionRules {
  allow: readonly string[];
  deny: readonly string[];
  /** `allow` is exact: a slash at the end makes another path. */
  isExact?: boolean;
  /** Whether every method but GET is refused. */
  readOnly?: boolean;
  /** Documented operations, `METHOD /template`, and the table that finds them. */
  operations?: readonly string[];
  routes?: Pick<RouteTable, "match">;
  /** Operations whose document writes path parameters in the style `matrix`: `/things/;id=1`. */
  matrix?: ReadonlySet<string>;
  /** Path of the base URL, without a slash at its end: headers that name a path may have it as a prefix. */
  base?: string;
  /** Headers that every request of the target carries. */
  headers?: Readonly<Record<string, string>>;
}

/** A request as it is sent. */
export interface OutgoingRequest {
  method: string;
  /** Without the target's base path and without the query. */
  path: string;
  query: string;
  headers: Readonly<Record<string, string | undefined>> | undefined;
  data: Json | undefined;
  /** Of the documented operation that the path belongs to. */
  template?: string | undefined;
}

/**
 * Decides for every request to a target. `deny` holds for the path as it is written, for its template and for every
 * spelling that common servers take for the same path; it wins over `allow`, which permits what it names and nothing
 * more: a documented template by the calls that belong to it, any other entry by the path. A request that names another
 * method or path than its own (`x-http-method-override`, `_method`, `x-original-url`) needs permission for both, in any
 * writing that a common server reads.
 */
export class Permission {
  readonly #rules: PermissionRules;
  readonly #allowsAll: boolean;
  /** `METHOD /path`, without wildcards. */
  readonly #exact: ReadonlySet<string>;
  readonly #patterns: readonly RegExp[];
  /** Documented operations that `allow` permits, and those that `deny` refuses. */
  readonly #allowed: ReadonlySet<string>;
  readonly #denied: ReadonlySet<string>;
  readonly #deny: readonly RegExp[];
  readonly #ownOverrides: boolean;

  constructor(rules: PermissionRules) {
    const { allow, deny, operations = [] } = rules;
    this.#rules = rules;
    this.#allowsAll = allow.includes("* /**");
    this.#deny = deny.map(compileDeny);
    const documented = new Map<string, string[]>();
    for (const operation of operations) {
      const shape = operationShape(operation);
      const same = documented.get(shape);
      if (same === undefined) documented.set(shape, [operation]);
      else same.push(operation);
    }
    const exact = new Set<string>();
    const patterns: RegExp[] = [];
    const allowed = new Set<string>();
    for (const entry of allow) {
      const same = documented.get(operationShape(entry));
      if (same !== undefined) for (const operation of same) allowed.add(operation);
      if (entry.includes("*")) patterns.push(compileAllow(entry));
      else if (!entry.includes("{")) exact.add(decodeSegments(entry));
      else if (same === undefined) patterns.push(compileAllow(entry));
    }
    for (const operation of operations)
      if (patterns.some((pattern) => pattern.test(operation))) allowed.add(operation);
    this.#exact = exact;
    this.#patterns = patterns;
    this.#allowed = allowed;
    this.#denied = new Set(operations.filter((operation) => this.#isDenied(operation)));
    this.#ownOverrides = methodOverridesOf(rules.headers, "", undefined) !== undefined;
  }

  /** Whether an operation may be used by its name: a documented template, a field of GraphQL's root, a tool. */
  permits(method: string, name: string): boolean {
    const operation = `${method} ${name}`;
    if (this.#rules.readOnly === true && name.startsWith("/") && method !== "GET") return false;
    const allowed = this.#allowed.has(operation) || this.#allows(method, name, undefined);
    return allowed && !this.#isDenied(operation);
  }

  /** Whether `deny` names an operation. */
  denies(method: string, name: string): boolean {
    return this.#isDenied(`${method} ${name}`);
  }

  /** Why a request may not be sent, or undefined. */
  refuses(request: OutgoingRequest): string | undefined {
    const { method, path, headers, query, data } = request;
    const overrides = methodOverridesOf(
      this.#ownOverrides ? { ...this.#rules.headers, ...headers } : headers,
      query,
      data,
    );
    const refused = this.#refusesOne(method, path, request.template);
    if (refused !== undefined || overrides === undefined) return refused;
    const base = this.#rules.base ?? "";
    const paths = [...overrides.paths, ...withoutPrefixes(path, base, overrides.prefixes)].map((named) =>
      base !== "" && named.startsWith(`${base}/`) ? named.slice(base.length) : named,
    );
    for (const named of new Set([method, ...overrides.methods]))
      for (const other of new Set([path, ...paths])) {
        const template = this.#rules.routes?.match(named as HttpMethod, other);
        const why = this.#refusesOne(named, other, template);
        if (why !== undefined) return why;
      }
    for (const written of [...overrides.paths, ...overrides.routes])
      for (const named of new Set([method, ...overrides.methods]))
        if (this.#deniesPath(named, written)) return notAllowed(named, written);
    for (const [named, written] of [
      ...overrides.possible.map((named) => [named, path] as const),
      ...overrides.requests,
    ])
      if (this.#deniesPath(named, written)) return notAllowed(named, written);
    return undefined;
  }

  #refusesOne(method: string, path: string, template: string | undefined): string | undefined {
    if (this.#rules.readOnly === true && method !== "GET") return "this target may only be read";
    if (!this.#allows(method, path, template)) return notAllowed(method, path);
    if (this.#deny.length === 0) return undefined;
    if (template !== undefined && this.#denied.has(`${method} ${template}`)) return notAllowed(method, path);
    return this.#deniesPath(method, path) ? notAllowed(method, path) : undefined;
  }

  #allows(method: string, path: string, template: string | undefined): boolean {
    if (this.#allowsAll) return true;
    if (!this.#allowsWritten(method, path, template) || this.#leadsElsewhere(method, path, template))
      return false;
    // The path without path parameters, as some servers see it, must be allowed too, unless an entry names the
    // parameters itself.
    const bare = withoutPathParameters(path);
    if (bare === path || this.#namesParameters(method, path, template)) return true;
    return this.#allowsWritten(method, bare, this.#rules.routes?.match(method as HttpMethod, bare));
  }

  /**
   * Whether a server that decodes slashes before it routes takes a path for another documented operation, which is not allowed:
   * `/files/a%2Fraw` for `/files/{name}/raw`. A value with a slash that leads nowhere else is a value.
   */
  #leadsElsewhere(method: string, path: string, template: string | undefined): boolean {
    if (this.#rules.routes === undefined || !ENCODED_SLASH.test(path)) return false;
    const split = path.replaceAll(new RegExp(ENCODED_SLASH, "gi"), "/");
    const other = this.#rules.routes.match(method as HttpMethod, split);
    return other !== undefined && other !== template && !this.#allowsWritten(method, split, other);
  }

  /** Whether the matching `allow` entry has path parameters of its own. */
  #namesParameters(method: string, path: string, template: string | undefined): boolean {
    const call = `${method} ${decodeSegments(path)}`;
    return (
      template?.includes(";") === true ||
      this.#rules.matrix?.has(`${method} ${template}`) === true ||
      this.#exact.has(call) ||
      this.#patterns.some((pattern) => pattern.source.includes(";") && pattern.test(call))
    );
  }

  #allowsWritten(method: string, path: string, template: string | undefined): boolean {
    const belongs =
      template !== undefined &&
      (this.#rules.isExact !== true || path.endsWith("/") === template.endsWith("/"));
    if (belongs && this.#allowed.has(`${method} ${template}`)) return true;
    if (this.#exact.size === 0 && this.#patterns.length === 0) return false;
    const call = `${method} ${decodeSegments(path)}`;
    if (this.#exact.has(call)) return true;
    for (const pattern of this.#patterns) if (pattern.test(call)) return true;
    return false;
  }

  #isDenied(operation: string): boolean {
    const at = operation.indexOf(" ");
    const name = operation.slice(at + 1);
    if (name.startsWith("/")) return this.#deniesPath(operation.slice(0, at), name);
    return this.#deny.some((pattern) => pattern.test(operation));
  }

  #deniesPath(method: string, path: string): boolean {
    if (this.#deny.length === 0) return false;
    for (const spelling of pathSpellings(path)) {
      const call = `${method} ${spelling}`;
      for (const pattern of this.#deny) if (pattern.test(call)) return true;
    }
    return false;
  }
}

/** A slash or a backslash, encoded once or several times. */
const ENCODED_SLASH = /%(?:25)*(?:2f|5c)/i;

/** A path without its path parameters, `;x=1` after a segment (RFC 3986, section 3.3), encoded or not. */
const withoutPathParameters = (path: string): string =>
  /;|%3b/i.test(path) ? path.replaceAll(/(?:;|%3b)[^/]*/gi, "") : path;

const notAllowed = (method: string, path: string): string =>
  `${method} ${path} is not among the operations that are allowed here`;

/** The rest of a path after a server has removed one of the prefixes, with the base path or without. */
function withoutPrefixes(path: string, base: string, prefixes: readonly string[]): string[] {
  return prefixes.flatMap((prefix) =>
    [path, `${base}${path}`].flatMap((whole) => {
      const at = whole.indexOf(prefix);
      const rest = whole.slice(at + prefix.length);
      return at < 0 ? [] : [rest.startsWith("/") ? rest : `/${rest}`];
    }),
  );
}

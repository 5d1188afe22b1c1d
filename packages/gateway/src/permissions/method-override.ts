import { isComposite, isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { byName } from "@ape/core/protocol/fields/by-name";
import {
  foldName,
  isOverrideField,
  isPossibleOverride,
  isQueryOverride,
  mayNameMethod,
  methodsIn,
  STANDARD_METHOD,
  withoutQuotes,
} from "./override-name.ts";
import {
  fieldsOfText,
  formValues,
  namedPairs,
  readingsOf,
  requestsOfText,
  valueTexts,
} from "./override-text.ts";
import { foldText } from "./path-spelling.ts";

/**
 * The effect of a header on a request: `method` counts with any value, `method-like` only with a method as its value.
 * PHP reads cookies among the request's fields.
 */
type HeaderKind = "method" | "method-like" | "path" | "path-like" | "prefix" | "cookie" | "none";

const METHOD_HEADER = /^x-(?:http-)?method(?:-override)?$/;
/** Rest.li, OData, and other headers with the word in their name. */
const METHOD_LIKE = /(?:^|-)(?:method|verb)(?:-|$)|httpmethod|methodoverride/;
/** Names that IIS, Symfony, Zend, Envoy, Traefik, ingress-nginx, Azure and Gunicorn read or pass on. */
const PATH_HEADER =
  /(?:^|-)(?:original|rewrite|override|forwarded|real|request|proxy|unencoded|destination|raw)(?:-[a-z0-9]+)*-?(?:url|uri|path)$|(?:url|uri|path)-?(?:override|info)$/;
/** Names of other headers of proxies and frameworks with a path in them: `x-matched-path`, `x-url`. */
const PATH_LIKE = /^x-(?:[a-z0-9]+-)*(?:url|uri|path|route)(?:-query)?$/;
/** Query names of a route if the path is that of one script: WordPress, Drupal, Yii, Phalcon, ThinkPHP and others. */
const ROUTE_FIELD = /^_?_?(?:rest_route|route_?|r|q|s|url|uri|path|path_?info|page|pagename|controller)$/;
/** The field of a form that names a route: WordPress reads its query variables from forms too. */
const BODY_ROUTE = /^rest_route$/;
/** Names of a prefix that Gunicorn, WSGI applications and proxies remove from the path. */
const PREFIX_HEADER = /(?:^|-)(?:script-name|forwarded-prefix)$/;

/** CGI, WSGI, Rack and PHP make the same variable of `-` and `_`, older Apache of every mark. Source: RFC 3875, section 4.1.18. */
const headerKind = byName((name) => classify(name.toLowerCase().replaceAll(/[^a-z0-9]/g, "-")));

function classify(name: string): HeaderKind {
  if (name === "cookie") return "cookie";
  if (METHOD_HEADER.test(name)) return "method";
  // A preflight header (Fetch, "CORS-preflight request"), which changes no method.
  if (METHOD_LIKE.test(name) && name !== "access-control-request-method") return "method-like";
  if (PATH_HEADER.test(name)) return "path";
  if (PATH_LIKE.test(name)) return "path-like";
  return PREFIX_HEADER.test(name) ? "prefix" : "none";
}

/** Methods and paths that a request names besides its request line. */
export interface MethodOverrides {
  /** In upper case. */
  methods: readonly string[];
  /** Paths without their query, as they are written. */
  paths: readonly string[];
  /** Paths that some servers may use as the request's, and others as data: only `deny` applies to them. */
  routes: readonly string[];
  /** A prefix that a server may remove from the path. */
  prefixes: readonly string[];
  /** Methods in fields that some servers may read, and others as data: only `deny` applies to them. */
  possible: readonly string[];
  /** Requests within the body, as of a batch: method and path of each. Only `deny` applies to them. */
  requests: readonly (readonly [method: string, path: string])[];
}

/**
 * The methods and paths that a request names besides its own; undefined if it names none, as nearly all. Names are read
 * as common servers read them: pairs end at `&` and `;`, marks of names become `_` as in PHP, `-` and `_` of headers
 * are the same.
 */
export function methodOverridesOf(
  headers: Readonly<Record<string, string | undefined>> | undefined,
  query: string,
  data: Json | undefined,
): MethodOverrides | undefined {
  if (query === "" && data === undefined && !hasOverrideHeader(headers)) return undefined;
  const methods: string[] = [];
  const paths: string[] = [];
  const routes: string[] = [];
  const prefixes: string[] = [];
  const possible: string[] = [];
  const requests: (readonly [string, string])[] = [];
  for (const name in headers) {
    const kind = headerKind(name);
    if (kind === "none") continue;
    const value = headers[name] ?? "";
    if (kind === "cookie") addQuery(value.replaceAll(/;\s+/g, ";"), methods);
    else if (kind === "method") methods.push(...methodsIn(value));
    else if (kind === "method-like") addMethods(value, methods);
    else if (kind === "prefix") prefixes.push(pathOf(value));
    else if (kind === "path-like") routes.push(pathOf(value));
    else
      for (const text of new Set([value, ...value.split(",")])) {
        paths.push(pathOf(text));
        addQuery(text.slice(text.indexOf("?") + 1), methods);
      }
  }
  if (query !== "") {
    addQuery(query, methods);
    addRoutes(query, routes);
  }
  if (typeof data === "string") addText(data, { methods, possible, requests, routes });
  else if (data !== undefined) addData(data, { methods, possible, requests, routes });
  const found = [methods, paths, routes, prefixes, possible, requests];
  if (found.every(({ length }) => length === 0)) return undefined;
  return { methods, paths, routes, prefixes, possible, requests };
}

function hasOverrideHeader(headers: Readonly<Record<string, string | undefined>> | undefined): boolean {
  for (const name in headers) if (headerKind(name) !== "none") return true;
  return false;
}

/** What a body names. */
interface BodyOverrides {
  methods: string[];
  possible: string[];
  requests: (readonly [string, string])[];
  routes: string[];
}

/** Adds what a JSON body names at any depth: servers flatten nested names, and lists of a field are read as the field. */
function addData(data: Json, into: BodyOverrides): void {
  const waiting: Json[] = [data];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (Array.isArray(value)) {
      for (const item of value) if (isComposite(item)) waiting.push(item);
      continue;
    }
    if (!isJsonObject(value)) continue;
    let describes = false;
    for (const name in value) {
      const inner = value[name] ?? "";
      const member = memberOf(name);
      if (member !== "other") describes = true;
      if (isOverrideField(name)) for (const text of textsIn(inner)) addMethods(text, into.methods);
      else if (isPossibleOverride(name)) for (const text of textsIn(inner)) addMethods(text, into.possible);
      else if (member === "route") for (const text of textsIn(inner)) addRoute(text, into.routes);
      // A batch as the text of a form's field (Facebook Graph API).
      if (typeof inner === "string" && mayBeJson(inner) && BATCH.test(inner)) addBatch(inner, into);
      // Bytes: the content type decides their meaning.
      if (name === "base64") for (const text of valueTexts(value)) addText(text, into);
      if (isComposite(inner)) waiting.push(inner);
    }
    if (describes) addRequest(value, into);
  }
}

/** Whether a text begins with a bracket, a brace or a blank; a cheap test that is false for nearly all. */
function mayBeJson(text: string): boolean {
  const first = text.charCodeAt(0);
  return first === 0x5b || first === 0x7b || first <= 0x20;
}

/** The texts of a field's value: of each item of a list, and of an object that PHP would make of `name[0]`. */
const textsIn = (value: Json): string[] =>
  [value]
    .flat()
    .flatMap((one) =>
      isJsonObject(one) ? [...valueTexts(one), ...Object.values(one).map(String)] : [String(one)],
    );

/** A list or object of JSON that may describe requests. */
const BATCH = /^\s*[[{][\s\S]*(?:method|verb|op)/i;

function addBatch(text: string, into: BodyOverrides): void {
  try {
    addData(JSON.parse(text) as Json, into);
  } catch {
    // No JSON: nothing that a server could run.
  }
}

/** Names of a request in a batch; `op: "move"` of JSON Patch is an operation of another kind. */
const MEMBERS = [
  ["method", /^(?:http|request)?_?(?:method|verb)$/i],
  ["operation", /^(?:op|operation|action)$/i],
  ["path", /^(?:relative_?|request_?)?(?:url|uri|path|href|endpoint|resource)$/i],
  ["requests", /^(?:batch|sub)?_?(?:requests?|calls?|operations?|batch)$/i],
] as const;
type Member = (typeof MEMBERS)[number][0] | "route" | "other";

const memberOf = byName(
  (name): Member =>
    BODY_ROUTE.test(foldName(name))
      ? "route"
      : (MEMBERS.find(([, pattern]) => pattern.test(name))?.[0] ?? "other"),
);

/** A request line as a text: `DELETE /users/5`. */
const REQUEST_TEXT = /^\s*([A-Za-z]{3,20})\s+(\/\S{0,2000}|https?:\S{1,2000})(?:\s+HTTP\/\d.*)?\s*$/;

/**
 * A request that an object of a batch describes (OData JSON batch, Microsoft Graph, Facebook Graph API), with names in
 * any letter case, as .NET reads them.
 */
function addRequest(value: JsonObject, { requests }: BodyOverrides): void {
  const methods: string[] = [];
  const paths: string[] = [];
  for (const name in value) {
    const member = memberOf(name);
    if (member === "other" || member === "route") continue;
    const inner = value[name];
    if (member === "requests")
      for (const text of Array.isArray(inner) ? inner : [inner]) {
        const [, method = "", path = ""] = (typeof text === "string" && REQUEST_TEXT.exec(text)) || [];
        if (METHOD.test(method)) requests.push([method.toUpperCase(), pathOf(path)]);
      }
    else if (typeof inner !== "string") continue;
    else if (member === "path") paths.push(inner);
    else if (member === "method" || STANDARD_METHOD.test(inner.toUpperCase())) methods.push(inner);
  }
  for (const method of methods)
    if (METHOD.test(method)) for (const path of paths) requests.push([method.toUpperCase(), pathOf(path)]);
}

/** The path of a header's value, which is a path or a URL. */
function pathOf(value: string): string {
  const text = withoutQuotes(value).replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*/, "");
  const path = text.split(/[?#]/)[0] as string;
  return path.startsWith("/") ? path : `/${path}`;
}

/** Adds the routes that a query names: in a field, or as the whole query (`/index.php?/admin`, CodeIgniter). */
function addRoutes(query: string, routes: string[]): void {
  if (!/[/%]/.test(query)) return;
  for (const pair of query.split(/[&;]/)) {
    const at = pair.indexOf("=");
    const name = at < 0 ? pair : pair.slice(0, at);
    // Without `=` it may be a path whose first slash is left out.
    if (at < 0 ? /\/|%(?:25)*2f/i.test(name) : /^(?:\/|%(?:25)*2f)/i.test(name)) addRoute(name, routes);
    if (at >= 1 && ROUTE_FIELD.test(foldName(name))) addRoute(pair.slice(at + 1), routes);
  }
}

function addRoute(written: string, routes: string[]): void {
  const value = written.replaceAll("+", " ");
  if (!/\/|%/.test(value)) return;
  const path = pathOf(foldText(value));
  routes.push(path, `/wp-json${path}`);
}

function addQuery(query: string, methods: string[]): void {
  if (!mayNameMethod(query)) return;
  for (const [name, value] of namedPairs(query))
    if (isOverrideField(name)) addMethods(value, methods);
    else if (isQueryOverride(name))
      methods.push(...methodsIn(value).filter((method) => STANDARD_METHOD.test(method)));
}

/** What a body names which the caller has encoded itself: a form, its parts, JSON, XML or YAML. */
function addText(text: string, into: BodyOverrides): void {
  const { methods, possible, requests, routes } = into;
  for (const [method, path] of requestsOfText(text)) requests.push([method, pathOf(path)]);
  if (/rest/i.test(text))
    for (const pair of text.split(/[&;\r\n]/)) {
      const at = pair.indexOf("=");
      if (at > 0 && BODY_ROUTE.test(foldName(pair.slice(0, at)))) addRoute(pair.slice(at + 1), routes);
    }
  for (const value of formValues(text)) if (BATCH.test(value)) addBatch(value, into);
  if (!readingsOf(text).some(mayNameMethod)) return;
  for (const [name, value] of fieldsOfText(text))
    if (isOverrideField(name)) addMethods(value, methods);
    else if (isPossibleOverride(name)) addMethods(value, possible);
}

/** Adds methods that a value names; other values are data of the API. */
function addMethods(value: string, methods: string[]): void {
  for (const method of methodsIn(value)) if (METHOD.test(method)) methods.push(method);
}

/** Methods that a field can name (IANA HTTP Method Registry, and PURGE of caches). */
const METHOD =
  /^(?:acl|bind|checkin|checkout|connect|copy|delete|get|head|label|link|lock|merge|mkactivity|mkcalendar|mkcol|mkworkspace|move|options|orderpatch|patch|post|propfind|proppatch|purge|put|query|rebind|report|search|trace|unbind|uncheckout|unlink|unlock|update|version-control)$/i;

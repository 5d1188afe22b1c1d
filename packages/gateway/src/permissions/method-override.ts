import { isComposite, isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import {
  isOverrideField,
  isPossibleOverride,
  isQueryOverride,
  mayNameMethod,
  methodsIn,
  STANDARD_METHOD,
  withoutQuotes,
} from "./override-name.ts";
import { fieldsOfText, namedPairs, readingsOf, requestsOfText, valueTexts } from "./override-text.ts";
import { foldText } from "./path-spelling.ts";

/**
 * The effect of a header on a request. `method` counts with any value, `method-like` only with a method as its value.
 */
type HeaderKind = "method" | "method-like" | "path" | "path-like" | "prefix" | "none";

const METHOD_HEADER = /^x-(?:http-)?method(?:-override)?$/;
/** Rest.li, OData, and other headers with the word in their name. */
const METHOD_LIKE = /(?:^|-)(?:method|verb)(?:-|$)|httpmethod|methodoverride/;
/** Names that IIS, Symfony, Zend, Envoy, Traefik, ingress-nginx, Azure and Gunicorn read or pass on. */
const PATH_HEADER =
  /(?:^|-)(?:original|rewrite|override|forwarded|real|request|proxy|unencoded|destination|raw)(?:-[a-z0-9]+)*-?(?:url|uri|path)$|(?:url|uri|path)-?(?:override|info)$/;
/** Names of other headers of proxies and frameworks with a path in them: `x-matched-path`, `x-url`. */
const PATH_LIKE = /^x-(?:[a-z0-9]+-)*(?:url|uri|path|route)(?:-query)?$/;
/** Query names of a route if the path is that of one script: WordPress, Drupal, Yii and others. */
const ROUTE_FIELD = /^_?(?:rest_route|route|r|q|url|uri|path|path_?info|page|controller)$/i;
/** Names of a prefix that Gunicorn, WSGI applications and proxies remove from the path. */
const PREFIX_HEADER = /(?:^|-)(?:script-name|forwarded-prefix)$/;

const headerKinds = new Map<string, HeaderKind>();
const MAX_KNOWN = 1_000;

/** CGI, WSGI, Rack and PHP make the same variable of `-` and `_`, older Apache of every mark. Source: RFC 3875, section 4.1.18. */
function headerKind(name: string): HeaderKind {
  const known = headerKinds.get(name);
  if (known !== undefined) return known;
  const kind = classify(name.toLowerCase().replaceAll(/[^a-z0-9]/g, "-"));
  if (headerKinds.size < MAX_KNOWN && name.length < 100) headerKinds.set(name, kind);
  return kind;
}

function classify(name: string): HeaderKind {
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
  const methods: string[] = [];
  const paths: string[] = [];
  const routes: string[] = [];
  const prefixes: string[] = [];
  const possible: string[] = [];
  const requests: (readonly [string, string])[] = [];
  for (const name in headers) {
    // PHP reads cookies among the request's fields.
    if (name.toLowerCase() === "cookie") addQuery((headers[name] ?? "").replaceAll(/;\s+/g, ";"), methods);
    const kind = headerKind(name);
    if (kind === "none") continue;
    const value = headers[name] ?? "";
    if (kind === "method") methods.push(...methodsIn(value));
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
  if (typeof data === "string") addText(data, { methods, possible, requests });
  else if (data !== undefined) addData(data, { methods, possible, requests });
  const found = [methods, paths, routes, prefixes, possible, requests];
  if (found.every(({ length }) => length === 0)) return undefined;
  return { methods, paths, routes, prefixes, possible, requests };
}

/** What a body names. */
interface BodyOverrides {
  methods: string[];
  possible: string[];
  requests: (readonly [string, string])[];
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
    for (const name in value) {
      const inner = value[name] ?? "";
      if (isOverrideField(name)) for (const text of textsIn(inner)) addMethods(text, into.methods);
      else if (isPossibleOverride(name)) for (const text of textsIn(inner)) addMethods(text, into.possible);
      // Bytes: the content type decides their meaning.
      if (name === "base64") for (const text of valueTexts(value)) addText(text, into);
      if (isComposite(inner)) waiting.push(inner);
    }
    addRequest(value, into);
  }
}

/** The texts of a field's value: of each item of a list, and of an object that PHP would make of `name[0]`. */
const textsIn = (value: Json): string[] =>
  [value]
    .flat()
    .flatMap((one) =>
      isJsonObject(one) ? [...valueTexts(one), ...Object.values(one).map(String)] : [String(one)],
    );

/** A request that an object of a batch describes (OData JSON batch, Microsoft Graph, Facebook Graph API). */
function addRequest(value: JsonObject, { requests }: BodyOverrides): void {
  const method = value.method ?? value.httpMethod ?? value.verb;
  const path = value.url ?? value.relative_url ?? value.relativeUrl ?? value.path ?? value.uri ?? value.href;
  if (typeof method === "string" && typeof path === "string" && METHOD.test(method))
    requests.push([method.toUpperCase(), pathOf(path)]);
}

/** The path of a header's value, which is a path or a URL. */
function pathOf(value: string): string {
  const text = withoutQuotes(value).replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*/, "");
  const path = text.split(/[?#]/)[0] as string;
  return path.startsWith("/") ? path : `/${path}`;
}

/** Adds the routes that a query names. */
function addRoutes(query: string, routes: string[]): void {
  if (!/[/%]/.test(query)) return;
  for (const pair of query.split(/[&;]/)) {
    const at = pair.indexOf("=");
    if (at < 1 || !ROUTE_FIELD.test(pair.slice(0, at))) continue;
    const value = pair.slice(at + 1).replaceAll("+", " ");
    if (!/\/|%/.test(value)) continue;
    const path = pathOf(foldText(value));
    routes.push(path, `/wp-json${path}`);
  }
}

function addQuery(query: string, methods: string[]): void {
  if (!mayNameMethod(query)) return;
  for (const [name, value] of namedPairs(query))
    if (isOverrideField(name)) addMethods(value, methods);
    else if (isQueryOverride(name))
      methods.push(...methodsIn(value).filter((method) => STANDARD_METHOD.test(method)));
}

/** What a body names which the caller has encoded itself: a form, its parts, JSON, XML or YAML. */
function addText(text: string, { methods, possible, requests }: BodyOverrides): void {
  for (const [method, path] of requestsOfText(text)) requests.push([method, pathOf(path)]);
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

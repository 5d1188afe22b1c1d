import { isJsonObject, type Json } from "@ape/core/lib/json";
import {
  isOverrideField,
  isQueryOverride,
  mayNameMethod,
  methodsIn,
  STANDARD_METHOD,
  withoutQuotes,
} from "./override-name.ts";
import { fieldsOfText, namedPairs, valueTexts } from "./override-text.ts";
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
  for (const name in headers) {
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
  if (typeof data === "string") addText(data, methods);
  else if (isJsonObject(data))
    for (const name in data) {
      if (isOverrideField(name))
        for (const value of [data[name] ?? ""].flat())
          for (const text of valueTexts(value)) addMethods(text, methods);
      // Bytes: the content type decides their meaning.
      if (name === "base64") for (const text of valueTexts(data)) addText(text, methods);
    }
  if (methods.length + paths.length + routes.length + prefixes.length === 0) return undefined;
  return { methods, paths, routes, prefixes };
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

/** The methods that a body names which the caller has encoded itself: a form, its parts, or JSON. */
function addText(text: string, methods: string[]): void {
  if (!mayNameMethod(text)) return;
  for (const [name, value] of fieldsOfText(text)) if (isOverrideField(name)) addMethods(value, methods);
}

/** Adds methods that a value names; other values are data of the API. */
function addMethods(value: string, methods: string[]): void {
  for (const method of methodsIn(value)) if (METHOD.test(method)) methods.push(method);
}

/** Methods that a field can name (IANA HTTP Method Registry, and PURGE of caches). */
const METHOD =
  /^(?:acl|bind|checkin|checkout|connect|copy|delete|get|head|label|link|lock|merge|mkactivity|mkcalendar|mkcol|mkworkspace|move|options|orderpatch|patch|post|propfind|proppatch|purge|put|query|rebind|report|search|trace|unbind|uncheckout|unlink|unlock|update|version-control)$/i;

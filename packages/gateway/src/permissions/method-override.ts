import { isJsonObject, type Json } from "@ape/core/json";

/** Headers that make servers and frameworks take a request for one of another method. */
const METHOD_HEADERS: ReadonlySet<string> = new Set([
  "x-http-method",
  "x-http-method-override",
  "x-method",
  "x-method-override",
]);

/** Headers that make servers and frameworks (IIS, Symfony, Zend) take a request for one of another path. */
const PATH_HEADERS: ReadonlySet<string> = new Set([
  "x-http-destinationurl",
  "x-original-uri",
  "x-original-url",
  "x-override-url",
  "x-rewrite-url",
]);

/** Names in a query or a form that do the same: Rails, Laravel, Symfony and method-override; Google's `$httpMethod`. */
const METHOD_FIELDS: ReadonlySet<string> = new Set([
  "$httpmethod",
  "_method",
  "x-http-method",
  "x-http-method-override",
  "x-method-override",
]);

/** Methods that a field can name (IANA HTTP Method Registry, and PURGE of caches); other values are data of the API. */
const METHOD =
  /^(?:acl|bind|checkin|checkout|connect|copy|delete|get|head|label|link|lock|merge|mkactivity|mkcalendar|mkcol|mkworkspace|move|options|orderpatch|patch|post|propfind|proppatch|purge|put|query|rebind|report|search|trace|unbind|uncheckout|unlink|unlock|update|version-control)$/i;
const MENTIONS_METHOD = /method/i;

/** What a request asks a server to take it for, besides what its request line says. */
export interface Overrides {
  methods: readonly string[];
  /** Paths without their query, as they are written. */
  paths: readonly string[];
}

/** The methods and paths that a request names besides its own; undefined where it names none, as nearly all. */
export function overridesOf(
  headers: Readonly<Record<string, string | undefined>> | undefined,
  query: string,
  data: Json | undefined,
): Overrides | undefined {
  const methods: string[] = [];
  const paths: string[] = [];
  for (const name in headers) {
    const first = name.charCodeAt(0);
    if (first !== 0x78 && first !== 0x58) continue;
    const lower = name.toLowerCase();
    const value = headers[name] ?? "";
    if (METHOD_HEADERS.has(lower)) methods.push(...value.split(","));
    else if (PATH_HEADERS.has(lower)) paths.push(pathOf(value));
  }
  if (query !== "" && (MENTIONS_METHOD.test(query) || query.includes("%"))) addPairs(query, methods);
  if (typeof data === "string") addText(data, methods);
  else if (isJsonObject(data))
    for (const name in data)
      if (METHOD_FIELDS.has(name.toLowerCase()))
        for (const value of [data[name] ?? ""].flat()) addField(String(value), methods);
  if (methods.length === 0 && paths.length === 0) return undefined;
  return {
    methods: methods.map((method) => method.trim().toUpperCase()).filter((method) => method !== ""),
    paths,
  };
}

/** The path of a header's value, which is a path or a URL. */
function pathOf(value: string): string {
  const text = value.trim().replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*/, "");
  const path = text.split(/[?#]/)[0] as string;
  return path.startsWith("/") ? path : `/${path}`;
}

function addPairs(text: string, methods: string[]): void {
  for (const [name, value] of new URLSearchParams(text))
    if (METHOD_FIELDS.has(name.toLowerCase())) addField(value, methods);
}

function addField(value: string, methods: string[]): void {
  if (METHOD.test(value.trim())) methods.push(value);
}

/** The method that a body names which the caller has encoded itself: a form, or its parts. */
function addText(text: string, methods: string[]): void {
  addPairs(text, methods);
  for (const match of text.matchAll(/name="?([\w$-]+)"?[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n([^\r\n]*)/g))
    if (METHOD_FIELDS.has((match[1] as string).toLowerCase())) addField(match[2] as string, methods);
}

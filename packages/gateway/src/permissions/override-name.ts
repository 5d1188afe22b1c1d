import { foldText } from "./path-spelling.ts";

/**
 * Fields, with their marks as `_`, that name a method: `_method` (Rails, Laravel, Symfony, Spring, Express, WordPress,
 * Jersey; `data[_method]` of CakePHP), `_method_override` (WAI), `_HttpMethod` (Salesforce), `$httpMethod` (Google), and
 * the names of the headers, which some servers read in a query too.
 */
const OVERRIDE_FIELD =
  /(?:^|_)_(?:http_?)?method(?:_?override)?$|^\$http_?method$|^(?:x_|\$)?(?:http_?)?method_?override$|^x_(?:[a-z]+_)*(?:http)?method$|^_verb$|^http_x_http_method(?:_override)?$/;
const MENTION = /method|verb|%|\\/i;

/** Methods that `?method=` names in Restlet and in the Graph API of Facebook; others are data of the API. */
export const STANDARD_METHOD = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/;

/** Whether a text can contain a field that names a method; a cheap test that is false for nearly all. */
export function mayNameMethod(text: string): boolean {
  return MENTION.test(text);
}

/** Whether a field of a query, a form or a JSON object is read as the request's method, in any spelling. */
export function isOverrideField(name: string): boolean {
  const known = fields.get(name);
  if (known !== undefined) return known;
  const is = MENTION.test(name) && OVERRIDE_FIELD.test(foldName(name));
  if (fields.size < MAX_FIELDS && name.length < 100) fields.set(name, is);
  return is;
}

/** Cached results by name: bodies have few names, and each call checks them. */
const fields = new Map<string, boolean>();
const MAX_FIELDS = 2_000;

/** Whether a field is read as the method only in a query, if the name is not common for other uses. */
export function isQueryOverride(name: string): boolean {
  return /^(?:(?:http|request)_?)?(?:method|verb)$/.test(foldName(name));
}

/** Whether a field of a body may be read as the method, and may be data of the API just as well: only `deny` applies. */
export function isPossibleOverride(name: string): boolean {
  return MENTION.test(name) && /^(?:http|request|override|real)_?(?:method|verb)$/.test(foldName(name));
}

/**
 * A name as servers may read it: decoded, in lower case, without leading blanks and anything after a NUL, with its
 * marks as `_`, and without the indexes of a list. Source: PHP manual, "Variables From External Sources".
 */
export function foldName(name: string): string {
  const text = (foldText(name.replaceAll("+", " ")).split("\0")[0] as string).trimStart();
  return text.length > MAX_NAME ? "" : text.replaceAll(/[^a-z0-9$]/g, "_").replace(/(?:_+\d*)+$/, "");
}

/** Longer than any name of an override. */
const MAX_NAME = 200;

const PLAIN_METHOD = /^[A-Za-z]+$/;

/** The methods of a value that may be a list, in quotes, or have parameters (`DELETE;q=1`); in upper case. */
export function methodsIn(value: string): string[] {
  if (PLAIN_METHOD.test(value)) return [value.toUpperCase()];
  return foldText(value.replaceAll("+", " "))
    .split(",")
    .map((part) => withoutQuotes(part.split(/[;\0]/)[0] as string).toUpperCase())
    .filter((method) => method !== "");
}

/** A value without surrounding blanks and quotes. */
export function withoutQuotes(value: string): string {
  return value
    .trim()
    .replaceAll(/^["']|["']$/g, "")
    .trim();
}

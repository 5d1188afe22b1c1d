import { escapeRegExp } from "@ape/core/lib/escape-regexp";
import { isJsonObject, type Json } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import type { Body, ToolResult } from "@ape/core/protocol/tool-call";
import { type StatedBound, statedBound } from "./stated-bound.ts";

/** What a refusal says of one field of the request. */
export interface FieldClaim {
  /** Names of the objects around it first, without the numbers of items: `items.name`, or `*.name` for an item of an unnamed list. */
  field: string;
  claim: "missing" | "unknown" | "value" | "bound";
  bound?: StatedBound;
  /** The refusal gives the place of the field in the request, from its top. */
  placed: boolean;
}

/** A text of a refusal, and what its place in the answer refers to. */
interface Statement {
  text: string;
  /** Names of the objects around it in the answer. */
  about: readonly string[];
  /** The place in the request that it gives: `["items", "0", "name"]`. */
  place: readonly string[];
  /** The place is a whole one, and no name alone. */
  exact: boolean;
}

const MAX_STATEMENTS = 40;
const MAX_DEPTH = 4;
const MAX_TEXT = 300;
/** Fields of an error that give a place in the request (JSON:API, RFC 9457 extensions, pydantic, Joi, Ajv, Spring). */
const PLACE = /^(?:path|loc|location|pointer|instance_?path|data_?path|property_?path|source)$/i;
/** Fields of an error that name the field it is about. */
const SUBJECT =
  /^(?:fields?|field_?name|param|parameter|property|property_?name|attribute|argument|missing_?property|additional_?property|name|key)$/i;
/** Fields of an error that say which item of a list it is about. */
const ITEM = /^(?:index|idx|row|line|position|item|entry)$/i;
/** Names that only wrap errors. */
const WRAPPER =
  /^(?:errors?|(?:field|validation|form|model)_?errors|validation|fields|messages?|msg|details?|title|description|reason|code|type|kind|status|violations?|issues|problems?|invalid_?params|data|body|params|text|value|\d+)$/i;
/** Beginnings of places: the request itself. */
const ROOT = /^(?:body|data|attributes|request|request_?body|payload|input|properties|[$#])$/i;
const INDEX = /^\d+$/;

const MISSING: readonly RegExp[] = [
  /^(?:(?:the|this|a|an|your) )?(?:required )?(?:(?:field|parameter|property|attribute|value|argument|key) )?(?:@ )?(?:(?:field|parameter|property|attribute|value|argument|key) )?(?:(?:is|was) )?(?:required|missing|empty|blank|null|undefined|a required (?:field|property|value)|not (?:provided|given|supplied|specified|present|set)|mandatory)$/,
  /^(?:(?:the|this|a) )?(?:(?:field|value|parameter) )?(?:@ )?(?:(?:field|value|parameter) )?(?:can't|can not|cannot|must not|may not|should not|shouldn't|mustn't) be (?:blank|empty|null|undefined|omitted|left blank|null or empty|empty or null|blank or null)$/,
  /^(?:the )?@? ?(?:must|has to|needs to|should) be (?:provided|given|present|specified|supplied|set|filled in)$/,
  /^(?:the )?(?:missing|required)(?: required)?(?: (?:field|parameter|property|attribute|param|value|argument|key|body field|request field)s?)? @(?: is (?:missing|required|not (?:present|set)))?$/,
  /^must have required property @$|^missing required propert(?:y|ies) @$|^object has missing required properties @$/,
  /^(?:please )?(?:enter|provide|specify|supply|fill in) (?:(?:a|an|the|your|some|valid) )*@$/,
  /^input (?:is )?(?:required|missing)$|^missing (?:field|value|property|data for required field)$/,
];
const UNKNOWN: readonly RegExp[] = [
  // `Unknown color` refuses a value.
  /^(?:the )?(?:(?:unknown|unrecogni[sz]ed|unexpected|additional|extra|undefined|undocumented) (?:field|property|parameter|attribute|key|argument)s?|undocumented) @(?: in (?:the )?(?:request|body|input))?$/,
  /^json unknown field @$|^property @ should not exist$|^(?:the )?(?:additional|extra) (?:field|property|properties|fields|key) @ (?:is|are) not (?:allowed|permitted)$/,
  /^(?:field|property|parameter|attribute|key) @ is (?:an? )?(?:unknown|unrecogni[sz]ed|unexpected|undefined)(?: (?:field|property|parameter|attribute|key))?$/,
  /^@ is an? (?:unknown|unrecogni[sz]ed|unexpected|undefined) (?:field|property|parameter|attribute|key)$/,
  /^(?:extra (?:inputs?|fields?) (?:(?:is|are) )?not (?:permitted|allowed)|unknown field|unrecogni[sz]ed (?:field|key|property)|unexpected (?:field|property|key))$/,
];
const VALUE =
  /\b(?:must be one of|one of|not (?:a |an )?(?:valid|allowed|supported|recogni[sz]ed|known)|invalid|unknown|unsupported|unrecogni[sz]ed|not (?:in|among))\b/;
/** Words of a rule that depends on more than the value itself. */
const CONDITION = /\b(?:when|while|if|because|unless|until|transition|current(?:ly)?|already|for this|yet)\b/;

const NO_BODY: readonly RegExp[] = [
  /^(?:(?:the|your|a) )?(?:request |http |json )?(?:body|payload|content) (?:is |was )?(?:empty|missing|required|null|undefined|not (?:provided|given|present))$/,
  /^(?:(?:a|the) )?(?:missing|empty|no|required)(?: request| http| json)? (?:body|payload)(?: is missing.*)?$/,
  /^(?:the )?(?:request )?body (?:can't|cannot|can not|must not|may not|should not) be (?:empty|null|blank)$/,
];
const NO_JSON =
  /\bunexpected token\b.{0,40}\bjson\b|\bunexpected end of (?:json )?input\b|\bexpecting value: line 1 column 1\b|\blooking for beginning of value\b|\b(?:is not|isn't|no) valid json\b|\bmalformed json\b|\binvalid json\b(?! (?:schema|path|pointer))|\bcould not parse (?:the )?(?:request )?(?:body|json)\b|\b(?:body|request) (?:is not|isn't|must be) (?:valid )?json\b/i;
/** A text that speaks of a value within JSON that was read. */
const READ_JSON = /deserializ|\btypes?\b|\binstance\b|\benum\b|\bconstruct\b|\bfield\b|\bproperty\b/i;
const NO_ROUTE =
  /\bcannot (?:get|post|put|patch|delete) \/|\bno (?:such )?route\b|\broute\b.{0,80}\b(?:not found|(?:does not|doesn't) exist)\b|\bno (?:static resource|endpoint|handler|matching route)\b|\b(?:unknown|invalid) (?:route|endpoint|url)\b|\bno http resource was found that matches\b|\b(?:url|endpoint) .{0,120}\bnot found\b|\bendpoint not found\b/i;

/**
 * What a refusal claims of fields of the request, where a whole text of it says nothing else: that one is missing, that
 * one is unknown, that one has a value outside of its set, or that one breaks a bound or has another type.
 * @param fields names that the request could mean
 */
export function claimsOf(body: Body, fields: readonly string[]): FieldClaim[] {
  const claims: FieldClaim[] = [];
  for (const { text, about, place, exact } of statementsOf(body, fields)) {
    const plain = plainText(text);
    const named = fields.filter((name) => namesField(text, name));
    if (named.length > 1) continue;
    const field = fieldAt(place.length > 0 ? place : placeAround(about, fields), named[0]);
    if (field === undefined) continue;
    const form = named[0] === undefined ? plain : withoutField(plain, named[0]);
    const add = (claim: FieldClaim["claim"]): number => claims.push({ field, claim, placed: exact });
    if (MISSING.some((pattern) => pattern.test(form))) add("missing");
    else if (UNKNOWN.some((pattern) => pattern.test(form))) add("unknown");
    else {
      const bound = CONDITION.test(form) ? undefined : statedBound(form, text);
      if (bound !== undefined) claims.push({ field, claim: "bound", placed: exact, bound });
      else if (VALUE.test(form) && !CONDITION.test(form)) add("value");
    }
  }
  return claims;
}

/**
 * The place in the request that the names around a text are: what is left without those that wrap errors, if a field of
 * the request is part of it. A name that wraps errors may be that of a field.
 */
function placeAround(about: readonly string[], fields: readonly string[]): string[] {
  const parts = about.flatMap(partsOf);
  const inner = parts.filter((name) => !WRAPPER.test(name));
  if (inner.some((name) => fields.includes(name))) return inner;
  const wrapping = parts.findLast((name) => fields.includes(name));
  if (wrapping !== undefined) return [wrapping];
  const last = inner.at(-1);
  return last === undefined ? [] : [last];
}

/** The field at a place, or beside it, that a text names. Undefined where neither says one. */
function fieldAt(place: readonly string[], named: string | undefined): string | undefined {
  const names = place
    .filter((name, at) => at === 0 || !INDEX.test(name))
    .map((name) => (INDEX.test(name) ? "*" : name));
  const last = names.at(-1);
  if (last === undefined) return named;
  if (named === undefined || last.toLowerCase() === named.toLowerCase()) return names.join(".");
  return `${names.join(".")}.${named}`;
}

/** Whether a refusal says that the request has no body, or none of JSON; `fields` are names that it could mean instead. */
export function claimsNoBody(body: Body, fields: readonly string[]): boolean {
  return statementsOf(body, fields).some(({ text, about, place }) => {
    if ([...about.flatMap(partsOf), ...place].some((name) => fields.includes(name))) return false;
    if (fields.some((name) => namesField(text, name))) return false;
    return (
      NO_BODY.some((pattern) => pattern.test(plainText(text))) ||
      (NO_JSON.test(text) && !READ_JSON.test(text))
    );
  });
}

/** Whether a 404 says that the server has no route for the method and path, as frameworks do. */
export function claimsNoRoute(body: Body): boolean {
  if (body.kind === "page") return NO_ROUTE.test(`${body.page.title} ${body.page.text}`);
  return statementsOf(body, []).some(({ text }) => NO_ROUTE.test(text));
}

/** Whether the error of a tool says, and nothing else, that there is no tool of its name. */
export function claimsNoTool({ error, body }: ToolResult, name: string): boolean {
  const said = error?.message ?? (body.kind === "text" ? body.text : "");
  const words = said
    .replace(/^\W*(?:mcp )?error(?: -?\d+)?\s*:\s*/i, "")
    .replaceAll(/["'`“”]/g, "")
    .trim();
  if (/^method not found\W*$/i.test(words)) return true;
  const tool = escapeRegExp(name);
  return new RegExp(
    `^(?:(?:unknown|invalid|no such|unrecogni[sz]ed) tool(?: name)?:? ${tool}|(?:the )?tool:? ${tool}(?: was)? (?:not found|unknown|does not exist|is unknown|is not available)|tool not found: ${tool})\\W*$`,
    "i",
  ).test(words);
}

function statementsOf(body: Body, fields: readonly string[]): Statement[] {
  if (body.kind === "text")
    return [{ text: body.text.slice(0, MAX_TEXT), about: [], place: [], exact: false }];
  const found: Statement[] = [];
  if (body.kind === "json") collect(body.json, { about: [], place: [], exact: false }, fields, found, 0);
  return found;
}

function collect(
  json: Json,
  at: Omit<Statement, "text">,
  fields: readonly string[],
  into: Statement[],
  depth: number,
): void {
  if (into.length >= MAX_STATEMENTS || depth > MAX_DEPTH) return;
  if (typeof json === "string") into.push({ text: json.slice(0, MAX_TEXT), ...at });
  else if (Array.isArray(json)) for (const item of json) collect(item, at, fields, into, depth + 1);
  else if (isJsonObject(json)) {
    const { used, ...own } = placeIn(json, fields);
    const here = own.place.length > 0 ? { about: at.about, ...own } : at;
    for (const key in json)
      if (!used.has(key)) {
        const about = own.place.length > 0 ? [] : [...at.about, key];
        collect(json[key] ?? null, { ...here, about }, fields, into, depth + 1);
      }
  }
}

/** The place in the request that an error gives in fields of its own: a path, the name of a field, the number of an item. */
function placeIn(
  error: Readonly<Record<string, Json>>,
  fields: readonly string[],
): { place: string[]; exact: boolean; used: Set<string> } {
  const used = new Set<string>();
  let path: string[] | undefined;
  let subject: string[] | undefined;
  let around: string[] = [];
  for (const key in error) {
    const value = error[key] ?? null;
    const isPlace = PLACE.test(key);
    const isSubject = !isPlace && SUBJECT.test(key);
    const names = isPlace || isSubject ? namesIn(value) : [];
    if (isPlace && names !== undefined && isWhole(value)) path ??= names;
    else if (isSubject && names !== undefined && names.length > 0) subject ??= names;
    else if (ITEM.test(key) && isNumber(value)) around = ["0", ...around];
    else if (typeof value === "string" && fields.includes(value) && !WRAPPER.test(key))
      around = [value, ...around];
    else continue;
    used.add(key);
  }
  if (path === undefined)
    return { place: subject === undefined ? [] : [...around, ...subject], exact: false, used };
  const ends = subject !== undefined && path.at(-1) !== subject.at(-1);
  return { place: ends ? [...path, ...(subject ?? [])] : path, exact: around.length === 0, used };
}

/** Whether a value is a place, be it that of the whole request (`""`). */
const isWhole = (value: Json): boolean => namesIn(value) !== undefined;

/** The names of a place: of `body.name`, `/data/items/0/name`, `["body", "name"]`, `{"pointer": "/name"}`. */
function namesIn(json: Json): string[] | undefined {
  if (typeof json === "string") return /\s/.test(json) ? undefined : withoutRoot(partsOf(json));
  if (isNumber(json)) return undefined;
  if (Array.isArray(json))
    return json.length > 0 &&
      json.every((item) => isNumber(item) || (typeof item === "string" && !/\s/.test(item)))
      ? withoutRoot(json.flatMap((item) => partsOf(String(item))))
      : undefined;
  if (!isJsonObject(json)) return undefined;
  for (const value of Object.values(json)) {
    const names = isJsonObject(value) ? undefined : namesIn(value);
    if (names !== undefined) return names;
  }
  return undefined;
}

const partsOf = (place: string): string[] => place.split(/[./[\]]+/).filter((part) => part !== "");

/** A place without the names of the request itself before it; one that is nothing else is a field of that name. */
function withoutRoot(parts: readonly string[]): string[] {
  const first = parts.findIndex((part) => !ROOT.test(part));
  return first < 0 ? parts.slice(-1) : parts.slice(first);
}

/** A text in lower case without quotes, punctuation and the words that frameworks put before it. */
const plainText = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/['’](?=t\b)/g, "'")
    .replaceAll(/["“”`´()[\]{}:;,.!*]|(?<!\w)'|'(?!t\b)/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim()
    .replace(/^(?:(?:validation|bad request|request|input) (?:error|failed) ?)+/, "");

const boundary = (name: string): RegExp =>
  new RegExp(`(?<![\\w.[\\]-])${escapeRegExp(name)}(?![\\w[\\]-]|\\.\\w)`, "i");

const namesField = (text: string, field: string): boolean => boundary(field).test(text);

const withoutField = (plain: string, field: string): string =>
  plain
    .replace(boundary(plainText(field)), "@")
    .replaceAll(/\s+/g, " ")
    .trim();

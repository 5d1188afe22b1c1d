import { escapeRegExp } from "@ape/core/lib/escape-regexp";
import { isJsonObject, type Json } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import type { Body } from "@ape/core/protocol/tool-call";

/** What a refusal says of one field of the request. */
export interface FieldClaim {
  field: string;
  claim: "missing" | "unknown" | "value";
}

/** A text of a refusal, and the names that its place in the answer refers to. */
interface Statement {
  text: string;
  about: readonly string[];
}

const MAX_STATEMENTS = 40;
const MAX_DEPTH = 4;
const MAX_TEXT = 300;
/** Fields of an error that name the field it is about (JSON:API, RFC 9457 extensions, pydantic, Joi, Ajv, Spring). */
const SUBJECT =
  /^(?:field|fields|field_?name|param|parameter|property|property_?(?:path|name)|attribute|path|loc|location|pointer|instance_?path|source|argument|missing_?property|additional_?property|name|key)$/i;
/** Names that only wrap errors. */
const WRAPPER =
  /^(?:errors?|messages?|msg|details?|title|description|reason|code|type|kind|status|violations?|issues|invalid_?params|data|body|params|text|value|\d+)$/i;

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
  /^(?:the )?(?:unknown|unrecogni[sz]ed|unexpected|additional|extra|undefined|undocumented)(?: (?:field|property|parameter|attribute|key|argument|name)s?)? @(?: in (?:the )?(?:request|body|input))?$/,
  /^json unknown field @$|^property @ should not exist$|^(?:the )?(?:additional|extra) (?:field|property|properties|fields|key) @ (?:is|are) not (?:allowed|permitted)$/,
  /^(?:field |property |parameter )?@ is (?:an? )?(?:unknown|unrecogni[sz]ed|unexpected|undefined)(?: (?:field|property|parameter|attribute|key))?$/,
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
 * one is unknown, or that one has a value outside of its set.
 * @param fields names that the request could mean
 */
export function claimsOf(body: Body, fields: readonly string[]): FieldClaim[] {
  const claims: FieldClaim[] = [];
  for (const { text, about } of statementsOf(body)) {
    const plain = plainText(text);
    const named = fields.filter((field) => namesField(text, field));
    const field =
      named[0] ??
      about.findLast((name) => fields.includes(name)) ??
      about.findLast((name) => !WRAPPER.test(name));
    if (field === undefined || named.length > 1) continue;
    const form = named.length === 0 ? plain : withoutField(plain, field);
    if (MISSING.some((pattern) => pattern.test(form))) claims.push({ field, claim: "missing" });
    else if (UNKNOWN.some((pattern) => pattern.test(form))) claims.push({ field, claim: "unknown" });
    else if (VALUE.test(form) && !CONDITION.test(form)) claims.push({ field, claim: "value" });
  }
  return claims;
}

/** Whether a refusal says that the request has no body, or none of JSON. */
export function claimsNoBody(body: Body): boolean {
  return statementsOf(body).some(
    ({ text }) =>
      NO_BODY.some((pattern) => pattern.test(plainText(text))) ||
      (NO_JSON.test(text) && !READ_JSON.test(text)),
  );
}

/** Whether a 404 says that the server has no route for the method and path, as frameworks do. */
export function claimsNoRoute(body: Body): boolean {
  if (body.kind === "page") return NO_ROUTE.test(`${body.page.title} ${body.page.text}`);
  return statementsOf(body).some(({ text }) => NO_ROUTE.test(text));
}

function statementsOf(body: Body): Statement[] {
  if (body.kind === "text") return [{ text: body.text.slice(0, MAX_TEXT), about: [] }];
  const found: Statement[] = [];
  if (body.kind === "json") collect(body.json, [], found, 0);
  return found;
}

function collect(json: Json, about: readonly string[], into: Statement[], depth: number): void {
  if (into.length >= MAX_STATEMENTS || depth > MAX_DEPTH) return;
  if (typeof json === "string") into.push({ text: json.slice(0, MAX_TEXT), about });
  else if (Array.isArray(json)) for (const item of json) collect(item, about, into, depth + 1);
  else if (isJsonObject(json)) {
    const subjects = new Map(
      Object.keys(json)
        .filter((key) => SUBJECT.test(key))
        .map((key) => [key, namesIn(json[key] ?? null)] as const)
        .filter(([, names]) => names.length > 0),
    );
    const named = [...subjects.values()].flat();
    for (const key in json)
      if (!subjects.has(key))
        collect(json[key] ?? null, named.length > 0 ? named : [...about, key], into, depth + 1);
  }
}

/** The last name of a place: of `body.name`, `/data/name`, `["body", "name"]`, `{"pointer": "/name"}`. */
function namesIn(json: Json): string[] {
  if (typeof json === "string") {
    if (/\s/.test(json)) return [];
    const name = json
      .split(/[./[\]]+/)
      .filter((part) => part !== "")
      .at(-1);
    return name === undefined ? [] : [name];
  }
  if (Array.isArray(json)) {
    const last = json.at(-1);
    return json.every((item) => typeof item === "string" || isNumber(item)) ? namesIn(last ?? null) : [];
  }
  return isJsonObject(json)
    ? Object.values(json).flatMap((value) => (isJsonObject(value) ? [] : namesIn(value)))
    : [];
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

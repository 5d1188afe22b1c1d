import { escapeRegExp } from "@ape/core/lib/escape-regexp";
import { isJsonObject, type Json } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import { type Body, effectiveStatus, type ToolCall, type ToolResult } from "@ape/core/protocol/tool-call";
import { saidOfRefusal, withoutRepetition } from "./said-of-refusal.ts";

const MAX_WORDS = 2_000;
const EXPIRED =
  /\b(?:expired|expires|expiry|revoked|invalidated|superseded|(?:logged|signed)[ _-]?out|no longer valid|has ended|timed[ _-]?out)\b|_(?:expired|revoked)\b/i;
const PERMISSION =
  /\b(?:own(?:er|s|ed)?|belongs?|another (?:user|customer|account|member|tenant|team|organi[sz]ation)|someone else|somebody else's|not your|yours|roles?|scopes?|privileges?|permissions?|admin\w*|insufficient (?:access|rights?|authori[sz]ation|clearance)|members?|tenant)\b|\bonly (?:the|an?|its)\b(?!.{0,60}\b(?:be|is|are|was|were)\b)|_owner|not_your/i;
const RULE =
  /\b(?:must|require[ds]?|requires|cannot|can't|can not|may not|should|at (?:least|most)|first|before|until|unless|exceeds?|limit|maximum|minimum|only|invalid|missing|needs?|already|too (?:long|short|large|small|early|late)|duplicate|unique|taken|in use|exists|empty|expected|unsupported|malformed|blank)\b/i;
const TAKEN =
  /\b(?:already (?:exists?|taken|in use|registered|used)|taken|in use|duplicate|unique|exists)\b/i;
const STATE =
  /\b(?:state|status|transition|phase|stage|already|open|closed|locked|archived|draft|pending)\b/i;
const UNKNOWN = /\b(?:unknown|not found|no such|does(?: not|n't) exist|no \w+ with)\b|_not_found\b|unknown_/i;
const NOT_YET =
  /\b(?:not (?:yet )?(?:ready|available|complete[d]?|finished|done|created|published)|yet|try again|retry|later|shortly|soon|moment|pending|processing|in progress|queued|provisioning|being (?:created|processed|prepared|provisioned|generated|built)|eventual(?:ly)?)\b/i;

/**
 * Returns the text of a refusal: what its body says of it, `WWW-Authenticate` and the failure's message; at most 2,000
 * characters.
 * @param call the refused call: its body, repeated in the answer, says nothing
 */
export function refusalText(result: ToolResult, call?: ToolCall): string {
  const challenge = result.headers["www-authenticate"];
  const parts = [bodyWords(result, call), result.error?.message ?? ""];
  if (challenge !== undefined) parts.push(String(challenge));
  return parts.join(" ").slice(0, MAX_WORDS);
}

function bodyWords(result: ToolResult, call: ToolCall | undefined): string {
  const { body } = result;
  if (body.kind === "json")
    return writeJson(
      saidOfRefusal(body.json, effectiveStatus(result), { sent: sentBy(call), path: call?.path }),
    ).slice(0, MAX_WORDS);
  if (body.kind === "text") return body.text.slice(0, MAX_WORDS);
  return body.kind === "page" ? `${body.page.title} ${body.page.text}`.slice(0, MAX_WORDS) : "";
}

/** What a call sends: its body, the variables of its GraphQL document, or the arguments of its tool. */
export const sentBy = (call: ToolCall | undefined): Json | undefined =>
  call?.data ?? call?.graphql?.variables ?? call?.tool?.arguments;

/** Splits `token_expired` and `tokenExpired` into words. */
const spaced = (words: string): string =>
  words.replaceAll(/([a-z])([A-Z])/g, "$1 $2").replaceAll(/[_-]/g, " ");

/** Whether a refusal says that a credential or resource has expired, was revoked or was signed out. */
export const namesExpiry = (words: string): boolean => EXPIRED.test(words) || EXPIRED.test(spaced(words));
/** Whether a refusal says who may do this: an owner, a role, a scope. */
export const namesPermission = (words: string): boolean =>
  PERMISSION.test(words) || PERMISSION.test(spaced(words));
const SIGN_IN =
  /\b(?:un ?authenticated|authenticat\w*|un ?authori[sz]ed|authori[sz]ation|credentials?|(?:log|sign)(?:ged|ed)? ?(?:in|on)|tokens?|api ?keys?|sessions?|cookies?|anonymous|guests?)\b/i;
/** Whether a refusal asks for a credential. */
export const asksForCredential = (words: string): boolean => SIGN_IN.test(spaced(words));
/** Whether a refusal says that what is asked for is still being made. */
export const saysNotYet = (words: string): boolean => NOT_YET.test(spaced(words));
/**
 * Words of a successful answer that say that its effect shows later only: that it takes time, waits for a review, or is
 * consistent eventually.
 */
const SHOWS_LATER =
  /\b(?:(?:will|may|might|can|could|should) (?:take|need)|takes?|allow|within|in|after|for) (?:up to |about |around |at least |a |an )?(?:few|some|several|couple of|\d+) ?(?:ms|milliseconds?|s|secs?|seconds?|min|minutes?|moments?|hours?)\b|\b(?:will|may|might) (?:be|become) (?:\w+ )?(?:available|visible|ready|readable|searchable|created|processed|published|accessible|active|live|reflected)\b|\b(?:shortly|soon|eventual(?:ly)?|in a moment|momentarily|in the background|asynchronous(?:ly)?)\b|\b(?:being|is|are) (?:\w+ )?(?:processed|prepared|provisioned|generated|created|built|queued|synced|indexed|reviewed|moderated|replicated|propagated)\b|\b(?:awaits?|awaiting|pending|subject to|after|under|in) (?:\w+ )?(?:review|approval|moderation|confirmation|verification|processing|activation)\b/i;
/** Whether the text of a successful answer says that its effect may not show yet. */
export const saysLater = (words: string): boolean => SHOWS_LATER.test(words);
/** Whether a refusal names a rule that the request broke. */
export const namesRule = (words: string): boolean => RULE.test(spaced(words));
/** Whether a refusal demands something of what is sent, in a sentence of its own: `Choose both places.` */
export const demandsValue = (words: string): boolean => DEMAND.test(words);
const DEMAND =
  /(?:^|\W)(?:choose|select|enter|provide|specify|give|fill|pick|type|say|tell(?: us)?) (?:an?|the|your|both|all|at|one|in|what|where|which|when|how|another|different)\b[^.!?\n]{1,80}[.!]/i;
/** Whether a refusal says that a value has to be unique and is not. */
export const namesTaken = (words: string): boolean => TAKEN.test(spaced(words));
/** Whether a refusal speaks of the state of a resource. */
export const namesState = (words: string): boolean => STATE.test(spaced(words));
/** Whether a refusal says that it does not know something. */
export const namesUnknown = (words: string): boolean => UNKNOWN.test(spaced(words));

/** Whether a text contains a word or value as a whole, in any case. */
export function mentions(words: string, value: string): boolean {
  if (value.length < 2) return false;
  const lower = spaced(words).toLowerCase();
  const wanted = spaced(value).toLowerCase();
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + 1)) {
    const before = lower[at - 1] ?? " ";
    const after = lower[at + wanted.length] ?? " ";
    if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)) return true;
  }
  return false;
}

/**
 * Whether a refusal says that a resource has to be in a state: one that is in it already is no reason for the refusal.
 */
export function asksForState(words: string, state: string): boolean {
  if (!mentions(words, state)) return false;
  const name = escapeRegExp(spaced(state).toLowerCase());
  const quoted = `(?:(?:an?|the|in|state|status|phase|stage|of|still|one|currently) |[\\s"'\\\\\`:=])*(?:[\\w-]+(?: or |, (?:or )?)){0,4}${name}(?![\\w-])`;
  return new RegExp(
    `\\b(?:(?:must|has to|have to|needs? to|should|shall) be|requires|expected|(?:is|was|are|were) not|isn't|wasn't|not yet|only (?:if|when|while|for)?|unless|until)${quoted}`,
  ).test(spaced(words).toLowerCase());
}

/**
 * Returns the body fields of a request that a refusal names: as a field's name, as a whole text, or as a word of one. Names that
 * every error has, such as the `title` of RFC 9457, name none.
 */
export function namedFields(data: Json | undefined, body: Body): string[] {
  if (!isJsonObject(data) || body.kind !== "json") return [];
  const words = sayings(withoutRepetition(body.json, data), false).join(" ").slice(0, MAX_WORDS);
  return Object.keys(data).filter((field) => mentions(words, field));
}

/** Members of errors that say nothing of the request. */
const OF_ERRORS =
  /^(?:title|type|code|kind|status|statusCode|name|message|msg|detail|details|description|reason|error|data|text|value|body|params|id|time|timestamp|date|path|instance)$/i;
/** Members that make an object an error as a whole, rather than one text for each field. */
const WHOLE = /^(?:message|msg|detail|error|code|status|statusCode)$/i;
/** Members whose names are those of fields of the request. */
const BY_FIELD =
  /^(?:errors|fields|field_?errors|validation_?errors|violations|invalid_?params|constraints)$/i;

/** The texts of an error, and the names of its members where these are fields of the request. */
function sayings(json: Json, isByField: boolean): string[] {
  if (typeof json === "string") return [json];
  if (Array.isArray(json)) return json.flatMap((item) => sayings(item, false));
  if (!isJsonObject(json)) return [];
  const isError = !isByField && Object.keys(json).some((key) => WHOLE.test(key));
  return Object.entries(json).flatMap(([key, value]) => {
    const inner = sayings(value, BY_FIELD.test(key));
    return !isError || Array.isArray(value) || !OF_ERRORS.test(key) ? [key, ...inner] : inner;
  });
}

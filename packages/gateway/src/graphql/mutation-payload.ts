import type { Json, JsonObject } from "@ape/core/lib/json";
import { isIdName } from "@ape/core/protocol/id-name";
import { ERROR_TEXT, isNamedIn } from "./error-fields.ts";
import type { SelectedField } from "./selection.ts";

/** Fields with errors, in whatever form. */
const ERRORS =
  /err(?:or)?s?(?:[A-Z_]|$)|(?:violations?|problems?|failures?|faults?|exceptions?|issues|invalid|reasons?|messages?|warnings?)$/i;
const MESSAGE = /^(?:\w*_?(?:message|msg)|description|details?|reason|info|note)$/i;
const STATE = /^(?:status|state|result|outcome|\w*_?code|success_?string|timestamp|request_?id|__typename)$/i;
/**
 * Flags whose `false` means that the mutation did nothing, if its payload holds no object that they could belong to.
 */
const DONE =
  /^(?:is_?|was_?|has_?)?(?:ok|success(?:ful)?|succeeded|accepted|valid|done|completed?|created|inserted|updated|modified|changed|deleted|removed|added|saved|stored|sent|placed|booked|applied|approved|confirmed|processed|acknowledged|cancell?ed|paid)$/i;
/** Flags whose `true` means that it was refused. */
const REFUSED =
  /^(?:is_?|was_?|has_?)?(?:fail(?:ed|ure)|error(?:ed)?|not_?found|missing|rejected|refused|denied|declined|blocked|forbidden|unauthori[sz]ed|invalid|expired)$/i;
/** Counts of what was changed. */
const COUNT =
  /^(?:n_?|num_?|number_?of_?|total_?)?(?:rows?_?)?(?:affected|modified|changed|updated|deleted|removed|inserted|upserted|created|added|matched|succe(?:ss(?:ful)?|eded)|processed|imported|sent)(?:_?(?:rows?|count|items?))?$/i;
/** Mutations of many things, whose `count` is that of those that were changed (Prisma). */
const OF_MANY = /(?:Many|_many)$/;
/** What a login issues. */
const TOKEN = /^(?:\w*[tT]oken|jwt|session(?:_?(?:id|key))?|\w*[aA]ccess_?[kK]ey|bearer|api_?[kK]ey|tn)$/;
/** Mutations that sign in, and those that make a token. */
const SIGNS_IN =
  /^(?:log_?[iI]n|sign_?[iI]n|authenticate|auth)(?:$|[A-Z_])|(?:Login|SignIn|Authenticate)$|(?:^|[a-z_])[tT]oken(?:Auth|Create)$|^(?:create|obtain|issue|get)\w*Token$/;
/** Fields for what a mutation took away: `deletedProductId`. */
const TAKEN_AWAY = /^(?:deleted|removed|archived|cancell?ed|revoked)_?\w*(?:Id|_id|ID)$/;
/** The rows that a mutation changed (Hasura). */
const CHANGED_ROWS = /^returning$/;
/** Flags that answer a question. */
const JUDGEMENT =
  /^(?:is_?|was_?|has_?|can_?)?(?:valid\w*|passed|passes|available|eligible|exists?|allowed|match(?:es|ed)?|acceptable|deliverable|ok|success|verified|correct)$/i;
/** Mutations for which an empty payload is normal. */
const TAKES_AWAY =
  /^(?:delete|remove|clear|empty|destroy|purge|cancel|revoke|reset|log_?[oO]ut|sign_?[oO]ut|unsubscribe|unfollow|detach|disconnect|dismiss|leave|close|archive|withdraw)(?:$|[A-Z_])/;
/** Mutations that create a thing: an empty list means that none was created. */
const MAKES =
  /^(?:add|book|buy|create|insert|make|order|place|post|purchase|register|reserve|save|schedule|send|submit|upload|upsert)(?:$|[A-Z_])/;
/** Mutations that ask a question: `false` and `FAILED` are its answer. */
const ASKS =
  /^(?:check|validate|verify|test|ping|evaluate|calculate|estimate|preview|diagnose|inspect|probe|simulate|compare|is|has|can)(?:$|[A-Z_])/;
const GOOD_STATE = /^(?:ok|success(?:ful)?|succeeded|done|created|accepted|pending|queued|200|201|202)$/i;
const GOOD_MESSAGE =
  /^(?:\w+ )?(?:ok|success\w*|stored|saved|created|done|sent|queued|accepted|received|logged)\b/i;
/** Sentences of a refusal. */
const REFUSAL =
  /^(?:sorry\b|(?:invalid|incorrect|wrong|bad|unknown|missing|expired) (?:\w+ ?){1,4}[.!]?$|(?:error|fail(?:ed|ure)?)\b\s*(?:[:!.-]|$))|\b(?:not found|no such|out of stock|sold out|could not|couldn't|can ?not|can't|unable to|not (?:allowed|permitted|available|enough|possible|valid)|insufficient|already (?:exists|taken|used|registered)|does(?: not|n't) exist|unauthori[sz]ed|access denied|permission denied|(?:has|have|is|are|was) (?:expired|rejected|declined|denied|refused|invalid)|\w+ expired|\w+ (?:declined|rejected))\b/i;

/** Whether a mutation asks for a judgement, which may be negative. */
export const asksForJudgement = (mutation: string): boolean => ASKS.test(mutation);

/** Whether a value is the answer to a question. */
export const isJudgement = (name: string, value: Json): boolean =>
  JUDGEMENT.test(name) && (typeof value === "boolean" || typeof value === "string");

/** Whether a mutation signs in or issues a token. */
export const signsIn = (mutation: string): boolean => SIGNS_IN.test(mutation);

/** Whether a mutation takes something away: then nothing is left to show. */
export const takesAway = (mutation: string): boolean => TAKES_AWAY.test(mutation);

/** Whether a field holds what a login issues. */
export const namesToken = (name: string): boolean => TOKEN.test(name);

/** Whether a field is for what a mutation took away or changed: nothing in it means that it did nothing. */
export const namesDeed = (name: string): boolean => TAKEN_AWAY.test(name) || CHANGED_ROWS.test(name);

const isNothing = (value: Json): boolean =>
  value === null || (Array.isArray(value) && value.every(isNothing));

/** Whether a field is the id of a thing. */
export const namesThingsId = (name: string): boolean => isIdName(name) && /id$/i.test(name);

/** Whether a field describes the call's outcome, rather than a thing that it created. */
const isReport = (name: string): boolean =>
  (!namesThingsId(name) || /request_?id$/i.test(name)) &&
  [MESSAGE, STATE, ERROR_TEXT, ERRORS, DONE, REFUSED, COUNT].some((names) => names.test(name));

/** Whether a list has none of the things that a mutation created; for other mutations an empty list means nothing. */
function madeNothing(value: readonly Json[], mutation: string): boolean {
  return (value.length > 0 || MAKES.test(mutation)) && value.every(isNothing);
}

/**
 * The failure in the value of a mutation's root field: a list without a thing, no row changed, a word or a sentence of
 * refusal. Undefined if there is none.
 */
export function emptyRoot(value: Json, { name, fields }: SelectedField): string | undefined {
  if (Array.isArray(value))
    return fields.size > 0 && madeNothing(value, name)
      ? `${name} answered ${value.length === 0 ? "an empty list" : "null"}`
      : undefined;
  return typeof value === "string" && REFUSAL.test(value) && !ASKS.test(name) ? value : undefined;
}

/** The count of an object that has nothing else: of `{order: null, count: 0}`. Undefined if it has something. */
function onlyZero(value: JsonObject, fields: SelectedField["fields"], mutation: string): string | undefined {
  if (TAKES_AWAY.test(mutation)) return undefined;
  let count: string | undefined;
  let others = 0;
  for (const key in value) {
    const name = fields.get(key)?.name ?? key;
    if (value[key] === 0 && /count$/i.test(name)) count ??= name;
    else if (name !== "__typename" && !isNothing(value[key] ?? null)) return undefined;
    else others += 1;
  }
  return count === undefined || others === 0 ? undefined : `${count}: 0`;
}

/**
 * The failure in a mutation's payload that holds no thing, only the call's outcome: a flag, a count or a sentence that
 * nothing was done, or `null` for every selected field. Undefined if it holds a thing, reports success, or reports
 * nothing.
 */
export function emptyPayload(
  value: JsonObject,
  { fields }: SelectedField,
  mutation: string,
): string | undefined {
  if (ASKS.test(mutation)) return undefined;
  const zero = onlyZero(value, fields, mutation);
  if (zero !== undefined) return zero;
  let said: string | undefined;
  let lacks: string | undefined;
  let message: string | undefined;
  let isGood = false;
  let reports = false;
  const issues = signsIn(mutation);
  for (const key in value) {
    const field = fields.get(key);
    const inner = value[key] ?? null;
    if (field === undefined) return undefined;
    const { name } = field;
    if (name === "__typename") continue;
    reports ||= isReport(name);
    if (namesDeed(name) && isNothing(inner)) {
      said ??= `${name} is ${Array.isArray(inner) ? "empty" : "null"}`;
      continue;
    }
    if (field.fields.size > 0 && (!ERRORS.test(name) || (field.kind === "thing" && !/err/i.test(name)))) {
      if (!isNothing(inner)) return undefined;
      if (!Array.isArray(inner) || madeNothing(inner, mutation)) lacks ??= name;
      continue;
    }
    if (inner === null || (inner === "" && namesToken(name))) {
      if (/^id$|(?:_id|Id)$/.test(name) || (issues && namesToken(name))) lacks ??= name;
      continue;
    }
    if (inner === true && issues && !DONE.test(name) && !REFUSED.test(name)) return undefined;
    if (inner === 0 && OF_MANY.test(mutation) && name === "count") {
      said ??= "count: 0";
      continue;
    }
    if (typeof inner !== "boolean" && !isReport(name)) return undefined;
    const none = inner === false || inner === 0;
    if (DONE.test(name)) {
      if (none) said ??= `${name}: ${String(inner)}`;
      else if (inner === true || inner === 1) isGood = true;
    } else if (COUNT.test(name)) {
      if (inner === 0) said ??= `${name}: 0`;
      else if (typeof inner === "number") isGood = true;
    } else if (REFUSED.test(name) && inner === true && !isNamedIn(name, mutation)) said ??= name;
    else if (typeof inner === "string" && MESSAGE.test(name)) message = inner;
    else if (STATE.test(name) && GOOD_STATE.test(String(inner))) isGood = true;
  }
  if (said !== undefined && !(isGood && /(?:null|empty)$/.test(said))) return said;
  if (message !== undefined && REFUSAL.test(message)) return message;
  if (isGood || TAKES_AWAY.test(mutation)) return undefined;
  if (fields.size > 0 && Object.keys(value).length === 0)
    return `${mutation} answered nothing that was asked for`;
  if (lacks === undefined || !(issues || reports || MAKES.test(mutation) || isNamedIn(lacks, mutation)))
    return undefined;
  if (message === undefined) return `${lacks} is null`;
  return GOOD_MESSAGE.test(message) ? undefined : `${lacks} is null: ${message}`;
}

import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import type { DataRequest } from "./data-failure.ts";
import {
  countsFailed,
  ERROR_FIELD,
  isErrorField,
  isErrorText,
  isNamedIn,
  namesErrors,
  saysNoneFailed,
} from "./error-fields.ts";
import { asksForJudgement, namesDeed, namesToken, signsIn, takesAway } from "./mutation-payload.ts";
import { lacksDeed, mayBeFailedOutcome, namesSubject } from "./mutation-verb.ts";
import type { SelectedField } from "./selection.ts";

/** Mutations after which a flag or value may rightly be off: `toggleLike`, `disableUser`, `setVisibility`. */
const MAY_BE_OFF =
  /^(?:toggle|set|switch|turn|update|change|edit|patch|dis|de(?=activate|mote|prioriti|register|select)|un(?=[a-z])|in(?=activate)|hide|mute|block|ban|stop|pause|end|lock|suspend|like|follow|favou?rite|star|bookmark|vote|react|pin|watch|mark|configure)|(?:status|state|enabled|active|flag|preferences?|notifications?|settings?|mode|availability|visibility|subscription|privacy|consent)$/i;
const COUNT = /^(?:\w*[cC]ount|total\w*|number\w*|affected\w*|\w*[rR]ows)$/;
const SENTENCE = /^(?:\w*_?(?:message|msg)|description|details?|reason|info|note|text)$/i;
const GOOD_SENTENCE =
  /\b(?:ok|success\w*|succeeded|stored|saved|created|added|updated|changed|deleted|removed|done|sent|queued|accepted|received|logged in|signed in|welcome|thank(?:s| you)|complete[d]?|confirmed|approved|placed|booked|paid)\b/i;
const NOT = /\b(?:not|no|never|failed|unable|cannot|can't|couldn't|un\w+ful)\b/i;
const MAX_DEPTH = 3;
const MAX_ITEMS = 20;

/** What the fields of an object show of the mutation. */
interface Evidence {
  shows: boolean;
  lacks?: string;
  /** A part of it failed: whatever else is shown proves nothing. */
  partFailed?: true;
}

/**
 * Why the data of a mutation that did not fail proves nothing: it shows neither what was made or changed nor that all
 * went well, and something that was asked for is missing or off, or a part of several things failed. Undefined for
 * queries, and where the data proves the mutation or holds nothing against it.
 */
export function lackOfProof(data: Json | undefined, request: DataRequest): string | undefined {
  if (request.kind === "query" || !isJsonObject(data)) return undefined;
  for (const key in data) {
    const field = request.fields.get(key);
    if (field === undefined || asksForJudgement(field.name)) continue;
    const lack = lackOf(data[key] ?? null, field, request);
    if (lack !== undefined) return lack;
  }
  return undefined;
}

function lackOf(value: Json, field: SelectedField, request: DataRequest): string | undefined {
  const { name, kind, fields } = field;
  if (Array.isArray(value)) return lackOfList(value, field, request);
  if (isJsonObject(value)) {
    if (fields.size === 0) return undefined;
    const { shows, lacks } = evidenceOf(value, field, { ...request, mutation: name }, 0);
    return shows ? undefined : lacks;
  }
  if (kind === "custom" || request.sends(value)) return undefined;
  if (value === null) return `${name} answered null`;
  if (value === false) return MAY_BE_OFF.test(name) || takesAway(name) ? undefined : `${name} answered false`;
  if (value === "") return `${name} answered an empty text`;
  if (typeof value !== "string" || !signsIn(name) || !/\s/.test(value.trim())) return undefined;
  return GOOD_SENTENCE.test(value) && !NOT.test(value)
    ? undefined
    : `${name} answered a text instead of a token`;
}

function lackOfList(items: readonly Json[], field: SelectedField, request: DataRequest): string | undefined {
  const { name, kind, fields } = field;
  if (kind === "custom" || (fields.size === 0 && items.length > 0)) return undefined;
  if (items.length === 0)
    return takesAway(name) || MAY_BE_OFF.test(name) || fields.size === 0
      ? undefined
      : `${name} answered an empty list`;
  const bad = items.filter(
    (item) => item === null || (isJsonObject(item) && hasError(item, field, name, request)),
  );
  return bad.length === 0 ? undefined : `${bad.length} of ${items.length} in the answer of ${name} failed`;
}

/** Whether one item of several holds an error, or is of a type that represents one. */
const hasError = (
  value: JsonObject,
  { fields }: SelectedField,
  mutation: string,
  request: DataRequest,
): boolean =>
  Object.keys(value).some((key) => {
    const field = fields.get(key);
    const inner = value[key] ?? null;
    if (field === undefined || inner === null) return false;
    if (field.name === "__typename") return request.isErrorType(String(inner), true);
    return (
      field.ofError || isErrorField(field.name, inner, false) || isErrorText(field.name, inner, mutation)
    );
  });

interface RootRequest extends DataRequest {
  mutation: string;
}

function evidenceOf(value: JsonObject, parent: SelectedField, request: RootRequest, depth: number): Evidence {
  const { mutation } = request;
  let shows = false;
  let lacks: string | undefined;
  let noErrors = false;
  const isSubject = namesErrors(mutation) || namesErrors(parent.name);
  for (const key in value) {
    const field = parent.fields.get(key);
    const inner = value[key] ?? null;
    if (field === undefined || field.name === "__typename" || field.name === "clientMutationId") continue;
    const { name } = field;
    if (
      isErrorField(name, inner, isSubject) ||
      isErrorText(name, inner, mutation) ||
      countsFailed(name, inner, mutation)
    ) {
      // It is a failure of the call, of a part of it, or of the record at another time.
      return { shows: false, partFailed: true, lacks: `${name} in the answer of ${mutation} is not empty` };
    }
    if (ERROR_FIELD.test(name) || saysNoneFailed(name, inner)) {
      noErrors ||= inner !== null;
      continue;
    }
    if (mayBeFailedOutcome(name, inner, mutation) && !isNamedIn(String(inner), mutation)) {
      const state = `${name} in the answer of ${mutation} is ${String(inner)}`;
      return { shows: false, partFailed: true, lacks: state };
    }
    if (lacksDeed(name, inner, mutation) && !request.sends(inner))
      return { shows: false, partFailed: true, lacks: `${name} in the answer of ${mutation} is empty` };
    if (depth === 0 && isSubjectMissing(inner, field, mutation) && hasOnlyThingsBeside(value, parent))
      return { shows: false, partFailed: true, lacks: `${name} in the answer of ${mutation} is null` };
    const found = evidenceIn(inner, field, request, depth);
    if (found.partFailed === true) return found;
    shows ||= found.shows;
    lacks ??= found.lacks;
    if (signsIn(mutation) && namesToken(name) && found.lacks !== undefined && !hasThing(value, parent))
      return { shows: false, lacks: found.lacks };
  }
  // A thing that was answered exists, whatever was asked of it.
  if (parent.kind === "thing" && !(signsIn(mutation) && lacks !== undefined)) shows = true;
  return lacks === undefined ? { shows: shows || noErrors } : { shows: shows || noErrors, lacks };
}

/** Whether the very thing that a mutation makes is null. */
const isSubjectMissing = (value: Json, { name, fields }: SelectedField, mutation: string): boolean =>
  value === null && fields.size > 0 && namesSubject(name, mutation);

const WAIT = /retry|wait|back_?off/i;

/** Whether an object holds other things only, such as the user or the cart: they existed before. */
const hasOnlyThingsBeside = (value: JsonObject, { fields }: SelectedField): boolean =>
  Object.keys(value).every((key) => {
    const field = fields.get(key);
    const inner = value[key] ?? null;
    return inner === null || field === undefined || field.fields.size > 0 || WAIT.test(field.name);
  });

/** Whether an object holds another with an id: the user of a login by cookie. */
const hasThing = (value: JsonObject, { fields }: SelectedField): boolean =>
  Object.keys(value).some((key) => fields.get(key)?.kind === "thing" && isJsonObject(value[key] ?? null));

function evidenceIn(inner: Json, field: SelectedField, request: RootRequest, depth: number): Evidence {
  const { name, fields } = field;
  const { mutation } = request;
  const lack = (what: string): Evidence =>
    (takesAway(mutation) && !namesDeed(name)) || request.sends(inner)
      ? { shows: false }
      : { shows: false, lacks: `${name} in the answer of ${mutation} is ${what}` };
  // A field of that name can be the thing itself, as of `sendMessage`.
  const isSentence = SENTENCE.test(name) && fields.size === 0;
  if (inner === null) return isSentence ? { shows: false } : lack("null");
  if (inner === "") return isSentence ? { shows: false } : lack("empty");
  if (inner === true) return { shows: true };
  if (inner === false) return MAY_BE_OFF.test(mutation) ? { shows: true } : lack("false");
  if (isNumber(inner)) return Number(inner) === 0 && COUNT.test(name) ? lack("0") : { shows: true };
  if (typeof inner === "string")
    return { shows: !isSentence || (GOOD_SENTENCE.test(inner) && !NOT.test(inner)) };
  if (Array.isArray(inner)) {
    if (inner.every((one) => one === null)) return lack("empty");
    for (const one of fields.size === 0 ? [] : inner.slice(0, MAX_ITEMS)) {
      const found = isJsonObject(one) ? evidenceOf(one, field, request, depth + 1) : undefined;
      if (found?.partFailed === true) return found;
    }
    return { shows: true };
  }
  if (!isJsonObject(inner) || fields.size === 0 || depth >= MAX_DEPTH) return { shows: true };
  const found = evidenceOf(inner, field, request, depth + 1);
  // An object without an id that holds nothing is the payload's own wrapper.
  return found.partFailed !== true && (found.shows || found.lacks === undefined) ? { shows: true } : found;
}

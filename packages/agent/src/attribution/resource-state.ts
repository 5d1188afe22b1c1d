import { isComposite, isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";

const MAX_DEPTH = 3;
const MAX_FIELDS = 200;
const STATE = /(?:state|status|phase|stage|visibility|availability|condition|lifecycle)$/i;
/** States in which every operation on a resource is usually possible. */
const USABLE = /^(?:active|available|enabled|in[ _-]?stock|valid|ok|normal|live)$/i;
/** `archivedAt`, `deleted_on`, `lockedBy`: set when an event happened to the resource. */
const EVENT = /(?:At|On|By|Until|Date|_at|_on|_by|_until|_date|_time)$/;
/** Events that every resource has. */
const ORDINARY_EVENT =
  /^(?:creat|updat|modif|insert|add|chang|regist|issu|last|first|plac|record|upload|submitt?ed|order|author|own|seen)/i;
const GOOD_FLAG =
  /^(?:is_?)?(?:active|available|enabled|in_?stock|visible|public|valid|exists|sellable|purchasable)$/i;
const BAD_FLAG =
  /^(?:is_?|has_?|was_?)?(?:deleted|archived|locked|closed|hidden|disabled|trashed|discontinued|removed|suspended|frozen|cancell?ed|expired|sold_?out|blocked|banned|draft|private|deprecated|retired|read_?only|inactive)$/i;
const AMOUNT_LEFT = /^(?:in_?stock|stock\w*|inventory|quantity|qty|available|remaining|units|left)$/i;
/** A word of the state of a resource that is not ready yet: `PENDING_CREATE`, `CREATE_IN_PROGRESS`, `BUILD`. */
const PENDING =
  /(?:^|[ _-])(?:pending|queued|processing|in[ _-]?progress|creating|provisioning|scheduled|accepted|submitted|requested|starting|running|waiting|build(?:ing)?|initiali[sz](?:ing|ed)|preparing|generating|uploading|importing|deploying|syncing|staging|allocating|deleting|terminating|new)(?:$|[ _-])/i;
/** Flags that are false while something is not ready. */
const READY_FLAG =
  /^(?:is_?|has_?been_?)?(?:ready|done|complete[d]?|finished|available|loaded|accessible|visible|online|live|active|enabled)$|^(?:\w{1,20}_?)?(?:provisioned|initiali[sz]ed|processed|sync(?:hroni[sz])?ed|deployed|built|indexed|verified|confirmed|approved|activated|validated|replicated|propagated|committed|persisted|moderated|reviewed|rendered|generated|imported|converted|transcoded|scanned|published|searchable|readable)$/i;
/** Types of conditions (Kubernetes API conventions) that are `False` or `Unknown` while something is not ready. */
const READY_CONDITION =
  /(?:ready|available|complete|initialized|progressing|healthy|synced|scheduled|reconciled|established|accepted|programmed)$/i;
/** Names of the time from which something can be seen; beginnings of events are data of the session. */
const SHOWN_FROM =
  /^(?:\w{1,20}_?)?(?:publish(?:ed|ing)?|publication|release[d]?|go_?live|active|activat(?:ed|es|ion)|visible|effective|enabled?|embargo(?:ed)?|available|valid|ready|live|unlock(?:ed|s)?)_?(?:at|on|from|after|date|time|since)$|^(?:embargo(?:ed)?|hidden)_?until$|^not_?before$|^nbf$/i;
/** Fields that state when, or how far, something will be ready. */
const EXPECTED =
  /^(?:eta|progress|percent(?:age)?)|available_?(?:from|at|after)$|^estimated|(?:ready|expected)_?(?:at|on|by|in|time|date)$|_eta(?:_|$)/i;

/**
 * Whether an object shows a state in which a server could rightly refuse an operation on it: an unusual state, a flag,
 * the date of an event, a zero quantity.
 */
export function showsRestriction(json: Json): boolean {
  let left = MAX_FIELDS;
  const look = (value: Json, depth: number): boolean => {
    if (Array.isArray(value)) return value.slice(0, 20).some((item) => look(item, depth + 1));
    if (!isJsonObject(value)) return false;
    if (depth > MAX_DEPTH) return true;
    for (const key in value) {
      left -= 1;
      if (left < 0) return true;
      const one = value[key] ?? null;
      if (ALLOWED.test(key) && one !== null) return true;
      if (isComposite(one) ? look(one, depth + 1) : isRestriction(key, one)) return true;
    }
    return false;
  };
  return look(json, 0);
}

/**
 * Fields in which an answer lists the allowed operations: such a server may refuse all others (HAL, HAL-FORMS, JSON:API,
 * Siren, Mason, Hydra, Collection+JSON, UBER, JSON-LD actions).
 */
const ALLOWED =
  /^[_@$]*(?:\w{1,20}[:.])?_?(?:links?|controls?|actions?|potentialActions?|affordances?|forms?|templates?|queries|commands?|methods?|verbs?|transitions?|permissions?|capabilit(?:y|ies)|operations?|supportedOperations?|rights|scopes?|roles?|access|acl|(?:allow|permitt|available|possible|valid|next)(?:ed|able)?_?[A-Za-z]*(?:[Aa]ctions?|[Mm]ethods?|[Oo]perations?|[Tt]ransitions?|[Ss]tates?|[Vv]erbs?)|allowed\w*|can[A-Z_]\w*|may[A-Z_]\w*)$/;

function isRestriction(key: string, value: Json): boolean {
  if (value === null) return false;
  if (typeof value === "boolean") return value ? !GOOD_FLAG.test(key) : !BAD_FLAG.test(key);
  if (isNumber(value)) return STATE.test(key) || (AMOUNT_LEFT.test(key) && Number(value) <= 0);
  if (typeof value !== "string" || value === "") return false;
  if (STATE.test(key)) return !USABLE.test(value);
  return EVENT.test(key) && !ORDINARY_EVENT.test(key);
}

/** Whether an answer shows that its subject is not ready yet: by its state, a flag, or the time when it will be. */
export function showsUnready(json: Json): boolean {
  let left = MAX_FIELDS;
  const look = (value: Json, depth: number): boolean => {
    if (Array.isArray(value)) return value.slice(0, 20).some((item) => look(item, depth + 1));
    if (!isJsonObject(value) || depth > MAX_DEPTH) return false;
    if (isOpenCondition(value)) return true;
    for (const key in value) {
      left -= 1;
      if (left < 0) return false;
      const one = value[key] ?? null;
      if (one === false && READY_FLAG.test(key)) return true;
      if (isFuture(one) && SHOWN_FROM.test(key)) return true;
      if (typeof one === "string" && STATE.test(key) && isPending(one)) return true;
      if (one !== null && !isComposite(one) && EXPECTED.test(key)) return true;
      if (isComposite(one) && look(one, depth + 1)) return true;
    }
    return false;
  };
  return look(json, 0);
}

/** A condition of Kubernetes: `{ type: "Ready", status: "False" }`. */
const isOpenCondition = ({ type, status }: JsonObject): boolean =>
  typeof type === "string" &&
  READY_CONDITION.test(type) &&
  (status === false || (typeof status === "string" && /^(?:false|unknown)$/i.test(status)));

/** Whether a value is a date or a Unix time that has not come yet. */
function isFuture(value: Json): boolean {
  const now = Date.now();
  if (typeof value === "string") return /^\d{4}-\d\d-\d\d/.test(value) && Date.parse(value) > now;
  if (!isNumber(value)) return false;
  const time = Number(value);
  return time > now || (time > now / 1000 && time < now / 100);
}

/** `deletedAt`, `expired`, `isArchived`, `state: removed`: what a read shows of a resource that is not there any more. */
const ENDED =
  /^(?:is_?|was_?|has_?been_?|soft_?)*(?:delet(?:ed|ion)|remov(?:ed|al)|archiv(?:ed|al)|trashed|destroyed|purged|expired|revoked|hidden|gone|tombstoned?|discontinued|retired|deactivated|disabled|unpublished|withdrawn|closed|cancell?ed)_?(?:at|on|by|date|time|timestamp)?$/i;

/** Whether an answer shows that its subject was removed, hidden or ended: a read without it can be right. */
export function showsEnded(json: Json, depth = 0): boolean {
  if (Array.isArray(json)) return json.slice(0, 20).some((item) => showsEnded(item, depth + 1));
  if (!isJsonObject(json) || depth > MAX_DEPTH) return false;
  for (const key in json) {
    const one = json[key] ?? null;
    if (isComposite(one) ? showsEnded(one, depth + 1) : isEnded(key, one)) return true;
  }
  return false;
}

const isEnded = (key: string, value: Json): boolean =>
  ENDED.test(key)
    ? value !== null && value !== false && value !== "" && !(isNumber(value) && Number(value) === 0)
    : typeof value === "string" && STATE.test(key) && ENDED.test(value);

/** Fields of every resource, which a read may show in addition to what its creation showed. */
const ORDINARY =
  /^_?(?:id|uuid|etag|(?:creat|updat|modif|insert|chang|add|regist|plac|record)(?:e[ds]?|ied|ered)?_?(?:at|on|by|date|time)?)$/i;

/** The resource's own address: ordinary at its top or in one object around it, deeper it is that of something else. */
const ADDRESS = /^_?(?:self|href|url|uri)$/i;
const ADDRESS_DEPTH = 2;

/**
 * Whether every name and value within a value was shown before.
 * @param shown names with the values that were shown, as `name\nvalue`
 */
export function isShownBefore(json: Json, shown: ReadonlySet<string>): boolean {
  return pairsIn(json).every(
    ([name, value, depth]) =>
      ORDINARY.test(name) || (ADDRESS.test(name) && depth <= ADDRESS_DEPTH) || shown.has(`${name}\n${value}`),
  );
}

/** Adds every name with its value, as {@link isShownBefore} looks for it. */
export function noteShown(json: Json, into: Set<string>): void {
  for (const [name, value] of pairsIn(json)) into.add(`${name}\n${value}`);
}

/**
 * Lists each name with each of its values at any depth; an empty list or object is a value, and so is one beyond the
 * depth limit.
 */
function pairsIn(json: Json, name = "", depth = 0): [name: string, value: string, depth: number][] {
  if (!isComposite(json)) return [[name, String(json), depth]];
  const inner = Array.isArray(json)
    ? json.map((item): [string, Json] => [name, item])
    : Object.entries(json as Record<string, Json>);
  if (inner.length === 0 || depth > MAX_DEPTH)
    return [[name, depth > MAX_DEPTH ? "..." : Array.isArray(json) ? "[]" : "{}", depth]];
  return inner.flatMap(([key, value]) => pairsIn(value, key, depth + 1));
}

/** Whether a state says that a resource is not ready yet. */
export const isPending = (state: string): boolean => PENDING.test(state);

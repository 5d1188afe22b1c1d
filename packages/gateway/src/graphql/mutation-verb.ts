import type { Json } from "@ape/core/lib/json";

/** Mutations that may answer with either state: their `false` is no refusal. */
const TOGGLES =
  /^(?:like|follow|favou?rite|star|bookmark|vote|react|pin|mute|watch|toggle|flag|save|subscribe)/i;
/** Past participles that a verb's ending does not show. */
const IRREGULAR: Readonly<Record<string, string>> = {
  sent: "send",
  paid: "pay",
  bought: "buy",
  sold: "sell",
  made: "make",
  built: "build",
  held: "hold",
  done: "complete",
};
/** Mutations that carry something out: a thing that they made and that failed is a failure of the call. */
const CARRIES_OUT =
  /(?:^|_)(?:create|make|place|submit|send|start|run|re_?try|process|execute|trigger|pay|charge|capture|refund|authori[sz]e|transfer|deploy|build|import|upload|sync|check_?out|complete|initiali[sz]e|initiate|purchase|buy|book)(?:$|[A-Z_])|(?:Create|Capture|Initiali[sz]e|Process|Complete|Pay|Charge|Refund|Send|Submit|Start|Run|Retry|Execute)(?:$|[A-Z_])/;
const STATE = /^(?:status|state|result|outcome|phase)$/i;
const KIND = /^(?:type|kind|event_?type)$/i;
/** States of a thing in which what it stands for did not happen. */
const FAILED_STATE =
  /^(?:\w+_)?(?:fail(?:ed|ure)|errors?|errored|declined?|unsuccessful|rejected|refused|denied|aborted|void(?:ed)?|cancell?ed)$/i;
/** The state of a part of a thing: `paymentStatus` of an order. */
const PART_STATE = /^[a-z]\w*?_?(?:Status|State|status|state)$/;
/** The same as the last word of a constant: `CHARGE_FAILURE`. */
const FAILED_KIND = /^[A-Z]+(?:_[A-Z]+)*_(?:FAILURE|FAILED|ERROR|DECLINED)$/;

/** States in which something is still missing (Stripe: `requires_payment_method`). */
const UNFINISHED_STATE =
  /^requires?_\w+$|^(?:\w+_)?(?:action|confirmation|authentication|payment|input)_required$/i;

const stemOf = (word: string): string =>
  word
    .toLowerCase()
    .replace(/(?:ied|ed|d|e)$/, (end) => (end === "ied" ? "y" : ""))
    .replace(/([b-df-hj-np-tv-z])\1$/, "$1");

/** Whether a word is the past participle of a mutation's verb. */
function isDeed(word: string, mutation: string): boolean {
  if (!/^[a-z]+$/i.test(word)) return false;
  const known = IRREGULAR[word.toLowerCase()];
  if (known === undefined && !/ed$/i.test(word)) return false;
  const verb = /^[a-z]+/.exec(mutation)?.[0] ?? "";
  const wanted = stemOf(known ?? word);
  return wanted.length > 1 && stemOf(verb) === wanted;
}

/** Whether a flag is the past participle of a mutation's verb, as `merged` of `mergePullRequest`. */
export function deniedDeed(flag: string, mutation: string): boolean {
  if (TOGGLES.test(mutation)) return false;
  return isDeed(flag.replace(/^(?:is|was|has|been)_?(?=[A-Z_])/, "").replace(/^_/, ""), mutation);
}

const EVENT = /_?(?:At|On|Date|Time|_at|_on|_date|_time)$/;
const CONTENTS = /^(?:(?:line|cart|order)?_?(?:items|lines|entries)|products)$/i;
const QUANTITY = /^(?:total_?)?(?:quantity|items|(?:item|line)s?_?count|count)$/i;
const ADDS = /^add(?:$|[A-Z_])|Add$/;

/**
 * Whether a thing does not show what was done to it: no date of the deed (`publishedAt` of `publishPost`), or nothing in
 * it after something was added.
 */
export function lacksDeed(name: string, value: Json, mutation: string): boolean {
  if (value === null) return EVENT.test(name) && isDeed(name.replace(EVENT, ""), mutation);
  if (!ADDS.test(mutation)) return false;
  return Array.isArray(value)
    ? value.length === 0 && CONTENTS.test(name)
    : value === 0 && QUANTITY.test(name);
}

/** Mutations that change a part of a record, whose state can have failed before, or that record what happened. */
const KEEPS_RECORD =
  /^(?:update|edit|set|assign|change|rename|patch|modify|move|add|remove|delete|archive|restore|tag|label|comment|note|log|record|track|report|mark|link|attach|cancel|close|acknowledge|ack|dismiss|resolve)(?:$|[A-Z_])/;

/** Whether a field says that what a mutation carried out has failed. */
export const isFailedOutcome = (name: string, value: Json, mutation: string): boolean =>
  CARRIES_OUT.test(mutation) && isFailedState(name, value);

/** Whether a field shows a failed state that may be the mutation's result. */
export const mayBeFailedOutcome = (name: string, value: Json, mutation: string): boolean =>
  !KEEPS_RECORD.test(mutation) &&
  (isFailedState(name, value) ||
    (typeof value === "string" &&
      ((STATE.test(name) && UNFINISHED_STATE.test(value)) ||
        (CARRIES_OUT.test(mutation) && PART_STATE.test(name) && FAILED_STATE.test(value)))));

/** Whether a field is for the very thing that a mutation makes or carries out: the `order` of `placeOrder`. */
export function namesSubject(name: string, mutation: string): boolean {
  const noun = name.toLowerCase().replaceAll("_", "");
  const verb = mutation.toLowerCase().replaceAll("_", "");
  return noun.length > 2 && CARRIES_OUT.test(mutation) && (verb.endsWith(noun) || verb.startsWith(noun));
}

const isFailedState = (name: string, value: Json): boolean =>
  typeof value === "string" &&
  ((STATE.test(name) && FAILED_STATE.test(value)) || (KIND.test(name) && FAILED_KIND.test(value)));

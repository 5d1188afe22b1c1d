import { clampNumber } from "@ape/catalog/operations/clamp-number";
import { type Field, isNumeric, isText } from "@ape/catalog/operations/field";
import type { Json } from "@ape/core/lib/json";
import { isNumber, writeJson } from "@ape/core/lib/lossless-number";
import { randomFrom, randomHex, seedOf } from "@ape/core/lib/random";
import { coerce, defaultFor, namesThing } from "../choice/default-value.ts";
import { textsIn } from "../choice/response-values.ts";
import type { Changes } from "../choice/step-call.ts";
import type { PastCall } from "../goal/past-call.ts";
import type { Step } from "../goal/plan.ts";
import { sentValue } from "../planning-context.ts";
import { ageLimitIn, birthdayWithin, isAge, isBirthday } from "./age-limit.ts";
import { isForcing } from "./demanded-parameter.ts";
import { errorMessageFor } from "./error-message.ts";
import { numberLimitIn } from "./number-limit.ts";
import { saysTheSame, statedInputs } from "./stated-inputs.ts";

const UNWANTED =
  /\b(?:unknown|unexpected|unrecogni[sz]ed|not allowed|additional|must not be (?:given|sent|present))\b/i;
const OPTIONS =
  /(?:one of|either|any of|must be|should be|allowed(?: values)?(?: are)?)[: ]+([\w"'`-]+(?:(?:,? or |, | \| |, and )[\w"'`-]+)+)/i;
const SUCH = /(?:such as|like|e\.g\.?,?|for example)[: ]+["'`]?([^\s"'`,;]+)/i;
const DATE = /\d{4}-\d\d-\d\d/;

/**
 * Corrects a call after a 400 or 422: the same inputs except those that the error names. What the goal states is at most
 * written in another form. Undefined if nothing can be changed.
 */
export function correctedInputs(
  step: Step,
  call: PastCall,
  tries: readonly PastCall[],
  seed: number,
  today?: string,
): Changes | undefined {
  if (call.answer === undefined || call.cut) return undefined;
  const changes = new Map<Field, Json | undefined>();
  let changed = false;
  const stated = statedInputs(step);
  for (const field of step.operation.inputs) {
    const kind = step.bindings.get(field)?.kind;
    const sent = sentValue(call, field);
    if (kind === "choice" || kind === "answer" || (field.in === "header" && sent === undefined)) continue;
    if (sent !== undefined) changes.set(field, sent);
    if (sent === undefined && isForcing(field, step)) continue;
    const said = errorMessageFor(call.answer.body, field);
    // What the refusal says of an age is said of the day of birth, whatever it names.
    if (isBirthday(field) && ageLimitIn(textsIn(call.answer.body)) !== undefined) continue;
    if (said === undefined || (kind === "fact" && step.operation.login)) continue;
    // What an object is made of is corrected by itself.
    if (
      step.operation.inputs.some(
        ({ in: place, name }) => place === field.in && name.startsWith(`${field.name}.`),
      )
    )
      continue;
    const tried = new Set(tries.map((past) => writeJson(sentValue(past, field))));
    const value = replacementValue(field, sent, said, tried, seed);
    if (value === undefined && field.required) continue;
    if (stated.has(field) && !saysTheSame(stated.get(field), value)) continue;
    changes.set(field, value);
    changed ||= value !== sent;
  }
  changed ||= keepToAge(step, call, changes, stated, today);
  if (!changed && TAKEN.test(textsIn(call.answer.body)))
    changed = tellApart(step, call, changes, stated, seed);
  return changed ? changes : undefined;
}

/** A refusal gives an age: the day of birth, or the age, is moved within it, although the refusal may name no input. */
function keepToAge(
  step: Step,
  call: PastCall,
  changes: Map<Field, Json | undefined>,
  stated: ReadonlyMap<Field, Json>,
  today: string | undefined,
): boolean {
  const limit = ageLimitIn(textsIn(call.answer?.body));
  if (limit === undefined) return false;
  for (const field of step.operation.inputs) {
    const sent = sentValue(call, field);
    if (step.bindings.get(field)?.kind === "fact" || stated.has(field)) continue;
    const better =
      isBirthday(field) && typeof sent === "string"
        ? birthdayWithin(limit, sent, today)
        : isAge(field) && isNumber(sent)
          ? Math.min(Math.max(Number(sent), limit.least ?? 0), limit.most ?? Number.POSITIVE_INFINITY)
          : undefined;
    if (better === undefined || better === sent) continue;
    changes.set(field, better);
    return true;
  }
  return false;
}

/** The thing exists already, and the error names no input: the inputs that name the new thing get distinct values. */
function tellApart(
  step: Step,
  call: PastCall,
  changes: Map<Field, Json | undefined>,
  stated: ReadonlyMap<Field, Json>,
  seed: number,
): boolean {
  let changed = false;
  for (const field of step.operation.inputs) {
    const sent = sentValue(call, field);
    if (field.in !== "body" || step.bindings.has(field) || stated.has(field) || !namesThing(field)) continue;
    const apart = betterText(field, sent, "already taken", seedOf(seed, field.name));
    if (apart === undefined) continue;
    changes.set(field, apart);
    changed = true;
  }
  return changed;
}

/**
 * Replaces a value that the error names; undefined if there is no other.
 * @param said the message about it
 * @param tried values that were sent before, as JSON
 */
export function replacementValue(
  field: Field,
  sent: Json | undefined,
  said: string,
  tried: ReadonlySet<string>,
  seed: number,
): Json | undefined {
  const fresh = (value: Json | undefined): value is Json =>
    value !== undefined && !tried.has(writeJson(value));
  if (UNWANTED.test(said) && !field.required && sent !== undefined) return undefined;
  const named = OPTIONS.exec(said)?.[1]
    ?.split(/,? or |, and |, | \| /)
    .map((word) => coerce(word.replaceAll(/["'`]/g, ""), field));
  const option = [
    ...(field.enum ?? []),
    ...(field.enum === undefined && !isNumeric(field) ? (named ?? []) : []),
  ].find(fresh);
  if (option !== undefined) return option;
  const date = betterDate(field, sent, said);
  if (fresh(date)) return date;
  const number = betterNumber(field, sent, said);
  if (fresh(number)) return number;
  const example = SUCH.exec(said)?.[1];
  if (example !== undefined && fresh(coerce(example, field))) return coerce(example, field);
  if (typeof sent === "number" && /\b(?:text|string)\b/i.test(said) && fresh(String(sent)))
    return String(sent);
  const text = betterText(field, sent, said, seedOf(seed, `${field.name} ${tried.size}`));
  if (fresh(text)) return text;
  return [field.example, field.minimum, defaultFor(field, 0, seed)].find(fresh);
}

const TAKEN =
  /\b(?:already|taken|in use|duplicated?|unique|belongs to another)\b|^(?!.*\bnot?\b).*\bexists\b/i;
const DIGITS = /\b(\d{1,2})[- ]digits?\b/i;
const LONGEST = /(?:at most|no more than|not more than|up to|maximum(?: of| is)?|exceed) (\d+) characters?/i;
const SHORTEST = /(?:at least|no less than|minimum(?: of| is)?|no shorter than) (\d+) characters?/i;

/** A text of the requested kind; one that exists already gets a distinct suffix. */
function betterText(field: Field, sent: Json | undefined, said: string, seed: number): string | undefined {
  if (!isText(field) || field.enum !== undefined) return undefined;
  const own = randomHex(randomFrom(seed), 3);
  if (typeof sent === "string" && sent !== "" && TAKEN.test(said)) {
    const [name = "", host] = sent.split("@", 2);
    if (host !== undefined) return `${name}.${own}@${host}`;
    return `${sent}${sent.includes(" ") ? " " : "-"}${own}`;
  }
  const digits = Number(DIGITS.exec(said)?.[1] ?? 0);
  if (digits > 0) return "1234567890".repeat(10).slice(0, digits);
  if (typeof sent === "string" && sent !== "") {
    const most = Number(LONGEST.exec(said)?.[1] ?? Number.NaN);
    const least = Number(SHORTEST.exec(said)?.[1] ?? Number.NaN);
    if (sent.length > most) return sent.slice(0, most).trim();
    if (sent.length < least && least <= 200) return `${sent}${own.repeat(40)}`.slice(0, least);
  }
  if (/\be-?mail\b/i.test(said)) return defaultFor({ ...field, format: "email" }, 0, seed) as string;
  if (/\b(?:url|web address)\b/i.test(said))
    return defaultFor({ ...field, format: "uri" }, 0, seed) as string;
  if (/\bdate\b/i.test(said)) return defaultFor({ ...field, format: "date" }, 0, seed) as string;
  return WHOLE.test(said) && Number.isNaN(Number(sent)) ? "1" : undefined;
}

const WHOLE = /\b(?:whole number|integer|numeric|(?:a|valid) number)\b/i;

function betterNumber(field: Field, sent: Json | undefined, said: string): number | undefined {
  const fractional = isNumber(sent) && !Number.isInteger(Number(sent));
  if (!isNumeric(field) && typeof sent !== "number" && !/\b(?:number|integer|numeric)\b/i.test(said))
    return undefined;
  const value = sent === undefined ? Number(field.example ?? field.minimum ?? 1) : Number(sent);
  if (Number.isNaN(value)) return undefined;
  const { low, high } = numberLimitIn(said);
  let better = value;
  if (low !== undefined) better = Math.max(better, low);
  if (high !== undefined) better = Math.min(better, high);
  if (low === undefined && high === undefined) better = clampNumber(field, better);
  if (fractional && /\b(?:whole|integer)\b/i.test(said)) better = Math.round(better);
  return better;
}

function betterDate(field: Field, sent: Json | undefined, said: string): string | undefined {
  if (typeof sent !== "string" || !DATE.test(sent))
    return field.format === "date" ? DATE.exec(said)?.[0] : undefined;
  const told = DATE.exec(said)?.[0];
  if (told !== undefined)
    return /\b(?:after|later than)\b/i.test(said)
      ? shifted(told, 1)
      : /\b(?:before|earlier than)\b/i.test(said)
        ? shifted(told, -1)
        : told;
  if (/\b(?:future|past|passed|later|after)\b/i.test(said)) return shifted(sent, 400);
  if (/\b(?:sooner|early|earlier|far|before)\b/i.test(said)) return shifted(sent, -200);
  return undefined;
}

/** The date this many days later; text after the day stays. */
function shifted(date: string, days: number): string {
  const at = Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(at)
    ? date
    : new Date(at + days * 86_400_000).toISOString().slice(0, 10) + date.slice(10);
}

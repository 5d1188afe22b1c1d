import { isSecret } from "@ape/catalog/operations/field";
import { STOP } from "@ape/catalog/words/lexicon";
import { stemsOf } from "@ape/catalog/words/words";
import type { Json, JsonObject } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import { coerce, defaultFor } from "../../choice/default-value.ts";
import { isPlaceholder } from "../../goal/fact-assignment.ts";
import { replacementValue } from "../../repair/error-correction.ts";
import { keepsValue } from "../../repair/kept-value.ts";
import type { SeenField, SeenForm } from "../page-reader.ts";
import type { WebCall } from "../web-call.ts";
import { firstFree } from "./form-values.ts";

/**
 * Fills a form again that was returned with errors: fields that the page marks get another value, others keep theirs.
 * If it marks no field, the empty fields that it names are filled in, else all empty ones; where none is empty, those that its
 * message names get another value, and equal values where it wants different ones. What the goal states is not replaced.
 * @param tries earlier submissions, oldest first, the last one refused
 * @param first the values without knowledge of a refusal
 * @param said what the page says that it did not say before
 * @param stated names of the fields whose values are the goal's
 * @returns undefined if nothing can be changed
 */
export function repairForm(
  form: SeenForm,
  tries: readonly WebCall[],
  first: JsonObject,
  seed: number,
  said = "",
  stated: ReadonlySet<string> = new Set(),
): JsonObject | undefined {
  const filled: JsonObject = {};
  let changed = false;
  // A field that repeats a password gets the same one.
  let secret: Json | undefined;
  const marked = form.fields.some(({ error }) => error !== undefined);
  const named = marked ? [] : form.fields.filter((field) => isNamedIn(field, said));
  for (const [place, field] of form.fields.entries()) {
    const sent = sentFor(field, tries.at(-1));
    const value =
      secret !== undefined && isSecret(field)
        ? secret
        : field.error !== undefined
          ? otherValue(field, field.error, sent, tries, seed, stated)
          : marked || !isLeftEmpty(field, tries.at(-1), first) || (named.length > 0 && !named.includes(field))
            ? undefined
            : plausible(field, place, seed, form.fields, filled);
    if (field.error !== undefined && isSecret(field)) secret ??= value;
    if (value !== undefined) {
      filled[field.name] = field.checkbox ? value : coerce(value, field);
      changed ||= writeJson(value) !== writeJson(sent);
    } else if (!field.filled) {
      // A page never returns a secret.
      const kept = sent ?? first[field.name];
      if (kept === undefined) continue;
      filled[field.name] = kept;
      changed ||= sent === undefined;
    }
  }
  if (changed || marked) return changed ? filled : undefined;
  const about = said === "" ? undefined : namedIn(said, form, tries.at(-1), first);
  if (about === undefined) return undefined;
  const sent = sentFor(about, tries.at(-1));
  const other = otherValue(about, said, sent, tries, seed, stated);
  if (other === undefined || writeJson(other) === writeJson(sent)) return undefined;
  return { ...filled, [about.name]: about.checkbox ? other : coerce(other, about) };
}

/**
 * What a page says against a value that the goal states, so that nothing can be changed; undefined if it is about another field, or
 * about none.
 */
export function refusalOfStated(
  form: SeenForm,
  last: WebCall,
  first: JsonObject,
  said: string,
  stated: ReadonlySet<string>,
): string | undefined {
  const marked = form.fields.filter(({ error }) => error !== undefined);
  const named = marked.length > 0 || said === "" ? marked : [namedIn(said, form, last, first) ?? []].flat();
  const isOfGoal = named.length > 0 && named.every(({ name }) => stated.has(name));
  return isOfGoal ? (marked[0]?.error ?? said) : undefined;
}

const DIFFER = /\b(?:differ(?:ent)?|distinct|identical|not (?:be )?(?:the same|equal))\b/i;

/**
 * The field that a message is about: the last of those with equal values where these have to differ, else the first whose label or
 * name it has. What the goal gives is the last to be changed.
 */
function namedIn(
  said: string,
  { fields }: SeenForm,
  last: WebCall | undefined,
  first: JsonObject,
): SeenField | undefined {
  const values = fields.map((field) => writeJson(sentFor(field, last)));
  const equal = fields.filter(
    ({ enum: options, required }, at) =>
      (options !== undefined || required) &&
      values[at] !== undefined &&
      values.some((value, other) => other !== at && value === values[at]),
  );
  if (DIFFER.test(said) && equal.length > 1)
    return equal.findLast(({ name }) => first[name] === undefined) ?? equal.at(-1);
  return fields.find((field) => isNamedIn(field, said));
}

/** Whether a message has the name or the label of a field. */
function isNamedIn({ leaf, description }: SeenField, said: string): boolean {
  const words = new Set(stemsOf(said));
  return [leaf, description].some((name) => {
    const own = stemsOf(name).filter((word) => word.length > 2 && !STOP.has(word));
    return own.length > 0 && own.every((word) => words.has(word));
  });
}

const isLeftEmpty = (field: SeenField, last: WebCall | undefined, first: JsonObject): boolean =>
  sentFor(field, last) === undefined && !field.filled && first[field.name] === undefined;

function sentFor({ name }: SeenField, call: WebCall | undefined): Json | undefined {
  return call !== undefined && Object.hasOwn(call.fields, name) ? call.fields[name] : undefined;
}

function otherValue(
  field: SeenField,
  said: string,
  sent: Json | undefined,
  tries: readonly WebCall[],
  seed: number,
  stated: ReadonlySet<string>,
): Json | undefined {
  if (typeof sent === "string" && isPlaceholder(sent)) return sent;
  const isStated = sent !== undefined && stated.has(field.name);
  if (field.checkbox) return isStated ? sent : sent !== true;
  const tried = new Set(tries.map((call) => writeJson(sentFor(field, call))));
  const other = replacementValue(field, sent, said, tried, seed);
  return isStated && !keepsValue(sent, other) ? sent : other;
}

const CONSENT = /\b(?:agree|accept|consent|terms|conditions|confirm|understand|read|privacy|rules)\b/;

function plausible(
  field: SeenField,
  place: number,
  seed: number,
  fields: readonly SeenField[],
  filled: JsonObject,
): Json | undefined {
  if (isSecret(field)) return undefined;
  // An optional box stays empty: the goal does not ask for it.
  if (field.checkbox) return field.required || CONSENT.test(field.words) ? true : undefined;
  return field.enum === undefined ? defaultFor(field, place, seed) : firstFree(field, fields, filled);
}

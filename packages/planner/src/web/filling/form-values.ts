import { choiceConstraints } from "@ape/catalog/goal/choice-constraints";
import type { Clause } from "@ape/catalog/goal/clause";
import { isMove, placeMovedTo } from "@ape/catalog/goal/phrases/move";
import { namesField } from "@ape/catalog/goal/phrases/named-field";
import type { ThingName } from "@ape/catalog/goal/phrases/thing-name";
import { nameBeforeNoun, useOfNew } from "@ape/catalog/goal/stated-names";
import { isWithoutYear, withYear } from "@ape/catalog/goal/times/points-in-time";
import { type Field, isSearch, isSecret, isWhereabouts } from "@ape/catalog/operations/field";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { stemsOf, weightedTokens } from "@ape/catalog/words/words";
import type { Json, JsonObject } from "@ape/core/lib/json";
import type { ViewFact } from "@ape/core/protocol/view";
import { coerce, defaultFor } from "../../choice/default-value.ts";
import { assignFacts, isPlaceholder } from "../../goal/fact-assignment.ts";
import { actSimilarity } from "../label-match.ts";
import { OWN_VERBS, saysName, takesNameOf } from "../named-thing.ts";
import type { SeenField, SeenForm } from "../page-reader.ts";
import { optionMovedTo } from "./moved-to.ts";
import { takePlace } from "./quoted-place.ts";
import { takenAlong, tickedByNoun } from "./same-form.ts";
import {
  asksName,
  asksWhat,
  asksWhere,
  isTicked,
  optionsSaid,
  personFor,
  personSaid,
  saidFor,
  sentenceSaid,
  yesOrNo,
} from "./stated-choices.ts";
import { keepToldField } from "./told-field.ts";
import { textWritten } from "./written-text.ts";

/** What a form is filled in for. */
export interface FormPurpose {
  clause: Clause | undefined;
  /** The clauses behind it. */
  later: readonly Clause[];
  /** Clauses that say more of what it is about. */
  around: readonly Clause[];
  /** What the page of the form is about. */
  title: string;
  /** The name of what the session has made, or of what the goal is about. */
  own: string | undefined;
  /** What the goal calls the thing that it is about. */
  called?: ThingName | undefined;
  /** The day of the session, if it is known, and what was shown: the year of a day without one. */
  today?: string | undefined;
  shown?: string;
}

/** Whether a form is a login: it asks for a secret, and only once. */
export function isLogin(form: SeenForm): boolean {
  return (
    form.writes && form.fields.filter(isSecret).length === 1 && !weightedTokens(form.label).has("~register")
  );
}

/**
 * The values of a form's fields: those of the data row, those that the goal names, and plausible ones for required
 * fields. A field with a value keeps it.
 */
export function fillIn(
  form: SeenForm,
  purpose: FormPurpose,
  data: readonly ViewFact[],
  seed: number,
): JsonObject {
  const operation = asOperation(form);
  const facts = assignFacts(operation, data);
  const stated = statedFor(form, operation, purpose);
  const filled: JsonObject = {};
  // A field that repeats a password gets the same one.
  let chosen: Json | undefined;
  const secret = data.find(({ name, value }) => isPlaceholder(value) && [...facts.values()].includes(name));
  for (const [place, field] of form.fields.entries()) {
    const fact = data.find(({ name }) => name === facts.get(field));
    let value: Json | undefined;
    // The address that the goal gives is another person's than that of the account.
    const isTold = field.format === "email" && !isLogin(form) && stated.has(field);
    if (fact !== undefined && !isTold) value = fact.value;
    // A repeated field for confirmation: the same value.
    else if (secret !== undefined && isSecret(field)) value = secret.value;
    else if (stated.has(field)) value = stated.get(field);
    else if (field.required && !field.filled)
      value = field.checkbox
        ? true
        : field.enum !== undefined
          ? firstFree(field, form.fields, filled)
          : ((isSecret(field) ? chosen : undefined) ?? defaultFor(field, place, seed));
    if (isSecret(field)) chosen ??= value;
    if (value !== undefined)
      filled[field.name] = field.checkbox || field.several ? value : coerce(value, field);
  }
  return filled;
}

/** The names of the fields of a form whose values are the goal's. */
export function statedNames(form: SeenForm, purpose: FormPurpose): Set<string> {
  return new Set([...statedFor(form, asOperation(form), purpose).keys()].map(({ name }) => name));
}

/** What the goal says of the fields of a form. */
function statedFor(
  form: SeenForm,
  operation: Operation,
  { clause, later, around, title, own, called, today, shown = "" }: FormPurpose,
): Map<Field, Json> {
  const valuesOf = (one: Clause | undefined): Map<Field, Json> =>
    new Map(
      Array.from(
        choiceConstraints({ operation, clause: one, bindings: new Map() }, [{ clauses: around }]),
      ).flatMap(([field, value]): [Field, Json][] => {
        if (!isWithoutYear(value)) return [[field, value]];
        // Without a day to count from the year is not known.
        return today === undefined ? [] : [[field, withYear(value, shown, today)]];
      }),
    );
  const stated = valuesOf(clause);
  if (clause === undefined) return stated;
  if (form.writes) {
    takePlace(clause, form.fields, stated);
    keepToldField(clause, called, form.fields, stated);
  }
  // The name of the thing that is acted on is no value of a field on its page: the Birch is reserved, and is no guest. What is
  // changed or removed is only told by it, where no field asks for it.
  const isTold = OWN_VERBS.has(clause.verb);
  if (called !== undefined && form.writes && (isTold || saysName(title, called)))
    for (const [field, value] of stated)
      if (
        String(value) === called.text &&
        !(isTold && field.required && takesNameOf(field as SeenField, clause))
      )
        stated.delete(field);
  const isAsked = actSimilarity(title, clause, false) > 0;
  const along = takenAlong(form, clause, later);
  for (const one of along)
    for (const [field, value] of valuesOf(one))
      if (namesField(one, field.nameTokens, field.textTokens)) stated.set(field, value);
  const named = nameBeforeNoun(clause, stemsOf(`${form.label} ${title}`));
  for (const field of form.fields) {
    const movedTo = form.writes && !field.several ? optionMovedTo(field, clause) : undefined;
    if (movedTo !== undefined) stated.set(field, movedTo);
    if (field.enum !== undefined && form.writes && (field.several || !stated.has(field))) {
      const used = new Set(
        form.fields.flatMap((other) => (other === field ? [] : (stated.get(other) ?? []))),
      );
      const said = [clause, ...along.filter((one) => namesField(one, field.nameTokens, field.textTokens))]
        .flatMap((one) => optionsSaid(field, one))
        .filter((option) => !used.has(option));
      const yes = yesOrNo(field, clause, isAsked);
      if (said.length > 0) stated.set(field, field.several ? said : (said[0] ?? null));
      else if (yes !== undefined) stated.set(field, yes);
      continue;
    }
    // A text without quotation marks goes on behind its first words.
    const text = form.writes && isForWords(form, field) ? textWritten(clause) : undefined;
    if (text?.startsWith(String(stated.get(field) ?? "")) === true) stated.set(field, text);
    if (stated.has(field)) continue;
    const moved = form.writes && isMove(clause) && isWhereabouts(field) ? placeMovedTo(clause) : undefined;
    if (moved !== undefined) stated.set(field, moved.place);
    // `Type the name to confirm`.
    else if (own !== undefined && form.writes && isConfirmedByName(field)) stated.set(field, own);
    // `Search for it`: for what was made before.
    else if (!form.writes && own !== undefined && clause.object.refers && isSearch(field))
      stated.set(field, own);
    else if (field.checkbox) {
      const [ticked] = [clause, ...along].flatMap(
        (one) => tickedByNoun(one, field) ?? isTicked(field, one) ?? [],
      );
      if (ticked !== undefined && form.writes) stated.set(field, ticked);
    } else if (form.writes && field.type === "string" && field.enum === undefined && !field.filled) {
      const said =
        (asksName(field) ? (personSaid(clause) ?? personFor(field, clause) ?? named) : undefined) ??
        (isForWords(form, field) ? sentenceSaid(clause) : undefined) ??
        (asksWhere(field) || form.fields.find(asksWhat) === field
          ? saidFor(field, clause, `${form.label} ${title}`)
          : undefined);
      if (said !== undefined && ![...stated.values()].includes(said)) stated.set(field, said);
    }
  }
  const use = named !== undefined && [...stated.values()].includes(named) ? useOfNew(clause) : undefined;
  const [only, ...others] = form.fields.filter(
    (field) => field.required && !field.filled && !stated.has(field) && isFreeText(field),
  );
  if (use !== undefined && only !== undefined && others.length === 0) stated.set(only, use);
  return stated;
}

const isFreeText = ({ type, enum: options, format }: SeenField): boolean =>
  type === "string" && options === undefined && format === undefined;

/** Whether a field takes whole sentences: by its words, or as the only text of its form. */
function isForWords(form: SeenForm, field: SeenField): boolean {
  return isFreeText(field) && (FOR_WORDS.test(field.words) || form.fields.filter(isFreeText).length === 1);
}
/** Words of fields that take sentences. */
export const FOR_WORDS =
  /\b(?:text|message|comments?|notes?|remarks?|descriptions?|details?|reason|body|content|problem|fault|what|question|report)\b/;

/** Whether a field wants what there is to be named once more before it is done. */
const isConfirmedByName = (field: SeenField): boolean =>
  field.type === "string" &&
  field.enum === undefined &&
  field.format === undefined &&
  !field.filled &&
  !isSecret(field) &&
  /\b(?:confirm(?:ation)?|re ?type|type the name)\b/.test(field.words) &&
  !/\b(?:e ?mail|pass ?word|code|phone)\b/.test(field.words);

/**
 * The first option of a choice that no other field with the same options was given: the places of `From` and `To` differ.
 */
export function firstFree(
  { name, enum: options = [] }: SeenField,
  fields: readonly SeenField[],
  filled: JsonObject,
): Json | undefined {
  const taken = fields.flatMap((other) =>
    other.name !== name && other.enum?.join("\n") === options.join("\n") ? (filled[other.name] ?? []) : [],
  );
  return options.find((option) => !taken.includes(option)) ?? options[0];
}

/** A form as an operation. */
function asOperation(form: SeenForm): Operation {
  return {
    target: "",
    key: form.id,
    call: form.writes ? "POST" : "GET",
    method: form.writes ? "POST" : "GET",
    path: "/",
    signature: undefined,
    summary: form.label,
    secured: false,
    inputs: form.fields,
    answers: [],
    list: undefined,
    head: weightedTokens(form.label),
    weights: weightedTokens(form.label),
    verb: undefined,
    writes: form.writes,
    promises: false,
    login: isLogin(form),
    refreshes: false,
  };
}

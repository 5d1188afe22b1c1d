import { plain, stemsOf } from "@ape/catalog/words/words";
import type { ApiField } from "@ape/core/protocol/api";

/** What a goal's naming of a value that tells forms apart counts, against the names of their fields. */
const NAMED = 100;
/** The token by which a login renews credentials is planned with in whatever form it stands. */
const REFRESH = /refresh_?token$/i;

const parentOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf(".")));
const isWithin = (name: string, parent: string): boolean =>
  name === parent || name.startsWith(`${parent}.`) || name.startsWith(`${parent}[]`);

/**
 * The fields of an operation that are planned with: where an object has one of several forms, those of the form that the
 * goal speaks of, by the value that tells the forms apart or by the names of their fields, else those of the first.
 */
export function fieldsOfChosenForms(fields: readonly ApiField[], goal: string): ApiField[] {
  const chosen = new Map<string, number>();
  const formOf = (parent: string): number => {
    let form = chosen.get(parent);
    if (form === undefined) {
      form = chosenForm(fields, parent, goal);
      chosen.set(parent, form);
    }
    return form;
  };
  if (!fields.some(({ form, choosesForm }) => form !== undefined || choosesForm !== undefined))
    return [...fields];
  const others = fields.filter(
    ({ form, name }) => form !== undefined && form !== formOf(parentOf(name)) && !REFRESH.test(name),
  );
  return fields
    .filter((field) => field.in !== "body" || !others.some((one) => isWithin(field.name, one.name)))
    .map((field) => ofForm(field, formOf));
}

/** A field as the chosen form has it: with its values alone, and needed where that form needs it. */
function ofForm(field: ApiField, formOf: (parent: string) => number): ApiField {
  const { choosesForm, ...rest } = field;
  if (choosesForm !== undefined) {
    const form = formOf(parentOf(field.name));
    const values = field.enum?.filter((_, at) => choosesForm[at] === form);
    return values === undefined || values.length === 0 ? rest : { ...rest, enum: values };
  }
  if (field.form === undefined || field.form === 1 || field.form !== formOf(parentOf(field.name)))
    return field;
  const { form: _, neededInForm, ...own } = rest;
  return { ...own, required: neededInForm === true };
}

/** The number of the form that a goal speaks of, of the object with that name. */
function chosenForm(fields: readonly ApiField[], parent: string, goal: string): number {
  if (goal === "") return 1;
  const said = ` ${plain(goal)} `;
  const stems = new Set(stemsOf(goal));
  const scores = new Map<number, number>([[1, 0]]);
  const count = (form: number, score: number): void => void scores.set(form, (scores.get(form) ?? 0) + score);
  for (const field of fields) {
    if (parentOf(field.name) !== parent) continue;
    const { form, choosesForm, name } = field;
    if (choosesForm !== undefined)
      for (const [at, value] of (field.enum ?? []).entries())
        if (typeof value === "string" && said.includes(` ${plain(value)} `))
          count(choosesForm[at] ?? 1, NAMED);
    if (form === undefined) continue;
    for (const { name: inner } of fields)
      if (isWithin(inner, name) && stemsOf(leafOf(inner)).every((stem) => stems.has(stem))) count(form, 1);
  }
  const most = Math.max(...scores.values());
  return Math.min(...[...scores].flatMap(([form, score]) => (score === most ? [form] : [])));
}

const leafOf = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

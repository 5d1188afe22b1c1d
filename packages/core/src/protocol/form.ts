import type { Json, JsonObject } from "../lib/json.ts";
import { writeJson } from "../lib/lossless-number.ts";
import { leadsBack } from "./form-label.ts";
import type { HttpMethod } from "./operations/operation.ts";
import type { PageControl, PageForm } from "./page.ts";
import type { QueryValue, ToolCall } from "./tool-call.ts";

/** Values for a form, by the names of its controls (or by their labels). */
export interface FormInput {
  fields: Readonly<Record<string, Json>>;
  /** Name, value or label of the button; default: {@link mainButton}. */
  submit?: string | undefined;
}

/** The parts of a call that send a form. */
export interface FormCall {
  method: HttpMethod;
  path: string;
  query?: Record<string, QueryValue>;
  data?: Json;
  /** The form's content type, with a `charset` if that is not UTF-8. */
  contentType?: string;
}

type Entry = readonly [name: string, value: string];

/**
 * Submits a form as a browser would: its successful controls in the order of the page, with defaults for those without
 * a value. Source: HTML, "Constructing the entry list" and "Form submission algorithm".
 * @returns the call, or one sentence on what cannot be filled in
 */
export function submitForm(form: PageForm, order: FormInput): FormCall | string {
  const entries: Entry[] = [];
  const used = new Set<string>();
  const button = buttonOf(form, order.submit);
  if (typeof button === "string") return button;
  for (const control of form.controls) {
    if (isButton(control)) {
      if (control === button && control.name !== "") entries.push([control.name, control.value]);
      continue;
    }
    const key = keyOf(control, form, order.fields);
    if (key !== undefined) used.add(key);
    const values = valuesOf(control, key === undefined ? undefined : order.fields[key]);
    if (typeof values === "string") return values;
    for (const value of values) entries.push([control.name, value]);
  }
  const strange = Object.keys(order.fields).find((name) => !used.has(name));
  if (strange !== undefined)
    return `the form "${form.id}" has no field "${strange.slice(0, 60)}"; it has ${namesOf(form).join(", ")}`;
  return callOf(form, entries);
}

/** The button that a form is sent with if none is named: the first that does not lead back. */
export function mainButton({ controls }: Pick<PageForm, "controls">): PageControl | undefined {
  const buttons = controls.filter(isButton);
  return buttons.find(({ label }) => !leadsBack(label)) ?? buttons[0];
}

/** The label of the button that a form is sent with, else of the form; `wanted` as of {@link FormInput.submit}. */
export function sentLabel(form: PageForm, wanted: string | undefined): string {
  const button = buttonOf(form, wanted);
  return (typeof button === "object" ? button.label : "") || form.label;
}

/** The labels of a form's buttons, the main one first, if there is a choice. */
export function buttonLabels(form: Pick<PageForm, "controls">): string[] {
  const main = mainButton(form)?.label ?? "";
  const labels = form.controls.flatMap((control) =>
    isButton(control) && control.label !== "" ? [control.label] : [],
  );
  const distinct = [...new Set([main, ...labels])].filter((label) => label !== "");
  return distinct.length > 1 ? distinct : [];
}

/** Names of what can be filled in. */
function namesOf(form: PageForm): string[] {
  return form.controls
    .filter((control) => !isButton(control) && control.type !== "hidden" && control.name !== "")
    .map(({ name }) => name);
}

const isButton = ({ type }: PageControl): boolean => type === "submit" || type === "image";

function buttonOf(form: PageForm, wanted: string | undefined): PageControl | undefined | string {
  if (wanted === undefined) return mainButton(form);
  const buttons = form.controls.filter(isButton);
  const same = (text: string): boolean => text.trim().toLowerCase() === wanted.trim().toLowerCase();
  const found = buttons.find(({ name, value, label }) => same(label) || same(value) || same(name));
  if (found !== undefined || buttons.length === 0) return found;
  return `the form "${form.id}" has no button "${wanted.slice(0, 60)}"; it has ${buttons.map(({ label }) => label).join(", ")}`;
}

/** Under which name a control was filled in: its own, or its label's. */
function keyOf(control: PageControl, form: PageForm, fields: FormInput["fields"]): string | undefined {
  if (control.name === "") return undefined;
  if (Object.hasOwn(fields, control.name)) return control.name;
  if (control.label === "" || !Object.hasOwn(fields, control.label)) return undefined;
  return form.controls.some(({ name }) => name === control.label) ? undefined : control.label;
}

function valuesOf(control: PageControl, given: Json | undefined): string[] | string {
  const { name, type, options, value, multiple } = control;
  if (name === "") return [];
  if (options === undefined)
    return given === undefined ? (type === "file" ? [""] : [value]) : [textOf(given)];
  if (given === undefined) {
    const chosen = options.filter(({ selected }) => selected).map((option) => option.value);
    // A select with one value shows its first option if none is selected.
    const [first] = options;
    return chosen.length === 0 && type === "select" && multiple !== true && first !== undefined
      ? [first.value]
      : chosen;
  }
  if (type === "checkbox" && typeof given === "boolean") return given ? options.map((one) => one.value) : [];
  if (type === "checkbox" && options.length === 1 && (given === "on" || given === "true"))
    return options.map((one) => one.value);
  if (type === "checkbox" && options.length === 1 && (given === "off" || given === "false" || given === ""))
    return [];
  const values: string[] = [];
  for (const item of Array.isArray(given) ? given : [given]) {
    const text = textOf(item);
    const option =
      options.find((one) => one.value === text) ??
      options.find((one) => one.label.trim().toLowerCase() === text.trim().toLowerCase());
    if (option === undefined)
      return `"${text.slice(0, 60)}" is no choice of ${name}; there is ${options
        .slice(0, 20)
        .map((one) => one.value)
        .join(", ")}`;
    values.push(option.value);
  }
  return (type === "select" && multiple !== true) || type === "radio" ? values.slice(0, 1) : values;
}

const textOf = (value: Json): string => (typeof value === "string" ? value : writeJson(value));

function callOf({ method, path, enctype, charset }: PageForm, entries: readonly Entry[]): FormCall {
  const fields: Record<string, string | string[]> = {};
  for (const [name, value] of entries) {
    // Line ends are CRLF on the wire (HTML, "Constructing the entry list").
    const text = value.replaceAll(/\r\n|\r|\n/g, "\r\n");
    const there = fields[name];
    if (there === undefined || !Object.hasOwn(fields, name))
      Object.defineProperty(fields, name, {
        value: text,
        enumerable: true,
        writable: true,
        configurable: true,
      });
    else if (Array.isArray(there)) there.push(text);
    else fields[name] = [there, text];
  }
  // A form that is sent by GET replaces the query of its action.
  const contentType = charset === undefined ? enctype : `${enctype}; charset=${charset}`;
  if (method === "GET") {
    const call: FormCall = { method, path: path.replace(/[?#].*$/s, ""), query: fields };
    return charset === undefined ? call : { ...call, contentType };
  }
  return { method, path, data: fields as JsonObject, contentType };
}

/** Puts a form's parts into a call. */
export function applyForm(call: ToolCall, sent: FormCall): void {
  call.method = sent.method;
  call.path = sent.path;
  if (sent.query !== undefined) call.query = sent.query;
  if (sent.data !== undefined) call.data = sent.data;
  if (sent.contentType !== undefined) call.headers = { ...call.headers, "content-type": sent.contentType };
}

/** The form that a name refers to: its id, its label, or its number; the only one if none is named. */
export function findForm(forms: readonly PageForm[], wanted: string | undefined): PageForm | string {
  if (forms.length === 0) return "the last page has no form";
  if (wanted === undefined)
    return forms.length === 1
      ? (forms[0] as PageForm)
      : `the page has ${forms.length} forms: name one of ${told(forms)}`;
  const text = wanted.trim().toLowerCase();
  return (
    forms.find(({ id }) => id === wanted) ??
    forms.find(({ label }) => label.trim().toLowerCase() === text) ??
    forms[Number(wanted) - 1] ??
    `the last page has no form "${wanted.slice(0, 60)}"; it has ${told(forms)}`
  );
}

const told = (forms: readonly PageForm[]): string =>
  forms
    .slice(0, 20)
    .map(({ id, label }) => (label === "" ? id : `${id} (${label})`))
    .join(", ");

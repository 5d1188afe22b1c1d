import { type Field, fieldOf } from "@ape/catalog/operations/field";
import { plain } from "@ape/catalog/words/words";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import type { ApiField } from "@ape/core/protocol/api";
import { isBox, valueOfControl } from "@ape/core/protocol/fields/control-value";
import { leadsBack } from "@ape/core/protocol/form-label";

/** A link of a visible page. */
export interface SeenLink {
  text: string;
  path: string;
  near: string;
}

/** A form of a visible page; its options are in the page's words. A form with several buttons is one form for each. */
export interface SeenForm {
  id: string;
  /** Of its button, else of itself. */
  label: string;
  /** Its button has to be named, because it is not the one that the form is sent with otherwise. */
  submit?: true;
  near: string;
  writes: boolean;
  /** The path that it is sent to. */
  to: string;
  fields: readonly SeenField[];
}

export interface SeenField extends Field {
  /** The field already has a value. */
  filled: boolean;
  /** That value. */
  value?: string;
  checkbox: boolean;
  /** Several of its options can be chosen. */
  several: boolean;
  /** The page's message about what was sent. */
  error: string | undefined;
}

export interface SeenPage {
  title: string;
  path: string;
  text: string;
  links: readonly SeenLink[];
  forms: readonly SeenForm[];
}

/** Parses the digest of a page, or returns undefined for other answers. */
export function pageIn(body: Json): SeenPage | undefined {
  if (!isJsonObject(body) || !Array.isArray(body.links) || !Array.isArray(body.forms)) return undefined;
  return {
    title: text(body.title),
    path: text(body.path),
    text: text(body.text),
    links: body.links
      .filter(isJsonObject)
      .map((link) => ({ text: text(link.text), path: text(link.path), near: text(link.near) })),
    forms: body.forms.filter(isJsonObject).flatMap(readForms),
  };
}

/**
 * A form for each of its buttons, save those that lead back, and those that only go elsewhere afterwards: `Save and add
 * another` beside `Save`.
 */
function readForms(form: JsonObject): SeenForm[] {
  const read = readForm(form);
  const [main = "", ...others] = Array.isArray(form.buttons) ? form.buttons.map(text) : [];
  return [
    read,
    ...others
      .filter((label) => !leadsBack(label) && verbOf(label) !== verbOf(main))
      .map((label): SeenForm => ({ ...read, label, submit: true })),
  ];
}

const verbOf = (label: string): string => plain(label).split(" ")[0] ?? "";

/** The button of what only finds something: `Find my booking`. */
const FINDS = /^\W*(?:find|search|look up|retrieve)\b/i;

function readForm(form: JsonObject): SeenForm {
  const sends = text(form.sends);
  // What finds something changes nothing, even where it is sent as a POST.
  const writes = !sends.startsWith("GET ") && !FINDS.test(text(form.label));
  // The noun that a bare `name` belongs to: `group` of `POST /group/add/`.
  const about = plain(sends.replace(/^\w+ |\?.*$/g, " ").replaceAll(/\/\d+(?=\/|$)/g, " "));
  const fields = Array.isArray(form.fields) ? form.fields.filter(isJsonObject) : [];
  return {
    id: text(form.form),
    label: text(form.label),
    near: text(form.near),
    writes,
    to: sends.replace(/^\w+ |\?.*$/g, ""),
    fields: fields.map((field) => readField(field, writes, about)),
  };
}

/** A field for an address, whatever its type is. */
const EMAIL = /(?:^|[\s_-])e-?mail(?:$|[\s_:*-]|[\s_-]?addr)/i;

function readField(field: JsonObject, writes: boolean, about: string): SeenField {
  const options = Array.isArray(field.options)
    ? field.options
        .filter((option) => !isPrompt(option))
        .map((option) => (isJsonObject(option) ? text(option.label) : text(option)))
    : undefined;
  const isEmail = text(field.type) === "text" && EMAIL.test(`${text(field.name)} ${text(field.label)}`);
  const kind = isEmail ? "email" : text(field.type);
  const checkbox = isBox(kind, options?.length);
  const read: ApiField = {
    in: writes ? "body" : "query",
    name: text(field.name),
    ...valueOfControl(kind, checkbox),
    required: field.required === true,
    description: text(field.label),
  };
  if (options !== undefined && !checkbox) read.enum = options.filter((option) => option !== "");
  const several = kind === "checkbox" && !checkbox;
  // A choice that shows nothing but a prompt is to be made.
  if (kind === "select" && Array.isArray(field.options) && field.options.some(asksToChoose))
    read.required = true;
  const error = typeof field.error === "string" ? field.error : undefined;
  if (typeof field.min === "number") read.minimum = field.min;
  if (typeof field.max === "number") read.maximum = field.max;
  const value = isEmpty(field.value) || isJsonObject(field.value) ? {} : { value: String(field.value) };
  return { ...fieldOf(read, about), filled: !isEmpty(field.value), ...value, checkbox, several, error };
}

/** A control without a value, or with an option that only prompts for a choice. */
const isEmpty = (value: Json | undefined): boolean => value === undefined || value === "";

/** An option that only prompts for a choice (HTML, "placeholder label option"). */
const isPrompt = (option: Json): boolean => isJsonObject(option) && option.value === "";

const asksToChoose = (option: Json): boolean =>
  isPrompt(option) && isJsonObject(option) && /\b(?:choose|select|pick|please)\b/i.test(text(option.label));

const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");

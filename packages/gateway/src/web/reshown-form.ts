import { isJsonObject, type Json } from "@ape/core/json";
import type { Page, PageControl, PageForm } from "@ape/core/page";
import type { TransportError } from "@ape/core/tool-call";

const MAX_MESSAGE = 300;
/** A form of settings that asks for the password again, and was accepted. */
const DONE = /\b(?:saved|updated|changed|success(?:fully)?)\b/i;
const WRONG =
  /\b(?:invalid|incorrect|wrong|not valid|can(?:not|'t|’t) be (?:blank|empty)|already (?:taken|exists|registered|in use)|do(?:es)? not match|don't match|please (?:correct|fix|try again)|errors? below|following errors?|errors? occurred|prohibited this)\b/i;
const SEARCH = /\b(?:search|find|filter|sort)\b/i;
const SEARCH_FIELD = /^(?:q|query|search|filter|sort|keywords?|term)$/i;

/** A form that was sent. */
export interface SentForm {
  /** Relative to the target's `baseUrl`. */
  path: string;
  data: Json | undefined;
}

/**
 * What a page says of a form that it shows again, or undefined where it does not refuse it: the same form with errors at
 * its fields, with the password field that was just filled in, or with what was filled in and words of an error. A form
 * that is shown again for the next entry, a search or a filter is no refusal.
 * @param redirected the page is where a redirect led to
 */
export function reshownForm(page: Page, sent: SentForm, redirected: boolean): TransportError | undefined {
  if (!isJsonObject(sent.data)) return undefined;
  const { data } = sent;
  const form = page.forms.find((one) => isSame(one, sent.path, data));
  if (form === undefined || isSearch(form)) return undefined;
  const faulty = form.controls.find(({ error }) => error !== undefined);
  const passwords = form.controls.filter((control) => control.type === "password" && hasValue(data, control));
  const like = passwords.length === 1 ? 401 : 422;
  if (faulty !== undefined) return failure(`${faulty.label || faulty.name}: ${faulty.error}`, like);
  const wrong = WRONG.exec(page.text);
  if (passwords.length === 1 && wrong === null && DONE.test(page.text)) return undefined;
  if (passwords.length === 1)
    return failure(sentence(page.text, wrong) || "the form with the password came back", 401);
  const kept = passwords.length > 0 || (!redirected && keepsValues(form, data));
  return wrong !== null && kept ? failure(sentence(page.text, wrong), like) : undefined;
}

const failure = (message: string, like: number): TransportError => ({
  code: "failure",
  message: message.slice(0, MAX_MESSAGE),
  like,
});

const bare = (path: string): string => (path.split("?", 1)[0] ?? "").replace(/(.)\/$/, "$1");

/** Whether a form is the one that was sent: same address, and a control for all that was sent. */
function isSame({ method, path, controls }: PageForm, sentTo: string, data: Record<string, Json>): boolean {
  if (method !== "POST" || bare(path) !== bare(sentTo)) return false;
  const shown = new Set(controls.map(({ name }) => name));
  const names = Object.keys(data);
  return names.length > 0 && names.every((name) => shown.has(name)) && controls.some(canBeFilled);
}

const canBeFilled = ({ type, name }: PageControl): boolean =>
  name !== "" && type !== "hidden" && type !== "submit" && type !== "image";

function isSearch({ label, id, controls }: PageForm): boolean {
  return (
    SEARCH.test(`${label} ${id}`) ||
    controls.some(
      ({ type, name }) =>
        type === "search" || (canBeFilled({ type, name } as PageControl) && SEARCH_FIELD.test(name)),
    )
  );
}

const hasValue = (data: Record<string, Json>, { name }: PageControl): boolean =>
  data[name] !== undefined && data[name] !== "";

/** Whether the texts that were filled in stand in the form again, at least one. */
function keepsValues({ controls }: PageForm, data: Record<string, Json>): boolean {
  const texts = controls.filter(
    (control) => canBeFilled(control) && control.options === undefined && control.type !== "password",
  );
  const filled = texts.filter((control) => hasValue(data, control));
  return filled.length > 0 && filled.every(({ name, value }) => value.trim() === String(data[name]).trim());
}

/** The line of a text that a match stands in. */
function sentence(text: string, match: RegExpExecArray | null): string {
  if (match === null) return "";
  const start = text.lastIndexOf("\n", match.index) + 1;
  const end = text.indexOf("\n", match.index);
  return text.slice(start, end < 0 ? undefined : end).trim();
}

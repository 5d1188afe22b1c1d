import type { Json } from "@ape/core/lib/json";
import type { Page, PageControl, PageForm } from "@ape/core/protocol/page";
import { barePath, canBeFilled, type FormOrigin, isPassword } from "@ape/core/protocol/sign-in";
import type { TransportError } from "@ape/core/protocol/tool-call";

const MAX_MESSAGE = 300;
/** Shorter values are parts of other words. */
const SHORTEST_VALUE = 3;
const MAX_VALUES = 40;
const SEARCH = /\b(?:search|find|filter|sort)\b/i;
const SEARCH_FIELD = /^(?:q|query|search|filter|sort|keywords?|term)$/i;
/** Forms that answer a question: they show what was asked with the answer. */
const QUESTION =
  /\b(?:quotes?|calculat\w*|convert\w*|estimat\w*|preview\w*|translat\w*|compare|look-?up|check|simulat\w*|generat\w*|validat\w*|comput\w*|solve|rechner|calcul\w*)\b/i;

/** A form that was sent. */
export interface SentForm {
  /** Relative to the target's `baseUrl`. */
  path: string;
  data: Json | undefined;
  /** What its page showed before, where that is known. */
  origin?: FormOrigin | undefined;
  /** The answer set cookies. */
  cookies?: boolean;
}

export type SentData = Readonly<Record<string, Json>>;

/** A failure in the words of a page. */
export const failure = (
  message: string,
  like: number,
  reading?: TransportError["reading"],
): TransportError => ({
  code: "failure",
  message: message.slice(0, MAX_MESSAGE),
  like,
  ...(reading === undefined ? {} : { reading }),
});

/** Nothing shows that it worked, and nothing that it was refused. */
export const unproven = (message: string): TransportError => ({
  code: "failure",
  message: message.slice(0, MAX_MESSAGE),
  reading: "unproven",
});

/** Whether a form is the one that was sent: same address, and a control for all that was sent. */
export function isSame({ method, path, controls }: PageForm, sentTo: string, data: SentData): boolean {
  if (method !== "POST" || barePath(path) !== barePath(sentTo)) return false;
  const shown = new Set(controls.map(({ name }) => name));
  const names = Object.keys(data);
  return names.length > 0 && names.every((name) => shown.has(name)) && controls.some(canBeFilled);
}

export function isSearchForm({ label, id, controls }: PageForm): boolean {
  return (
    SEARCH.test(`${label} ${id}`) ||
    controls.some(
      ({ type, name }) => type === "search" || (canBeFilled({ type, name }) && SEARCH_FIELD.test(name)),
    )
  );
}

/** Whether a form only asks for something, and is shown again beside what it asked for. */
export const asksOnly = ({ path, label, id }: PageForm): boolean =>
  QUESTION.test(`${barePath(path)} ${label} ${id}`);

export const hasValue = (data: SentData, { name }: PageControl): boolean =>
  data[name] !== undefined && data[name] !== "";

/** The controls of a form that hold a password that was sent. */
export const passwordsOf = (form: PageForm, data: SentData): PageControl[] =>
  form.controls.filter((control) => isPassword(control) && hasValue(data, control));

/** Names of the passwords that were sent. */
export const sentPasswords = (data: SentData): string[] =>
  Object.keys(data).filter((name) => isPassword({ type: "", name }) && data[name] !== "");

/** Whether texts that were filled in stand in the form again. Pages may leave a long one empty. */
export function keepsValues({ controls }: PageForm, data: SentData): boolean {
  const texts = controls.filter(
    (control) => canBeFilled(control) && control.options === undefined && control.type !== "password",
  );
  const filled = texts.filter((control) => hasValue(data, control));
  return filled.some(({ name, value }) => value.trim() === String(data[name]).trim());
}

/** Whether a page shows a text that was sent and that the form no longer holds: an entry of a list, the thing itself. */
export function showsSent({ text }: Page, { controls }: PageForm, data: SentData): boolean {
  return controls.some(({ name, type, value, options }) => {
    const sent = data[name];
    if (typeof sent !== "string" || options !== undefined || type === "hidden") return false;
    const own = sent.trim();
    return own.length > SHORTEST_VALUE && value.trim() !== own && text.includes(own);
  });
}

/** Whether a text of several characters was filled in, which a page could show. */
export const sendsText = ({ controls }: PageForm, data: SentData): boolean =>
  controls.some((control) => {
    const sent = data[control.name];
    return (
      canBeFilled(control) &&
      control.options === undefined &&
      typeof sent === "string" &&
      sent.trim().length > SHORTEST_VALUE
    );
  });

/** The texts of several characters that were sent, by the names of their fields; without those for the machine. */
const sentTexts = (data: SentData): [name: string, text: string][] =>
  Object.entries(data).flatMap(([name, sent]) =>
    typeof sent === "string" && !isToken(name) && sent.trim().length > SHORTEST_VALUE
      ? [[name, sent.trim()]]
      : [],
  );

/** Whether a text with words was sent that a page could show. */
export const wroteText = (data: SentData): boolean =>
  sentTexts(data).some(([name, text]) => !isPassword({ type: "", name }) && /\p{L}{3}/u.test(text));

/** Whether a page shows a text of several characters that was sent. */
export const showsText = ({ text }: Page, data: SentData): boolean =>
  sentTexts(data).some(([, sent]) => text.includes(sent));

/** Whether a field is there for the machine: a token, the value of a button. */
const isToken = (name: string): boolean => /token|csrf|nonce|commit|submit|utf8|^_/i.test(name);

/** Whether a text that was filled in stands in the form again, no number or choice that a form has by itself. */
export const keepsTexts = ({ controls }: PageForm, data: SentData): boolean =>
  controls.some(
    (control) =>
      canBeFilled(control) &&
      control.options === undefined &&
      !["password", "number", "range", "date", "color"].includes(control.type) &&
      control.value.trim().length >= SHORTEST_VALUE &&
      control.value.trim() === String(data[control.name] ?? "").trim(),
  );

/** Takes the texts that were sent out of a text of the page: what a page repeats is no word of its own. */
export function withoutSent(data: SentData): (text: string) => string {
  const values = Object.values(data)
    .filter((value): value is string => typeof value === "string")
    .flatMap((value) => value.split(/\s*\n\s*/))
    .map((value) => value.trim())
    .filter((value) => value.length >= SHORTEST_VALUE)
    .slice(0, MAX_VALUES)
    .sort((a, b) => b.length - a.length);
  if (values.length === 0) return (text) => text;
  return (text) => {
    let rest = text;
    for (const value of values) rest = rest.replaceAll(value, " ");
    return rest;
  };
}

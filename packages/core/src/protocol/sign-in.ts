import { isJsonObject, type Json } from "../lib/json.ts";
import { parseJson } from "../lib/lossless-number.ts";
import { leadsOn, saysNothing, stepText } from "./form-label.ts";
import type { Page, PageControl, PageForm } from "./page.ts";

/** Names of fields that hold a password. */
const PASSWORD =
  /^(?:.*[._[-])?(?:user|login|log|account|current)?_?(?:pass(?:word|wd|phrase|code)?|pwd?|pin|secret|kennwort|passwort|mot_?de_?passe|contrase(?:n|ñ)a|senha|wachtwoord)\]?$/i;
const USER = /user|log-?in|e-?mail|name|account|ident/i;
/** Words of a sign-in form: its address, its label, its id. */
const SIGN_IN =
  /log(?:in|on)\b|(?<![a-z])log[ _-](?:in|on)\b|(?<![a-z])sign[ _-]?(?:in|on)(?![a-z])|\bsessions?\b|\bauth(?:enticate)?\b|anmeld|einlogg|connexion|connecter|acceso|inlogg|iniciar sesi|\bentrar\b|\baccedi\b/i;
/** Addresses of pages that ask who is there. */
const SIGN_IN_PLACE =
  /(?:^|[/_.-])(?:wp-login|log[_-]?(?:in|on)|sign[_-]?(?:in|on)|sessions?\/new|anmelden|einloggen|connexion|inloggen|acceso)(?=$|[/?#.;])|\/(?:sso|auth|authenticate)$/i;
const REGISTRATION = /regist|sign-?_?up|join|create|users?\b|accounts?\/new|enrol/i;
/** What a button does that asks for a password besides signing in. */
const OTHER_DEED =
  /^(?:add|new|create (?!session)|save|edit|update|change|delete|remove|revoke|end|close|confirm|connect|link|import|store|generate|reset|set|test|enable|disable|unlock|transfer|pay|regist\w*|sign up|join)\b/i;
/** Text fields of a sign-in form beside the password: the user, and a tenant or a code. */
const MOST_BESIDE = 2;

const LOG_OUT_PATH =
  /(?:^|[/?&=._:-])(?:do|user|admin)?(?:log|sign)[_-]?(?:out|off)(?=$|[/?&=.#;])|abmelden|d(?:é|e|%c3%a9)connexion|cerrar-?sesi|uitloggen/i;
const LOG_OUT_TEXT =
  /^\W{0,3}(?:(?:log|sign)[ -]?(?:out|off)\b|abmelden|ausloggen|(?:se )?d(?:é|e)connex?i?o?n?|se d(?:é|e)connecter|cerrar sesi(?:ó|o)n|uitloggen|sair\b|esci\b)(?!.*(?:problem|help|trouble|how|issue))/i;
const MAX_LOG_OUT_TEXT = 40;

/** What a session is told of a 401 that it can answer: the note of that call. */
export const USER_IS_SENT = "the user and the password of your data are sent with every call from now on";

/** What the page showed that a form was on: its answer is compared with that. */
export interface FormOrigin {
  /** Of the page, relative to the target's `baseUrl`. */
  path: string;
  /** The form asks for a user and a password, to sign in. */
  signsIn: boolean;
  /** The form asks for a password. */
  hasPassword: boolean;
  /** The page had a way to log out. */
  logsOut: boolean;
  /** Addresses of the sign-in forms of the page, without queries. */
  signIns: readonly string[];
  /** A text of the form held a value before it was filled in: it edits what is there. */
  edits: boolean;
  /** Its button leads on to a further form, by what it and its page say. */
  leadsOn?: true;
  /** Messages and text of the page: what stays is no answer. */
  alerts: readonly string[];
  text: string;
}

/**
 * What a form's answer is compared with.
 * @param button the label of the button that the form is sent with
 */
export function formOriginOf(page: Page, form: PageForm, button = form.label): FormOrigin {
  return {
    path: page.path,
    signsIn: isSignInForm(form, page.path) || asksWhoAndPassword(form),
    hasPassword: form.controls.some((control) => canBeFilled(control) && isPassword(control)),
    logsOut: logsOut(page),
    signIns: page.forms.filter((one) => isSignInForm(one, page.path)).map(({ path }) => barePath(path)),
    edits: form.controls.some(
      (control) =>
        canBeFilled(control) &&
        control.options === undefined &&
        !isPassword(control) &&
        control.value.trim() !== "",
    ),
    ...(leadsOn(button, stepText(page)) ? { leadsOn: true as const } : {}),
    alerts: (page.alerts ?? []).map(({ text }) => text),
    text: page.text,
  };
}

/** Whether a page has a form of its own to go on with: none to log out, nor beside its content. */
export const hasFurtherForm = ({ forms }: Page): boolean =>
  forms.some((form) => form.method === "POST" && form.aside !== true && !isLogOut(form.path, form.label));

/** A form's origin from its JSON; undefined where it is none. */
export function readFormOrigin(text: Json | undefined): FormOrigin | undefined {
  if (typeof text !== "string") return undefined;
  let read: unknown;
  try {
    read = parseJson(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(read)) return undefined;
  const { path, signsIn, hasPassword, logsOut: out, signIns, edits, alerts, text: shown } = read;
  if (typeof path !== "string" || typeof signsIn !== "boolean" || typeof out !== "boolean") return undefined;
  if (typeof edits !== "boolean" || typeof hasPassword !== "boolean") return undefined;
  if (!areTexts(signIns) || !areTexts(alerts) || typeof shown !== "string") return undefined;
  return { path, signsIn, hasPassword, logsOut: out, signIns, edits, alerts, text: shown };
}

const areTexts = (value: Json | undefined): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

/** Whether a text is about signing in: an address, a label. */
export const namesSignIn = (text: string): boolean => SIGN_IN.test(text);

/** Whether an address is one of a page to sign in at. */
export const isSignInPlace = (path: string): boolean => SIGN_IN_PLACE.test(barePath(path));

/** Whether an address is one of a form that makes an account. */
export const isRegistration = (path: string): boolean => REGISTRATION.test(path);

/** Whether a name of a field, or of a column of data for it, is that of a password: `pwd`, `user[passwort]`. */
export const namesPassword = (name: string): boolean => PASSWORD.test(name);

export const isPassword = ({ type, name }: Pick<PageControl, "type" | "name">): boolean =>
  type === "password" || namesPassword(name);

export const canBeFilled = ({ type, name }: Pick<PageControl, "type" | "name">): boolean =>
  name !== "" && type !== "hidden" && type !== "submit" && type !== "image";

/** A path without its query and its last slash. */
export const barePath = (path: string): string => (path.split("?", 1)[0] ?? "").replace(/(.)\/$/, "$1");

/**
 * Whether a form is there to sign in: one password and a user, little else, and words that say so. Forms that ask for a
 * password for something else (a new login to keep, a deletion, a change of the password) are none.
 * @param at where its page is
 */
export function isSignInForm({ method, path, label, id, controls }: PageForm, at: string): boolean {
  if (method !== "POST") return false;
  const texts = controls.filter((control) => canBeFilled(control) && control.options === undefined);
  const beside = texts.filter((control) => !isPassword(control));
  if (texts.length - beside.length !== 1 || beside.length > MOST_BESIDE) return false;
  const hasUser =
    beside.length > 0 ||
    controls.some(({ type, name, value }) => type === "hidden" && value !== "" && USER.test(name));
  if (!hasUser || OTHER_DEED.test(label.trim())) return false;
  return SIGN_IN.test(`${barePath(path)} ${label} ${id}`) || (isSignInPlace(at) && !REGISTRATION.test(path));
}

/** Whether a form asks for nothing but a user and a password, and its button does not say what for. */
function asksWhoAndPassword({ method, path, label, controls }: PageForm): boolean {
  const texts = controls.filter((control) => canBeFilled(control) && control.options === undefined);
  return (
    method === "POST" &&
    texts.length === 2 &&
    texts.filter(isPassword).length === 1 &&
    texts.some(
      (control) => !isPassword(control) && USER.test(`${control.name} ${control.label} ${control.type}`),
    ) &&
    saysNothing(label) &&
    !REGISTRATION.test(path)
  );
}

/** Whether a page has a way to log out: a link or a button that does it, not one that speaks of it. */
export const logsOut = ({ links, forms }: Page): boolean =>
  links.some(({ path, text }) => isLogOut(path, text)) ||
  forms.some(({ path, label }) => isLogOut(path, label));

const isLogOut = (path: string, text: string): boolean =>
  LOG_OUT_PATH.test(path) || (text.length <= MAX_LOG_OUT_TEXT && LOG_OUT_TEXT.test(text));

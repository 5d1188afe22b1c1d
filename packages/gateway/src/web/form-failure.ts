import { isJsonObject, type Json } from "@ape/core/lib/json";
import type { Page, PageControl, PageForm } from "@ape/core/protocol/page";
import type { TransportError } from "@ape/core/protocol/tool-call";

const MAX_MESSAGE = 300;
/** A form of settings that asks for the password again, and was accepted. */
const DONE = /\b(?:saved|updated|changed|success(?:fully)?)\b/i;
const WRONG =
  /\b(?:invalid|incorrect|wrong|not valid|can(?:not|'t|’t) be (?:blank|empty)|already (?:taken|exists|registered|in use)|do(?:es)? not match|don't match|please (?:correct|fix|try again)|errors? below|following errors?|errors? occurred|prohibited this)\b/i;
/** Words of a refusal that count only within a message. */
const REFUSED =
  /\b(?:sorry|fail(?:ed|ure|s)?|could not|couldn['’]t|unable|not (?:be |been )?(?:found|allowed|possible|accepted|processed|recogni[sz]ed|authori[sz]ed|available|known|exist)|unknown|denied|declined|rejected|refused|unauthori[sz]ed|forbidden|locked|expired|blocked|disabled|suspended|too many|must|required|errors?|(?:did|does|do)(?: not|n['’]t)|no (?:such|account|user)|try again|out of stock|sold out|insufficient)\b/i;
/** Messages that pages always show. */
const NOT_ABOUT = /\b(?:cookies?|javascript|browser|newsletter|privacy|consent|gdpr|maintenance)\b/i;
/** A refused login as plain text. */
const WRONG_LOGIN =
  /\b(?:account|user|profile)\b[^.\n]{0,20}\b(?:is |has been |was )?(?:locked|disabled|suspended|blocked|deactivated|banned|not (?:active|activated|confirmed|verified))\b|\btoo many (?:failed )?(?:log-?in |sign-?in )?attempts\b|\b(?:invalid|incorrect|wrong|bad|unknown)\b[^.\n]{0,40}\b(?:user(?:name)?|password|credentials?|log-?in|e-?mail|account)\b|\b(?:log-?in|sign-?in|authentication)\b[^.\n]{0,20}\b(?:failed|failure|error|incorrect|invalid|denied)\b|\b(?:user(?:name)?|password|credentials?|account)\b[^.\n]{0,30}\b(?:incorrect|invalid|wrong|not found|unknown|does(?: not|n['’]t) (?:exist|match))\b/i;
/** A page after a login may mention earlier attempts. */
const WELCOME =
  /\bwelcome\b|\b(?:signed|logged) in as\b|\bwillkommen\b|\bbienven\w+|\bbem-?vind\w+|\bbenvenut\w+|\bwelkom\b/i;
const CAME_BACK = "the form with the password came back";
const PASSWORD =
  /^(?:.*[._[-])?(?:user|login|log|account|current)?_?(?:pass(?:word|wd|phrase|code)?|pwd?|pin|secret|kennwort|passwort|mot_?de_?passe|contrase(?:n|ñ)a|senha|wachtwoord)\]?$/i;
const LOGIN =
  /log[ _-]?(?:in|on)\b|sign[ _-]?(?:in|on)|sessions?\b|auth(?:enticate)?\b|anmeld|connexion|acceso/i;
const LOGIN_LINK =
  /log[ _-]?(?:in|on)\b|sign[ _-]?(?:in|on)\b|anmelden|einloggen|se connecter|connexion|iniciar|entrar|accedi|inloggen|zur(?:ü|ue)ck|back|again/i;
/** Words of messages about a login, in the most common languages. */
const ABOUT_LOGIN =
  /log[ -]?(?:in|on)|sign[ -]?(?:in|on)|password|pass ?code|credential|user ?name|account|e-?mail|anmeld|passwort|kennwort|benutzer|zugangsdaten|mot de passe|identifiant|connexion|contrase|usuario|sesi(?:ó|o)n|senha|usu(?:á|a)rio|wachtwoord|gebruiker|accesso|utente|has(?:ł|l)o|парол|пользовател|密码|密碼|パスワード|ログイン|비밀번호/i;
/** Characters that a page may have besides its only message. */
const MOST_BESIDE = 80;
const REGISTRATION = /regist|sign-?_?up|join|create|users?\b|accounts?\/new|enrol/i;
const LOG_OUT =
  /log[ _-]?(?:out|off)|sign[ _-]?(?:out|off)|abmelden|d(?:é|e)connexion|cerrar sesi(?:ó|o)n|uitloggen|\bsair\b/i;
const SEARCH = /\b(?:search|find|filter|sort)\b/i;
const SEARCH_FIELD = /^(?:q|query|search|filter|sort|keywords?|term)$/i;

/** A submitted form. */
export interface SentForm {
  /** Relative to the target's `baseUrl`. */
  path: string;
  data: Json | undefined;
}

/**
 * What a page that answers a form says of its failure, or undefined where it does not refuse it: the same form again,
 * with errors at its fields, with the password that was just filled in, or with what was filled in and words of an
 * error; or a message that is marked as an error. A form that is shown again for the next entry, a search or a filter is
 * no refusal, and a page with a way to log out is no refused login.
 * @param redirected the page is where a redirect led to
 */
export function formFailure(page: Page, sent: SentForm, redirected: boolean): TransportError | undefined {
  if (!isJsonObject(sent.data)) return undefined;
  const { data } = sent;
  const form = page.forms.find((one) => isSame(one, sent.path, data));
  const isLogin = form === undefined ? sendsPassword(data) : passwordsOf(form, data).length === 1;
  if (isLogin && canLogOut(page)) return undefined;
  const asksAgain = isLogin && LOGIN.test(sent.path) && offersLogin(page, sent.path);
  const said =
    form !== undefined && isSearch(form)
      ? undefined
      : alertIn(page, isLogin ? { asksAgain, redirected } : undefined);
  if (form !== undefined && !isSearch(form)) {
    const refused = refusedAgain(page, form, data, redirected);
    if (refused !== undefined) return refused;
  }
  const login = isLogin ? page.forms.some((one) => isLoginAgain(one, sent.path, data, redirected)) : false;
  if (login) return failure(said ?? (sentence(page.text, WRONG.exec(page.text)) || CAME_BACK), 401);
  if (said !== undefined) return failure(said, isLogin ? 401 : 422);
  const received = !asksAgain && WELCOME.test(page.text);
  const plain = isLogin && !received && LOGIN.test(sent.path) ? WRONG_LOGIN.exec(page.text) : null;
  if (plain !== null) return failure(sentence(page.text, plain), 401);
  return asksAgain ? failure("the page still offers to log in", 401) : undefined;
}

/** The form's message where it is shown again. */
function refusedAgain(
  page: Page,
  form: PageForm,
  data: Record<string, Json>,
  redirected: boolean,
): TransportError | undefined {
  const faulty = form.controls.find(({ error }) => error !== undefined);
  const passwords = passwordsOf(form, data);
  const like = passwords.length === 1 ? 401 : 422;
  if (faulty !== undefined) return failure(`${faulty.label || faulty.name}: ${faulty.error}`, like);
  const wrong = WRONG.exec(page.text);
  if (passwords.length === 1 && wrong === null && DONE.test(page.text)) return undefined;
  if (passwords.length === 1) return failure(sentence(page.text, wrong) || CAME_BACK, 401);
  const kept = passwords.length > 0 || (!redirected && keepsValues(form, data));
  return wrong !== null && kept ? failure(sentence(page.text, wrong), like) : undefined;
}

/**
 * Whether a form asks for the submitted login again: all of its fields or the user alone, at another address, or with a
 * password in a text field. After a registration, a first login is requested, which is no refusal.
 */
function isLoginAgain(
  form: PageForm,
  sentTo: string,
  data: Record<string, Json>,
  redirected: boolean,
): boolean {
  if (form.method !== "POST" || isSearch(form)) return false;
  const asked = form.controls.filter(canBeFilled);
  const filled = asked.filter((control) => hasValue(data, control));
  if (filled.length === 0 || filled.length < asked.filter(({ type }) => type !== "checkbox").length)
    return false;
  const samePath = bare(form.path) === bare(sentTo);
  const hasPassword = filled.some(isPassword);
  if (LOGIN.test(sentTo)) return samePath || (hasPassword && isLoginForm(form));
  return hasPassword && (samePath || !redirected) && !REGISTRATION.test(sentTo);
}

const isLoginForm = ({ path, label, id }: PageForm): boolean => LOGIN.test(`${path} ${label} ${id}`);

/** Whether a page offers a login: by a form that is no registration, or by a link. */
function offersLogin({ forms, links }: Page, sentTo: string): boolean {
  const form = forms.find(
    (one) => one.method === "POST" && isLoginForm(one) && one.controls.some(isPassword),
  );
  if (form !== undefined) return true;
  return links.some(
    ({ path, text }) =>
      !REGISTRATION.test(path) &&
      (bare(path) === bare(sentTo) || (LOGIN.test(path) && LOGIN_LINK.test(text))),
  );
}

/**
 * The first message of a page that reports a refusal.
 * @param login after a login: a dashboard may have messages of its own, so the message has to be about the login, or be
 * the page's only content
 */
function alertIn(
  { alerts = [], text: all, links, forms }: Page,
  login?: { asksAgain: boolean; redirected: boolean },
): string | undefined {
  return alerts.find(({ text, isError }) => {
    if (NOT_ABOUT.test(text)) return false;
    const refuses = WRONG.test(text) || REFUSED.test(text);
    if (login === undefined) return refuses;
    if (!refuses && !isError) return false;
    if (login.asksAgain || ABOUT_LOGIN.test(text)) return true;
    const leads = links.length + forms.length > 0;
    return (refuses || !leads) && !login.redirected && all.length < text.length + MOST_BESIDE;
  })?.text;
}

const canLogOut = ({ links, forms }: Page): boolean =>
  links.some(({ path, text }) => LOG_OUT.test(path) || LOG_OUT.test(text)) ||
  forms.some(({ path, label }) => LOG_OUT.test(path) || LOG_OUT.test(label));

const isPassword = ({ type, name }: Pick<PageControl, "type" | "name">): boolean =>
  type === "password" || PASSWORD.test(name);

const passwordsOf = (form: PageForm, data: Record<string, Json>): PageControl[] =>
  form.controls.filter((control) => isPassword(control) && hasValue(data, control));

const sendsPassword = (data: Record<string, Json>): boolean =>
  Object.keys(data).filter((name) => PASSWORD.test(name) && data[name] !== "").length === 1;

const failure = (message: string, like: number): TransportError => ({
  code: "failure",
  message: message.slice(0, MAX_MESSAGE),
  like,
});

const bare = (path: string): string => (path.split("?", 1)[0] ?? "").replace(/(.)\/$/, "$1");

/** Whether a form is the submitted one: same address, and a control for each submitted value. */
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

/** Whether the form contains the submitted texts again, at least one. */
function keepsValues({ controls }: PageForm, data: Record<string, Json>): boolean {
  const texts = controls.filter(
    (control) => canBeFilled(control) && control.options === undefined && control.type !== "password",
  );
  const filled = texts.filter((control) => hasValue(data, control));
  return filled.length > 0 && filled.every(({ name, value }) => value.trim() === String(data[name]).trim());
}

/** The line of a text that contains a match. */
function sentence(text: string, match: RegExpExecArray | null): string {
  if (match === null) return "";
  const start = text.lastIndexOf("\n", match.index) + 1;
  const end = text.indexOf("\n", match.index);
  return text.slice(start, end < 0 ? undefined : end).trim();
}

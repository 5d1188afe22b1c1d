import { newLines } from "@ape/core/lib/new-lines";
import type { Page, PageForm } from "@ape/core/protocol/page";
import {
  barePath,
  canBeFilled,
  isPassword,
  isRegistration,
  isSignInForm,
  isSignInPlace,
  logsOut,
  namesSignIn,
} from "@ape/core/protocol/sign-in";
import type { TransportError } from "@ape/core/protocol/tool-call";
import {
  ABOUT_LOGIN,
  greetingOf,
  isForEverybody,
  isGate,
  isNextStep,
  lineAround,
  messageVerdict,
  refusedLogin,
  WELCOME,
  WRONG,
} from "./message-words.ts";
import { BY_ITSELF } from "./page.ts";
import {
  failure,
  hasValue,
  isSame,
  isSearchForm,
  passwordsOf,
  type SentData,
  type SentForm,
  sentPasswords,
  unproven,
} from "./sent-form.ts";

const CAME_BACK = "the form with the password came back";
/** A link that is there to sign in: `Log in`, `Sign in here`, `Back`. */
const SIGN_IN_LINK =
  /^\W{0,3}(?:(?:please |go to |back to |return to )?(?:the )?(?:log|sign)[ _-]?(?:in|on)(?=\W*$|\W+(?:here|now|again|page|form|first|or|to (?:your|continue|my|the|view|see))\b|\s*[/|&,]\s*(?:register|sign ?up|join|create))|anmelden|einloggen|(?:se )?connecter|connexion|iniciar|entrar|acced|inloggen)/i;
/** A link back, where it leads to a sign-in page. */
const BACK_LINK =
  /^\W{0,3}(?:(?:go |please )?(?:try )?again\b|(?:go )?back\b|retry\b|zur(?:ü|ue)ck|retour|volver|voltar|wr(?:ó|o)(?:ć|c)|indietro|terug)/i;
/** A link that somebody who has signed in is offered. */
const MEMBER_LINK =
  /(?:^|[/_.-])(?:profile|account|settings|preferences|dashboard|my|me|inbox|orders)(?=$|[/?#._-])/i;
/** A link near signing in that somebody who has signed in is offered, too. */
const OTHER_LINK =
  /\b(?:another|different|other|switch|someone|not you|add|history|activit\w+|attempts?|settings?|logs|devices?|alerts?|options?|methods?|providers?|security|problems?|help|as|autre|otr[oa]|ander\w*)\b/i;
const FOREIGN_SIGN_IN = /^\W{0,3}(?:continue|log in|sign in|log on|sign on) with\b/i;
/** A query that tells the sign-in page of an error. */
const ERROR_QUERY =
  /[?&](?:e|err|error|errors|error_?code|login_?error|auth_?error|fail|failed|failure|invalid|denied)(?:=(?!(?:0|false|none)?(?:&|$))|&|$)/i;
/** Characters that a page has beside its only message. */
const MOST_BESIDE = 80;
/** Characters of a page that says one thing and leads nowhere. */
const DEAD_END = 150;
/** Characters of a page whose words are about one thing. */
const SHORT_PAGE = 400;
const SHORTEST_NAME = 2;

/** Whether a form that was sent is one to sign in: by its page where that is known, else by its address. */
export function sendsLogin({ path, origin }: SentForm, data: SentData): boolean {
  if (origin !== undefined) return origin.signsIn;
  return sentPasswords(data).length === 1 && namesSignIn(path) && !isRegistration(path);
}

/**
 * What the answer to a sign-in form says of its failure. The sign-in form that comes back beats everything, a way to log
 * out that was not there before shows that it worked, and where neither that nor a refusal is seen, a page that has
 * nothing of a signed-in user's leaves it unproven.
 * @param redirected the page is where a redirect led to
 */
export function loginFailure(
  page: Page,
  sent: SentForm,
  data: SentData,
  redirected: boolean,
): TransportError | undefined {
  const offers = offersLogin(page, sent);
  const said = alertIn(page, sent, offers, redirected);
  const again = page.forms.find(
    (form) =>
      !isSearchForm(form) &&
      ((isSame(form, sent.path, data) && passwordsOf(form, data).length === 1) ||
        isLoginAgain(form, sent, data, page.path, redirected)),
  );
  if (again !== undefined) {
    const faulty = again.controls.find(({ error }) => error !== undefined);
    if (faulty !== undefined) return failure(`${faulty.label || faulty.name}: ${faulty.error}`, 401);
    return failure(said ?? (lineAround(page.text, WRONG.exec(page.text)) || CAME_BACK), 401);
  }
  if (logsOut(page) && sent.origin?.logsOut !== true) return undefined;
  if (said !== undefined) return failure(said, 401);
  const greeted = greetingOf(page.text, namesOf(data));
  if (greeted === "greeting") return undefined;
  const plain =
    greeted !== undefined || (!offers && WELCOME.test(page.text)) ? undefined : refusedLogin(page.text);
  if (plain !== undefined) return failure(plain, 401);
  if (offers) return failure("the page still offers to log in", 401);
  if (redirected && ERROR_QUERY.test(page.path)) return failure(`the redirect leads to ${page.path}`, 401);
  return greeted === undefined ? withoutProof(page, sent, redirected) : undefined;
}

/** Why an answer that does not refuse a login shows nothing of its success, either. */
function withoutProof(
  page: Page,
  { origin, cookies }: SentForm,
  redirected: boolean,
): TransportError | undefined {
  const { text, links, forms, title, heading } = page;
  const leads = links.length + forms.length > 0;
  // What scripts alone fill says nothing by itself; a session that began with the way there does.
  if (text === "" && !leads && !(redirected && cookies === true))
    return unproven("the page is empty: nothing shows that the login worked");
  const words = `${title}\n${heading ?? ""}\n${text.length < SHORT_PAGE ? text : ""}`;
  // The password was right: what comes next is a step of its own.
  const isNext = isNextStep(page.path, words);
  if (isNext && forms.some(({ method }) => method === "POST")) return undefined;
  if (isNext || isGate(barePath(page.path), words))
    return unproven("the page asks for something else first: nothing shows that the login worked");
  const own = newLines(text, origin?.text);
  const isMember = forms.length > 0 || links.some(({ path }) => MEMBER_LINK.test(barePath(path)));
  if (!redirected && !isMember && own.length < DEAD_END && !WELCOME.test(own))
    return unproven("the page leads nowhere: nothing shows that the login worked");
  if (redirected && isSignInPlace(page.path))
    return unproven("the redirect leads to a sign-in page: nothing shows that the login worked");
  const back = origin === undefined ? "/" : barePath(origin.path);
  if (
    back !== "/" &&
    links.some(({ path, text: label }) => barePath(path) === back && !OTHER_LINK.test(label))
  )
    return unproven("the page still leads to the sign-in form: nothing shows that the login worked");
  return undefined;
}

/** Names that were sent, by which a page greets who has signed in. */
const namesOf = (data: SentData): string[] =>
  Object.keys(data)
    .filter((name) => !isPassword({ type: "", name }))
    .map((name) => data[name])
    .filter((value): value is string => typeof value === "string" && value.trim().length >= SHORTEST_NAME)
    .flatMap((value) => (value.includes("@") ? [value, value.split("@", 1)[0] as string] : [value]))
    .filter((value) => value.length >= SHORTEST_NAME);

/**
 * Whether a form asks for the login again that was sent: all of its fields or the user alone, at another address, or with
 * a password in a text field.
 */
function isLoginAgain(
  form: PageForm,
  { path: sentTo }: SentForm,
  data: SentData,
  at: string,
  redirected: boolean,
): boolean {
  if (form.method !== "POST") return false;
  const asked = form.controls.filter(canBeFilled);
  const filled = asked.filter((control) => hasValue(data, control));
  if (filled.length === 0 || filled.length < asked.filter(({ type }) => type !== "checkbox").length)
    return false;
  if (barePath(form.path) === barePath(sentTo)) return namesSignIn(sentTo) || filled.some(isPassword);
  return (
    filled.some(isPassword) &&
    (isSignInForm(form, at) || (!redirected && !namesSignIn(sentTo) && filled.length > 1))
  );
}

/** Whether a page offers to log in: by a form, or by a link that is there for it. */
function offersLogin({ forms, links, path: at }: Page, { path: sentTo }: SentForm): boolean {
  if (forms.some((form) => isSignInForm(form, at))) return true;
  return links.some(({ path, text }) => {
    if (text === BY_ITSELF) return isSignInPlace(path) || barePath(path) === barePath(sentTo);
    if (FOREIGN_SIGN_IN.test(text)) return true;
    if (OTHER_LINK.test(text) || isRegistration(path)) return false;
    return (
      barePath(path) === barePath(sentTo) ||
      (namesSignIn(path) && SIGN_IN_LINK.test(text)) ||
      (isSignInPlace(path) && BACK_LINK.test(text))
    );
  });
}

/** The first message of a page that says that the login was refused: a dashboard may have messages of its own. */
function alertIn(
  { alerts = [], text: all, links, forms }: Page,
  { origin }: SentForm,
  offers: boolean,
  redirected: boolean,
): string | undefined {
  return alerts.find(({ text, isError }) => {
    if (isForEverybody(text) || origin?.alerts.includes(text) === true) return false;
    const verdict = messageVerdict(text);
    const refuses = verdict === "refused";
    if (verdict === "done" || (!refuses && !isError)) return false;
    if (offers || (ABOUT_LOGIN.test(text) && (refusedLogin(text) !== undefined || !redirected || isError)))
      return true;
    const leads = links.length + forms.length > 0;
    return (refuses || !leads) && !redirected && all.length < text.length + MOST_BESIDE;
  })?.text;
}

import { isJsonObject } from "@ape/core/lib/json";
import { newLines } from "@ape/core/lib/new-lines";
import type { Page, PageForm } from "@ape/core/protocol/page";
import {
  barePath,
  type FormOrigin,
  hasFurtherForm,
  isSignInForm,
  isSignInPlace,
  logsOut,
  namesSignIn,
} from "@ape/core/protocol/sign-in";
import type { TransportError } from "@ape/core/protocol/tool-call";
import { errorPage } from "./error-page.ts";
import { loginFailure, sendsLogin } from "./login-failure.ts";
import {
  asksForSignIn,
  findsNothing,
  isFailureTitle,
  isForEverybody,
  isReadable,
  lineAround,
  messageVerdict,
  newMessage,
  refusesOutright,
  SAVED,
  saysDone,
  saysOutrightDone,
  showsDeed,
  WRONG,
} from "./message-words.ts";
import { BY_ITSELF } from "./page.ts";
import {
  asksOnly,
  failure,
  isSame,
  isSearchForm,
  keepsTexts,
  keepsValues,
  passwordsOf,
  type SentData,
  type SentForm,
  sendsText,
  sentPasswords,
  showsSent,
  showsText,
  unproven,
  withoutSent,
  wroteText,
} from "./sent-form.ts";

/** Forms after which a sign-in page is what is expected. */
const LEADS_TO_SIGN_IN =
  /log[_-]?(?:out|off)|sign[_-]?(?:out|off|up)|regist|join|enrol|forgot|reset|recover|passw|verif|activat|unlock|resend|e-?mail[_-]?confirm|confirm[_-]?e-?mail|confirmations?$|(?:account|profile|users?|me)\/(?:delete|close|deactivate)/i;
/** Forms that change what is there, and show it again. */
const EDITS = /edit|settings?|profile|preferences|update|account|config|options|password/i;
/** Characters of a page that has little beside what it says. */
const SHORT_PAGE = 300;
/** Characters of a heading that names its page. */
const MOST_NAME = 60;
/** A query that says where a sign-in form leads to afterwards. */
const WAY_BACK =
  /[?&](?:next|return(?:_?(?:to|url))?|redirect(?:_?(?:to|uri|url))?|continue|destination|came_?from|service)=/i;
const CAME_BACK = "the form with the password came back";

/**
 * What a page that answers a form says of its failure, or undefined where it does not refuse it. What the page is
 * compared with is the page of the form, where that is known. A failure that nothing proves is marked as such.
 * @param redirected the page is where a redirect led to
 */
export function formFailure(page: Page, sent: SentForm, redirected: boolean): TransportError | undefined {
  if (!isJsonObject(sent.data)) return undefined;
  const { data } = sent;
  const without = withoutSent(data);
  if (sendsLogin(sent, data)) {
    const refused = loginFailure(page, sent, data, redirected);
    return refused ?? errorFailure(page, without);
  }
  return (
    bounced(page, sent, data, redirected) ??
    errorFailure(page, without) ??
    refusedForm(page, sent, data, redirected, without)
  );
}

/** A page that is an error page, whatever its status says. */
function errorFailure(page: Page, without: (text: string) => string): TransportError | undefined {
  const error = errorPage(page, without);
  if (error === undefined) return undefined;
  const { message, like } = error;
  if (like === "unproven") return unproven(message);
  if (like === "expired") return failure(message, 401, "signed_out");
  // What was not found may be what was asked for, or the page behind the target's own form.
  return failure(message, like, like < 500 && like !== 401 && like !== 403 ? "unproven" : undefined);
}

/** A form that was not taken because the target asks to sign in first. */
function bounced(
  page: Page,
  sent: SentForm,
  data: SentData,
  redirected: boolean,
): TransportError | undefined {
  const { origin } = sent;
  if (sentPasswords(data).length > 0 || origin?.hasPassword === true) return undefined;
  if (LEADS_TO_SIGN_IN.test(barePath(sent.path))) return undefined;
  // The first step of signing in leads to the second.
  if (namesSignIn(sent.path)) return undefined;
  if (logsOut(page)) return undefined;
  const { path: at, text, title, heading = "", forms, links, alerts = [] } = page;
  const isAll = text.length < SHORT_PAGE;
  // A page that a redirect leads to may offer guests to sign in for more.
  const said = [
    title,
    heading,
    ...alerts.map((alert) => alert.text),
    isAll || !redirected ? newLines(text, origin?.text) : "",
  ];
  const asks = asksForSignIn(said.join("\n"));
  const arrived = redirected && isSignInPlace(at) && barePath(at) !== barePath(origin?.path ?? sent.path);
  const message = "the page asks to sign in";
  if (arrived) return failure(message, 401, "signed_out");
  const next = links.find((link) => link.text === BY_ITSELF);
  if (next !== undefined && isAll && isSignInPlace(next.path) && !saysDone(said.join("\n")))
    return failure(message, 401, "signed_out");
  const [form] = forms.filter(
    (one) => isSignInForm(one, at) && origin?.signIns.includes(barePath(one.path)) !== true,
  );
  // Pages offer guests to sign in beside what a guest has just made.
  const isMade = saysDone(newLines(text, origin?.text)) || showsText(page, data);
  if (form !== undefined && !asks && (isMade || form.aside === true)) return undefined;
  const names = [title, heading].some((one) => one.length < MOST_NAME && namesSignIn(one));
  if (form !== undefined && (asks || isAll || names || WAY_BACK.test(at) || isSignInPlace(at)))
    return failure(message, 401, "signed_out");
  const leads = links.some(({ path }) => isSignInPlace(path));
  return !redirected && asks && isAll && leads && !forms.some((one) => isSame(one, sent.path, data))
    ? failure(message, 401, "signed_out")
    : undefined;
}

/** What a page says of a form that was not there to sign in. */
function refusedForm(
  page: Page,
  sent: SentForm,
  data: SentData,
  redirected: boolean,
  without: (text: string) => string,
): TransportError | undefined {
  const form = page.forms.find((one) => isSame(one, sent.path, data));
  if (form !== undefined && isSearchForm(form)) return undefined;
  const said = alertIn(page, sent, form !== undefined, without);
  if (form === undefined) {
    // Beside a message that it was done, an error is about something else: a banner of every page.
    if (said !== undefined) return redirected && saysItIsDone(page, sent) ? undefined : failure(said, 422);
    if (redirected) return undefined;
    if (isBlank(page)) return unproven("the page shows nothing");
    // A redirect leads to what was made, whose heading may be about anything.
    const { heading = page.text.length < SHORT_PAGE ? page.text : "" } = page;
    if (refusesOutright(without(heading))) return failure(heading, 422);
    if (isFailureTitle(without(page.title)) && !saysDone(heading))
      return failure(`${page.title}: ${heading}`, 422);
    return saysNothingOf(page, data, sent) ? unproven("nothing shows that the form was taken") : undefined;
  }
  // The answer to a search that is written as any form.
  if (said !== undefined && findsNothing(said)) return undefined;
  return refusedAgain(page, form, sent, data, {
    redirected,
    said,
    text: without(newLines(page.text, sent.origin?.text)),
    without,
  });
}

/**
 * Whether a short page that answers a form neither shows anything of what was sent, nor says that it was done, nor goes on
 * with another form. Where a redirect leads to says less: it may be any page.
 */
function saysNothingOf(page: Page, data: SentData, { origin, path }: SentForm): boolean {
  const { title, heading = "", text, notices = [] } = page;
  if (text.length >= SHORT_PAGE || !wroteText(data) || showsText(page, data) || hasFurtherForm(page))
    return false;
  const said = [title, heading, text, ...notices].join("\n");
  return origin?.text !== text && isReadable(said) && !saysDone(said) && !showsDeed(said, path);
}

/** Whether a page has nothing that a person could read or use, as one that only loads another, by a script or by itself. */
const isBlank = ({ text, title, forms, links }: Page): boolean =>
  text === "" && title === "" && forms.length === 0 && links.every((link) => link.text === BY_ITSELF);

/** Whether a page has a new message that what was sent was done. */
const saysItIsDone = ({ notices = [], text }: Page, { origin }: SentForm): boolean =>
  notices.some((notice) => origin?.text.includes(notice) !== true && saysDone(notice)) ||
  saysOutrightDone(newLines(text, origin?.text));

/** The form's message where it is shown again. */
function refusedAgain(
  page: Page,
  form: PageForm,
  { path, origin }: SentForm,
  data: SentData,
  {
    redirected,
    said,
    text,
    without,
  }: {
    redirected: boolean;
    said: string | undefined;
    text: string;
    without: (text: string) => string;
  },
): TransportError | undefined {
  const faulty = form.controls.find(({ error }) => error !== undefined);
  const passwords = passwordsOf(form, data);
  const like = passwords.length === 1 ? 401 : 422;
  if (faulty !== undefined) return failure(`${faulty.label || faulty.name}: ${faulty.error}`, like);
  if (said !== undefined) return failure(said, like);
  const wrong = WRONG.exec(text);
  if (passwords.length === 1) {
    if (wrong === null && SAVED.test(text)) return undefined;
    if (wrong === null && redirected && logsOut(page)) return undefined;
    return failure(lineAround(text, wrong) || CAME_BACK, 401);
  }
  const kept = (!redirected || origin?.edits === false) && keepsValues(form, data);
  // Words that are new on the page of the form, unless they are of an entry like the one that was just made.
  const isNew = origin !== undefined && !showsSent(page, form, data);
  if (wrong !== null && !saysDone(text) && (kept || passwords.length > 0 || isNew) && !asksOnly(form))
    return failure(lineAround(text, wrong), like);
  if (asksOnly(form) || saysDone(text) || showsSent(page, form, data)) return undefined;
  if (!kept) return emptied(page, form, data, origin, without);
  if (!keepsTexts(form, data)) return undefined;
  // What edits shows what it holds; what makes something new is empty again once it has made it.
  if (origin?.edits ?? EDITS.test(path)) return undefined;
  const message =
    origin === undefined ? undefined : newMessage(page.text, origin.text, without, wordsOf(form));
  return message?.denies === true
    ? failure(message.line, like)
    : unproven("the form came back with the values that were sent, and nothing shows that it was taken");
}

/**
 * What the page of a form says that came back without what was sent, which the page shows nowhere. Where it says nothing, the
 * form is the one for the next entry.
 */
function emptied(
  { text }: Page,
  form: PageForm,
  data: SentData,
  origin: FormOrigin | undefined,
  without: (text: string) => string,
): TransportError | undefined {
  if (origin === undefined || origin.edits) return undefined;
  const message = newMessage(text, origin.text, without, wordsOf(form));
  if (message === undefined) return undefined;
  if (message.denies) return failure(message.line, 422);
  return sendsText(form, data)
    ? unproven(`nothing shows that the form was taken; the page says: ${message.line}`)
    : undefined;
}

const wordsOf = ({ path, label, id }: PageForm): string => `${path} ${label} ${id}`;

/** The first message of a page that says that what was sent was refused. */
function alertIn(
  { alerts = [] }: Page,
  { origin }: SentForm,
  isBack: boolean,
  without: (text: string) => string,
): string | undefined {
  return alerts.find(({ text, isError }) => {
    if (isForEverybody(text) || origin?.alerts.includes(text) === true) return false;
    const own = without(text);
    const verdict = messageVerdict(own);
    return verdict === "refused" || (isBack && isError && verdict === undefined && /\p{L}{2}/u.test(own));
  })?.text;
}

import { newLines } from "@ape/core/lib/new-lines";
/** Words of pages about what became of a form: the only place for them. Texts that they look at are bounded. */

/** A form of settings that asks for the password again, and was accepted. */
export const SAVED = /\b(?:saved|updated|changed|success(?:fully)?)\b/i;
/** Says that it was done. */
const DONE =
  /\b(?:saved|updated|changed|created|added|posted|published|sent|submitted|received|deleted|removed|placed|booked|confirmed|completed|approved|registered|success(?:ful(?:ly)?)?|thanks?|done)\b|enregistr(?:é|e)|ajout(?:é|e)|\bmerci\b|succ(?:è|e)s|\bcréé|envoy(?:é|e)|gespeichert|erstellt|hinzugefügt|erfolgreich|\bdanke|gesendet|guardad|cread[oa]\b|añadid|(?:é|e)xito|gracias|enviad|\bsalv[oa]\b|criad[oa]\b|sucesso|obrigad|salvat|creat[oa]\b|successo|grazie|opgeslagen|toegevoegd|bedankt|gelukt/i;
/** Before words of {@link DONE}: it was not. */
const NOT_DONE =
  /\b(?:not|never|cannot|unable|fail\w*|could|already|no longer|without|until|before|nothing|must|please|error|nicht|pas|non|niet|não|no)\b|n['’]t\b/i;

/** A refusal of what was filled in. */
export const WRONG =
  /\b(?:invalid|incorrect|wrong|not valid|can(?:not|'t|’t) be (?:blank|empty|null)|should not be blank|(?:already|been) (?:been )?(?:taken|exists|registered|used|in use)|already exists?|do(?:es)? not match|don't match|please (?:correct|fix|try again)|errors? below|following errors?|errors? occurred|prohibited this|please fill|too (?:short|long|small|large|big|many|few|weak|common|fast|quickly|often)|(?:field |value )(?:is|are) required|not included in the list|is reserved|at least \d+ characters)\b/i;
/** Words of a refusal, strong in any sentence. */
const REFUSED =
  /\b(?:sorry|fail(?:ed|ure|s)?|could not|couldn['’]t|unable|cannot|can['’]t|may not|(?:not|n['’]t) have (?:the )?(?:permissions?|rights?|access)|limit reached|exceed(?:s|ed)?|(?:are|is) (?:now )?closed|already (?:voted|submitted|subscribed)|not (?:be |been )?(?:permitted|found|allowed|possible|accepted|processed|recogni[sz]ed|authori[sz]ed|available|known|exist)|unknown|denied|declined|rejected|refused|unauthori[sz]ed|forbidden|blocked|suspended|no (?:such|account|user)|try again|out of stock|sold out|insufficient|duplicate (?:\w+ ){0,2}(?:detected|found|submission|request|entry|comment|post)|(?:looks like|marked as|detected as) spam|was held(?! for))\b/i;
/** A warning about something that one may do next, as beside a button that deletes. */
const WARNING =
  /\b(?:can(?:not|['’]t)|can not) (?:be )?(?:undo(?:ne)?|revers\w+|recover\w*|restor\w+|revert\w*|taken? back)\b|\birreversibl[ey]\b|\bno (?:going back|undo)\b/i;
const QUOTED = /[“"«][^“”"«»\n]{1,200}[”"»]/g;
/** A sentence that means nothing else than that what was sent was done: lists of older things do not say it. */
const OUTRIGHT_DONE =
  /\b(?:saved|updated|changed|created|added|posted|published|sent|submitted|deleted|removed|placed|booked|confirmed|completed|registered)(?: \w+){0,2} successfully\b|\bsuccessfully (?:been )?(?:saved|updated|changed|created|added|posted|published|sent|submitted|deleted|removed|placed|booked|confirmed|completed|registered)\b/i;
/** What a search without a result says. */
const NOTHING_FOUND =
  /^\W*(?:sorry\W{0,3})?(?:(?:there (?:are|were) )?no (?:\w+ ){0,3}?(?:results?|match(?:es|ing)?|items?|records?|entries|posts|products|articles|hits|data)\b(?: (?:\w+ ){0,2}(?:found|available|matched|for|to show|to display))?|nothing (?:was )?found|0 (?:results?|matches|hits)|(?:your search|we) (?:did not|didn['’]t|could not|couldn['’]t) (?:match|find) (?:any|anything))\b/i;
/** A title that ends with the failure. */
const FAILURE_TITLE =
  /(?:^|\s)(?:failure|failed|errors?|unsuccessful|denied|rejected|refused|declined|forbidden)(?: (?:notice|message|page))?\W*$/i;

/** Words of a refusal that are no more than a remark behind words of success. */
const REMARK =
  /\b(?:locked|expired|disabled|too many|must|required|errors?|(?:did|does|do)(?: not|n['’]t))\b/i;
/**
 * Words of a sentence that denies or demands something: on the page of a form that came back empty it says why. The number
 * of a thing (`no. 5`) denies nothing.
 */
const DENIES =
  /\b(?:no(?!\.? ?\d)|not|none|nothing|never|without|missing|lacks?|need(?:s|ed)?|required|must|cannot|please|only|at (?:least|most)|too|enough|limit\w*)\b|n['’]t\b/i;
/** A regular past participle, or the number of what was made: what most sentences have that say that something was done. */
const PARTICIPLE = /\b[a-z]{2,}[^e\W]ed\b/i;
/** Participles of what ends, stops or hinders something: of these only the one that a form asks for says that it was done. */
const SETBACK =
  /\b(?:ban|archiv|end|detect|clos|expir|block|mut|exhaust|reach|exceed|disabl|suspend|lock|limit|requir|reject|flagg|ignor|discard|dropp|skipp|miss|cancell?|stopp|fail|refus|deni|declin|restrict|prohibit|deactivat|terminat|revok|paus|mark|report|us|need|expect|interrupt|timed out|throttl|moderat|redirect|ask|allow|permitt|withh)(?:n?ed|ied)\b/gi;
const NUMBERED =
  /(?:#|\bno\.?|\bn(?:r|°)\.?|\bnumber|\bid|\bref\w*|\bcode|\bticket|\border)\W{0,3}(?:is\W{0,3})?[a-z]{0,4}-?\d/i;
const SENTENCE_END = /[.!?…。！？]\s*$/;
const MOST_SENTENCES = 2;
/** Characters of what a page says newly, where that is a message. */
const MOST_MESSAGE = 300;

/** Messages that pages show to everybody. */
const NOT_ABOUT = /\b(?:cookies?|javascript|browser|newsletter|privacy|consent|gdpr|maintenance)\b/i;

/** A refused login in plain text. */
const WRONG_LOGIN =
  /\b(?:account|user|profile)\b[^.\n]{0,20}\b(?:is |has been |was )?(?:locked|disabled|suspended|blocked|deactivated|banned|not (?:active|activated|confirmed|verified))\b|\btoo many (?:failed )?(?:log-?in |sign-?in )?attempts\b|\b(?:invalid|incorrect|wrong|bad|unknown)\b[^.\n]{0,40}\b(?:user(?:name)?|password|credentials?|log-?in|e-?mail|account)\b|\b(?:log-?in|sign-?in|authentication)\b[^.\n]{0,20}\b(?:failed|failure|error|incorrect|invalid|denied)\b|\b(?:user(?:name)?|password|credentials?|account)\b[^.\n]{0,30}\b(?:incorrect|invalid|wrong|not found|unknown|does(?: not|n['’]t) (?:exist|match))\b/i;
/** Wrong, in other languages. */
const WRONG_ELSEWHERE =
  /falsch|ungültig|inkorrekt|nicht korrekt|incorrecte?s?\b|erron(?:é|e)|invalide|incorrect[oa]|inv(?:á|a)lid[oa]|err(?:ó|o)ne[oa]|errat[oai]\b|non valid|onjuist|ongeldig|verkeerd|nieprawid|błędn|неверн|неправильн|felaktig|forkert|\bfeil\b|väärä|yanlış|hatalı|错误|錯誤|不正确|間違|正しくありません|잘못|올바르지/i;
/** A sentence that tells of refused logins in general, or of earlier ones. */
const IN_GENERAL = /\b(?:if|how|what|when|why|ago|last|earlier|previous|recent)\b|\?|\battempts?\W{0,3}\d/i;
/** Words of messages about a login, in the languages that are used most. */
export const ABOUT_LOGIN =
  /log[ -]?(?:in|on)|sign[ -]?(?:in|on)|password|pass ?code|credential|user ?name|account|e-?mail|anmeld|passwort|kennwort|benutzer|zugangsdaten|mot de passe|identifiant|connexion|contrase|usuario|sesi(?:ó|o)n|senha|usu(?:á|a)rio|wachtwoord|gebruiker|accesso|utente|has(?:ł|l)o|парол|пользовател|密码|密碼|パスワード|ログイン|비밀번호/i;
/** A page that receives somebody who has signed in may speak of earlier attempts. */
export const WELCOME =
  /\bwelcome\b|\b(?:signed|logged) in\b|\bwillkommen\b|\bbienven\w+|\bbem-?vind\w+|\bbenvenut\w+|\bwelkom\b/i;
const GREETING =
  /\b(?:hi|hello|hey|welcome(?: back)?|(?:signed|logged) in as|good (?:morning|afternoon|evening)|bonjour|hallo|willkommen|hola|bienvenid[oa]|ol(?:á|a)|ciao|bem-?vind[oa])[\s,:!]{1,3}$/i;
/** A page that asks to sign in before anything is done. */
const ASKS_SIGN_IN =
  /\b(?:please|(?:you )?(?:must|need to|have to|should)|required to)[^.\n]{0,20}\b(?:log(?:ged)?[ -]?(?:in|on)|sign(?:ed)?[ -]?(?:in|on)|log ?in|authenticate)\b|\b(?:log|sign)[ -]?(?:in|on) (?:to (?:continue|view|access|post|proceed|comment|reply|see|do|use)|first|required)|\b(?:not|no longer) (?:logged|signed) in\b|\b(?:log-?in|sign-?in|authentication) (?:is )?(?:required|needed)\b|bitte (?:melde|loggen)|veuillez vous connecter|inicia(?:r)? sesi(?:ó|o)n para/i;
/** A page that stands between a sign-in form and what is behind it. */
const GATE_PLACE =
  /(?:^|[/_.-])(?:sign-?_?up|register|registration|join|forgot|lost-?password|reset|recover\w*|verif(?:y|ication)|captcha|challenge|activat(?:e|ion)|unverified|locked|lockout|blocked|suspended|banned|error)(?=$|[/?#.;_-])/i;
const GATE_WORDS =
  /\bverify (?:your|that|you)|\bare you (?:a )?(?:robot|human)\b|\bnot a robot\b|\bcheck your (?:e-?mail|inbox|phone)\b|\b(?:create|set up) (?:an|your) account\b|\b(?:reset|forgot|recover) (?:your )?password\b|\bhaving trouble\b|\bcontinue with (?:google|github|apple|facebook|microsoft|sso)\b/i;
/** A page that only a right password leads to: it asks for a second factor, or for a decision of the account's owner. */
const NEXT_STEP_PLACE =
  /(?:^|[/_.?&=-])(?:(?:login-?with-?)?2fa|mfa|otp|totp|u2f|webauthn|two-?(?:factor|step)\w*|second-?factor|consent|select-?(?:account|tenant|organi[sz]ation|profile)|kmsi|stay-?signed-?in|confirm_admin_email|terms(?:-of-(?:use|service))?)(?=$|[/?#.;&_-])/i;
const NEXT_STEP_WORDS =
  /\b(?:two|2|multi)[ -]?(?:factor|step)\b|\bauthenticat(?:or|ion) (?:app|code)\b|\bone-time (?:code|password|passcode)\b|\b(?:verification|security|authentication|login|6-digit|six-digit) code\b|\bsecurity key\b|\bstay signed in\b|\badministration email\b|\bremind me later\b|\b(?:accept|agree to) (?:the|our)(?: new| updated)? terms\b|\b(?:choose|select|pick) (?:an?|your) (?:account|organi[sz]ation|workspace|tenant|profile)\b/i;
const MOST_GREETED = 100;

/** Sentences of a text, bounded. */
const sentencesOf = (text: string): string[] =>
  text
    .slice(0, 4_000)
    .split(/[.!?\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");

/**
 * What a message says of what was sent: the first sentence that says it is done or refused decides. Names in quotation
 * marks say nothing.
 */
export function messageVerdict(text: string): "done" | "refused" | undefined {
  for (const sentence of sentencesOf(text.replaceAll(QUOTED, " "))) {
    if (WARNING.test(sentence)) continue;
    if (WRONG.test(sentence) || REFUSED.test(sentence)) return "refused";
    const done = saysDone(sentence);
    if (done) return "done";
    if (REMARK.test(sentence)) return "refused";
  }
  return undefined;
}

/** Whether a heading says that what was sent was refused, in words that mean nothing else. */
export function refusesOutright(text: string): boolean {
  const [first = ""] = sentencesOf(text.replaceAll(QUOTED, " ")).filter(
    (sentence) => saysDone(sentence) || WRONG.test(sentence) || REFUSED.test(sentence),
  );
  return WRONG.test(first) || REFUSED.test(first);
}

/** Whether a message says in one of its sentences that something was done. */
export function saysDone(text: string): boolean {
  return sentencesOf(text).some((sentence) => {
    const done = DONE.exec(sentence);
    return done !== null && !NOT_DONE.test(sentence.slice(0, done.index));
  });
}

/** Whether a text has a sentence that what was sent was done, beyond doubt. */
export const saysOutrightDone = (text: string): boolean =>
  sentencesOf(text).some((sentence) => {
    const done = OUTRIGHT_DONE.exec(sentence);
    return done !== null && !NOT_DONE.test(sentence.slice(0, done.index));
  });

/** Whether a message says that a search found nothing. */
export const findsNothing = (text: string): boolean => NOTHING_FOUND.test(text);

/** Whether a page's title, or a part of it beside the site's name, ends with a word of failure. */
export const isFailureTitle = (title: string): boolean =>
  [title, ...title.split(/ [|·–—-] /)].some((part) => FAILURE_TITLE.test(part.trim()));

/** Whether a message is one that a page shows to everybody. */
export const isForEverybody = (text: string): boolean => NOT_ABOUT.test(text);

/** The line of a page that says that a login was refused; undefined where it speaks of such things in general. */
export function refusedLogin(text: string): string | undefined {
  return text
    .slice(0, 4_000)
    .split("\n")
    .find(
      (line) =>
        (WRONG_LOGIN.test(line) || (ABOUT_LOGIN.test(line) && WRONG_ELSEWHERE.test(line))) &&
        !IN_GENERAL.test(line),
    )
    ?.trim();
}

/** What a page newly says beside a form that it shows again, where that is nothing but a message. */
export interface NewMessage {
  line: string;
  /** It denies or demands something; else it neither does nor says that anything was done. */
  denies: boolean;
}

/**
 * The message that a page has newly beside a form that came back. Undefined where it says that something was done, where
 * a number of the page changed, or where so much of the page is new that it is no message.
 * @param deed words of the form: its address, its button
 */
export function newMessage(
  text: string,
  before: string,
  without: (text: string) => string,
  deed: string,
): NewMessage | undefined {
  const counted = new Set(before.split("\n").map(withoutNumbers));
  const lines = newLines(text, before)
    .split("\n")
    .map((line) => without(line).trim())
    .filter((line) => line !== "");
  if (lines.length === 0 || lines.length > MOST_SENTENCES) return undefined;
  if (lines.join(" ").length > MOST_MESSAGE || lines.some((line) => counted.has(withoutNumbers(line))))
    return undefined;
  if (lines.some((line) => saysDone(line))) return undefined;
  const said = lines.filter((line) => SENTENCE_END.test(line) || line.split(/\s+/).length > 2);
  const denying = said.find((line) => DENIES.test(line) || messageVerdict(line) === "refused");
  if (denying !== undefined) return { line: denying, denies: true };
  const [first] = said;
  if (first === undefined || lines.some((line) => showsDeed(line, deed))) return undefined;
  return { line: first, denies: false };
}

/** Whether a line has a participle of something that was done: `Your vote was counted`, not `You are banned`. */
function tellsOfDeed(line: string, deed: string): boolean {
  const own = deed.toLowerCase();
  const rest = line.replaceAll(SETBACK, (word) =>
    own.includes(
      word
        .toLowerCase()
        .replace(/(?:n?ed|ied)$/, "")
        .slice(0, 5),
    )
      ? word
      : "",
  );
  return PARTICIPLE.test(rest);
}

/**
 * Whether a text has a participle of something that was done, or the number of what was made.
 * @param deed words of the form: its address, its button
 */
export const showsDeed = (text: string, deed: string): boolean =>
  tellsOfDeed(text, deed) || NUMBERED.test(text);

/** Words of sentences in the languages in which {@link saysDone} knows what was done. */
const KNOWN_LANGUAGE =
  /\b(?:the|you|your|our|this|we|is|are|was|were|have|has|it|der|die|das|ist|sind|wurde|nicht|ihre?|le|la|les|est|une?|votre|vous|el|los|las|su|es|il|una|che|het|een|uw|o|os|sua|foi)\b/i;

/** Whether a text is one of which it can be said that it does not say that something was done. */
export const isReadable = (text: string): boolean => KNOWN_LANGUAGE.test(text);

const withoutNumbers = (line: string): string => line.trim().replaceAll(/\d+/g, "#");

/** Whether a page asks to sign in. */
export const asksForSignIn = (text: string): boolean => ASKS_SIGN_IN.test(text);

/** Whether a page is one that stands between signing in and what is behind it, by its address or its words. */
export const isGate = (path: string, words: string): boolean =>
  GATE_PLACE.test(path) || GATE_WORDS.test(words);

/**
 * Whether a page asks somebody whose password was right for the next step: a second factor, a decision. Words count only
 * beside a form.
 */
export const isNextStep = (path: string, words: string): boolean =>
  NEXT_STEP_PLACE.test(path) || NEXT_STEP_WORDS.test(words);

/** Whether a text greets somebody by a name that signed in (`Hello, ada`), or has the name alone on a line. */
export function greetingOf(text: string, names: readonly string[]): "greeting" | "name" | undefined {
  let found: "name" | undefined;
  for (const line of text.split("\n"))
    for (const name of names) {
      const at = line.toLowerCase().indexOf(name.toLowerCase());
      if (at < 0) continue;
      if (GREETING.test(line.slice(Math.max(0, at - MOST_GREETED), at))) return "greeting";
      if (line.length <= name.length + 2) found = "name";
    }
  return found;
}

/** The line of a text that a match stands in. */
export function lineAround(text: string, match: RegExpExecArray | null): string {
  if (match === null) return "";
  const start = text.lastIndexOf("\n", match.index) + 1;
  const end = text.indexOf("\n", match.index);
  return text.slice(start, end < 0 ? undefined : end).trim();
}

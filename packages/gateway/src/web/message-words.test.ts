import { describe, expect, test } from "vitest";
import {
  asksForSignIn,
  findsNothing,
  greetingOf,
  isFailureTitle,
  isForEverybody,
  isGate,
  isNextStep,
  isReadable,
  lineAround,
  messageVerdict,
  newMessage,
  refusedLogin,
  refusesOutright,
  saysDone,
  saysOutrightDone,
  WELCOME,
} from "./message-words.ts";

test.each<[string, "done" | "refused" | undefined]>([
  ["Your order was placed.", "done"],
  ["Thanks!", "done"],
  ["Gespeichert", "done"],
  ["Votre message est envoyé", "done"],
  ["Your order was not placed", undefined],
  ["Please wait until it is saved", undefined],
  ["It can't be saved", "refused"],
  ["The name is invalid. It was not saved", "refused"],
  ["Saved. The other field is invalid", "done"],
  ["Sorry, sold out", "refused"],
  ["The name has already been taken", "refused"],
  ["Your account is locked", "refused"],
  ["Hello. Welcome", undefined],
  ["This cannot be undone. Deleted", "done"],
  ['The list "Invalid entries" was created', "done"],
  ["«Sorry» was added", "done"],
  ["", undefined],
  [`${"x".repeat(4_000)}. Saved`, undefined],
  ...[
    "at least 8 characters",
    "been used",
    "one error below",
    "They do not match",
    "an error occurred",
    "the following error",
    "field is required",
    "fail",
    "exceed it",
    "not authorised",
    "not recognized",
    "unauthorized",
    "You do not have access",
    "You don’t have the rights",
    "is closed",
    "was held",
    "duplicate blog post",
    "duplicate entry",
    "cannot",
    "can’t",
    "couldn’t",
    "an error",
    "It did not go",
    "It doesn’t go",
  ].map((text): [string, "refused"] => [text, "refused"]),
  ...["success", "créé", "creato", "creado", "criado", "salva", "ajouté", "éxito", "succès"].map(
    (text): [string, "done"] => [text, "done"],
  ),
  ...[
    "was held for review",
    "canot",
    "couldnot",
    "It donot",
    "failing to be created",
    "isn’t saved",
    "cannot undo",
    "can not be reverted",
    "can’t recover it",
    "cannot take back",
    "irreversible",
    "no undo",
    "nobody failsafe",
  ].map((text): [string, undefined] => [text, undefined]),
])("the message %j says: %j", (text, verdict) => {
  expect(messageVerdict(text)).toBe(verdict);
});

test.each<[string, boolean, boolean]>([
  ["Saved", true, false],
  ["Not saved", false, false],
  ["Changes saved successfully", true, true],
  ["The item was successfully added", true, true],
  ["Your reply was posted just now successfully", true, true],
  ["It was not successfully added", false, false],
  ["A list of posted things", true, false],
])("%j says that it was done: %j, beyond doubt: %j", (text, done, outright) => {
  expect([saysDone(text), saysOutrightDone(text)]).toEqual([done, outright]);
});

test.each([
  ["Sorry. Saved", true],
  ["Invalid name", true],
  ["Saved. Sorry", false],
  ["Hello", false],
  ['"Sorry" was added', false],
])("the heading %j refuses outright: %j", (text, refuses) => {
  expect(refusesOutright(text)).toBe(refuses);
});

test.each([
  ["No results found", true],
  ["Sorry, there are no matching products to show", true],
  ["0 results", true],
  ["Nothing was found", true],
  ["We couldn't find anything", true],
  ["0 result", true],
  ["no item", true],
  ["sorry - no blog record", true],
  ["There are no matches", true],
  ["your search did not match anything", true],
  ["We didn’t find any", true],
  ["10 results", false],
  ["we couldnyt find any", false],
  ["we didntt match anything", false],
  ["x0 hits", false],
  ["See: no results", false],
  ["Notes", false],
])("%j says that a search found nothing: %j", (text, nothing) => {
  expect(findsNothing(text)).toBe(nothing);
});

test.each([
  ["Error", true],
  ["Payment failed!", true],
  ["Access denied | Shop", true],
  ["Shop - Error page", true],
  ["Shop · Failure", true],
  ["error!", true],
  ["The errors", true],
  ["Payment rejected notice", true],
  ["Shop – Failed", true],
  ["Errorx", false],
  ["Error handling", false],
  ["Terror", false],
  ["Shop", false],
])("the title %j is that of a failure: %j", (title, fails) => {
  expect(isFailureTitle(title)).toBe(fails);
});

test.each([
  ["We use cookies", true],
  ["Enable JavaScript", true],
  ["Order placed", false],
  ["Scookiesy", false],
  ["A cookie", true],
])("%j is shown to everybody: %j", (text, everybody) => {
  expect(isForEverybody(text)).toBe(everybody);
});

test.each<[string, string | undefined]>([
  ["Hello\n Invalid password ", "Invalid password"],
  ["Your account has been locked", "Your account has been locked"],
  ["Too many login attempts", "Too many login attempts"],
  ["Login failed", "Login failed"],
  ["The user does not exist", "The user does not exist"],
  ["Passwort falsch", "Passwort falsch"],
  ["bad login or e-mail", "bad login or e-mail"],
  ["The profile was suspended", "The profile was suspended"],
  ["too many attempts", "too many attempts"],
  ["too many failed sign-in attempts", "too many failed sign-in attempts"],
  ["signin denied", "signin denied"],
  ["username unknown", "username unknown"],
  ["credential doesn’t match", "credential doesn’t match"],
  ["password errónea", "password errónea"],
  ["identifiant incorrect", "identifiant incorrect"],
  ["login incorrecte", "login incorrecte"],
  ["e-mail inválida", "e-mail inválida"],
  ["Login failed, attempt 3", undefined],
  ["Login failed attempts: 3", undefined],
  ["user in another place. It is wrong", undefined],
  ["Etwas ist falsch", undefined],
  ["What if the password is incorrect", undefined],
  ["Incorrect password?", undefined],
  ["Last login failed", undefined],
  ["Welcome", undefined],
  [`${"x".repeat(4_000)}\nInvalid password`, undefined],
])("of %j the line that refuses a login is %j", (text, line) => {
  expect(refusedLogin(text)).toBe(line);
});

describe("a page", () => {
  test.each([
    ["Please log in", true],
    ["You must be signed in", true],
    ["You have to sign in", true],
    ["Log in to continue", true],
    ["You are not logged in", true],
    ["Authentication required", true],
    ["Bitte melden Sie sich an", true],
    ["You need to logon", true],
    ["please signed on", true],
    ["Sign on to comment", true],
    ["Log-in first", true],
    ["no longer signed in", true],
    ["login needed", true],
    ["Sign-in is required", true],
    ["inicia sesion para", true],
    ["You are logged in", false],
    ["please, a long text that is about other things. Log in", false],
    ["Log in", false],
  ])("with %j asks to sign in: %j", (text, asks) => {
    expect(asksForSignIn(text)).toBe(asks);
  });

  test.each([
    ["/sign-up", "", true],
    ["/users/password/reset?x", "", true],
    ["/account/verify.php", "", true],
    ["/signup", "", true],
    ["/a/sign_up.do", "", true],
    ["/lostpassword", "", true],
    ["/verification", "", true],
    ["/activation;x", "", true],
    ["/recovery#x", "", true],
    ["/joins", "", false],
    ["/preset", "", false],
    ["/", "are you robot", true],
    ["/", "are you a human", true],
    ["/", "check your email", true],
    ["/", "reset password", true],
    ["/", "create an account", true],
    ["/", "Please verify that you are human", true],
    ["/", "Reset your password", true],
    ["/", "Hello", false],
  ])("at %s with %j stands before what is behind the login: %j", (path, words, gate) => {
    expect(isGate(path, words)).toBe(gate);
  });

  test.each([
    ["/2fa", "", true],
    ["/login?step=mfa&x", "", true],
    ["/select-account", "", true],
    ["/consents", "", false],
    ["/loginwith2fa", "", true],
    ["/login-with-2fa.html", "", true],
    ["/twostep", "", true],
    ["/two-factor-auth", "", true],
    ["/secondfactor", "", true],
    ["/selectorganisation", "", true],
    ["/select-organization", "", true],
    ["/staysignedin", "", true],
    ["/terms", "", true],
    ["/terms-of-service?x", "", true],
    ["/lgin-with-2fax", "", false],
    ["/x2fa", "", false],
    ["/", "2step", true],
    ["/", "multi factor", true],
    ["/", "accept the terms", true],
    ["/", "agree to our updated terms", true],
    ["/", "pick an organisation", true],
    ["/", "choose your organization", true],
    ["/", "Enter the 6-digit code", true],
    ["/", "Two-factor authentication", true],
    ["/", "Accept our new terms", true],
    ["/", "A code of conduct", false],
  ])("at %s with %j is the next step of a login: %j", (path, words, next) => {
    expect(isNextStep(path, words)).toBe(next);
  });
});

test.each<[string, string[], "greeting" | "name" | undefined]>([
  ["Hello, Ada", ["ada"], "greeting"],
  ["Menu\nWelcome back, ada!", ["ada"], "greeting"],
  ["Menu\n ada ", ["ada"], "name"],
  ["Posts of ada", ["ada"], undefined],
  ["welcome ada", ["ada"], "greeting"],
  ["Bem-vinda, ada", ["ada"], "greeting"],
  ["bienvenido ada", ["ada"], "greeting"],
  ["Hello dear ada", ["ada"], undefined],
  ["(ada)", ["ada"], "name"],
  ["((ada)", ["ada"], undefined],
  [`Hello${" ".repeat(3)}ada`, ["ada"], "greeting"],
  ["Helloada", ["ada"], undefined],
  ["ada\nHi ada", ["ada"], "greeting"],
  ["Bob", ["ada", "bob"], "name"],
  ["Hello", [], undefined],
])("%j greets %j: %j", (text, names, found) => {
  expect(greetingOf(text, names)).toBe(found);
});

test("a match is in its line", () => {
  const text = "one\n two x \nthree";
  expect(["one", "x", "three", "none"].map((word) => lineAround(text, new RegExp(word).exec(text)))).toEqual([
    "one",
    "two x",
    "three",
    "",
  ]);
});

const newly = (text: string, before = "Menu", sent = "~", deed = "/posts Publish") =>
  newMessage(`${before}\n${text}`, before, (line) => line.replaceAll(sent, ""), deed);

test.each([
  "You are banned from this forum.",
  "The board has been archived.",
  "Your session has ended.",
  "Spam detected.",
  "Closed for new members until Monday.",
  "Entries are moderated here.",
])("a participle of what hinders does not say that the form was taken: %s", (text) => {
  expect(newly(text)).toMatchObject({ denies: false });
});

test.each([
  ["Thread archived.", "/threads/4/archive Archive"],
  ["The session has ended.", "/session/end End session"],
  ["The ticket was closed by you.", "/tickets/4 Close"],
  ["Your vote has been counted.", "/votes Vote"],
])("but the deed that a form asks for does: %s", (text, deed) => {
  expect(newly(text, "Menu", "~", deed)).toBeUndefined();
});

test.each<[string, boolean | undefined]>([
  ["The name is not long enough", true],
  ["no", undefined],
  ["Give two names, please.", true],
  ["It lacks a name", true],
  ["You need a name", true],
  ["A limitation of ours", true],
  ["It isn’t so", true],
  ["That is wrong here", true],
  ["Choose a longer one", false],
  ["Longer.", false],
  ["Longer…", false],
  ["Much longer", undefined],
  ["Here we go\nThe name is missing", true],
  ["One here now\nTwo here now\nThree here now", undefined],
  ["It was saved", undefined],
  ["Choose one now\nIt was saved", undefined],
  ["They were renamed today", undefined],
  ["They are red today", false],
  ["Ticket #12 is open", undefined],
  ["Your order no. is ab-12", true],
  ["Reference: x1 is yours", undefined],
  ["Order is here now", false],
  ["Thing no. 5 is here", undefined],
  ["x y ".repeat(75).trim(), false],
  [`${"x y ".repeat(75)}z`, undefined],
  ["~", undefined],
  ["", undefined],
])("beside a form that came back %j is a message that denies: %j", (text, denies) => {
  expect(newly(text)?.denies).toBe(denies);
});

test("the message is the line that denies, else the first, without what was sent", () => {
  expect(newly("Choose a longer one\nThe name is missing")?.line).toBe("The name is missing");
  expect(newly("Choose a longer one\nOr else take this")?.line).toBe("Choose a longer one");
  expect(newly(" The name lamp is missing ", "Menu", "lamp ")?.line).toBe("The name is missing");
});

test("a number of the page that changed is no message", () => {
  expect(newly("There are 4 items, please", "There are 3 items, please")).toBeUndefined();
  expect(newly("There are 4 items, please", "There were 3 items, please")?.denies).toBe(true);
});

test.each([
  "It already exist",
  "See the error below",
  "See the errors below",
  "The following error",
  "An error occurred",
  "Two errors occurred",
  "Give at least 12 characters",
  "You do not have right",
  "You don't have the rights",
  "You don’t have access",
  "It is not recognised",
])("%j refuses", (text) => {
  expect(messageVerdict(text)).toBe("refused");
});

test.each([
  "It cannot be reversed",
  "It can't be recovered",
  "It can’t be recover",
  "It can not be restored",
  "It cannot be revert",
  "It cannot be reverted",
  "It can't be taken back",
  "It can't take back",
  "It is irreversible",
  "It cannot be removed irreversibly",
  "There is no undo",
])("%j warns, and refuses nothing", (text) => {
  expect(messageVerdict(text)).toBeUndefined();
});

test("names in quotation marks say nothing, of one letter or two hundred", () => {
  for (const name of ["Sorry", `Sorry ${"x".repeat(194)}`])
    for (const quoted of [`"${name}"`, `“${name}”`, `«${name}»`])
      expect(messageVerdict(`${quoted} was created`), quoted).toBe("done");
  expect(messageVerdict(`"Sorry ${"x".repeat(195)}" was created`)).toBe("refused");
  expect(messageVerdict("Sorry, it was created")).toBe("refused");
  expect(refusesOutright('Your "a" item was rejected')).toBe(true);
  expect(refusesOutright('"rejected" stands here')).toBe(false);
  expect(refusesOutright("Hello there. Your item was rejected")).toBe(true);
  expect(refusesOutright("Item saved. Your other item was rejected")).toBe(false);
});

test.each([
  "No result",
  "No results",
  "No match",
  "No matching",
  "No item",
  "There were no posts",
  "No products that are available",
  "No new data to show",
  "No items of ours found",
  "Nothing found",
  "Nothing was found",
  "0 result",
  "0 hits",
  "Sorry! We couldn't find any",
])("%j is what a search says that found nothing", (text) => {
  expect(findsNothing(text)).toBe(true);
});

test.each(["x 0 hits", "Not found", "No resulting thing", "Nothing new found"])("%j is not", (text) => {
  expect(findsNothing(text)).toBe(false);
});

test.each([
  "invalid user",
  "wrong credential",
  "incorrect email",
  "incorrect e-mail",
  "unknown log-in",
  "bad login for this place of the user",
  "authentication has failed",
  "account on this server was not found",
  "user xyz is banned",
  "user now locked",
  "too many log-in attempts",
  "too many signin attempts",
  "e-mail errata",
  "email errato",
  "login falsch",
  "log-on falsch",
  "signin falsch",
  "sign-on falsch",
  "sign in falsch",
  "passcode falsch",
  "pass code falsch",
  "username falsch",
  "user name falsch",
])("%j refuses a login", (text) => {
  expect(refusedLogin(text)).toBe(text);
});

test.each([
  "Must signin",
  "You should sign-in",
  "Please login",
  "Please log in",
  "please loggedin",
  "Required to authenticate",
  "login to view",
  "sign-in first",
  "sign in required",
  "login is needed",
  "sign-in required",
  "signin is required",
  "Inicia sesión para ver",
])("%j asks to sign in", (text) => {
  expect(asksForSignIn(text)).toBe(true);
});

test.each([
  "signup",
  "/sign-up",
  "a_signup/x",
  "recover",
  "/recovery",
  "recovered",
  "lostpassword",
  "lost-password",
])("%s is a gate by its address", (path) => {
  expect(isGate(path, "")).toBe(true);
});

test.each([
  "2fa",
  "loginwith2fa",
  "/login-with-2fa",
  "two-factor",
  "twofactorauth",
  "two-step-verification",
  "twosteps",
  "secondfactor",
  "select-organization",
  "selectorganisation",
  "staysignedin",
  "terms-of-use",
])("%s is a next step by its address", (path) => {
  expect(isNextStep(path, "")).toBe(true);
});

test.each([
  "2step",
  "2-step",
  "multi factor",
  "accept the terms",
  "agree to our new terms",
  "choose an account",
  "pick a organization",
  "select your organisation",
])("%j is a next step by its words", (words) => {
  expect(isNextStep("/", words)).toBe(true);
});

test.each<[string, string, boolean | undefined]>([
  ["no 5 of this", "", undefined],
  ["no. 5 of this", "", undefined],
  ["no.5 of this", "", undefined],
  ["no5 of this kind", "", undefined],
  ["There is no of this", "", true],
  ["It lack a name", "", true],
  ["It was cancelled here", "", false],
  ["It was canceled here", "", false],
  ["It was canceled here", "/orders/cancel", undefined],
  ["It was limited here", "/limits", true],
  ["nr 5 is open", "", undefined],
  ["n° 5 is open", "", undefined],
  ["n°. 5 is open", "", undefined],
  ["the code is: ab5 here", "", undefined],
  ["the code isab5 here", "", undefined],
  ["Two. words", "", undefined],
  ["One two  ", "", undefined],
  ["Onetwo.  ", "", false],
])("beside a form with %j and %j, the message denies: %j", (text, deed, denies) => {
  expect(newMessage(text, "Menu", (line) => line, deed)?.denies).toBe(denies);
});

test("of two new lines one that says that it was done, or that only has another number, ends it", () => {
  const newly = (text: string, before = "Menu") => newMessage(text, before, (line) => line, "/x");
  expect(newly("It is done now\nHere we go again")).toBeUndefined();
  expect(newly("Here we go again\nIt is done now")).toBeUndefined();
  expect(newly("They were renamed today\nHere we go again")).toBeUndefined();
  expect(newly("There are 14 items\nHere we go again", "There are 3 items")).toBeUndefined();
  expect(newly(`${"x".repeat(148)} y z\n${"x".repeat(147)}`)?.denies).toBe(false);
  expect(newly(`${"x".repeat(148)} y z\n${"x".repeat(148)}`)).toBeUndefined();
  expect(newly("Here we go again\n\n \nOnce more we go")?.line).toBe("Here we go again");
});

test.each(["das", "ihr", "ihre", "une", "un", "the", "foi"])(
  "%j is a word of a language that is known: %#",
  (word) => {
    expect(isReadable(`x ${word} y`)).toBe(true);
  },
);

test("words of success beyond doubt are not undone by what follows them", () => {
  expect(saysOutrightDone("Item saved for you successfully, not archived")).toBe(true);
  expect(saysOutrightDone("Hello. Item was successfully saved")).toBe(true);
  expect(saysOutrightDone("Not successfully saved")).toBe(false);
});

test.each(["bienvenue", "bienvenida", "bemvindo", "bem-vinda", "benvenuto", "benvenuti"])(
  "%s welcomes",
  (word) => {
    expect(WELCOME.test(`x ${word} y`)).toBe(true);
  },
);

test("a title that ends with a failure, beside the name of the site", () => {
  expect(["Shop -  Error ", "Error  | Shop", "Errors"].map(isFailureTitle)).toEqual([true, true, true]);
});

test("a name is greeted in the hundred characters before it", () => {
  expect(greetingOf(`${"x ".repeat(80)}hello ann`, ["ann"])).toBe("greeting");
  expect(greetingOf("bemvinda, ann", ["ann"])).toBe("greeting");
});

test("the line of a match can be the first, the last or an empty one", () => {
  const at = (text: string) => lineAround(text, /x/.exec(text));
  expect([at("a x\nb"), at("b\na x"), at("x"), at("\nx\n")]).toEqual(["a x", "a x", "x", "x"]);
});

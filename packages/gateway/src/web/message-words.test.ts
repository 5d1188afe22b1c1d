import { describe, expect, test } from "vitest";
import {
  asksForSignIn,
  findsNothing,
  greetingOf,
  isFailureTitle,
  isForEverybody,
  isGate,
  isNextStep,
  lineAround,
  messageVerdict,
  newLines,
  refusedLogin,
  refusesOutright,
  saysDone,
  saysOutrightDone,
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
  ["10 results", false],
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
    ["You are logged in", false],
    ["Log in", false],
  ])("with %j asks to sign in: %j", (text, asks) => {
    expect(asksForSignIn(text)).toBe(asks);
  });

  test.each([
    ["/sign-up", "", true],
    ["/users/password/reset?x", "", true],
    ["/account/verify.php", "", true],
    ["/preset", "", false],
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
  ["Helloada", ["ada"], undefined],
  ["ada\nHi ada", ["ada"], "greeting"],
  ["Bob", ["ada", "bob"], "name"],
  ["Hello", [], undefined],
])("%j greets %j: %j", (text, names, found) => {
  expect(greetingOf(text, names)).toBe(found);
});

test("new lines are those that the page did not have, and a match stands in its line", () => {
  expect(newLines("a\nb\nc", "c\na")).toBe("b");
  expect([newLines("a\nb", ""), newLines("a\nb", undefined)]).toEqual(["a\nb", "a\nb"]);
  const text = "one\n two x \nthree";
  expect(["one", "x", "three", "none"].map((word) => lineAround(text, new RegExp(word).exec(text)))).toEqual([
    "one",
    "two x",
    "three",
    "",
  ]);
});

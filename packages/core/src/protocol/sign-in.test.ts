import fc from "fast-check";
import { expect, test } from "vitest";
import type { Page, PageControl, PageForm } from "./page.ts";
import { barePath, formOriginOf, isSignInForm, logsOut, readFormOrigin } from "./sign-in.ts";

const control = (name: string, type = "text", value = ""): PageControl => ({
  name,
  type,
  label: "",
  value,
  required: false,
});
const form = (path: string, label: string, controls: readonly PageControl[]): PageForm => ({
  id: "1",
  label,
  method: "POST",
  path,
  enctype: "application/x-www-form-urlencoded",
  controls,
});
const page = (more: Partial<Page>): Page => ({
  title: "",
  path: "/",
  text: "",
  links: [],
  forms: [],
  ...more,
});
const both = [control("user"), control("pw", "password")];

test.each<[string, PageForm, string, boolean]>([
  ["by its address", form("/login", "Go", both), "/", true],
  ["by its label", form("/enter", "Log in", both), "/", true],
  ["by its page", form("/enter", "Enter", both), "/login", true],
  [
    "with the user known",
    form("/login", "Go", [control("user", "hidden", "ada"), control("pw", "password")]),
    "/",
    true,
  ],
  ["of an outlet", form("/catalog-online", "Buy", both), "/", false],
  ["of a design", form("/a", "Design in blue", both), "/", false],
  ["to add a login", form("/logins", "Add login", both), "/", false],
  ["to end sessions", form("/sessions/revoke", "Revoke", [control("pw", "password")]), "/", false],
  ["to make an account", form("/register", "Sign up", both), "/login", false],
  ["with two passwords", form("/login", "Go", [...both, control("pw2", "password")]), "/", false],
  ["of a mail server", form("/smtp/auth", "Go", [control("host"), control("port"), ...both]), "/", false],
])("a form %s", (_, one, at, expected) => {
  expect(isSignInForm(one, at)).toBe(expected);
});

test.each([
  ["/logout", "", true],
  ["/users/sign_out", "Exit", true],
  ["/wp-login.php?action=logout&_wpnonce=1", "", true],
  ["/x", "Sign out (ada)", true],
  ["/x", "Se déconnecter", true],
  ["/help/sign-out-problems", "Help", false],
  ["/help", "Log out problems", false],
  ["/blog/outdoor", "Outdoor blog", false],
  ["/catalog/offers", "Catalog offers", false],
])("a link to %s called %j logs out: %s", (path, text, expected) => {
  expect(logsOut(page({ links: [{ path, text }] }))).toBe(expected);
});

test("what a page showed is read as it was written, and anything else as nothing", () => {
  const one = form("/login", "Go", both);
  const shown = page({ path: "/a", text: "Hi", forms: [one], alerts: [{ text: "No", isError: true }] });
  const origin = formOriginOf(shown, one);
  expect(origin).toEqual({
    path: "/a",
    signsIn: true,
    hasPassword: true,
    logsOut: false,
    signIns: ["/login"],
    edits: false,
    alerts: ["No"],
    text: "Hi",
  });
  expect(readFormOrigin(JSON.stringify(origin))).toEqual(origin);
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string(), fc.constantFrom(...Object.keys(origin))), (text) => {
      const { [text as keyof typeof origin]: _left, ...rest } = origin;
      const other = Object.hasOwn(origin, text) ? JSON.stringify(rest) : text;
      expect(readFormOrigin(other)).toBeUndefined();
    }),
  );
});

const signsIn = (controls: readonly PageControl[], more: Partial<PageForm> = {}, at = "/") =>
  isSignInForm({ ...form("/login", "Go", controls), ...more }, at);

test.each<[string, boolean, boolean]>([
  ["sent by GET", signsIn(both, { method: "GET" }), false],
  [
    "with a user that is hidden and empty",
    signsIn([control("user", "hidden"), control("pw", "password")]),
    false,
  ],
  [
    "with a hidden text of another name",
    signsIn([control("csrf", "hidden", "x"), control("pw", "password")]),
    false,
  ],
  [
    "with a user field that is a button",
    signsIn([control("user", "submit", "x"), control("pw", "password")]),
    false,
  ],
  ["with two texts beside the password", signsIn([control("tenant"), ...both]), true],
  ["with three texts beside the password", signsIn([control("tenant"), control("code"), ...both]), false],
  ["with a choice beside", signsIn([{ ...control("site"), options: [] }, control("a"), ...both]), true],
  ["with buttons of the name", signsIn([control("pw", "submit"), control("passwd", "image"), ...both]), true],
  ["without a password", signsIn([control("user")]), false],
  ["at a place to sign in, to join", signsIn(both, { path: "/join" }, "/login"), false],
  ["named by its id", signsIn(both, { path: "/x", id: "login-form" }), true],
  ["with an address of another word", signsIn(both, { path: "/x" }), false],
])("a form %s", (_name, found, expected) => {
  expect(found).toBe(expected);
});

test.each<[string, Partial<PageForm>, boolean]>([
  ["a button that says nothing", { label: "Continue" }, true],
  ["a button that says what for", { label: "Unlock file" }, false],
  ["an address to join", { label: "", path: "/join" }, false],
  ["a query", { label: "", method: "GET" }, false],
  ["another text", { label: "", controls: [...both, control("color")] }, false],
  ["a text that is no user", { label: "", controls: [control("color"), control("pw", "password")] }, false],
  ["two passwords", { label: "", controls: [control("pw", "password"), control("pass", "password")] }, false],
  ["a user by its type", { label: "", controls: [control("x", "email"), control("pw", "password")] }, true],
])("a form for a user and a password with %s signs in: %j", (_name, more, expected) => {
  const one = { ...form("/x", "Continue", both), ...more };
  expect(formOriginOf(page({ path: "/a", forms: [one] }), one).signsIn).toBe(expected);
});

test("a form edits what is there where a text has a value, and asks for a password where one can be filled in", () => {
  const origin = (...controls: PageControl[]) => {
    const one = form("/x", "Save", controls);
    const { edits, hasPassword } = formOriginOf(page({ forms: [one] }), one);
    return [edits, hasPassword];
  };
  expect(origin(control("note", "text", "x"))).toEqual([true, false]);
  expect(origin(control("note", "text", " "))).toEqual([false, false]);
  expect(origin(control("note", "hidden", "x"))).toEqual([false, false]);
  expect(origin({ ...control("note", "select", "x"), options: [] })).toEqual([false, false]);
  expect(origin(control("pw", "password", "x"))).toEqual([false, true]);
  expect(origin(control("pw", "hidden", "x"))).toEqual([false, false]);
  expect(origin(control("pw", "submit", "x"))).toEqual([false, false]);
});

test("a page has a way out by a link or by a form's button, not by a long text", () => {
  expect(logsOut(page({ forms: [form("/x", "Log out", [])] }))).toBe(true);
  expect(logsOut(page({ forms: [form("/session/logout", "", [])] }))).toBe(true);
  expect(logsOut(page({ forms: [form("/x", "Save", [])] }))).toBe(false);
  expect(logsOut(page({ links: [{ path: "/x", text: `Log out ${"x".repeat(32)}` }] }))).toBe(true);
  expect(logsOut(page({ links: [{ path: "/x", text: `Log out ${"x".repeat(33)}` }] }))).toBe(false);
});

test.each([
  ["/a/", "/a"],
  ["/", "/"],
  ["/a?x=/", "/a"],
  ["", ""],
])("the bare path of %s is %s", (path, bare) => {
  expect(barePath(path)).toBe(bare);
});

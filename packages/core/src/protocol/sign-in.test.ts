import fc from "fast-check";
import { expect, test } from "vitest";
import type { Page, PageControl, PageForm } from "./page.ts";
import { formOriginOf, isSignInForm, logsOut, readFormOrigin } from "./sign-in.ts";

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

import type { Json } from "@ape/core/lib/json";
import type { Page, PageControl, PageForm } from "@ape/core/protocol/page";
import type { FormOrigin } from "@ape/core/protocol/sign-in";
import { expect, test } from "vitest";
import { formFailure } from "./form-failure.ts";

const control = (name: string, more: Partial<PageControl> = {}): PageControl => ({
  name,
  type: "text",
  label: "",
  value: "",
  required: false,
  ...more,
});
const form = (path: string, controls: PageControl[], more: Partial<PageForm> = {}): PageForm => ({
  id: "1",
  label: "Post",
  method: "POST",
  path,
  enctype: "application/x-www-form-urlencoded",
  controls,
  ...more,
});
const page = (more: Partial<Page> = {}): Page => ({
  title: "Shop",
  path: "/items",
  text: "Shop",
  links: [],
  forms: [],
  ...more,
});
const origin = (more: Partial<FormOrigin> = {}): FormOrigin => ({
  path: "/items",
  signsIn: false,
  hasPassword: false,
  logsOut: false,
  signIns: [],
  edits: false,
  alerts: [],
  text: "Shop",
  ...more,
});
const SIGN_IN = form("/login", [control("user"), control("pw", { type: "password" })], { label: "Log in" });
const ITEM = form("/items", [control("name"), control("note")]);
const KEPT = form("/items", [control("name", { value: "Desk lamp" }), control("note")]);
const NOTHING = "These are the things that you can find in our shop, and this is what they are for.";
const LONG = "Words of the shop. ".repeat(20);

interface Given {
  page?: Partial<Page>;
  origin?: Partial<FormOrigin>;
  data?: Json;
  path?: string;
  redirected?: boolean;
}
/** What an answer shows: `worked`, or its reading or status with its message. */
function verdict({
  page: shown = {},
  origin: before,
  data = { name: "Desk lamp" },
  path = "/items",
  redirected = false,
}: Given): string {
  const sent = { path, data, ...(before === undefined ? {} : { origin: origin(before) }) };
  const error = formFailure(page(shown), sent, redirected);
  return error === undefined ? "worked" : `${error.reading ?? error.like}: ${error.message}`;
}

test.each<[string, Given, string]>([
  ["data that is no object", { data: "x", page: { forms: [SIGN_IN] } }, "worked"],
  // A page that asks to sign in.
  ["a sign-in form on a short page", { page: { forms: [SIGN_IN] } }, "signed_out: the page asks to sign in"],
  [
    "a sign-in form on a short page of 299 characters",
    { page: { text: "x".repeat(299), forms: [SIGN_IN] } },
    "signed_out: the page asks to sign in",
  ],
  [
    "a sign-in form on a page of 300 characters",
    { page: { text: "x".repeat(300), forms: [SIGN_IN] } },
    "worked",
  ],
  [
    "a sign-in form that was there before",
    { page: { forms: [SIGN_IN] }, origin: { signIns: ["/login"] } },
    "worked",
  ],
  [
    "a sign-in form after a password",
    { page: { forms: [SIGN_IN] }, data: { name: "Desk lamp", password: "x" } },
    "worked",
  ],
  [
    "a sign-in form after a form with a password",
    { page: { forms: [SIGN_IN] }, origin: { hasPassword: true } },
    "worked",
  ],
  [
    "a sign-in form beside a way to log out",
    { page: { forms: [SIGN_IN], links: [{ text: "Log out", path: "/logout" }] } },
    "worked",
  ],
  ["a sign-in form beside what was made", { page: { text: "Desk lamp", forms: [SIGN_IN] } }, "worked"],
  [
    "a sign-in form under a message of success",
    { page: { text: "Item created", forms: [SIGN_IN] } },
    "worked",
  ],
  ["a sign-in form at the side", { page: { forms: [{ ...SIGN_IN, aside: true }] } }, "worked"],
  ["a sign-in form on a long page", { page: { text: LONG, forms: [SIGN_IN] } }, "worked"],
  [
    "a sign-in form on a long page that asks for it",
    { page: { text: `${LONG}\nPlease log in first.`, forms: [SIGN_IN] } },
    "signed_out: the page asks to sign in",
  ],
  [
    "a sign-in form on a long page that asks for it in an alert",
    {
      page: { text: LONG, alerts: [{ text: "You must log in first.", isError: false }], forms: [SIGN_IN] },
      redirected: true,
    },
    "signed_out: the page asks to sign in",
  ],
  [
    "a sign-in form on a long page called so",
    { page: { text: LONG, title: "Log in", forms: [SIGN_IN] } },
    "signed_out: the page asks to sign in",
  ],
  [
    "a sign-in form on a long page headed so",
    { page: { text: LONG, heading: "Sign in", forms: [SIGN_IN] } },
    "signed_out: the page asks to sign in",
  ],
  [
    "a sign-in form on a long page with such words in a long title",
    { page: { text: LONG, title: `Log in ${"x".repeat(53)}`, forms: [SIGN_IN] } },
    "worked",
  ],
  [
    "a sign-in form on a long page with such words in a title of 59",
    { page: { text: LONG, title: `Log in ${"x".repeat(52)}`, forms: [SIGN_IN] } },
    "signed_out: the page asks to sign in",
  ],
  [
    "a redirect to a sign-in page",
    { page: { text: LONG, path: "/login" }, redirected: true },
    "signed_out: the page asks to sign in",
  ],
  [
    "a redirect to the sign-in page that it came from",
    { page: { text: LONG, path: "/login" }, redirected: true, origin: { path: "/login" } },
    "worked",
  ],
  [
    "a redirect to another sign-in page than the origin",
    { page: { text: LONG, path: "/login?x=1" }, redirected: true, origin: { path: "/items" } },
    "signed_out: the page asks to sign in",
  ],
  [
    "an answer at a sign-in page",
    { page: { text: LONG, path: "/login", forms: [SIGN_IN] } },
    "signed_out: the page asks to sign in",
  ],
  [
    "words to sign in with a link",
    {
      page: {
        text: "Please log in first.",
        links: [
          { text: "a", path: "/a" },
          { text: "Log in", path: "/login" },
        ],
      },
    },
    "signed_out: the page asks to sign in",
  ],
  [
    "words to sign in without a link",
    { page: { text: "Please log in first.", links: [{ text: "a", path: "/a" }] } },
    "worked",
  ],
  [
    "words to sign in with a link, where a redirect leads",
    { page: { text: "Please log in first.", links: [{ text: "Log in", path: "/login" }] }, redirected: true },
    "worked",
  ],
  [
    "words to sign in with a link on a long page",
    { page: { text: `Please log in first.\n${LONG}`, links: [{ text: "Log in", path: "/login" }] } },
    "worked",
  ],
  [
    "words to sign in with a link above the form",
    { page: { text: "Please log in first.", links: [{ text: "Log in", path: "/login" }], forms: [ITEM] } },
    "worked",
  ],
  [
    "a link to sign in alone",
    { page: { text: "Desk lamp", links: [{ text: "Log in", path: "/login" }] } },
    "worked",
  ],
  // Error pages.
  ["a page not found", { page: { title: "Not found" } }, "unproven: Not found"],
  ["a forbidden page", { page: { title: "Access denied" } }, "403: Access denied"],
  ["a crash", { page: { title: "Internal server error" } }, "500: Internal server error"],
  ["an expired page", { page: { title: "Session expired" } }, "signed_out: Session expired"],
  ["a page of an error", { page: { title: "Error" } }, "unproven: Error"],
  // A page without the form.
  [
    "an error message",
    { page: { alerts: [{ text: "The name is already taken.", isError: true }] } },
    "422: The name is already taken.",
  ],
  [
    "an error message beside one of success, where a redirect leads",
    {
      page: { alerts: [{ text: "The name is already taken.", isError: true }], notices: ["Item saved"] },
      redirected: true,
    },
    "worked",
  ],
  [
    "an error message beside one of success",
    { page: { alerts: [{ text: "The name is already taken.", isError: true }], notices: ["Item saved"] } },
    "422: The name is already taken.",
  ],
  [
    "an error message beside an old one of success, where a redirect leads",
    {
      page: { alerts: [{ text: "The name is already taken.", isError: true }], notices: ["Item saved"] },
      redirected: true,
      origin: { text: "Item saved" },
    },
    "422: The name is already taken.",
  ],
  [
    "an error message beside a notice, where a redirect leads",
    {
      page: { alerts: [{ text: "The name is already taken.", isError: true }], notices: ["Winter sale"] },
      redirected: true,
    },
    "422: The name is already taken.",
  ],
  [
    "an error message under a sentence of success, where a redirect leads",
    {
      page: {
        text: "Item created successfully",
        alerts: [{ text: "The name is already taken.", isError: true }],
      },
      redirected: true,
    },
    "worked",
  ],
  [
    "an old error message",
    {
      page: { text: "Desk lamp", alerts: [{ text: "The name is already taken.", isError: true }] },
      origin: { alerts: ["The name is already taken."] },
    },
    "worked",
  ],
  [
    "a message for everybody",
    { page: { text: "Desk lamp", alerts: [{ text: "Cookies were refused", isError: true }] } },
    "worked",
  ],
  [
    "an error message without words of one",
    { page: { text: "Desk lamp", alerts: [{ text: "Hm, no", isError: true }] } },
    "worked",
  ],
  ["a redirect without a message", { page: {}, redirected: true }, "worked"],
  ["a blank page", { page: { title: "", text: "" } }, "unproven: the page shows nothing"],
  ["a blank page with a title", { page: { text: "" } }, "worked"],
  [
    "a blank page with a link",
    { page: { title: "", text: "", links: [{ text: "", path: "/a" }] } },
    "worked",
  ],
  [
    "a blank page with a form",
    { page: { title: "", text: "", forms: [SIGN_IN] }, origin: { signIns: ["/login"] } },
    "worked",
  ],
  [
    "a heading of refusal",
    { page: { heading: "Your item was rejected", text: LONG } },
    "422: Your item was rejected",
  ],
  ["a short page of refusal", { page: { text: "Your item was rejected" } }, "422: Your item was rejected"],
  ["a long page of refusal", { page: { text: `Your item was rejected. ${LONG}` } }, "worked"],
  [
    "a page of refusal of 299 characters",
    { page: { text: `Your item was rejected. ${"x".repeat(275)}` } },
    `422: Your item was rejected. ${"x".repeat(275)}`,
  ],
  [
    "a page of refusal of 300 characters",
    { page: { text: `Your item was rejected. ${"x".repeat(276)}` } },
    "worked",
  ],
  [
    "a title of failure",
    { page: { title: "Shop - Failure", heading: "Desk lamp" } },
    "422: Shop - Failure: Desk lamp",
  ],
  [
    "a title of failure over a heading of success",
    { page: { title: "Shop - Failure", heading: "Item created" } },
    "worked",
  ],
  [
    "a page that says nothing",
    { page: { text: NOTHING } },
    "unproven: nothing shows that the form was taken",
  ],
  ["a page that says nothing new", { page: { text: NOTHING }, origin: { text: NOTHING } }, "worked"],
  [
    "a page that says nothing of 299 characters",
    { page: { text: NOTHING.padEnd(299, "x") } },
    "unproven: nothing shows that the form was taken",
  ],
  ["a page that says nothing of 300 characters", { page: { text: NOTHING.padEnd(300, "x") } }, "worked"],
  ["a page that shows what was sent", { page: { text: "Desk lamp" } }, "worked"],
  ["a page that says it in a notice", { page: { text: NOTHING, notices: ["Item created"] } }, "worked"],
  ["a page after a form without words", { page: { text: NOTHING }, data: { amount: "12" } }, "worked"],
  [
    "a page that leads on",
    { page: { text: NOTHING, forms: [form("/items/2", [control("size")], { label: "Next" })] } },
    "worked",
  ],
  // The form again.
  [
    "a field with a message",
    { page: { forms: [form("/items", [control("name", { error: "Too long", label: "Name" })])] } },
    "422: Name: Too long",
  ],
  [
    "a field without a label with a message",
    { page: { forms: [form("/items", [control("name", { error: "Too long" })])] } },
    "422: name: Too long",
  ],
  [
    "an alert above the form",
    { page: { alerts: [{ text: "Hm, no", isError: true }], forms: [ITEM] } },
    "422: Hm, no",
  ],
  [
    "an alert of one letter above the form",
    { page: { alerts: [{ text: "!a!", isError: true }], forms: [ITEM] } },
    "worked",
  ],
  [
    "a note above the form",
    { page: { alerts: [{ text: "Hm, no", isError: false }], forms: [ITEM] } },
    "worked",
  ],
  [
    "an alert that it was done above the form",
    { page: { alerts: [{ text: "Item created", isError: true }], forms: [ITEM] } },
    "worked",
  ],
  [
    "a message that a search found nothing",
    { page: { alerts: [{ text: "No results found", isError: true }], forms: [ITEM] } },
    "worked",
  ],
  [
    "a search form again",
    {
      page: {
        alerts: [{ text: "Hm, no", isError: true }],
        forms: [form("/items", [control("name"), control("q", { type: "search" })])],
      },
    },
    "worked",
  ],
  ["the empty form again", { page: { forms: [ITEM] } }, "worked"],
  [
    "the empty form again with words of an error that were there",
    { page: { text: "Shop\nName is too short", forms: [ITEM] }, origin: { text: "Shop\nName is too short" } },
    "worked",
  ],
  [
    "the empty form again with new words of an error",
    { page: { text: "Shop\nName is too short", forms: [ITEM] }, origin: {} },
    "422: Name is too short",
  ],
  [
    "the empty form again with words of an error, where its page is not known",
    { page: { text: "Shop\nName is too short", forms: [ITEM] } },
    "worked",
  ],
  [
    "the form with its values again with words of an error, where its page is not known",
    { page: { text: "Shop\nName is too short", forms: [KEPT] } },
    "422: Name is too short",
  ],
  [
    "the empty form again with words of an error beside what was sent",
    { page: { text: "Shop\nDesk lamp\nName is too short", forms: [ITEM] }, origin: {} },
    "worked",
  ],
  [
    "the empty form again with words of an error and of success",
    { page: { text: "Shop\nItem saved\nName is too short", forms: [ITEM] }, origin: {} },
    "worked",
  ],
  [
    "the empty form again with a new denial",
    { page: { text: "Shop\nThis shop needs a longer name.", forms: [ITEM] }, origin: {} },
    "422: This shop needs a longer name.",
  ],
  [
    "the empty form again with a new message",
    { page: { text: "Shop\nHello to all of you.", forms: [ITEM] }, origin: {} },
    "unproven: nothing shows that the form was taken; the page says: Hello to all of you.",
  ],
  [
    "the empty form of something to edit",
    { page: { text: "Shop\nThis shop needs a longer name.", forms: [ITEM] }, origin: { edits: true } },
    "worked",
  ],
  [
    "the form with its values again",
    { page: { forms: [KEPT] }, origin: {} },
    "unproven: the form came back with the values that were sent, and nothing shows that it was taken",
  ],
  [
    "the form with its values again, where its page is not known",
    { page: { forms: [KEPT] } },
    "unproven: the form came back with the values that were sent, and nothing shows that it was taken",
  ],
  [
    "the form with its values again and a new denial",
    { page: { text: "Shop\nThis shop needs a longer name.", forms: [KEPT] }, origin: {} },
    "422: This shop needs a longer name.",
  ],
  [
    "the form with its values again that edits",
    { page: { forms: [KEPT] }, origin: { edits: true } },
    "worked",
  ],
  [
    "the form with its values again at an address to edit",
    { path: "/items/7/edit", page: { forms: [{ ...KEPT, path: "/items/7/edit" }] } },
    "worked",
  ],
  [
    "the form with its values again at a setting",
    { path: "/setting", page: { forms: [{ ...KEPT, path: "/setting" }] } },
    "worked",
  ],
  [
    "the form with its values again where a redirect leads",
    { page: { forms: [KEPT] }, redirected: true },
    "worked",
  ],
  [
    "the form with its values again where a redirect leads that makes something new",
    { page: { forms: [KEPT] }, redirected: true, origin: {} },
    "unproven: the form came back with the values that were sent, and nothing shows that it was taken",
  ],
  [
    "the form with its values again where a redirect leads that edits",
    { page: { forms: [KEPT] }, redirected: true, origin: { edits: true } },
    "worked",
  ],
  [
    "the form of a question again",
    { page: { text: "Shop\nName is too short", forms: [{ ...KEPT, label: "Calculate" }] }, origin: {} },
    "worked",
  ],
  // The form with one password again.
  [
    "a password again",
    {
      path: "/me",
      data: { password: "hunter2", name: "Ann" },
      page: { forms: [form("/me", [control("password", { type: "password" }), control("name")])] },
    },
    "401: the form with the password came back",
  ],
  [
    "a password again under words of success",
    {
      path: "/me",
      data: { password: "hunter2", name: "Ann" },
      page: {
        text: "Profile saved",
        forms: [form("/me", [control("password", { type: "password" }), control("name")])],
      },
    },
    "worked",
  ],
  [
    "a password again under words of an error and of success",
    {
      path: "/me",
      data: { password: "hunter2", name: "Ann" },
      page: {
        text: "Invalid name\nProfile saved",
        forms: [form("/me", [control("password", { type: "password" }), control("name")])],
      },
    },
    "401: Invalid name",
  ],
  [
    "a password again, where a redirect leads that has a way to log out",
    {
      path: "/me",
      data: { password: "hunter2", name: "Ann" },
      redirected: true,
      page: {
        links: [{ text: "Log out", path: "/logout" }],
        forms: [form("/me", [control("password", { type: "password" }), control("name")])],
      },
    },
    "worked",
  ],
  [
    "a password again beside a way to log out",
    {
      path: "/me",
      data: { password: "hunter2", name: "Ann" },
      page: {
        links: [{ text: "Log out", path: "/logout" }],
        forms: [form("/me", [control("password", { type: "password" }), control("name")])],
      },
    },
    "401: the form with the password came back",
  ],
  [
    "a password again, where a redirect leads",
    {
      path: "/me",
      data: { password: "hunter2", name: "Ann" },
      redirected: true,
      page: { forms: [form("/me", [control("password", { type: "password" }), control("name")])] },
    },
    "401: the form with the password came back",
  ],
  [
    "a password again under words of an error, where a redirect leads that has a way to log out",
    {
      path: "/me",
      data: { password: "hunter2", name: "Ann" },
      redirected: true,
      page: {
        text: "Invalid name",
        links: [{ text: "Log out", path: "/logout" }],
        forms: [form("/me", [control("password", { type: "password" }), control("name")])],
      },
    },
    "401: Invalid name",
  ],
  [
    "a password again with a message at a field",
    {
      path: "/me",
      data: { password: "hunter2", name: "Ann" },
      page: {
        forms: [form("/me", [control("password", { type: "password" }), control("name", { error: "No" })])],
      },
    },
    "401: name: No",
  ],
])("%s", (_name, given, wanted) => {
  expect(verdict(given)).toBe(wanted);
});

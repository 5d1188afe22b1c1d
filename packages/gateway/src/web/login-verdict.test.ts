import type { Json } from "@ape/core/lib/json";
import type { Page, PageControl, PageForm } from "@ape/core/protocol/page";
import type { FormOrigin } from "@ape/core/protocol/sign-in";
import { expect, test } from "vitest";
import { formFailure } from "./form-failure.ts";

const control = (name: string, more: Partial<PageControl> = {}): PageControl => ({
  name,
  type: name === "pw" ? "password" : "text",
  label: "",
  value: "",
  required: false,
  ...more,
});
const form = (path: string, names: string, more: Partial<PageForm> = {}): PageForm => ({
  id: "1",
  label: "",
  method: "POST",
  path,
  enctype: "application/x-www-form-urlencoded",
  controls: names.split(" ").map((name) => control(name)),
  ...more,
});
const SENT: FormOrigin = {
  path: "/login",
  signsIn: true,
  hasPassword: true,
  logsOut: false,
  signIns: ["/login"],
  edits: false,
  alerts: [],
  text: "Shop",
};
const LONG = "Words of the shop. ".repeat(25);
const link = (text: string, path: string): Pick<Page, "links"> => ({ links: [{ text, path }] });
const alert = (text: string, isError = true): Pick<Page, "alerts"> => ({ alerts: [{ text, isError }] });

interface Given extends Partial<Omit<Page, "path">> {
  /** Where a redirect leads; without it the form's own address answers. */
  at?: string;
  origin?: Partial<FormOrigin> | "none";
  data?: Json;
  sentTo?: string;
  cookies?: boolean;
}
/** What the answer to a login shows: `worked`, or its reading or status with its message. */
function verdict({
  at,
  origin,
  data = { user: "ann", pw: "pass-w0rd" },
  sentTo = "/login",
  cookies,
  ...more
}: Given): string {
  const page: Page = { title: "Shop", path: at ?? sentTo, text: LONG, links: [], forms: [], ...more };
  const sent = {
    path: sentTo,
    data,
    ...(origin === "none" ? {} : { origin: { ...SENT, ...origin } }),
    ...(cookies === undefined ? {} : { cookies }),
  };
  const error = formFailure(page, sent, at !== undefined);
  return error === undefined ? "worked" : `${error.reading ?? error.like}: ${error.message}`;
}

test.each<[string, Given, string]>([
  ["a long page elsewhere", { at: "/home" }, "worked"],
  ["the form again", { forms: [form("/login", "user pw")] }, "401: the form with the password came back"],
  [
    "the form again with a message at a field",
    {
      forms: [
        form("/login", "user", {
          controls: [control("user"), control("pw", { error: "Wrong", label: "Password" })],
        }),
      ],
    },
    "401: Password: Wrong",
  ],
  [
    "the form again with a message at a field without a label",
    { forms: [form("/login", "user", { controls: [control("user"), control("pw", { error: "Wrong" })] })] },
    "401: pw: Wrong",
  ],
  [
    "the form again under an alert",
    { ...alert("Hm, no"), forms: [form("/login", "user pw")] },
    "401: Hm, no",
  ],
  [
    "the form again under words",
    { text: "Your password is incorrect.\nTry it.", forms: [form("/login", "user pw")] },
    "401: Your password is incorrect.",
  ],
  [
    "the form again on a page that logs out",
    { ...link("Log out", "/logout"), forms: [form("/login", "user pw")] },
    "401: the form with the password came back",
  ],
  [
    "a search form with a password",
    { at: "/home", forms: [form("/login", "user pw q")] },
    "401: the page still offers to log in",
  ],
  ["the user alone", { forms: [form("/login", "user")] }, "401: the form with the password came back"],
  ["the user alone by GET", { at: "/home", forms: [form("/login", "user", { method: "GET" })] }, "worked"],
  [
    "the user and a box",
    {
      forms: [form("/login", "user", { controls: [control("user"), control("keep", { type: "checkbox" })] })],
    },
    "401: the form with the password came back",
  ],
  ["the user and a field that was not sent", { at: "/home", forms: [form("/login", "user code")] }, "worked"],
  ["a form of fields that were not sent", { at: "/home", forms: [form("/login", "code")] }, "worked"],
  [
    "the user alone at an address that is none to sign in at",
    { sentTo: "/start", forms: [form("/start", "user")] },
    "worked",
  ],
  [
    "the form again at such an address",
    { sentTo: "/start", forms: [form("/start", "user pw")] },
    "401: the form with the password came back",
  ],
  [
    "the form again at such an address with its password as text",
    {
      sentTo: "/start",
      data: { user: "ann", secret_password: "x" },
      forms: [form("/start", "user secret_password")],
    },
    "401: the form with the password came back",
  ],
  [
    "the form at another address",
    { sentTo: "/start", forms: [form("/begin", "user pw")] },
    "401: the form with the password came back",
  ],
  [
    "the form at another address, where a redirect leads",
    { sentTo: "/start", at: "/home", forms: [form("/begin", "user pw")] },
    "worked",
  ],
  ["a password alone at another address", { sentTo: "/start", forms: [form("/begin", "pw")] }, "worked"],
  [
    "the form at another address after one to sign in",
    { forms: [form("/begin", "user pw")] },
    "401: the form with the password came back",
  ],
  [
    "a form to sign in at another address",
    { at: "/home", forms: [form("/session", "user pw", { label: "Log in" })] },
    "401: the form with the password came back",
  ],
  ["a way to log out", { at: "/home", text: "Invalid password", ...link("Log out", "/logout") }, "worked"],
  [
    "a way to log out that was there",
    { at: "/home", text: "Invalid password", ...link("Log out", "/logout"), origin: { logsOut: true } },
    "401: Invalid password",
  ],
  ["an alert that refuses", { at: "/home", ...alert("Invalid password") }, "401: Invalid password"],
  [
    "an alert that was there",
    { at: "/home", ...alert("Invalid password"), origin: { alerts: ["Invalid password"] } },
    "worked",
  ],
  ["an alert that it was done", { at: "/home", ...alert("Password saved") }, "worked"],
  ["an alert for everybody", { at: "/home", ...alert("Invalid password: allow cookies") }, "worked"],
  ["an alert about a login that is an error", { at: "/home", ...alert("Your login") }, "401: Your login"],
  ["an alert about a login that is none", { at: "/home", ...alert("Your login", false) }, "worked"],
  [
    "an alert about a login that refuses, and is no error",
    { at: "/home", ...alert("Your login was denied", false) },
    "401: Your login was denied",
  ],
  [
    "an alert about a login that refuses, and is no error, without a redirect",
    { ...alert("Your login was denied", false) },
    "401: Your login was denied",
  ],
  [
    "an alert about an account that refuses it, where a redirect leads",
    { at: "/home", ...alert("Sorry, your account", false) },
    "worked",
  ],
  [
    "an alert about an account that refuses it",
    { ...alert("Sorry, your account", false), ...link("x", "/a") },
    "401: Sorry, your account",
  ],
  [
    "an alert about something else, where a redirect leads",
    { at: "/home", ...alert("Sorry, sold out") },
    "worked",
  ],
  [
    "an alert about something else on a long page",
    { ...alert("Sorry, sold out"), ...link("x", "/me") },
    "worked",
  ],
  [
    "an alert about something else alone on its page",
    { text: `Sorry, sold out${"x".repeat(79)}`, ...alert("Sorry, sold out") },
    "401: Sorry, sold out",
  ],
  [
    "an alert about something else with more on its page",
    { text: `Sorry, sold out${"x".repeat(80)}`, ...alert("Sorry, sold out") },
    "unproven: the page leads nowhere: nothing shows that the login worked",
  ],
  ["an error without words of one, alone on its page", { text: "Hm", ...alert("Hm") }, "401: Hm"],
  [
    "an error without words of one beside a link",
    { text: "Hm", ...alert("Hm"), ...link("x", "/me") },
    "worked",
  ],
  [
    "an error without words of one beside a form",
    { text: "Hm", ...alert("Hm"), forms: [form("/cart", "item")] },
    "worked",
  ],
  [
    "an error without words of one beside a link to sign in",
    { at: "/home", ...alert("Hm"), ...link("Log in", "/signin") },
    "401: Hm",
  ],
  ["a greeting by the name", { text: "Hello ann", ...link("x", "/a") }, "worked"],
  [
    "a greeting by a name of two letters",
    { text: "Hello jo", data: { user: "jo", pw: "x" }, ...link("x", "/a") },
    "worked",
  ],
  [
    "a greeting by a name of one letter",
    { text: "Hello j", data: { user: "j", pw: "x" }, ...link("x", "/a") },
    "unproven: the page leads nowhere: nothing shows that the login worked",
  ],
  [
    "a greeting by the name of an address",
    { text: "Hello jo", data: { user: "jo@shop.example", pw: "x" }, ...link("x", "/a") },
    "worked",
  ],
  [
    "a greeting by the short name of an address",
    { text: "Hello j", data: { user: "j@shop.example", pw: "x" }, ...link("x", "/a") },
    "unproven: the page leads nowhere: nothing shows that the login worked",
  ],
  [
    "a greeting by the password",
    { text: "Hello pass-w0rd", ...link("x", "/a") },
    "unproven: the page leads nowhere: nothing shows that the login worked",
  ],
  [
    "a greeting by a number",
    { text: "Hello 12", data: { user: 12, pw: "x" }, ...link("x", "/a") },
    "unproven: the page leads nowhere: nothing shows that the login worked",
  ],
  [
    "a greeting by blanks",
    { text: "Hello    ", data: { user: "   ", pw: "x" }, ...link("x", "/a") },
    "unproven: the page leads nowhere: nothing shows that the login worked",
  ],
  ["words of a refusal", { at: "/home", text: "Invalid password" }, "401: Invalid password"],
  ["words of a refusal under a welcome", { at: "/home", text: "Welcome!\nInvalid password" }, "worked"],
  [
    "words of a refusal under a welcome that offers to log in",
    { at: "/home", text: "Welcome!\nInvalid password", ...link("Log in", "/signin") },
    "401: Invalid password",
  ],
  ["words of a refusal beside the name", { at: "/home", text: "ann\nInvalid password" }, "worked"],
  ["the name in a list", { at: "/home", text: `ann\n${LONG}` }, "worked"],
  [
    "the name in a list at a page that leads nowhere",
    { text: "Cart of ann" },
    "unproven: the page leads nowhere: nothing shows that the login worked",
  ],
  [
    "an offer to log in by a form",
    {
      at: "/home",
      forms: [form("/session", "email password", { label: "Log in" })],
      data: { user: "ann", pw: "x" },
    },
    "401: the page still offers to log in",
  ],
  ["an offer to register", { at: "/home", ...link("Log in", "/register") }, "worked"],
  [
    "a page that continues to the form by itself",
    { at: "/home", ...link("the page continues here by itself", "/login") },
    "401: the page still offers to log in",
  ],
  [
    "a page that continues to a page to sign in by itself",
    { at: "/home", ...link("the page continues here by itself", "/signin") },
    "401: the page still offers to log in",
  ],
  [
    "a page that continues elsewhere by itself",
    { at: "/home", ...link("the page continues here by itself", "/cart") },
    "worked",
  ],
  ["an empty page", { text: "" }, "unproven: the page is empty: nothing shows that the login worked"],
  [
    "an empty page where a redirect leads",
    { at: "/home", text: "" },
    "unproven: the page is empty: nothing shows that the login worked",
  ],
  ["an empty page where a redirect leads with cookies", { at: "/home", text: "", cookies: true }, "worked"],
  [
    "an empty page with cookies",
    { text: "", cookies: true },
    "unproven: the page is empty: nothing shows that the login worked",
  ],
  ["an empty page with a link", { at: "/home", text: "", ...link("x", "/a") }, "worked"],
  ["an empty page with a form", { at: "/home", text: "", forms: [form("/cart", "item")] }, "worked"],
  [
    "an empty page with a link and a form",
    { at: "/home", text: "", ...link("x", "/a"), forms: [form("/cart", "item")] },
    "worked",
  ],
  [
    "a second step with its form",
    { at: "/two-factor", text: "Enter the code", forms: [form("/two-factor", "code")] },
    "worked",
  ],
  [
    "a second step with a form that is not sent",
    { at: "/two-factor", text: "Enter the code", forms: [form("/two-factor", "code", { method: "GET" })] },
    "unproven: the page asks for something else first: nothing shows that the login worked",
  ],
  [
    "a second step without a form",
    { at: "/two-factor", text: "Enter the code" },
    "unproven: the page asks for something else first: nothing shows that the login worked",
  ],
  [
    "a gate by its heading",
    { at: "/home", heading: "Verify your email" },
    "unproven: the page asks for something else first: nothing shows that the login worked",
  ],
  [
    "a gate by its title",
    { at: "/home", title: "Verify your email" },
    "unproven: the page asks for something else first: nothing shows that the login worked",
  ],
  [
    "a gate by its words",
    { at: "/home", text: "Verify your email" },
    "unproven: the page asks for something else first: nothing shows that the login worked",
  ],
  [
    "a gate by words on a page of 399 characters",
    { at: "/home", text: "Verify your email".padEnd(399, ".") },
    "unproven: the page asks for something else first: nothing shows that the login worked",
  ],
  [
    "a gate by words on a page of 400 characters",
    { at: "/home", text: "Verify your email".padEnd(400, ".") },
    "worked",
  ],
  [
    "a page that leads nowhere",
    { text: "Shop things" },
    "unproven: the page leads nowhere: nothing shows that the login worked",
  ],
  ["a page that leads nowhere, where a redirect leads", { at: "/home", text: "Shop things" }, "worked"],
  [
    "a page that leads nowhere of 149 characters",
    { text: "x".repeat(149) },
    "unproven: the page leads nowhere: nothing shows that the login worked",
  ],
  ["a page that leads nowhere of 150 characters", { text: "x".repeat(150) }, "worked"],
  ["a short page of welcome", { text: "Welcome" }, "worked"],
  ["a short page with a form", { text: "Shop things", forms: [form("/cart", "item")] }, "worked"],
  [
    "a redirect to a page to sign in",
    { at: "/signin" },
    "unproven: the redirect leads to a sign-in page: nothing shows that the login worked",
  ],
  [
    "a page that leads back to the form",
    { at: "/home", ...link("Shop", "/login?x=1"), origin: { path: "/login" }, sentTo: "/session" },
    "unproven: the page still leads to the sign-in form: nothing shows that the login worked",
  ],
  [
    "a page that leads back to another form",
    { at: "/home", ...link("Other login", "/login"), sentTo: "/session" },
    "worked",
  ],
  [
    "a page that leads to the start, where the form was",
    { at: "/home", ...link("Shop", "/"), origin: { path: "/" } },
    "worked",
  ],
  ["a page without a known form", { at: "/home", ...link("Shop", "/a"), origin: "none" }, "worked"],
  [
    "a page without a known form that leads to the start",
    { at: "/home", ...link("Shop", "/"), origin: "none" },
    "worked",
  ],
])("%s", (_name, given, wanted) => {
  expect(verdict(given)).toBe(wanted);
});

const OFFERS = "401: the page still offers to log in";
const offered = (text: string, path: string): boolean =>
  verdict({ at: "/home", ...link(text, path) }) === OFFERS;

test.each([
  "Log in",
  "log-in",
  "login",
  "Sign in",
  "sign_in",
  "signon",
  "> Log in",
  "Please log in",
  "Go to the login",
  "Back to login",
  "Return to sign in",
  "The login",
  "Log in here",
  "Log in  now",
  "Sign in again",
  "Login page",
  "Log in to your account",
  "Log in to view",
  "Sign in or register",
  "Sign in / Register",
  "Login|Join",
  "Login, sign up",
  "Login & signup",
  "Login / create one",
  "Anmelden",
  "Einloggen",
  "Connecter",
  "Se connecter",
  "Connexion",
  "Iniciar sesión",
  "Entrar",
  "Acceder",
  "Inloggen",
])("a link %j to a page to sign in offers to log in", (text) => {
  expect(offered(text, "/signin")).toBe(true);
});

test.each([
  "You can log in",
  "Logins",
  "Log in x",
  "Sign in / About",
  "Sign inside",
  "Login.registered",
  "abcLog in",
  "not einloggen",
])("a link %j does not", (text) => {
  expect(offered(text, "/signin")).toBe(false);
});

test.each([
  "Back",
  "Go back",
  "> back",
  "again",
  "Try again",
  "Please try again",
  "Go again",
  "Retry",
  "Zurück",
  "Zurueck",
  "Retour",
  "Volver",
  "Voltar",
  "Wróć",
  "Wroc",
  "Indietro",
  "Terug",
])("a link %j to a page to sign in offers it, and to another page not", (text) => {
  expect([offered(text, "/signin"), offered(text, "/cart")]).toEqual([true, false]);
});

test.each(["Come back", "Backup", "Retrying it", "Not again"])("a link %j does not", (text) => {
  expect(offered(text, "/signin")).toBe(false);
});

test.each(["Continue with X", "> Log in with X", "Sign in with X", "log on with X", "Sign on with X"])(
  "a link %j offers it by itself",
  (text) => {
    expect(offered(text, "/auth/x")).toBe(true);
  },
);

test.each(["To continue with X", "abcContinue with X", "Continue without"])("a link %j does not", (text) => {
  expect(offered(text, "/auth/x")).toBe(false);
});

test.each([
  "Another",
  "Different login",
  "Other",
  "Switch",
  "Someone else",
  "Not you?",
  "Add",
  "History",
  "Activity",
  "Activities",
  "Attempt",
  "Attempts",
  "Setting",
  "Settings",
  "Logs",
  "Device",
  "Devices",
  "Alert",
  "Alerts",
  "Option",
  "Options",
  "Method",
  "Methods",
  "Provider",
  "Providers",
  "Security",
  "Problem",
  "Problems",
  "Help",
  "As",
  "Autre",
  "Otra",
  "Otro",
  "Ander",
  "Andere",
])("a link %j to the form is one for members, too", (text) => {
  expect([offered(text, "/login"), offered(`x${text}x`, "/login")]).toEqual([false, true]);
});

test.each([
  "e",
  "err",
  "error",
  "errors",
  "errorCode",
  "error_code",
  "loginError",
  "login_error",
  "authError",
  "auth_error",
  "fail",
  "failed",
  "failure",
  "invalid",
  "denied",
])("a redirect with %s in its query tells of an error", (name) => {
  const to = (query: string): boolean =>
    verdict({ at: `/home${query}` }) === `401: the redirect leads to /home${query}`;
  expect(
    [`?${name}`, `?${name}=1`, `?a=b&${name}=bad`, `?${name}&a=b`, `?${name}=00`, `?${name}=falsey`].map(to),
  ).toEqual(Array.from({ length: 6 }, () => true));
  expect(
    [
      `?x${name}=1`,
      `?${name}x=1`,
      `?${name}=0`,
      `?${name}=false`,
      `?${name}=none`,
      `?${name}=`,
      `?${name}=0&a=b`,
      `?${name}=&a=b`,
    ].map(to),
  ).toEqual(Array.from({ length: 8 }, () => false));
});

test.each(["profile", "account", "settings", "preferences", "dashboard", "my", "me", "inbox", "orders"])(
  "a link to %s is one for members",
  (name) => {
    const leads = (path: string): boolean => verdict({ text: "Shop", ...link("x", path) }) === "worked";
    expect([name, `/${name}`, `/a_${name}`, `/a.${name}-b`, `/${name}/1`, `/${name}#x`].map(leads)).toEqual(
      Array.from({ length: 6 }, () => true),
    );
    expect([`/x${name}`, `/${name}x`].map(leads)).toEqual([false, false]);
  },
);

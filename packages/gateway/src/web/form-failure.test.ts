import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { formFailure } from "./form-failure.ts";
import { readPage } from "./page.ts";
import { TargetUrl } from "./target-url.ts";

const place = new TargetUrl("http://app.test", "");
const judge = (html: string, path: string, data: Json, redirected = false, at = path) =>
  formFailure(readPage(html, place.url(at), place), { path, data }, redirected);

const LOGIN =
  "<form method=post action=/login><input name=user><input type=password name=pw><button>Log in</button></form>";
const TOPIC = (more: string, title = "Hi") =>
  `<form method=post action=/topics><p><label for=t>Title</label><input id=t name=title value="${title}">${more}</p><textarea name=text></textarea><button>Post</button></form>`;
const credentials = { user: "ada", pw: "guess" };

test.each<[string, string, string, Json, boolean, number]>([
  [
    "a login form under words of welcome",
    `<h1>Welcome, thanks for coming!</h1>${LOGIN}`,
    "/login",
    credentials,
    false,
    401,
  ],
  ["a login form that comes back", LOGIN, "/login", credentials, false, 401],
  [
    "a login form that a redirect leads back to",
    `<p>Invalid user or password.</p>${LOGIN}`,
    "/login",
    credentials,
    true,
    401,
  ],
  [
    "a login form with its address written otherwise",
    LOGIN.replace("/login", "/login/?next=%2F"),
    "/login",
    credentials,
    false,
    401,
  ],
  [
    "a form with an error at a field",
    TOPIC("<span class=field-error>Too short</span>"),
    "/topics",
    { title: "Hi", text: "" },
    false,
    422,
  ],
  [
    "a form that keeps its values under words of an error",
    `<div>Title can't be blank</div>${TOPIC("")}`,
    "/topics",
    { title: "Hi", text: "" },
    false,
    422,
  ],
  [
    "a registration that is refused",
    "<p>The passwords do not match.</p><form method=post action=/join><input name=mail><input type=password name=p1><input type=password name=p2></form>",
    "/join",
    { mail: "a@b.c", p1: "x", p2: "y" },
    false,
    422,
  ],
  [
    "a login form that comes back with another address",
    LOGIN.replace("/login", "/session/new"),
    "/login",
    credentials,
    false,
    401,
  ],
  [
    "a login form whose password is a text",
    LOGIN.replace("type=password", "type=text"),
    "/login",
    credentials,
    false,
    401,
  ],
  [
    "a login that begins again with the user",
    "<form method=post action=/login><input name=user><button>Next</button></form>",
    "/login",
    credentials,
    false,
    401,
  ],
  [
    "a message without a form",
    "<div role=alert>Sorry, that did not work</div><a href=/>Home</a>",
    "/login",
    credentials,
    false,
    401,
  ],
  [
    "an error that a redirect leads to",
    '<div class="alert alert-danger">Invalid login</div>',
    "/login",
    credentials,
    true,
    401,
  ],
  [
    "an error in another language",
    '<div class="alert alert-danger">Anmeldung fehlgeschlagen</div>',
    "/login",
    credentials,
    true,
    401,
  ],
  [
    "an error that is known by its id",
    "<div id=login_error>Versuchen Sie es noch einmal</div>",
    "/wp-login.php",
    { log: "ada", pwd: "x" },
    false,
    401,
  ],
  [
    "a refused login in plain text",
    "<h1>Oops</h1><p>The user name or password is incorrect.</p>",
    "/login",
    credentials,
    false,
    401,
  ],
  [
    "a sign-in form of another kind",
    "<form method=post action=/signin2><input name=user><input type=password name=password><button>Sign in</button></form>",
    "/login",
    credentials,
    true,
    401,
  ],
  [
    "a home page for guests",
    '<a href="/login">Log in</a><p>Welcome, guest</p>',
    "/login",
    credentials,
    true,
    401,
  ],
  [
    "words of another language and a way back",
    "<p>Benutzername oder Passwort falsch.</p><a href='/login'>Zurück</a>",
    "/login",
    credentials,
    false,
    401,
  ],
  [
    "words of Spanish and a way back",
    "<p class=msg>Usuario o contraseña incorrectos</p><a href=/login>Volver</a>",
    "/login",
    credentials,
    false,
    401,
  ],
  [
    "a home page that offers to sign in under a message",
    "<p>Your email or password did not match our records.</p><a href=/login>Sign in</a>",
    "/login",
    credentials,
    true,
    401,
  ],
  ["a locked account", "<h1>Account locked</h1><p>Please call us.</p>", "/login", credentials, false, 401],
  ["too many attempts", "<p>Too many attempts. Wait a minute.</p>", "/login", credentials, true, 401],
  [
    "an order that a message refuses",
    '<p class="flash flash--error">Sorry, the lamp is out of stock.</p><a href=/cart>Cart</a>',
    "/orders",
    { item: "lamp" },
    true,
    422,
  ],
  [
    "a login page behind a login at another address",
    `<p>Wrong password</p>${LOGIN}`,
    "/account/signin",
    credentials,
    true,
    401,
  ],
])("%s is a failure", (_, html, path, data, redirected, like) => {
  expect(judge(html, path, data, redirected)).toMatchObject({ code: "failure", like });
});

test.each<[string, string, string, Json, boolean?]>([
  [
    "a short dashboard with a message of its own",
    '<div class="alert alert-danger" role="alert">2 builds failed</div><h1>Dashboard</h1><nav>bob</nav>',
    "/login",
    credentials,
    true,
  ],
  [
    "an overdue invoice",
    '<h1>Hi bob</h1><div class="alert alert-danger">Invoice 12 overdue</div><a href=/profile>Profile</a>',
    "/login",
    credentials,
  ],
  [
    "a welcome that speaks of an earlier attempt",
    "<h1>Welcome back, bob</h1><p>Your last login failed attempt: 3 days ago</p>",
    "/login",
    credentials,
    true,
  ],
  [
    "a form that asks for the password before an account is deleted",
    "<h1>Dashboard</h1><form method=post action=/account/delete><input type=password name=pw><button>Confirm</button></form>",
    "/login",
    credentials,
    true,
  ],
  ["another form with a password", LOGIN, "/join", { mail: "a" }],
  ["the form for the next entry", TOPIC("", ""), "/topics", { title: "Hi", text: "x" }],
  [
    "the form for the next entry under words of success",
    `<p>The topic was added.</p>${TOPIC("")}`,
    "/topics",
    { title: "Hi", text: "" },
  ],
  [
    "a search that is shown again",
    "<p>No results: invalid query?</p><form method=post action=/find><input name=q value=lamp><button>Search</button></form>",
    "/find",
    { q: "lamp" },
  ],
  [
    "a filter that is shown again",
    "<form method=post action=/list id=filter-form><input name=max value=5><span class=error>none</span></form>",
    "/list",
    { max: "5" },
  ],
  [
    "a calculator that keeps its values",
    "<form method=post action=/quote><input name=sum value=5> must be positive</form><p>You pay 7.</p>",
    "/quote",
    { sum: "5" },
  ],
  [
    "a changed password",
    "<p>Your password was changed.</p><form method=post action=/me><input type=password name=old><input type=password name=new></form>",
    "/me",
    { old: "x", new: "y" },
  ],
  [
    "the second step of a login",
    "<form method=post action=/login><input type=hidden name=user value=ada><input type=password name=pw></form>",
    "/login",
    { user: "ada" },
  ],
  [
    "a page with a way out",
    `<div class="alert alert-danger">Your card has expired</div><a href=/logout>Log out</a>`,
    "/login",
    credentials,
  ],
  [
    "a dashboard with a message of its own",
    `<div class="alert alert-danger" role="alert">2 builds failed</div><h1>Dashboard</h1><nav>bob</nav><p>${"Your projects. ".repeat(10)}</p>`,
    "/login",
    credentials,
  ],
  [
    "a form for a new user",
    "<h1>Add user</h1><form action=/users method=post><input name=user><input type=password name=pw><button>Create</button></form>",
    "/login",
    credentials,
  ],
  ["the first login after a registration", LOGIN, "/register", { user: "ada", pw: "x" }],
  ["a welcome by a message", "<div role=alert>Welcome back, Ada</div>", "/login", credentials],
  [
    "an order that a message confirms",
    '<div role=alert>Your order was placed</div><p class="error-log">0</p>',
    "/orders",
    { item: "lamp" },
  ],
])("%s is none", (_, html, path, data, redirected) => {
  expect(judge(html, path, data, redirected, redirected ? "/home" : path)).toBeUndefined();
});

test.each<[string, string, string, Json, boolean?]>([
  ["a page without forms", "<p>Invalid</p>", "/login", credentials],
  [
    "a message of success",
    '<div class="alert alert-success" role=alert>You must be glad: no errors</div>',
    "/login",
    credentials,
  ],
  [
    "a message for everybody",
    "<div role=alert>This site does not work without cookies</div>",
    "/login",
    credentials,
  ],
  [
    "a message that is out of sight",
    '<div class="alert alert-danger d-none">Failed</div><div hidden><p class="alert error">Failed</p></div><noscript><p class="error-message">Failed</p></noscript>',
    "/login",
    credentials,
  ],
  ["an empty place for errors", '<div class="alert alert-danger"></div>', "/login", credentials],
])("%s shows neither that a login worked nor that it was refused", (_, html, path, data, redirected) => {
  expect(judge(html, path, data, redirected)).toMatchObject({ code: "failure", reading: "unproven" });
});

import type { Json } from "@ape/core/json";
import { expect, test } from "vitest";
import { readPage } from "./page.ts";
import { Place } from "./place.ts";
import { reshownForm } from "./reshown-form.ts";

const place = new Place("http://app.test", "");
const judge = (html: string, path: string, data: Json, redirected = false) =>
  reshownForm(readPage(html, place.url(path), place), { path, data }, redirected);

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
])("%s is a failure", (_, html, path, data, redirected, like) => {
  expect(judge(html, path, data, redirected)).toMatchObject({ code: "failure", like });
});

test.each<[string, string, string, Json]>([
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
  ["a page without forms", "<p>Invalid</p>", "/login", credentials],
])("%s is none", (_, html, path, data) => {
  expect(judge(html, path, data)).toBeUndefined();
});

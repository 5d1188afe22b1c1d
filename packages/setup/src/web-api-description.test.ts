import type { Page, PageForm } from "@ape/core/protocol/page";
import { expect, test } from "vitest";
import { goalName, suggestGoals } from "./answers/suggest.ts";
import { describeWebApi } from "./web-api-description.ts";

const form = (path: string, label: string): PageForm => ({
  id: "1",
  label,
  method: "POST",
  path,
  enctype: "application/x-www-form-urlencoded",
  controls: [{ name: "name", type: "text", label: "Name", value: "", required: true }],
});
const page = (path: string, heading: string, forms: PageForm[], text = ""): Page => ({
  title: heading,
  heading,
  path,
  text,
  links: [],
  forms,
});

test.each([
  ["Sign up for the course", "Course", "Sign up for the course"],
  ["Submit", "Register a bike", "Register a bike"],
  ["Next", "Apply for a card", "Apply for a card"],
  ["OK", "Contact us", "Contact us"],
  ["Send", "Questions", "Submit Questions"],
])("a form whose button says %j on the page %j does: %s", (label, heading, summary) => {
  const { operations } = describeWebApi("app", [page("/f", heading, [form("/f", label)])]);
  expect(operations.find(({ method }) => method === "POST")?.summary).toBe(summary);
});

test.each([
  ["/costumes/101/book", "Send", "Musketeer cloak", "book costumes"],
  ["/boats/7/moor", "OK", "Seagull", "moor boats"],
  ["/loans/12/renew", "Confirm", "Loan 12", "renew loans"],
  ["/loans/12/notes", "Save", "Loan 12", "Save Loan 12"],
])("a form at %s with the button %j on the page of %j: %s", (path, label, heading, summary) => {
  const { operations } = describeWebApi("app", [page("/t", heading, [form(path, label)])]);
  expect(operations.find(({ method }) => method === "POST")?.summary).toBe(summary);
});

test.each<[string, Partial<PageForm["controls"][number]>, string]>([
  ["Save", { value: "0301" }, "Update My profile"],
  [
    "Apply",
    { type: "select", options: [{ value: "de", label: "German", selected: true }] },
    "Update My profile",
  ],
  ["Save", {}, "Save My profile"],
  ["Save", { type: "hidden", value: "token" }, "Save My profile"],
  ["Keep my number", { value: "0301" }, "Keep my number"],
])("a form %j that holds %j changes what there is: %s", (label, control, summary) => {
  const edit = form("/profile", label);
  const [first] = edit.controls;
  const controls = [{ ...first, ...control } as PageForm["controls"][number]];
  const { operations } = describeWebApi("app", [page("/profile", "My profile", [{ ...edit, controls }])]);
  expect(operations.find(({ method }) => method === "POST")?.summary).toBe(summary);
});

test("a form that leads to a further one is marked, and makes no goal of its own", () => {
  const first = page("/card", "Library card", [form("/card", "Go")], "Step 1 of 2");
  const api = describeWebApi("app", [first, page("/book", "Guestbook", [form("/book", "Sign the book")])]);
  expect(api.operations.flatMap(({ path, leadsOn }) => (leadsOn === true ? path : []))).toEqual(["/card"]);
  expect(suggestGoals(api)[0]?.prompt).toBe("Sign the book.");
  expect(goalName("Sign the book.", [])).toBe("sign-book");
});

test.each([
  ["Cancel", "/boats/7/cancel", "/boats/{id}/cancel", "cancel boats"],
  ["Remove from list", "/list/remove?id=7", "/list/remove", "Remove from list"],
  ["Close ticket", "/tickets/close/7", "/tickets/close/{id}", "Close ticket"],
])("behind the link %s to %s there may be a form at %s: %s", (text, path, template, summary) => {
  const links = [{ text, path }];
  const { operations } = describeWebApi("app", [{ ...page("/t", "T", []), links }]);
  expect(operations.filter(({ method }) => method === "POST")).toEqual([
    { method: "POST", path: template, summary, secured: false, guessedFrom: text, fields: [] },
  ]);
});

test.each(["Log out", "Sign off"])("behind the link %s there is none", (text) => {
  const links = [{ text, path: "/session/close" }];
  const { operations } = describeWebApi("app", [{ ...page("/t", "T", []), links }]);
  expect(operations.filter(({ method }) => method === "POST")).toEqual([]);
});

test("a form that was read is no guess", () => {
  const links = [{ text: "Cancel", path: "/boats/7/cancel" }];
  const own = [form("/boats/7/cancel", "Yes, cancel it")];
  const { operations } = describeWebApi("app", [{ ...page("/t", "T", own), links }]);
  expect(operations.filter(({ method }) => method === "POST").map(({ guessedFrom }) => guessedFrom)).toEqual([
    undefined,
  ]);
});

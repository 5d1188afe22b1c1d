import { type Clause, clausesOf } from "@ape/catalog/goal/clause";
import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import type { ReadView } from "../prompt/view-reader.ts";
import { pageIn, type SeenForm, type SeenPage } from "./page-reader.ts";
import { sentWords, type WebCall, webCalls } from "./web-call.ts";
import {
  continues,
  doesClause,
  followWeb,
  formSimilarity,
  isLooking,
  isPageAbout,
  isPassage,
  isPlain,
  isStanding,
  linkSimilarity,
  pagesBefore,
} from "./web-progress.ts";

/** A call as a history has it, with the page that answered it. */
interface Done {
  call: string;
  status?: number;
  note?: string;
  page?: Json;
  target?: string;
}

function callsOf(...done: readonly Done[]): WebCall[] {
  const trail = done.map(({ call, status = 200, note, target = "app" }, index) => ({
    step: index + 1,
    target,
    call,
    status,
    ...(note === undefined ? {} : { note }),
  }));
  const results = trail.flatMap((one, index) => {
    const page = done[index]?.page;
    return page === undefined ? [] : { ...one, body: page };
  });
  return webCalls({ goal: "", facts: [], trail, dropped: 0, results } as ReadView, "app");
}

const one = (call: string, more: Omit<Done, "call"> = {}): WebCall =>
  callsOf({ call, ...more })[0] as WebCall;
const clausesIn = (goal: string): Clause[] => clausesOf(goal, new Set());
const clause = (goal: string): Clause => clausesIn(goal)[0] as Clause;
const pageOf = (forms: Json[], more: object = {}): SeenPage =>
  pageIn({ title: "", path: "/", text: "", links: [], forms, ...more }) as SeenPage;
const form = (label: string, more: object = {}): Json => ({
  form: label,
  label,
  sends: "POST /x",
  fields: [],
  ...more,
});
const formOf = (label: string, more: object = {}): SeenForm =>
  pageOf([form(label, more)]).forms[0] as SeenForm;
const PASSWORD: Json = { name: "p", type: "password", label: "Password" };

test("calls are read from the history of one target: links and forms, with their labels, fields and pages", () => {
  const page = { title: "", path: "/", text: "", links: [], forms: [] };
  const calls = callsOf(
    { call: 'GET /a?b=1 "The \\"A\\""', page },
    { call: "GET /b" },
    { call: "GET /c", target: "other" },
    { call: "POST /d {}" },
    { call: 'submit_form 2 "Send it" of "Page one" {"a":"x","b":[1]}', status: 302 },
    { call: "submit_form 3 {}", status: 404 },
  );
  expect(
    calls.map(({ kind, at, label, about, fields, ok, page: seen }) => [
      kind,
      at,
      label,
      about,
      fields,
      ok,
      seen !== undefined,
    ]),
  ).toEqual([
    ["link", "/a?b=1", 'The "A"', "", {}, true, true],
    ["link", "/b", "", "", {}, true, false],
    ["form", "2", "Send it", "Page one", { a: "x", b: [1] }, true, false],
    ["form", "3", "", "", {}, false, false],
  ]);
});

test.each<[string, Omit<Done, "call">, boolean]>([
  ["GET /a", { status: 200 }, true],
  ["GET /a", { status: 199 }, false],
  ["GET /a", { status: 399 }, true],
  ["GET /a", { status: 400 }, false],
  ["GET /a", { note: "breaks the contract" }, false],
  ["GET /a", { note: "nothing shows that it was taken" }, false],
  ["GET /a", { note: "the form came back" }, false],
  ["GET /a", { note: "slow" }, true],
])("%s with %j is a success: %s", (call, more, ok) => expect(one(call, more).ok).toBe(ok));

test("a form that is shown again with a complaint was refused, whatever the status; another form's complaint counts for nothing", () => {
  const back = (label: string, error?: string) => ({
    title: "",
    path: "/",
    text: "",
    links: [],
    forms: [form(label, { fields: [{ name: "a" }, { name: "b", ...(error && { error }) }] })],
  });
  const sent = 'submit_form Save "Save" {"a":"x"}';
  expect(one(sent, { page: back("Save", "Taken.") }).ok).toBe(false);
  expect(one(sent, { page: back("Save") }).ok).toBe(true);
  expect(one(sent, { page: back("Search", "Empty.") }).ok).toBe(true);
  expect(one('GET /a "Save"', { page: back("Save", "Taken.") }).ok).toBe(true);
});

test("a form without a visible page that is filled in again at once had been refused", () => {
  const sent = 'submit_form 1 "Save" of "Page" {"a":"x"}';
  const firstIsOk = (next: string) => callsOf({ call: sent }, { call: next })[0]?.ok;
  expect(firstIsOk('submit_form 1 "Save" of "Page" {"a":"y"}')).toBe(false);
  expect(firstIsOk(sent)).toBe(true);
  expect(firstIsOk('submit_form 2 "Save" of "Page" {"a":"y"}')).toBe(true);
  expect(firstIsOk('submit_form 1 "Send" of "Page" {"a":"y"}')).toBe(true);
  expect(firstIsOk('submit_form 1 "Save" of "Next" {"a":"y"}')).toBe(true);
  expect(firstIsOk("GET /1")).toBe(true);
  const page = { title: "", path: "/", text: "", links: [], forms: [] };
  expect(callsOf({ call: sent, page }, { call: 'submit_form 1 "Save" of "Page" {"a":"y"}' })[0]?.ok).toBe(
    true,
  );
});

test("a call that the history cuts is known as such", () => {
  expect(one('submit_form 1 "Save" {"a":"x...').cut).toBe(true);
  expect(one('submit_form 1 "Save" {"a":"x...').fields).toEqual({});
  expect(one("GET /a/long/...").cut).toBe(true);
  expect(one('submit_form 1 "Save" {"a":"x"}').cut).toBe(false);
});

test("words of a session are the longer texts of forms that were taken, but not of a login", () => {
  const words = (...done: Done[]) => [...sentWords(callsOf(...done))];
  expect(words({ call: 'submit_form 1 "Save" {"a":"Night crew","b":"ab","c":7,"d":"abc"}' })).toEqual([
    "Night crew",
    "abc",
  ]);
  expect(words({ call: 'submit_form 1 "Save" {"a":"Night crew"}', status: 422 })).toEqual([]);
  expect(words({ call: 'submit_form 1 "Enter" {"u":"annie","p":"{{password}}"}' })).toEqual([]);
  expect(words({ call: 'GET /a "Night crew"' })).toEqual([]);
});

test.each([
  ["Find a lamp.", true],
  ["Look at the order.", true],
  ["Add a lamp.", false],
  ["Log in.", false],
])("%s only looks: %s", (goal, looks) => expect(isLooking(clause(goal))).toBe(looks));

test("a link counts by the words of what is looked for, or by the verb of what is to be done", () => {
  const look = clause("Find the blue lamps.");
  const [lamps, rugs] = [linkSimilarity("Lamps", look), linkSimilarity("Rugs", look)];
  expect(lamps).toBeGreaterThan(0.5);
  expect(rugs).toBe(0);
  expect(linkSimilarity("Find lamps", look)).toBeGreaterThan(lamps + 1);
  expect(linkSimilarity("Blue lamps", look)).toBeGreaterThan(lamps);
  const act = clause("Add a lamp.");
  expect(linkSimilarity("Add lamp", act)).toBeGreaterThan(1);
  expect(linkSimilarity("Lamps", act)).toBe(0);
});

test("a form counts by its button, by the field that is changed, or as a login", () => {
  expect(formSimilarity(formOf("Go", { fields: [PASSWORD] }), clause("Log in."))).toBe(3);
  expect(formSimilarity(formOf("Log in"), clause("Log in."))).toBe(0);
  const search = { sends: "GET /s" };
  expect(formSimilarity(formOf("Find lamps", search), clause("Find lamps."))).toBeGreaterThan(1);
  expect(formSimilarity(formOf("Find lamps"), clause("Find lamps."))).toBeGreaterThan(1);
  expect(formSimilarity(formOf("Lamps"), clause("Find lamps."))).toBe(0);
  expect(formSimilarity(formOf("Add lamp", search), clause("Add a lamp."))).toBe(0);
  expect(formSimilarity(formOf("Add lamp"), clause("Add a lamp."))).toBeGreaterThan(1);
  const priority = (name: string, label = "") => ({ fields: [{ name, label }] });
  const change = clause("Change the priority to 3.");
  expect(formSimilarity(formOf("Go", priority("priority")), change)).toBe(1.5);
  expect(formSimilarity(formOf("Go", priority("x", "Priority")), change)).toBe(1.5);
  expect(formSimilarity(formOf("Go", priority("colour")), change)).toBe(0);
  expect(formSimilarity(formOf("Update priority", priority("priority")), change)).toBe(2);
  expect(formSimilarity(formOf("Go", priority("lamp")), clause("Add a lamp."))).toBe(0);
});

test.each<[goal: string, call: string, does: boolean]>([
  ["Log in.", 'submit_form 1 "Go" {"p":"{{password}}"}', true],
  ["Log in.", 'submit_form 1 "Go" {"p":"x"}', false],
  ["Add a lamp.", 'submit_form 1 "Go" {"p":"{{password}}"}', false],
  ["Find lamps.", 'GET /l "Lamps"', true],
  ["Find lamps.", 'GET /l "Rugs"', false],
  ["Add a lamp.", 'submit_form 1 "Add lamp" {}', true],
  ["Add a lamp.", 'GET /a "Add lamp"', true],
  ["Add a lamp.", 'GET /a "Lamps"', false],
  ["Request a visa.", 'submit_form 1 "Next" of "Request a visa" {"a":"x"}', true],
  ["Request a visa.", 'submit_form 1 "Next" of "Summary" {"a":"x"}', false],
  ["Change the priority to 3.", 'submit_form 1 "Go" {"priority":"3"}', true],
  ["Change the priority to 3.", 'submit_form 1 "Go" {"colour":"red"}', false],
])("%s is done by %s: %s", (goal, call, does) => {
  expect(doesClause(one(call), clause(goal), new Set())).toBe(does);
});

test("a link with the words of a session shows what it made; words that count too little do nothing", () => {
  const own = new Set(["Night crew"]);
  expect(doesClause(one('GET /g "Night crew"'), clause("Look at the group."), own)).toBe(true);
  expect(doesClause(one('GET /g "Day crew"'), clause("Look at the group."), own)).toBe(false);
  expect(doesClause(one('submit_form g "Night crew" {}'), clause("Look at the group."), own)).toBe(false);
  const add = one('submit_form 1 "Add lamp" {}');
  expect(doesClause(add, clause("Add a lamp."), own, 1.9)).toBe(true);
  expect(doesClause(add, clause("Add a lamp."), own, 2)).toBe(false);
});

/** How many clauses of a goal are done after these calls. */
const doneOf = (goal: string, ...done: Done[]): number => followWeb(callsOf(...done), clausesIn(goal)).at;
const login: Done = { call: 'submit_form 2 "Enter" {"u":"ann","p":"{{password}}"}' };
const shown = (...forms: Json[]) => ({ title: "", path: "/", text: "", links: [] as Json[], forms });

test.each<[goal: string, done: Done[], at: number]>([
  ["Log in, add a lamp, log out.", [], 0],
  ["Log in, add a lamp, log out.", [{ call: "GET /" }], 0],
  ["Log in, add a lamp, log out.", [login], 1],
  ["Log in, add a lamp, log out.", [{ ...login, status: 422 }], 0],
  ["Log in, add a lamp, log out.", [login, { call: 'submit_form 1 "Add lamp" {}' }], 2],
  ["Log in, add a lamp, log out.", [{ call: 'submit_form 1 "Add lamp" {}' }], 0],
  [
    "Log in, add a lamp, log out.",
    [login, { call: 'submit_form 1 "Add lamp" {}' }, { call: 'GET /o "Log out"' }],
    3,
  ],
  ["Find a lamp, add it to the bag.", [{ call: 'submit_form 1 "Add to bag" {}' }], 2],
  ["Find a lamp, add it to the bag.", [{ call: 'GET /l "Lamps"' }], 1],
  ["Find a lamp, add it to the bag.", [{ call: 'GET /r "Rugs"' }], 0],
  ["Find a lamp, add it to the bag.", [{ call: 'submit_form 1 "Add to bag" {}', status: 409 }], 0],
])("%s after %j: %i", (goal, done, at) => expect(doneOf(goal, ...done)).toBe(at));

test("a refused form takes back what the link to it had begun", () => {
  const goal = "Add a lamp, log out.";
  const link = { call: 'GET /a "Add lamp"' };
  expect(doneOf(goal, link)).toBe(1);
  expect(doneOf(goal, link, { call: 'submit_form 1 "Save" {"a":"x"}', status: 422 })).toBe(0);
  expect(doneOf(goal, { call: 'submit_form 1 "Add lamp" {"a":"x"}', status: 422 })).toBe(0);
  expect(doneOf(goal, link, { call: "GET /b", status: 500 })).toBe(1);
  expect(
    doneOf(
      "Find lamps, log out.",
      { call: 'GET /l "Lamps"' },
      { call: 'submit_form 1 "Go" {"a":"x"}', status: 422 },
    ),
  ).toBe(1);
});

test("what a page still asks for after a link or a form is not done yet", () => {
  const goal = "Add a lamp, log out.";
  const link = (...forms: Json[]) => ({ call: 'GET /a "Add lamp"', page: shown(...forms) });
  expect(doneOf(goal, link(form("Save")))).toBe(0);
  expect(doneOf(goal, link(form("Add lamp")))).toBe(0);
  expect(doneOf(goal, link(form("Delete")))).toBe(1);
  expect(doneOf(goal, link(form("Save", { near: "Rug $5" })))).toBe(1);
  expect(doneOf(goal, link(form("Save", { sends: "GET /s" })))).toBe(1);
  const sent = (...forms: Json[]) => ({ call: 'submit_form 1 "Add lamp" {"a":"x"}', page: shown(...forms) });
  expect(doneOf(goal, sent(form("Add lamp")))).toBe(1);
  expect(doneOf(goal, sent(form("Add it")))).toBe(0);
  expect(doneOf(goal, sent(form("Add voucher", { fields: [{ name: "code", required: true }] })))).toBe(1);
  expect(doneOf(goal, link(form("Add it")), sent(form("Add it")))).toBe(1);
  expect(doneOf("Log in, add a lamp.", { ...login, page: shown(form("Go", { fields: [PASSWORD] })) })).toBe(
    0,
  );
});

test("a form without a meaning of its own goes on where its page leads on, and has done it where not", () => {
  const goal = "Request a visa, log out.";
  const begun: Done[] = [
    { call: 'GET /v "Request a visa"', page: shown(form("Next", { fields: [{ name: "a" }] })) },
  ];
  const sent = (label: string, page: Json): Done => ({ call: `submit_form Next "${label}" {"a":"x"}`, page });
  expect(doneOf(goal, ...begun)).toBe(0);
  expect(doneOf(goal, ...begun, sent("Next", shown()))).toBe(1);
  expect(doneOf(goal, ...begun, sent("Next", shown(form("Finish", { fields: [{ name: "b" }] }))))).toBe(0);
  expect(doneOf(goal, ...begun, sent("Save", shown(form("Delete"))))).toBe(1);
  expect(doneOf(goal, ...begun, sent("Save", shown(form("Continue"))))).toBe(0);
  expect(doneOf(goal, ...begun, sent("Save", shown(form("Continue", { near: "Rug $5" }))))).toBe(1);
  const link = { text: "Continue", path: "/2", near: "" };
  expect(doneOf(goal, ...begun, sent("Save", { ...shown(), links: [link] }))).toBe(0);
  expect(doneOf(goal, ...begun, sent("Save", { ...shown(), links: [{ ...link, near: "a rug" }] }))).toBe(1);
});

test("a call that only led to a login has done nothing", () => {
  const goal = "Log in, add a lamp, log out.";
  const added: Done = { call: 'submit_form 1 "Add lamp" {}' };
  expect(doneOf(goal, login, { ...added, page: shown(form("Go", { fields: [PASSWORD] })) })).toBe(1);
  expect(doneOf(goal, login, added, login)).toBe(1);
  expect(doneOf(goal, login, added, { call: "GET /" })).toBe(2);
  expect(doneOf("Add a lamp, log out.", { ...added, page: shown(form("Go", { fields: [PASSWORD] })) })).toBe(
    1,
  );
});

test("a form of whose words none is the goal's was sent for what came next", () => {
  expect(doneOf("Find a saw, borrow it, log out.", { call: 'submit_form 1 "Put aside" {}' })).toBe(2);
  expect(doneOf("Find a saw, log out.", { call: "GET /" })).toBe(0);
});

test("the page is that of the last answer that is one", () => {
  const [first, second] = [shown(form("A")), shown(form("B"))];
  const page = (...done: Done[]) =>
    followWeb(callsOf(...done), clausesIn("Add a lamp.")).page?.forms[0]?.label;
  expect(page({ call: "GET /a", page: first }, { call: "GET /b", page: second })).toBe("B");
  expect(page({ call: "GET /a", page: first }, { call: "GET /b" })).toBe("A");
  expect(page({ call: "GET /a" })).toBeUndefined();
  expect(
    pagesBefore(
      callsOf({ call: "GET /a", page: first }, { call: "GET /b" }, { call: "GET /c", page: second }),
    ).map(({ forms }) => forms[0]?.label),
  ).toEqual(["A"]);
});

test("a form that all earlier pages have is no page's own", () => {
  const language = formOf("Go", { fields: [{ name: "lang" }] });
  const withIt = pageOf([form("Go", { fields: [{ name: "lang" }] })]);
  expect(isStanding(language, [])).toBe(false);
  expect(isStanding(language, [withIt, withIt])).toBe(true);
  expect(isStanding(language, [withIt, pageOf([])])).toBe(false);
  expect(isStanding(language, [pageOf([form("Go", { fields: [{ name: "zone" }] })])])).toBe(false);
  expect(isStanding(language, [pageOf([form("OK", { fields: [{ name: "lang" }] })])])).toBe(false);
  expect(
    isStanding(formOf("Go", { fields: [{ name: "a" }, { name: "b" }] }), [
      pageOf([form("Go", { fields: [{ name: "ab" }] })]),
    ]),
  ).toBe(false);
});

test.each<[string, boolean]>([
  ['submit_form 1 "Next" {"a":"x"}', true],
  ['submit_form 1 "Save" {"a":"x"}', true],
  ['submit_form 1 "Add lamp" {"a":"x"}', false],
  ['submit_form 1 "Next" {"p":"{{password}}"}', false],
  ['GET /a "Continue"', true],
  ['GET /a " Proceed "', true],
  ['GET /a "Next step"', true],
  ['GET /a "Continue shopping"', false],
  ['GET /a "Please continue"', false],
  ['GET /a "Next"', false],
])("%s is one of several pages: %s", (call, passes) => expect(isPassage(one(call))).toBe(passes));

test("a link continues where it stands alone and says nothing else", () => {
  expect(continues({ text: " continue ", path: "/", near: "" })).toBe(true);
  expect(continues({ text: "continue", path: "/", near: "a rug" })).toBe(false);
  expect(continues({ text: "continue reading", path: "/", near: "" })).toBe(false);
});

test("a page is about what its title or a short line at its beginning says, links and buttons aside", () => {
  const about = (goal: string, more: object, forms: Json[] = []) =>
    isPageAbout(pageOf(forms, more), clause(goal));
  expect(about("Request a visa.", { title: "Request a visa" })).toBe(true);
  expect(about("Request a visa.", { title: "Newsletter" })).toBe(false);
  expect(about("Request a visa.", { text: "Welcome\nRequest a visa" })).toBe(true);
  expect(
    about("Request a visa.", { text: "Request a visa", links: [{ text: "Request a visa", path: "/v" }] }),
  ).toBe(false);
  expect(about("Request a visa.", { text: "Request a visa" }, [form("Request a visa")])).toBe(false);
  const line = (length: number) => "Request a visa".padEnd(length, ".");
  expect(about("Request a visa.", { text: line(80) })).toBe(true);
  expect(about("Request a visa.", { text: line(81) })).toBe(false);
  const lines = (before: number) =>
    [...Array.from({ length: before }, () => "-"), "Request a visa"].join("\n");
  expect(about("Request a visa.", { text: lines(11) })).toBe(true);
  expect(about("Request a visa.", { text: lines(12) })).toBe(false);
  expect(about("File a claim.", { title: "Claim form" })).toBe(true);
  expect(about("File the claim.", { title: "Claim form" })).toBe(false);
  expect(about("Log in.", { title: "Log in" })).toBe(false);
  expect(about("Log out.", { title: "Log out" })).toBe(false);
});

test("a plain form writes, stands alone, and has a button without a meaning", () => {
  expect(isPlain(formOf("Save"))).toBe(true);
  expect(isPlain(formOf("Save", { near: "a rug" }))).toBe(false);
  expect(isPlain(formOf("Save", { sends: "GET /s" }))).toBe(false);
  expect(isPlain(formOf("Delete"))).toBe(false);
});

import { expect, test } from "vitest";
import { runSiteSession, type SiteAnswers, siteOf } from "../../test/site.ts";
import { createPlanner } from "../planner.ts";

const MENU = ["Evenings|/evenings", "My places|/places", "Stoves|/stoves"];

const PAGES: SiteAnswers = {
  "GET /": { title: "Sauna club", links: ["Birch evening|/evenings/1|4 May, 6 left"] },
  "GET /evenings": {
    title: "Evenings",
    links: ["Birch evening|/evenings/1|4 May, 6 left", "Lake round|/evenings/2|5 May, 0 left"],
  },
  "GET /evenings/1": { title: "Birch evening", links: ["Take places|/evenings/1/book"] },
  "GET /evenings/2": { title: "Lake round", text: "This evening is full." },
  "GET /evenings/1/book": {
    title: "Book: Birch evening",
    forms: [{ button: "Book", sends: "POST /evenings/1/book", fields: "people:number note" }],
  },
  "POST /evenings/1/book": { title: "My places", text: "Booked." },
  "GET /places": {
    title: "My places",
    links: ["Birch evening|/places/7|4 May, 2 people"],
  },
  "GET /places/7": {
    title: "Place 7",
    text: "Birch evening on 4 May\nPeople 2\nNote window seat",
    links: ["Change|/places/7/edit", "Cancel|/places/7/cancel"],
  },
  "GET /places/7/edit": {
    title: "Change: Birch evening",
    forms: [{ button: "Save", sends: "POST /places/7/edit", fields: "people:number note" }],
  },
  "POST /places/7/edit": { title: "Place 7", text: "Saved." },
  "GET /places/7/cancel": {
    title: "Cancel?",
    forms: [{ button: "Yes, cancel for good", sends: "POST /places/7/cancel" }],
  },
  "POST /places/7/cancel": { title: "My places", text: "Cancelled." },
  "GET /stoves": {
    title: "Stoves",
    forms: [
      {
        button: "Request",
        sends: "POST /stoves",
        fields: "name! day:date! wood=Birch,Alder tender=Ida+Moe,Karl+Voss",
      },
    ],
  },
  "POST /stoves": { title: "Stoves", text: "Requested." },
};

const sent = (goal: string): string[] =>
  runSiteSession(createPlanner(), goal, siteOf(MENU, PAGES)).filter((call) => /^submit|^finish/.test(call));

test.each([
  "Book a place on the Lake round.",
  "Book 2 people on the Lake round.",
  "Book two people for the Lake round.",
])("no other one is taken for one that is full: %s", (goal) => {
  expect(sent(goal).filter((call) => call.startsWith("submit"))).toEqual([]);
});

test.each([
  ["Change my place for the Birch evening to 3 people.", { people: 3 }],
  ["Change the people of my place for the Birch evening to 3.", { people: 3 }],
  ['Change the note of my place for the Birch evening to "quiet".', { note: "quiet" }],
])("what is there is changed, and nothing new is made: %s", (goal, fields) => {
  expect(sent(goal)).toEqual([
    `submit_form 1 "Save" ${JSON.stringify(fields)} -> 200`,
    "finish: Every part of the goal is done.",
  ]);
});

test.each([
  ['Cancel my place with the note "early".', false],
  ["Cancel my place for 5 people.", false],
  ['Cancel my place with the note "window seat".', true],
  ["Cancel my place for 2 people.", true],
])("what a thing is told by has to be shown by it: %s", (goal, isDone) => {
  expect(sent(goal).some((call) => call.startsWith("submit"))).toBe(isDone);
});

test.each([
  'Request a stove with the name "Nora Pell", day 11 December 2031, tender Karl Voss.',
  "Request a stove for Nora Pell on 11 December 2031 with Karl Voss as tender.",
  "Request a stove in the name of Nora Pell on 11 December 2031, tender: Karl Voss.",
])("labels and persons behind commas are values of one form: %s", (goal) => {
  const [form = "", end] = sent(goal);
  expect(form).toContain('"name":"Nora Pell","day":"2031-12-11"');
  expect(form).toContain("Karl Voss");
  expect(end).toMatch(/^finish: Every part/);
});

test.each(["Polish my place for the Birch evening.", "Refine my place for the Birch evening."])(
  "a form is not sent as it is for a verb that nothing here does: %s",
  (goal) => {
    expect(sent(goal)).toEqual([`finish: Nothing here serves ${JSON.stringify(goal.slice(0, -1))}.`]);
  },
);

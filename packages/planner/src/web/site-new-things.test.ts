import { expect, test } from "vitest";
import { runSiteSession, siteOf } from "../../test/site.ts";
import { createPlanner } from "../planner.ts";

const MENU = ["Home|/", "Helpers|/helpers", "Props|/props", "Shows|/shows"];
const PROP = "condition=good,worn,broken~broken location~shelf+1";

/** A theatre: helpers and props, each list with the form of a new one. */
const theatre = siteOf(MENU, {
  "GET /": { title: "Theatre" },
  "GET /helpers": {
    title: "Helpers",
    links: ["Lena Fox|/helpers/7"],
    forms: [{ button: "Add a helper", sends: "POST /helpers", fields: "name! duty! day:date!" }],
  },
  "POST /helpers": { title: "Helpers", text: "Added." },
  "GET /props": {
    title: "Props",
    links: ["skull|/props/1", "oil lamp|/props/2"],
    forms: [
      {
        button: "Register a prop",
        sends: "POST /props",
        fields: "name! condition=good,worn,broken location",
      },
    ],
  },
  "POST /props": { title: "Props", text: "Registered." },
  "GET /props/1": { title: "skull", forms: [{ button: "Save", sends: "POST /props/1", fields: PROP }] },
  "GET /props/2": { title: "oil lamp", forms: [{ button: "Save", sends: "POST /props/2", fields: PROP }] },
  "POST /props/2": { title: "oil lamp", forms: [{ button: "Save", sends: "POST /props/2", fields: PROP }] },
  "GET /shows": { title: "Shows", links: ["Tea at Five|/shows/3"] },
  "GET /shows/3": {
    title: "Tea at Five",
    forms: [{ button: "Reserve", sends: "POST /shows/3", fields: "seats:number! note" }],
  },
  "POST /shows/3": { title: "Your ticket", text: "Reserved." },
});

const DONE = "finish: Every part of the goal is done.";

/** The forms that a session sent, and how it ended. */
function sent(goal: string): string[] {
  const calls = runSiteSession(createPlanner(), goal, theatre, 30);
  return calls.filter((call) => !call.startsWith("GET ")).map((call) => call.replace(/ -> 200$/, ""));
}

test.each([
  [
    "Add Tom Reed as a helper for the cloakroom on 11 December 2031",
    'submit_form 1 "Add a helper" {"name":"Tom Reed","duty":"cloakroom","day":"2031-12-11"}',
  ],
  [
    "Register a new prop: a silver crown, kept on shelf 4",
    'submit_form 1 "Register a prop" {"name":"silver crown","location":"shelf 4"}',
  ],
  ["Reserve two seats for Tea at Five", 'submit_form 1 "Reserve" {"seats":2}'],
])("%s: what is new gets what is said of it, and nothing else", (goal, call) => {
  expect(sent(goal)).toEqual([call, DONE]);
});

test.each([
  ["Mark the oil lamp as good", ['submit_form 1 "Save" {"condition":"good"}']],
  ["Move the oil lamp to shelf 2", ['submit_form 1 "Save" {"location":"shelf 2"}']],
  [
    "Mark the oil lamp as good, then move it to shelf 2",
    ['submit_form 1 "Save" {"condition":"good"}', 'submit_form 1 "Save" {"location":"shelf 2"}'],
  ],
])("%s: what there is is changed, and no other one is made", (goal, calls) => {
  expect(sent(goal)).toEqual([...calls, DONE]);
});

import { expect, test } from "vitest";
import { runSiteSession, type SiteAnswers, siteOf } from "../../test/site.ts";
import { createPlanner } from "../planner.ts";

const MENU = ["Home|/", "Sails|/sails", "Swaps|/swaps", "Account|/account"];

const PAGES: SiteAnswers = {
  "GET /": { title: "Sailing club" },
  "GET /sails": {
    title: "Sails",
    links: ["That is mine|/sails/1/claim|Striped spinnaker, pier 3"],
  },
  "GET /sails/1/claim": {
    title: "Claim: Striped spinnaker",
    forms: [{ button: "Claim", sends: "POST /sails/1/claim", fields: "name!" }],
  },
  "POST /sails/1/claim": { title: "Sails", text: "Noted." },
  "GET /swaps": {
    title: "Swaps",
    links: ["Offer|/swaps/4|Storm jib of Ada", "Offer|/swaps/5|Mainsail of Bo"],
  },
  "GET /swaps/5": {
    title: "Mainsail of Bo",
    forms: [{ button: "Swap", sends: "POST /swaps/5", fields: "day:date" }],
  },
  "POST /swaps/5": { title: "Swaps", text: "Swapped." },
  "GET /account": {
    title: "Account",
    forms: [{ button: "Save", sends: "POST /account", fields: "phone:tel" }],
  },
  "POST /account": { title: "Account", text: "Saved." },
};

const run = (goal: string): string[] => runSiteSession(createPlanner(), goal, siteOf(MENU, PAGES));
const endOf = (goal: string): string | undefined => run(goal).at(-1);
const sent = (goal: string): string[] => run(goal).filter((call) => call.includes("submit_form"));

test.each([
  "Claim the striped spinnaker, my name is Ada Birk.",
  "Swap the mainsail.",
  "Swap my mainsail on 3 May 2027.",
  "Set my phone number to 030 7777.",
])("what was told of a thing and shown on the way is understood: %s", (goal) => {
  expect(endOf(goal)).toBe("finish: Every part of the goal is done.");
});

test.each([
  ["Swap the mainsail for the regatta.", "regatta"],
  ["Swap the mainsail with the blue genoa.", "with the blue genoa"],
  ["Set my phone number to 030 7777 for the harbour office.", "harbour office"],
])("what was told and nothing showed is named at the end: %s", (goal, words) => {
  expect(endOf(goal)).toBe(
    `finish: What was understood of the goal is done; not understood: ${JSON.stringify(words)}.`,
  );
});

test.each([
  "Claim the red anchor, my name is Ada Birk.",
  "Claim the brass compass, name Ada Birk.",
  "Claim the wooden oar.",
])("the only thing in a list is not taken for another one: %s", (goal) => {
  expect(sent(goal)).toEqual([]);
});

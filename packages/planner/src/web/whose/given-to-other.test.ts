import { expect, test } from "vitest";
import { runSiteSession, siteOf } from "../../../test/site.ts";
import { createPlanner } from "../../planner.ts";

const boat = (id: number, title: string) => ({
  [`GET /boats/${id}`]: {
    title,
    text: "Skipper",
    links: ["Ada Birk|/people/7"],
    forms: [{ button: "Assign", sends: `POST /boats/${id}/skipper`, fields: "skipper=Ada+Birk,Ole+Voss" }],
  },
  [`POST /boats/${id}/skipper`]: { title, text: "Assigned." },
});
const siteWith = (button: string) =>
  siteOf(["Boats|/boats", "People|/people"], {
    "GET /": { title: "Harbour", links: ["Heron|/boats/1|Heron Ada Birk"] },
    "GET /boats": {
      title: "Boats",
      links: ["Heron|/boats/1|Heron, skipper Ada Birk", "Tern|/boats/2|Tern, no skipper yet"],
    },
    "GET /people": { title: "People", links: ["Ada Birk|/people/7|Ada Birk at work"] },
    ...boat(1, "Heron"),
    ...boat(2, "Tern"),
    "GET /people/7": { title: "Ada Birk", forms: [{ button, sends: "POST /people/7/state" }] },
    "POST /people/7/state": { title: "Ada Birk", text: "Done." },
  });
const calls = (goal: string, button = "Put on leave"): string =>
  runSiteSession(createPlanner(), goal, siteWith(button)).join("\n");

test("what is done with a person is done on the page of that person, and gives them nothing else", () => {
  expect(calls("Put Ada Birk on leave")).toContain('"Put on leave" {} -> 200');
  expect(calls("Put Ada Birk on leave")).not.toContain("Assign");
  // She is on leave.
  expect(calls("Put Ada Birk on leave", "Back to work")).not.toContain("submit_form");
});

test("what something is brought to is named by a text in quotation marks, too", () => {
  const text = calls('Assign Ada Birk to the boat "Tern"');
  expect(text).toContain("GET /boats/2 ");
  expect(text).toContain('"Assign" {"skipper":"Ada Birk"} -> 200');
  expect(calls('Assign Ada Birk to the boat "Gull"')).not.toContain("submit_form");
});

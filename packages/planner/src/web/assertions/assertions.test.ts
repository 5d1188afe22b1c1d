import { expect, test } from "vitest";
import { runSiteSession, siteOf } from "../../../test/site.ts";
import { createPlanner } from "../../planner.ts";

const ROW = "K-4 oak crate, Pier 2, packed";
const crates = siteOf(["Crates|/crates", "Piers|/piers"], {
  "GET /": { title: "Yard" },
  "GET /crates": {
    title: "Crates",
    links: ["Enter a new crate|/crates/new", `K-4|/crates/K-4|${ROW}`, `Pier 2|/piers/2|${ROW}`],
  },
  "GET /crates/new": {
    title: "New crate",
    forms: [{ button: "Save", sends: "POST /crates", fields: "wood!" }],
  },
  "GET /crates/K-4": {
    title: "Crate K-4",
    text: "State\npacked\nLids\n2",
    links: ["Ship|/crates/K-4/ship"],
    forms: [{ button: "Turn", sends: "POST /crates/K-4/turn" }],
  },
  "GET /crates/K-4/ship": {
    title: "Ship crate K-4",
    forms: [{ button: "Yes, ship it", sends: "POST /crates/K-4/ship" }],
  },
  "POST /crates/K-4/ship": { title: "Crate K-4", text: "State\nshipped\nLids\n2" },
  "GET /piers": { title: "Piers", links: ["Pier 2|/piers/2|Pier 2, depth 4 m"] },
  "GET /piers/2": {
    title: "Pier 2",
    forms: [{ button: "Save", sends: "POST /piers/2", fields: "depth:number~4" }],
  },
});
const calls = (goal: string): string => runSiteSession(createPlanner(), goal, crates).join("\n");

test.each([
  ["Check that crate K-4 is packed.", "Every part of the goal is done."],
  ["Check that crate K-4 has 3 lids.", 'not so: "Check that crate K-4 has 3 lids".'],
  ["Ship crate K-4 and check that it is shipped.", "Every part of the goal is done."],
  ["Open crate K-4, ship it, and check that it is packed.", 'not so: "check that it is packed".'],
])("what holds is served, and what does not is named: %s", (goal, end) => {
  const text = calls(goal);
  expect(text).toContain("GET /crates/K-4 ");
  expect(text).toContain(end);
});

test("a verb that nothing offers presses nothing, in the row of the thing or elsewhere", () => {
  for (const goal of ["Paint crate K-4.", "Weigh crate K-4."])
    expect(calls(goal)).not.toContain("submit_form");
});

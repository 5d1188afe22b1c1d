import { expect, test } from "vitest";
import { runSiteSession, type SiteAnswers, siteOf } from "../../../test/site.ts";
import { createPlanner } from "../../planner.ts";

const boat = (id: number, title: string, text: string): SiteAnswers => ({
  [`GET /boats/${id}`]: {
    title,
    text,
    forms: [
      { button: "Paint boat", sends: `POST /boats/${id}/paint`, fields: "colour=red,blue,iron" },
      { button: "Report damage", sends: `POST /boats/${id}/damage`, fields: "what!" },
    ],
    links: [`Hire this boat|/boats/${id}/hire`],
  },
  [`GET /boats/${id}/hire`]: {
    title: `Hire ${title}?`,
    forms: [{ button: "Yes, hire it", sends: `POST /boats/${id}/hire` }],
  },
  [`POST /boats/${id}/paint`]: { title: "Done", text: "It was painted." },
  [`POST /boats/${id}/damage`]: { title: "Done", text: "It was reported." },
  [`POST /boats/${id}/hire`]: { title: "Done", text: "It was hired." },
});
const site = siteOf(["Harbours|/harbours", "Repairs|/repairs"], {
  "GET /": { title: "Boats" },
  "GET /harbours": { title: "Harbours", links: ["Cook's Bay 4|/harbours/1", "Old Quay|/harbours/2"] },
  "GET /harbours/1": {
    title: "Cook's Bay 4",
    text: "long boat, hired\nround boat, free",
    links: ["long boat|/boats/1|long boat, hired", "round boat|/boats/2|round boat, free"],
  },
  "GET /harbours/2": { title: "Old Quay", links: ["small boat|/boats/3|small boat, free"] },
  "GET /repairs": { title: "Repairs", links: ["Leak|/repairs/8|Leak, long boat"] },
  "GET /repairs/8": { title: "Repair 8", text: "Leak", links: ["long boat, Cook's Bay 4|/boats/1"] },
  ...boat(1, "long boat, Cook's Bay 4", "Built of wood."),
  ...boat(2, "round boat, Cook's Bay 4", "Built of iron."),
  ...boat(3, "small boat, Old Quay", "Built of wood."),
});
const calls = (goal: string): string => runSiteSession(createPlanner(), goal, site).join("\n");

test.each([
  ["Hire the round boat of Cook's Bay 4", 1],
  ["Open the round boat of Cook's Bay 4, paint it blue", 1],
  ["Open the round boat of Cook's Bay 4, paint it blue and hire it", 2],
  ["Hire the free boat of Cook's Bay 4", 1],
  ["Hire the round boat of Cook's Bay 4, then change its colour to red", 2],
])("what common nouns tell beside a name is the thing on the page of that: %s", (goal, forms) => {
  const text = calls(goal);
  expect(text).toContain("GET /boats/2 ");
  expect(text).not.toMatch(/GET \/boats\/[13] /);
  expect(text.match(/submit_form/g)).toHaveLength(forms);
  expect(text).toContain("finish: Every part");
});

test.each([
  "Hire the flat boat of Cook's Bay 4",
  "Hire the flat boat",
  "Hire the boat that carries coal",
  "Report a damage of the flat boat: 'loose oar'",
  "Open the flat boat, report the damage 'loose oar'",
  "Report a damage at the flat boat's harbour: 'loose rope'",
])("nothing is done with another thing than the one that is told: %s", (goal) => {
  expect(calls(goal)).not.toContain("submit_form");
});

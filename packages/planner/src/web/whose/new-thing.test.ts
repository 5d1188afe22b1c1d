import { clausesOf } from "@ape/catalog/goal/clause";
import { expect, test } from "vitest";
import { nameWanted } from "../named-thing.ts";
import type { SeenForm } from "../page-reader.ts";
import type { PageSituation } from "../page-situation.ts";
import { formMakesAnother, linkMakesAnother } from "./new-thing.ts";

const NEW = { text: "Enter a new boat", path: "/boats/new" };
const FORM = { id: "1", label: "Enter", near: "", writes: true, to: "/boats", fields: [] } as SeenForm;

/** The situation of a clause on the page where a boat is entered. */
function situation(goal: string, at = 0): PageSituation {
  const clauses = clausesOf(goal, new Set());
  const clause = clauses[at];
  if (clause === undefined) throw new Error("no clause");
  return {
    clauses,
    clause,
    called: nameWanted(clauses, clause),
    calls: [],
    page: { title: "New boat", path: "/boats/new", text: "", links: [], forms: [FORM] },
  } as unknown as PageSituation;
}

test.each([
  ["Inspect the boat Heron", 0, true],
  ["Find the boat Heron, inspect it", 1, true],
  ["Inspect the boat", 0, true],
  // What is made is a new one, and what is taken may be.
  ["Enter a boat called Heron", 0, false],
  ["Reserve the boat Heron", 0, false],
  ["Log in", 0, false],
  // Another kind of thing is made for what there is.
  ["Write to the keeper Ada", 0, false],
])("whether another thing is made of the kind that there is: %s", (goal, at, makes) => {
  const now = situation(goal, at);
  expect(linkMakesAnother(now, NEW)).toBe(makes);
  expect(formMakesAnother(now, FORM)).toBe(makes);
});

test("only what says that it is new makes another thing", () => {
  const now = situation("Inspect the boat Heron");
  expect(linkMakesAnother(now, { text: "Boats", path: "/boats" })).toBe(false);
  expect(formMakesAnother(now, { ...FORM, writes: false })).toBe(false);
  expect(formMakesAnother(now, { ...FORM, near: "Heron" })).toBe(false);
});

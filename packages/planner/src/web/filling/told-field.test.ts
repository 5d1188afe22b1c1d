import { clausesOf } from "@ape/catalog/goal/clause";
import { expect, test } from "vitest";
import { ownNameIn } from "../named-thing.ts";
import { pageIn } from "../page-reader.ts";
import { fillIn } from "./form-values.ts";

const fields = ["model", "year", "location"].map((name) => ({
  name,
  type: "text",
  label: name,
  value: "x",
}));
const form = pageIn({ links: [], forms: [{ form: "1", label: "Save", sends: "POST /boats/3", fields }] })
  ?.forms[0];

/** What the form of a boat is given for a goal. */
const filled = (goal: string) => {
  const [clause] = clausesOf(goal, new Set());
  if (clause === undefined || form === undefined) throw new Error("no clause or form");
  const purpose = { clause, later: [], around: [clause], title: "", own: undefined };
  return fillIn(form, { ...purpose, called: ownNameIn(clause) }, [], 1);
};

test.each([
  ['Set the location of the Heron Model B to "Pier 2"', { location: "Pier 2" }],
  ["Change the owner of the Heron Model B to Ada Birk", {}],
  ["Change the owner of the Heron to Ada Birk", {}],
  ['Change the model of the Heron to "Tern"', { model: "Tern" }],
  ['Move the Heron to the "Blue pier"', { location: "Blue pier" }],
  ["Move the Heron to the pier", { location: "pier" }],
])("a value is for the field that is told, and for none of another thing: %s", (goal, values) => {
  expect(filled(goal)).toEqual(values);
});

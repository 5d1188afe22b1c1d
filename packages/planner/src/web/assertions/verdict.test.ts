import { clausesOf } from "@ape/catalog/goal/clause";
import { expect, test } from "vitest";
import { pageIn } from "../page-reader.ts";
import { verdictOn } from "./verdict.ts";

const page = pageIn({
  title: "Crate K-4",
  path: "/crates/K-4",
  text: "Crate K-4\nThe crate has been sealed.\nPlace\nShelf 3\nPacked by\nAda Birk\nState\npacked\nLids\n2 pieces",
  links: [],
  forms: [
    {
      form: "1",
      label: "Save",
      sends: "POST /crates/K-4",
      fields: [{ name: "weight", type: "number", label: "Weight in kg", value: 12 }],
    },
  ],
});

test.each([
  ["Check that crate K-4 is packed", "so"],
  ["Check that crate K-4 is shipped", "not so"],
  ["Check that K-4 is not shipped", "so"],
  ["Check that K-4 has been sealed", "so"],
  ["Check that K-4 has been weighed", undefined],
  ["Check that its weight is 12", "so"],
  ["Check that its weight is 13", "not so"],
  ["Check that crate K-4 has 2 lids", "so"],
  ["Check that crate K-4 has 3 lids", "not so"],
  ["Check that it is packed by Ada Birk", "so"],
  ["Check that it is packed by Jo Lind", "not so"],
  ["Check that its colour is Red", undefined],
  ["Check that the note is there", "so"],
  ["Look at crate K-4", undefined],
])("what a goal asserts is compared with the page of the thing: %s", (goal, verdict) => {
  const [clause] = clausesOf(goal, new Set());
  if (clause === undefined || page === undefined) throw new Error("no clause or page");
  expect(verdictOn(page, clause, undefined, ["Shelf 3"])).toBe(verdict);
});

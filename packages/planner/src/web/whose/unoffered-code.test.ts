import { clausesOf } from "@ape/catalog/goal/clause";
import { expect, test } from "vitest";
import { pageIn } from "../page-reader.ts";
import { unofferedCode } from "./unoffered-code.ts";

const form = pageIn({
  title: "",
  path: "/cups/1",
  text: "",
  links: [],
  forms: [
    {
      form: "1",
      label: "Add boat",
      sends: "POST /cups/1/add",
      fields: [{ name: "boat", type: "select", label: "Boat", options: ["K-4", "K-7"] }],
    },
  ],
})?.forms[0];

test.each([
  ["Add boat K-9 to the cup", "K-9"],
  ["Add boat K-4 to the cup", undefined],
  ["Add the buoy K-9 to the cup", undefined],
])("a code that the choice of such things does not offer: %s", (goal, code) => {
  const [clause] = clausesOf(goal, new Set());
  if (clause === undefined || form === undefined) throw new Error("no clause or form");
  expect(unofferedCode(clause, form, { boat: code === undefined ? "K-4" : "K-7" })).toBe(code);
});

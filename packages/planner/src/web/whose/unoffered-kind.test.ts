import { clausesOf } from "@ape/catalog/goal/clause";
import { expect, test } from "vitest";
import { pageIn } from "../page-reader.ts";
import { kindNotOffered } from "./unoffered-kind.ts";

const fieldOf = (name: string) =>
  pageIn({
    links: [],
    forms: [
      {
        form: "1",
        label: "Send",
        sends: "POST /boats",
        fields: [{ name, type: "select", label: name, options: ["rowing", "sailing"] }],
      },
    ],
  })?.forms[0]?.fields[0];

test.each([
  ["Book a diving course called Deep", "kind", "diving course"],
  ["Book a sailing course called Wind", "kind", undefined],
  ["Book a new course called Wind", "kind", undefined],
  ["Book a course called Wind", "kind", undefined],
  ["Book a diving course called Deep", "day", undefined],
  ["Book the diving course", "kind", undefined],
])("the kind that a choice has not: %s, %s", (goal, name, kind) => {
  const [clause] = clausesOf(goal, new Set());
  const field = fieldOf(name);
  if (clause === undefined || field === undefined) throw new Error("no clause or field");
  expect(kindNotOffered(clause, field)).toBe(kind);
});

import { clausesOf } from "@ape/catalog/goal/clause";
import { expect, test } from "vitest";
import { pageIn } from "../page-reader.ts";
import { optionMovedTo } from "./moved-to.ts";

const fieldOf = (name: string) =>
  pageIn({
    title: "",
    path: "/",
    text: "",
    links: [],
    forms: [
      {
        form: "1",
        label: "Move",
        sends: "POST /move",
        fields: [{ name, type: "select", label: name, options: ["K1", "K2", "K3"] }],
      },
    ],
  })?.forms[0]?.fields[0];

test.each([
  ["berth", "Move the Tern from berth K1 to berth K3", "K3"],
  ["berth", "Move the Tern from K1 to K3", "K3"],
  ["berth", "Move the Tern to berth K3", undefined],
  ["from", "Move the Tern from K1 to K3", undefined],
])("the option that something is moved to: %s, %s", (name, goal, option) => {
  const [clause] = clausesOf(goal, new Set());
  const field = fieldOf(name);
  if (clause === undefined || field === undefined) throw new Error("no clause or field");
  expect(optionMovedTo(field, clause)).toBe(option);
});

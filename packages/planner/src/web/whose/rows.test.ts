import { clausesOf } from "@ape/catalog/goal/clause";
import { nameOf } from "@ape/catalog/goal/phrases/thing-name";
import { expect, test } from "vitest";
import type { SeenForm, SeenPage } from "../page-reader.ts";
import { isBesideOther, isOwnOfRow } from "./rows.ts";

const link = (text: string, path: string, near = "") => ({ text, path, near });
const page = (more: Partial<SeenPage>): SeenPage => ({
  title: "",
  path: "/crews/3",
  text: "",
  links: [],
  forms: [],
  ...more,
});
const clauseOf = (goal: string) => {
  const [clause] = clausesOf(goal, new Set());
  if (clause === undefined) throw new Error("no clause");
  return clause;
};

test("of the links in a row the one of the thing itself is its own", () => {
  const row = "Tern K-4 Pier 2";
  const boat = link("K-4", "/boats/K-4", row);
  const pier = link("Pier 2", "/piers/2", row);
  const edit = link("Edit", "/boats/K-4/edit", row);
  const shown = page({ links: [pier, boat, edit] });
  const about = { clause: clauseOf("Paint K-4"), called: nameOf("K-4") };
  expect([pier, boat, edit].map((one) => isOwnOfRow(shown, one, about))).toEqual([false, true, true]);
  const ofKind = { clause: clauseOf("Paint a boat"), called: undefined };
  expect([pier, boat].map((one) => isOwnOfRow(shown, one, ofKind))).toEqual([false, true]);
});

test("a button beside a link to another thing is not about the thing of the page", () => {
  const form: SeenForm = {
    id: "2",
    label: "Remove",
    near: "",
    writes: true,
    to: "/crews/3/drop",
    fields: [],
  };
  const shown = page({
    text: "Night crew\nAda Birk, cook\nRemove\nAdd",
    links: [link("Ada Birk", "/people/7")],
  });
  expect(isBesideOther(shown, form, nameOf("Night crew"))).toBe(true);
  expect(isBesideOther(shown, form, nameOf("Ada Birk"))).toBe(false);
  expect(isBesideOther(page({ text: "Night crew\nRemove" }), form, nameOf("Night crew"))).toBe(false);
});

import { clausesOf } from "@ape/catalog/goal/clause";
import { nameOf } from "@ape/catalog/goal/phrases/thing-name";
import { expect, test } from "vitest";
import type { SeenLink } from "../page-reader.ts";
import type { PageSituation } from "../page-situation.ts";
import { isToBeOpened, ownLinkStep } from "./own-link.ts";

const link = (text: string, path: string, near = text): SeenLink => ({ text, path, near });
const LINKS = [
  link("Enter a new boat", "/boats/new", ""),
  link("Pier 2", "/piers/2", "Heron, Pier 2, free"),
  link("Heron", "/boats/5", "Heron, Pier 2, free"),
  link("Heron", "/boats/6", "Heron, Pier 3, free"),
];

interface More {
  visited?: string[];
  of?: boolean;
  title?: string;
}

/** What is decided on the list of boats. */
function situation(goal: string, called: string, more: More): PageSituation {
  const clauses = clausesOf(goal, new Set());
  return {
    target: "app",
    context: { seed: 1, persona: { first: true } },
    clauses,
    clause: clauses[0],
    called: { ...nameOf(called), of: more.of ?? false },
    visited: new Set(more.visited),
    calls: [],
    page: { title: more.title ?? "Boats", path: "/boats", text: "", links: LINKS, forms: [] },
  } as unknown as PageSituation;
}

/** The path that is opened for a goal on the list of boats. */
function opened(goal: string, called: string, more: More = {}): string | undefined {
  const step = ownLinkStep(situation(goal, called, more));
  return step?.kind === "call" ? step.request.path : undefined;
}

test.each([
  ["Open the Heron at Pier 3", "Heron", {}, "/boats/6"],
  ["Open the Heron", "Heron", { visited: ["/boats/5"] }, "/boats/6"],
  // What is looked for may be seen where it is listed.
  ["Find the Heron", "Heron", {}, undefined],
  // A part of it has no such link, and its own page is no list.
  ["Open the sail of the Heron", "Heron", { of: true }, undefined],
  ["Open the Heron", "Heron", { title: "Heron" }, undefined],
  ["Open the Tern", "Tern", {}, undefined],
])("the own link of what is opened: %s", (goal, called, more, path) => {
  expect(opened(goal, called, more)).toBe(path);
});

test.each([
  ["Open the Heron at Pier 3 and assign Ada Birk", {}, true],
  ["Open the Heron at Pier 3 and assign Ada Birk", { visited: ["/boats/5", "/boats/6"] }, false],
  ["Find the Heron and assign Ada Birk", {}, false],
])("what is only listed is opened before anything else is done with it: %s", (goal, more, expected) => {
  expect(isToBeOpened(situation(goal, "Heron", more))).toBe(expected);
});

import { clausesOf } from "@ape/catalog/goal/clause";
import { expect, test } from "vitest";
import { dayBeside, nameWanted, ownNameIn, saysName, searchFieldOf, showsName } from "./named-thing.ts";
import { pageIn, type SeenPage } from "./page-reader.ts";

const clauses = (goal: string) => clausesOf(goal, new Set());
const first = (goal: string) => clauses(goal)[0] as ReturnType<typeof clauses>[number];

test.each([
  ["book the Snow queen from 3 May 2027", "Snow queen"],
  ["find my appointment RD5001", "RD5001"],
  ['add the book "Dune" to the basket', "Dune"],
  ['add the note "torn"', undefined],
  ['create a list called "Ideas"', undefined],
  ["cancel my outing with the Albatross", "Albatross"],
  ["delete the report about Rome", "Rome"],
  ["change my phone to Home", undefined],
  ["find a room in Graz", undefined],
  ['reply "Thanks"', undefined],
  ["book a table at the Golden Fork", undefined],
  ["buy two lamps", undefined],
  ["log in as Ann", undefined],
])("the goal %j is about the thing %j", (goal, name) => {
  expect(ownNameIn(first(goal))?.whole).toBe(name);
});

test.each([
  ["find the Kilim, reserve it", "Kilim"],
  ["find the Kilim, write a note, send it", undefined],
  ["find the Kilim, reserve the Banner", "Banner"],
  ["find the Kilim, log out", undefined],
  ["look around, reserve it", undefined],
])("of %j the last part is about %j", (goal, name) => {
  const all = clauses(goal);
  expect(nameWanted(all, all.at(-1) as (typeof all)[number])?.whole).toBe(name);
});

const named = (goal: string) => {
  const name = ownNameIn(first(goal));
  if (name === undefined) throw new Error("no name");
  return name;
};

test.each([
  ["Snow queen $30", "", true],
  ["Tudor queen $30", "", false],
  ["Snowy queen", "", false],
  ["Snow globe", "", false],
  ["Snow", "Queens", true],
  ["Queen of Snow", "", true],
])("a thing with %j on the page %j is the Snow queen: %s", (near, title, is) => {
  expect(saysName(near, named("book the Snow queen"), title)).toBe(is);
});

const page = (more: object): SeenPage => {
  const read = pageIn({ title: "T", path: "/t", text: "", links: [], forms: [], ...more });
  if (read === undefined) throw new Error("no page");
  return read;
};

test.each([
  [{ title: "RD5001" }, true],
  [{ text: "Your appointment rd5001 is on Monday" }, true],
  [{ links: [{ text: "Open", path: "/a", near: "RD5001 Monday" }] }, true],
  [{ links: [{ text: "RD5001", path: "/a" }] }, true],
  [{ forms: [{ form: "1", label: "Cancel", sends: "POST /c", near: "RD5001", fields: [] }] }, true],
  [
    {
      forms: [
        {
          form: "1",
          label: "Go",
          sends: "POST /c",
          fields: [{ name: "a", type: "select", options: ["RD5001", "RD5002"] }],
        },
      ],
    },
    true,
  ],
  [{ text: "RD50011" }, false],
  [{}, false],
])("a page %j shows RD5001: %s", (more, shows) => {
  expect(showsName(page(more), named("find my appointment RD5001"))).toBe(shows);
});

test.each([
  ["GET /find", [{ name: "no", type: "text", label: "Appointment number" }], "no"],
  [
    "GET /find",
    [
      { name: "q", type: "text", label: "Search" },
      { name: "city", type: "text", label: "City" },
    ],
    "q",
  ],
  ["GET /find", [{ name: "appointment", type: "text", label: "Appointment" }], "appointment"],
  ["GET /find", [{ name: "city", type: "text", label: "City" }], undefined],
  [
    "GET /find",
    [
      { name: "ref", type: "text", label: "" },
      { name: "name", type: "text", label: "" },
    ],
    "ref",
  ],
  [
    "GET /find",
    [
      { name: "city", type: "text", label: "" },
      { name: "name", type: "text", label: "" },
    ],
    undefined,
  ],
  // What finds something changes nothing, however it is sent.
  ["POST /find", [{ name: "no", type: "text", label: "Appointment number" }], "no"],
])("the form %s with %j finds by %j", (sends, fields, name) => {
  const [form] = page({ forms: [{ form: "1", label: "Find", sends, fields }] }).forms;
  expect(form && searchFieldOf(form, first("find my appointment RD5001"))?.name).toBe(name);
});

test.each([
  ["cancel my outing on 12 December", "12-12"],
  ["change the start of my outing on 12 December to 17:00", "12-12"],
  ["move my outing to 13 December", undefined],
  ["change my outing to 13 December", undefined],
  ["cancel it on 12 December", undefined],
  ["book a boat on 12 December", undefined],
])("of %j the day %s tells which thing is meant", (goal, day) => {
  expect(dayBeside(first(goal))).toBe(day);
});

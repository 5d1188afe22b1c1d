import { expect, test } from "vitest";
import { catalogWith, keysFor } from "../../test/goal-operations.ts";
import { subjectOf } from "./operation-subject.ts";

test.each([
  ["query paintings", undefined, "read", "paint"],
  ["query bookings", undefined, "read", "book"],
  ["mutation bookARoom", "book", "create", "room"],
  ["mutation orderLunch", "order", undefined, "lunch"],
  ["mutation orderCreate", undefined, "create", "order"],
  ["mutation callOffVisit", "call", "delete", "visit"],
])("%s opens with %s, is of the class %s, and is about %s", (call, verb, verbClass, noun) => {
  const [operation] = catalogWith([[call, ""]], "graphql").operations;
  if (operation === undefined) throw new Error("no operation");
  const subject = subjectOf(operation);
  expect([subject.verb, subject.verbClass]).toEqual([verb, verbClass]);
  expect(subject.nouns.get(noun)).toBeGreaterThan(0);
});

test("an action of two words does what they mean together", () => {
  const catalog = catalogWith([
    ["POST /visits", "Create a visit", "body text", "answer id"],
    ["POST /visits/{visitId}/call-off", "call visits call off", "path visitId"],
    ["POST /visits/{visitId}/confirm", "confirm visits confirm", "path visitId"],
  ]);
  expect(keysFor("Create a visit, then cancel it", catalog)).toEqual([
    "POST /visits",
    "POST /visits/{visitId}/call-off",
  ]);
});

test("a GET reads, whatever word its summary begins with", () => {
  const [operation] = catalogWith([["GET /visits/{id}", "Book details", "path id"]]).operations;
  expect(operation && subjectOf(operation).verbClass).toBe("read");
});

test.each([
  ["Plan a rehearsal", "Planned rehearsals", "Schedule a rehearsal", "rehearsals"],
  ["Order a meal", "Ordered meals", "Request a meal", "meals"],
  ["Arrange a tour", "Arranged tours", "Organise a tour", "tours"],
])("%s is not to read the %s", (goal, listed, made, name) => {
  const catalog = catalogWith([
    [`GET /${name}`, listed],
    [`POST /${name}`, made, "answer id"],
  ]);
  expect(keysFor(goal, catalog)).toEqual([`POST /${name}`]);
});

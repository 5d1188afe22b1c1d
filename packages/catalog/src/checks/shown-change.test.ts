import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { OperationCatalog } from "../operations/operation-catalog.ts";
import { goalParts } from "./goal-parts.ts";
import { shownIn } from "./shown-change.ts";

/** What an answer with such fields shows after the only change of a goal. */
function shownBy(goal: string, line: string, answers: string): Record<string, unknown> {
  const isGraphql = line.startsWith("mutation ");
  const read = `${isGraphql ? "query thing" : "GET /thing"} | Read it | | ${answers}`;
  const catalog = new OperationCatalog([apiOf(isGraphql ? "graphql" : "rest", line, read)]);
  const part = goalParts(goal, catalog).find(({ kind }) => kind === "change");
  const fields = catalog.operations.at(-1)?.answers;
  if (part === undefined || fields === undefined) throw new Error(`nothing is changed by ${goal}`);
  return Object.fromEntries([...shownIn(fields, part)].map(([{ leaf }, value]) => [leaf, value]));
}

test.each([
  [
    "Hire a kayak for 2 hours",
    "POST /hires | Hire a kayak | hours#! | id",
    "hours# state=open,returned",
    { hours: 2 },
  ],
  ["Return hire 7", "POST /hires/{id}/return | Return a hire", "state=open,returned", { state: "returned" }],
  [
    "Check in stay 7",
    "POST /stays/{id}/check-in | Check a guest in",
    "status=booked,checked_in",
    { status: "checked_in" },
  ],
  [
    "Publish essay 7",
    "POST /essays/{id}/publish | Publish an essay",
    "isPublished? title",
    { isPublished: true },
  ],
  [
    "Unpublish essay 7",
    "POST /essays/{id}/unpublish | Unpublish an essay",
    "published? title",
    { published: false },
  ],
  [
    "Withdraw the like of essay 7",
    "DELETE /essays/{id}/like | Withdraw a like",
    "like? title",
    { like: false },
  ],
  [
    'Set the conductor of choir 7 to "Ann Lee"',
    "PUT /choirs/{id}/conductor | Set the conductor | name!",
    "id name conductor",
    { conductor: "Ann Lee" },
  ],
  [
    'Set the conductor of choir 7 to "Ann Lee"',
    "PUT /choirs/{id}/conductor | Set the conductor | name!",
    "id name",
    {},
  ],
  [
    'Set the conductor of choir 7 to "Ann Lee"',
    "PUT /choirs/{id}/conductor | Set the conductor | conductor!",
    "id name conductor",
    { conductor: "Ann Lee" },
  ],
  [
    'Set the title of essay 7 to "Rain"',
    "PUT /essays/{id}/title | Set the title | newTitle!",
    "id title",
    { title: "Rain" },
  ],
  [
    'Set the curator of room 7 to "Ann"',
    "mutation setCurator | Set the curator of a room | roomId! name!",
    "id curator#",
    {},
  ],
  [
    'Set the curator of room 7 to "Ann"',
    "mutation setCurator | Set the curator of a room | roomId! name!",
    "id curator",
    { curator: "Ann" },
  ],
  [
    "Remove Ivo Lanz from trip 7",
    "DELETE /trips/{id}/members/{memberId} | Take a member off",
    "state=open,removed",
    {},
  ],
  ["Open a ticket", "POST /tickets | Open a ticket | title | id", "state=open,closed", { state: "open" }],
  ["Open a ticket", "POST /tickets | Open a ticket | title | id", "state=draft,open", {}],
  ["Close ticket 7", "POST /tickets/{id}/close | Close a ticket", "state=open,closed", { state: "closed" }],
])("%s by %s: of %s it shows %j", (goal, line, answers, shown) => {
  expect(shownBy(goal, line, answers)).toEqual(shown);
});

import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { catalogWith, keysFor } from "../../test/goal-operations.ts";
import { clausesOf } from "../goal/clause.ts";
import { addingOperation, changingOperation, notingOperation, puttingOperation } from "./adding-operation.ts";
import { OperationCatalog } from "./operation-catalog.ts";

const office = catalogWith(
  [
    ["query rooms", "", "answer [].id"],
    ["mutation reserveRoom", "", "body roomId", "body day", "answer id"],
    ["mutation addRemark", "", "body reservationId", "body text", "answer id"],
    ["mutation addTag", "", "body pictureId", "body word", "answer id"],
  ],
  "graphql",
);

test.each(["reservation", "booking"])(
  "a text is added to the %s that was made, whatever both are called",
  (noun) => {
    expect(keysFor(`Reserve a room, add the memo "Two keys" to the ${noun}`, office)).toEqual([
      "mutation reserveRoom",
      "mutation addRemark",
    ]);
  },
);

const RULES = {
  adds: addingOperation,
  puts: puttingOperation,
  notes: notingOperation,
  changes: changingOperation,
};

/** By which of the rules an operation serves the last clause of a goal, where the first one made something. */
function servedBy(goal: string, lines: readonly string[]): string[] {
  const catalog = new OperationCatalog([apiOf("rest", ...lines)]);
  const clauses = clausesOf(goal, catalog.verbs);
  const last = clauses.at(-1);
  if (last === undefined) throw new Error("there is no clause");
  const before = clauses.length === 1 ? [] : catalog.operations.slice(0, 1);
  return Object.entries(RULES).flatMap(([name, rule]) => {
    const found = rule(last, catalog, before);
    return found === undefined ? [] : `${name} ${found.key}`;
  });
}

const TICKETS = "POST /tickets | Open a ticket | title! | id";
const REMARKS = "POST /tickets/{id}/remarks | Remark | text!";
const PLAYLISTS = "POST /playlists | Create a playlist | name! | id";
const SONGS = "POST /playlists/{id}/songs | Add | songId!";
const REHEARSALS = "POST /rehearsals | Plan a rehearsal | title! | id";

test.each([
  ['Open a ticket, add the note "late" to it', [TICKETS, REMARKS], ["adds POST /tickets/{id}/remarks"]],
  [
    'Add the note "late" to the ticket',
    [REMARKS, "POST /boats/{id}/remarks | Remark | text!"],
    ["adds POST /tickets/{id}/remarks"],
  ],
  ['Add the note "late" to the ticket', [REMARKS, "POST /tickets/{id}/memos | Memo | text!"], []],
  ['Add the note "late" to the ticket', ["POST /tickets/{id}/remarks | Remark | kind!=late,early"], []],
  ['Add the note "late" to the ticket', ["POST /tickets/{id}/remarks | Remark | text"], []],
  ["Create a playlist, add a tune to it", [PLAYLISTS, SONGS], ["puts POST /playlists/{id}/songs"]],
  ["Add a tune to it", [SONGS], []],
  [
    "Put a good into the basket",
    ["POST /basket/entries | Add | productId!", "POST /boat/entries | Add | productId!"],
    ["puts POST /basket/entries"],
  ],
  [
    "Put a good into my shopping basket for Ann",
    ["POST /basket/entries | Add | productId!"],
    ["puts POST /basket/entries"],
  ],
  ["Put a good into the basket", ["POST /basket/entries | Add | product!"], []],
  [
    'Plan a rehearsal and leave the note "late"',
    [REHEARSALS, "PATCH /rehearsals/{id} | Change a rehearsal | note noteId"],
    ["notes PATCH /rehearsals/{id}"],
  ],
  [
    'Plan a rehearsal and leave the note "late"',
    [
      "POST /halls/{hallId}/rehearsals | Plan a rehearsal | title! | id",
      "PATCH /rehearsals/{rehearsalId} | Change a rehearsal | note",
    ],
    ["notes PATCH /rehearsals/{rehearsalId}"],
  ],
  [
    'Plan a rehearsal and leave the notes "late" and "early"',
    [REHEARSALS, "PATCH /rehearsals/{id} | Change a rehearsal | note"],
    [],
  ],
  [
    "Take out a loan and extend it by 3 months",
    [
      "POST /loans | Take out a loan | title! | id",
      "PATCH /boats/{id} | Change a boat | months#",
      "PATCH /loans/{id} | Change a loan | months#",
    ],
    ["changes PATCH /loans/{id}"],
  ],
])("%s, of %j: %j", (goal, lines, served) => {
  expect(servedBy(goal, lines)).toEqual(served);
});

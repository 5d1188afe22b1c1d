import { expect, test } from "vitest";
import { firstClause, onlyOperation } from "../../../test/first-clause.ts";
import { changeOfMove, isMove, placeMovedTo, remakes, saysMove } from "./move.ts";

test.each([
  ["Move the rehearsal to Friday", true],
  ["Postpone the rehearsal until Friday", true],
  ["Reschedule it to 14:30", true],
  ["Shift the rehearsal into the hall", true],
  ["Relocate the rehearsal to the hall", true],
  ["Move the rehearsal", false],
  ["Move the rehearsal toward Friday", false],
  ["Deliver the rehearsal to Friday", false],
  ["Change the rehearsal to Friday", false],
  ["the rehearsal to Friday", false],
])("%s: moves a thing: %s", (goal, moves) => {
  expect(isMove(firstClause(goal, ["move", "postpon", "reschedul", "shift", "reloc", "deliv"]))).toBe(moves);
});

test.each([
  ["move it to Friday", "~update", true],
  ["Then also please move it to Friday", "~update", true],
  ["- finally, now and postpone it", "~update", false],
  ["and finally now postpone it", "~update", true],
  ["  - shift it", "~update", true],
  ["rename the move", "~update", false],
  ["move it", "~show", false],
  ["move it", undefined, false],
  ["... ", "~update", false],
] as const)("%s, read as %s: says that a thing moves: %s", (said, verb, moves) => {
  expect(saysMove({ said, verb })).toBe(moves);
});

test.each([
  ["move it to Friday", "change it to Friday"],
  ["then please also move it to it", "then please also change it to it"],
  ["- postpone it", "- change it"],
  ["(postpone it", "(change it"],
  ["finally  now  and relocate it", "finally  now  and change it"],
  ["2 moves", "2 moves"],
])("%s in the words of a change: %s", (written, changed) => {
  expect(changeOfMove(written)).toBe(changed);
});

const MAKING = "POST /rehearsals | Create a rehearsal | title! | id";

test.each([
  ["Move the rehearsal to Friday", MAKING, true],
  ["Change the rehearsal", MAKING, true],
  ["Cancel the rehearsal", MAKING, true],
  ["Delete the rehearsal", MAKING, true],
  ["Create the rehearsal", MAKING, false],
  ["Show the rehearsal", MAKING, false],
  ["Change a rehearsal", MAKING, false],
  ["Change the lamp", MAKING, false],
  ["Change it", MAKING, false],
  ["Change the rehearsal", "PATCH /rehearsals/{id} | Change a rehearsal | title", false],
  ["Change the rehearsal", "GET /rehearsals | Rehearsals | | [].id", false],
])("%s: %s makes another one of what is there: %s", (goal, line, again) => {
  expect(remakes(onlyOperation(line), firstClause(goal, ["move"]))).toBe(again);
});

test.each([
  ["Move it to shelf 2", "it", "shelf 2"],
  ["- please move the old crate onto the shelf.", "the old crate", "shelf"],
  ["Move it into the north store room", "it", "north store room"],
  ["Move it to bay B-2.", "it", "bay B-2"],
])("%s: %s comes to %s", (goal, thing, place) => {
  const { dates, times } = firstClause(goal, ["move"]);
  expect(placeMovedTo({ written: goal, dates, times })).toEqual({ thing, place });
});

test.each([
  "Move it to Rome",
  "Move it toward shelf 2",
  "Move it to the far away big north store",
  "Move it to place 3 at 10:30",
  "Move it to place on 3 May 2027",
])("%s: no place is one without a name, or a day", (goal) => {
  expect(placeMovedTo(firstClause(goal, ["move"]))).toBeUndefined();
});

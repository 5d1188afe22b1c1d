import { expect, test } from "vitest";
import { onlyOperation, valuesStated } from "../../../test/first-clause.ts";

test.each([
  [
    "Book a room from 3 May 2027 until 5 May 2027",
    "POST /rooms | Book a room | end!@date start!@date",
    { end: "2027-05-05", start: "2027-05-03" },
  ],
  [
    "Book a room starting on 3 May 2027 ending on 5 May 2027",
    "POST /rooms | Book a room | checkOut@date checkIn@date",
    { checkOut: "2027-05-05", checkIn: "2027-05-03" },
  ],
  [
    "Book a room until 5 May 2027",
    "POST /rooms | Book a room | arrival@date leave@date",
    { leave: "2027-05-05" },
  ],
  [
    "Book a room with the review on 3 May 2027 and the visit on 5 May 2027",
    "POST /rooms | Book a room | visit@date review@date",
    { visit: "2027-05-05", review: "2027-05-03" },
  ],
  [
    "Book a room on 3 May 2027 and 5 May 2027",
    "POST /rooms | Book a room | a@date b!@date c!@date",
    { b: "2027-05-03", c: "2027-05-05" },
  ],
  [
    "Book a room on 3 May 2027 and 5 May 2027",
    "POST /rooms | Book a room | a@date b!@date",
    { a: "2027-05-03", b: "2027-05-05" },
  ],
  [
    "Register Ann, born 3 May 2001, for 5 May 2027",
    "POST /guests | Register a guest | birthDate@date day@date",
    { birthDate: "2001-05-03", day: "2027-05-05" },
  ],
  [
    "Register Ann on 5 May 2027",
    "POST /guests | Register a guest | dob@date day@date",
    { day: "2027-05-05" },
  ],
  ["List visits on 3 May 2027", "GET /visits | List visits | &day@date", { day: "2027-05-03" }],
  [
    "Book a room on 3 May 2027 at 9:30",
    "POST /rooms | Book a room | at@date-time",
    { at: "2027-05-03T09:30:00Z" },
  ],
  ["Book a room on 3 May 2027", "POST /rooms | Book a room | at@date-time", { at: "2027-05-03T10:00:00Z" }],
])("%s, %s: each day has its field", (goal, line, values) => {
  expect(valuesStated(goal, onlyOperation(line))).toEqual(values);
});

test.each([
  ["Move the visit of 3 May 2027 to 5 May 2027", { day: "2027-05-05" }],
  ["Change the visit from 3 May 2027 to 5 May 2027", { day: "2027-05-05" }],
  ["Change the room of the visit on 8 December 2027 to 305", { room: "305" }],
  ["Change the room of the visit on 8 December 2027", { day: "2027-12-08" }],
])("%s: a change has the day that the visit has afterwards", (goal, values) => {
  const line = "PATCH /visits/{id} | Change a visit | day@date room";
  expect(valuesStated(goal, onlyOperation(line))).toEqual(values);
});

test.each([
  ["opening dateHour startDay", { opening: "09:30" }],
  ["slot~HH:MM", { slot: "09:30" }],
  ["slot~hh:mm", { slot: "09:30" }],
  ["startId start=early,late start2@uuid", {}],
])("of %s a time of day goes to a text for one", (inputs, values) => {
  expect(valuesStated("Book a room at 9:30", onlyOperation(`POST /rooms | Book a room | ${inputs}`))).toEqual(
    values,
  );
});

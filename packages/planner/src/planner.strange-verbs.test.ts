import { apiOf } from "@ape/catalog/test/api-lines";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

const HORSES = apiOf(
  "rest",
  "GET /horses | Horses | | [].id# [].name [].rested?",
  "PATCH /horses/{id} | Change a horse | name rested? | id#",
  "GET /inspections | Inspections | | [].id# [].horseId# [].result",
  "POST /inspections | Record an inspection of a horse | horseId#! day!@date result!=sound,tired,lame | id#",
  "GET /shows | Shows | | [].id# [].title [].day@date",
  "PATCH /shows/{id} | Change a show | day@date",
  "GET /starts | Starts | | [].id# [].showId# [].horseId#",
  "POST /starts | Enter a horse in a show | showId#! horseId#! | id#",
);
const horses: Past = ["GET /horses", 200, [{ id: 3, name: "Bela", rested: true }]];
const shows: Past = ["GET /shows", 200, [{ id: 7, title: "May Cup", day: "2031-05-04" }]];

test.each([
  "Retire the horse Bela",
  "Adopt the horse Bela",
  "Train the horse Bela on 3 December 2031",
  "Groom the horse Bela",
  "Shoe the horse Bela",
])("%s: nothing here does that", (goal) => {
  expect(nextCall(HORSES, goal, [horses])).toMatch(/^finish: Nothing is done: nothing here serves "/);
});

test.each([
  ["Move the show on 4 May 2031 to 5 May 2031", 'PATCH /shows/7 {"day":"2031-05-05"}'],
  ["Move the show May Cup to 5 May 2031", 'PATCH /shows/7 {"day":"2031-05-05"}'],
  ["Move show 7 to 5 May 2031", 'PATCH /shows/7 {"day":"2031-05-05"}'],
])("%s: what is moved is changed, and nothing is entered in it", (goal, call) => {
  expect(nextCall(HORSES, goal, [shows])).toBe(call);
});

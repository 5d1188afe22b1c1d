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

const LAB = apiOf(
  "rest",
  "GET /lots | Lots | | [].id# [].title [].status=queued,running,done",
  "GET /lots/{id} | A lot | | id# title status=queued,running,done",
  "POST /lots | Register a lot | title! taxon! | id#",
  "POST /lots/{id}/finish | Finish a lot | | id# status=queued,running,done",
  "GET /technicians | Technicians | | [].id# [].name",
);
const lots: Past = ["GET /lots", 200, [{ id: 3, title: "Long Jaw", status: "running" }]];

test.each(["Open lot 3", "Open the lot Long Jaw"])(
  "%s: what is opened is shown, where nothing opens it",
  (goal) => {
    expect(nextCall(LAB, goal, [])).toMatch(/^GET \/lots/);
    expect(nextCall(LAB, goal, [lots])).toBe("finish: Every part of the goal is done.");
  },
);

test("a thing of a kind that nothing makes is no other one", () => {
  expect(nextCall(LAB, "Register a technician", [])).toBe(
    'finish: Nothing is done: nothing here serves "Register a technician".',
  );
  expect(nextCall(LAB, 'Register a lot titled "Skull" with the taxon "Dicynodon"', [])).toBe(
    'POST /lots {"title":"Skull","taxon":"Dicynodon"}',
  );
});

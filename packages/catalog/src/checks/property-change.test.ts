import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { suggestChecks } from "./suggest-checks.ts";

const CHOIRS = apiOf(
  "rest",
  "POST /choirs | Found a choir | name! | id name conductor",
  "GET /choirs/{choirId} | Show a choir | | id name conductor",
  "PUT /choirs/{choirId}/conductor | Set the conductor of a choir | name! | id name conductor",
);
const BOOKINGS = apiOf(
  "rest",
  "POST /bookings | Book a court | minutes#! | id minutes#",
  "GET /bookings/{id} | Show a booking | | id minutes#",
  "POST /bookings/{id}/extensions | Extend a booking | minutes#! | id minutes#",
);
const STAYS = apiOf(
  "rest",
  "POST /stays | Begin a stay | nights#! | id nights#",
  "GET /stays/{id} | Show a stay | | id nights#",
  "POST /stays/{id}/prolong | Prolong a stay | nights#! | id nights#",
);
const PARCELS = apiOf(
  "rest",
  "POST /parcels | Register a parcel | ref! | id ref",
  "GET /parcels/{id} | Show a parcel | | id ref",
  "PUT /parcels/{id}/inspection | Inspect a parcel | | id",
);

/** The last read that is suggested for a goal, as its bodies compare it. */
const lastBody = (goal: string, api: typeof CHOIRS) =>
  suggestChecks(goal, [api])
    .checks.flatMap(({ check }) => ("probe" in check ? [check.probe.expect.body] : []))
    .at(-1);

test("the name in an operation on a property is the property's, not the thing's", () => {
  const goal = 'Found a choir called "Larks" and make Clara Weiss its conductor';
  expect(lastBody(goal, CHOIRS)).toEqual({ "$.name": "Larks", "$.conductor": "Clara Weiss" });
});

test.each([
  ["Book a court for 25 minutes, then extend it by 15 minutes", BOOKINGS, { "$.minutes": 40 }],
  ["Book a court for 25 minutes, then extend it by 15", BOOKINGS, { "$.minutes": 40 }],
  ["Begin a stay of 3 nights, then extend it by 2", STAYS, { "$.nights": 5 }],
  ["Book a court for 25 minutes, then extend it by 1 hour", BOOKINGS, undefined],
])("%s: the new amount is expected, or none where the unit is another one", (goal, api, body) => {
  expect(lastBody(goal, api)).toEqual(body);
});

test("what is done to a thing is a change, although its verb may only mean to look", () => {
  const { proof, checks } = suggestChecks("Register a parcel and inspect it", [PARCELS]);
  expect(proof.parts).toEqual(["Register a parcel", "inspect it"]);
  expect(proof.unproven).toEqual([]);
  expect(checks.map(({ check }) => ("action" in check ? check.action.operation : ""))).toContain(
    "PUT /parcels/{id}/inspection",
  );
});

test("a new thing is in no later state because the verb is called so", () => {
  const states = "state=booked,loaded,sent";
  const shipments = apiOf(
    "rest",
    `POST /shipments | Send a shipment | destination! | id destination ${states}`,
    `GET /shipments/{id} | Show a shipment | | id destination ${states}`,
  );
  expect(lastBody('Send a shipment to the destination "Basel"', shipments)).toEqual({
    "$.destination": "Basel",
  });
  expect(lastBody('Book a shipment to the destination "Basel"', shipments)).toEqual({
    "$.destination": "Basel",
    "$.state": "booked",
  });
});

test("what is quoted and chosen is no value of another field", () => {
  const loans = apiOf(
    "rest",
    "GET /books | List books | | [].isbn [].title",
    "POST /loans | Borrow a book | isbn! reader | id isbn reader",
    "GET /loans/{id} | Show a loan | | id isbn reader",
  );
  expect(lastBody('Borrow "Dune" in the name of Lea Brunner', loans)).toEqual({ "$.reader": "Lea Brunner" });
});

test("leaving a group is a change, no end of a session", () => {
  const clubs = apiOf(
    "rest",
    "GET /clubs | List clubs | | [].id",
    "POST /clubs/{id}/members | Join a club | note | id",
    "DELETE /clubs/{id}/members/me | Leave a club",
  );
  expect(suggestChecks("Join a club and leave it", [clubs]).proof.parts).toEqual(["Join a club", "leave it"]);
});

test("an id in the path of a parent is no id of what is made in it", () => {
  const courses = apiOf(
    "rest",
    "POST /courses | Offer a course | title! | id title",
    "POST /courses/{id}/enrolments | Enrol a pupil | pupil! | id pupil",
    "GET /courses/{id}/enrolments | List enrolments | | [].id [].pupil",
  );
  const { checks } = suggestChecks('Offer a course "Clay" and enrol Mia Lang', [courses]);
  expect(checks.map(({ check }) => check).slice(-2)).toEqual([
    {
      action: {
        operation: "POST /courses/{courseId}/enrolments",
        status: "2xx",
        body: { "$.pupil": "Mia Lang" },
        capture: { enrolmentId: "$.id" },
      },
    },
    {
      probe: {
        operation: "GET /courses/{courseId}/enrolments",
        expect: { status: 200, body: { "$[?@.id=='{enrolmentId}'].pupil": "Mia Lang" } },
      },
    },
  ]);
});

test("what a mutation sets is shown under the name of what it sets", () => {
  const exhibits = apiOf(
    "graphql",
    "query exhibit | | id! | id title curator | (id: ID!): Exhibit",
    "mutation createExhibit | | title! | id title | (title: String!): Exhibit!",
    "mutation setCurator | | exhibitId! name! | id | (exhibitId: ID!, name: String!): Exhibit!",
    "mutation openExhibit | | exhibitId! | id | (exhibitId: ID!): Exhibit!",
  );
  expect(lastBody('Create an exhibit "Stones" and make Ida Noddack its curator', exhibits)).toEqual({
    "$.data.exhibit.title": "Stones",
    "$.data.exhibit.curator": "Ida Noddack",
  });
  expect(suggestChecks('Create an exhibit "Stones" and paint it blue', [exhibits]).proof.unproven).toEqual([
    "paint it blue",
  ]);
});

test("a guest who is checked in is a change, although `check` may mean to look", () => {
  const stays = apiOf(
    "rest",
    "POST /stays | Check a guest in | guest! nights# | id guest nights#",
    "GET /stays/{id} | Show a stay | | id guest nights#",
  );
  expect(suggestChecks("Check a guest in for 3 nights", [stays]).proof).toMatchObject({
    parts: ["Check a guest in for 3 nights"],
    unproven: [],
  });
});

test("an action that may change the state leaves none to expect, and is not read back by it", () => {
  const states = "state=placed,baked,sent";
  const orders = apiOf(
    "rest",
    `POST /orders | Place an order | cake! | id cake ${states}`,
    `GET /orders/{id} | Show an order | | id cake ${states}`,
    `POST /orders/{id}/confirm | Confirm an order | | id ${states}`,
  );
  const goal = "Place an order and confirm it";
  expect(lastBody(goal, orders)).toBeUndefined();
  expect(suggestChecks(goal, [orders]).proof.accepted).toContain("confirm it");
});

import { apiOf } from "@ape/catalog/test/api-lines";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

/** What one holds says of what it is for by an id alone, and that by another one. */
const THEATRE = apiOf(
  "rest",
  "GET /productions | Productions | | [].id [].title [].director [].genre",
  "GET /performances | Performances, soonest first | hall?query | [].id# [].productionId [].startsAt@date-time [].hall [].priceCents#",
  "POST /performances/{performanceId}/tickets | Reserve tickets for a performance | seats#! category=full,student,senior note | id# performanceId# seats# status=reserved,paid,cancelled",
  "GET /tickets | My tickets | | [].id# [].performanceId# [].seats# [].category=full,student,senior [].status=reserved,paid,cancelled [].note",
  "PATCH /tickets/{ticketId} | Change the seats, the category or the note of a ticket | seats# category=full,student,senior note | id#",
  "POST /tickets/{ticketId}/payment | Pay for a reserved ticket | method!=card,voucher | id# status=reserved,paid,cancelled",
  "POST /tickets/{ticketId}/cancellation | Cancel a ticket | reason | id# status=reserved,paid,cancelled",
  "GET /helpers | Helpers | | [].id# [].name [].duty [].day@date",
  "POST /helpers | Add a helper | name! duty! day!@date | id#",
  "PUT /helpers/{helperId} | Replace a helper's entry | name! duty! day!@date | id#",
  "GET /props | Props | | [].id [].name [].condition=good,worn,broken [].location",
  "POST /props | Register a prop | name! condition=good,worn,broken location | id",
  "PATCH /props/{propId} | Update a prop | name condition=good,worn,broken location | id",
  "DELETE /props/{propId} | Discard a prop | |",
);

const performances: Past = [
  "GET /performances",
  200,
  [
    { id: 1, productionId: "ham", startsAt: "2031-12-05T19:30:00", hall: "Main", priceCents: 2800 },
    { id: 3, productionId: "tea", startsAt: "2031-12-08T19:00:00", hall: "Studio", priceCents: 1800 },
    { id: 4, productionId: "lrk", startsAt: "2031-12-09T19:30:00", hall: "Main", priceCents: 2200 },
    { id: 5, productionId: "mos", startsAt: "2031-12-11T20:00:00", hall: "Studio", priceCents: 1200 },
  ],
];
const productions: Past = [
  "GET /productions",
  200,
  [
    { id: "ham", title: "Hamlet", director: "Otto Berg", genre: "tragedy" },
    { id: "tea", title: "Tea at Five", director: "Ida Moll", genre: "comedy" },
    { id: "lrk", title: "The Lark", director: "Mina Rao", genre: "drama" },
    { id: "mos", title: "Moss and Stone", director: "Ada Finch", genre: "farce" },
  ],
];
const tickets: Past = [
  "GET /tickets",
  200,
  [
    { id: 62, performanceId: 5, seats: 1, category: "student", status: "paid", note: null },
    { id: 61, performanceId: 1, seats: 2, category: "full", status: "reserved", note: null },
  ],
];
const helpers: Past = ["GET /helpers", 200, [{ id: 7, name: "Lena Fox", duty: "doors", day: "2031-12-05" }]];
const props: Past = [
  "GET /props",
  200,
  [
    { id: "p1", name: "skull", condition: "good", location: "shelf 3" },
    { id: "p2", name: "oil lamp", condition: "broken", location: "shelf 1" },
  ],
];

test.each([
  ["Reserve 3 tickets for the cheapest performance", { seats: 3 }],
  ["Reserve 3 seats of the cheapest performance", { seats: 3 }],
  ["Reserve one seat of the cheapest performance", { seats: 1 }],
  ["Reserve a ticket for the cheapest performance", { seats: 1 }],
  ["Reserve 3 student tickets for the cheapest performance", { seats: 3, category: "student" }],
])("%s: everybody has one, and one call makes all", (goal, body) => {
  expect(nextCall(THEATRE, goal, [performances])).toBe(
    `POST /performances/5/tickets ${JSON.stringify(body)}`,
  );
});

test.each([
  [
    "Book the last performance in the Main hall for three people",
    "POST /performances/4/tickets",
    { seats: 3 },
  ],
  [
    "Book the cheapest performance in the Main hall for three people",
    "POST /performances/4/tickets",
    { seats: 3 },
  ],
  [
    "Book the first performance in the Studio hall for three people",
    "POST /performances/3/tickets",
    { seats: 3 },
  ],
])("%s: a name before the noun of a field says which", (goal, call, body) => {
  expect(nextCall(THEATRE, goal, [performances])).toBe(`${call} ${JSON.stringify(body)}`);
});

test("a performance is chosen by the director of its production, which another list shows", () => {
  const goal = "Reserve 4 seats for a play directed by Mina Rao";
  expect(nextCall(THEATRE, goal, [performances])).toBe("GET /productions");
  expect(nextCall(THEATRE, goal, [performances, productions])).toBe(
    'POST /performances/4/tickets {"seats":4}',
  );
  const none = goal.replace("Mina Rao", "Pia Kern");
  expect(nextCall(THEATRE, none, [performances, productions])).toMatch(/^finish: .*Pia Kern/);
});

test("what a ticket is for is no reason to cancel it", () => {
  const goal = "Cancel my ticket for Hamlet";
  expect(nextCall(THEATRE, goal, [tickets])).toBe("GET /performances");
  expect(nextCall(THEATRE, goal, [tickets, performances])).toBe("GET /productions");
  expect(nextCall(THEATRE, goal, [tickets, performances, productions])).toBe("POST /tickets/61/cancellation");
  expect(nextCall(THEATRE, "Cancel ticket 61 because of illness", [tickets])).toBe(
    'POST /tickets/61/cancellation {"reason":"illness"}',
  );
});

test("what is paid for, or is one's own, is not made first", () => {
  const goal = "Pay for my reserved ticket with a voucher";
  const call = 'POST /tickets/61/payment {"method":"voucher"}';
  expect(nextCall(THEATRE, goal, [tickets])).toBe(call);
  expect(nextCall(THEATRE, goal, [tickets, [call, 200, { id: 61, status: "paid" }]])).toBe(
    "finish: Every part of the goal is done.",
  );
});

test("a day is for the field of days alone", () => {
  expect(nextCall(THEATRE, "Move Lena Fox's duty to 12 December 2031", [helpers])).toBe(
    'PUT /helpers/7 {"name":"Lena Fox","duty":"doors","day":"2031-12-12"}',
  );
});

test.each([
  [
    "Add Tom Reed as a helper for the cloakroom on 11 December 2031",
    'POST /helpers {"name":"Tom Reed","duty":"cloakroom","day":"2031-12-11"}',
  ],
  ["Register a silver crown as a new prop", 'POST /props {"name":"silver crown"}'],
  ["Register a new prop: a silver crown", 'POST /props {"name":"silver crown"}'],
  [
    "Register a new prop: a silver crown, kept on shelf 4",
    'POST /props {"name":"silver crown","location":"shelf 4"}',
  ],
])("%s: what is new is called by what its noun is said of", (goal, call) => {
  expect(nextCall(THEATRE, goal, [])).toBe(call);
});

test.each([
  ["Discard the oil lamp", "DELETE /props/p2"],
  ["Mark the oil lamp as good", 'PATCH /props/p2 {"condition":"good"}'],
])("%s: the verb or the state says of what kind it is", (goal, call) => {
  expect(nextCall(THEATRE, goal, [])).toBe("GET /props");
  expect(nextCall(THEATRE, goal, [props])).toBe(call);
  expect(nextCall(THEATRE, goal.replace("oil lamp", "throne"), [props])).toMatch(/^finish: .*throne/);
});

test("verbs that any API has say nothing of the kind", () => {
  expect(nextCall(THEATRE, "Delete the oil lamp", [props])).toMatch(/^finish: Nothing is done/);
});

test("a place that is no thing of its own is where a thing is moved to", () => {
  const marked: Past = ['PATCH /props/p2 {"condition":"good"}', 200, { id: "p2" }];
  expect(nextCall(THEATRE, "Mark the oil lamp as good, then move it to shelf 2", [props, marked])).toBe(
    'PATCH /props/p2 {"location":"shelf 2"}',
  );
});

test("a text is left on what was made within another thing", () => {
  const made: Past = [
    'POST /performances/5/tickets {"seats":2}',
    201,
    { id: 71, performanceId: 5, seats: 2 },
  ];
  expect(
    nextCall(THEATRE, 'Reserve two seats of the cheapest performance and leave the note "wheelchair"', [
      performances,
      made,
    ]),
  ).toBe('PATCH /tickets/71 {"note":"wheelchair"}');
});

test("what is looked for by a kind that nothing here has a word for is of that kind", () => {
  const goal = "Find a comedy that still has seats and reserve 2 tickets for it";
  expect(nextCall(THEATRE, goal, [performances])).toBe("GET /productions");
  expect(nextCall(THEATRE, goal, [performances, productions])).toBe(
    'POST /performances/3/tickets {"seats":2}',
  );
  const none = goal.replace("comedy", "musical");
  const any = nextCall(THEATRE, none, [performances, productions]);
  expect(any).toMatch(/^POST \/performances\/\d\/tickets /);
  expect(nextCall(THEATRE, none, [performances, productions, [any, 201, { id: 71 }]])).toBe(
    'finish: The other parts of the goal are done; nothing here serves "Find a musical that still has seats".',
  );
  const right: Past = ['POST /performances/3/tickets {"seats":2}', 201, { id: 71 }];
  expect(nextCall(THEATRE, goal, [performances, productions, right])).toBe(
    "finish: Every part of the goal is done.",
  );
});

test.each([
  ["Raise the number of seats of my ticket for Hamlet to 5", 'PATCH /tickets/61 {"seats":5}'],
  ["Increase the seats of my Hamlet ticket to 5", 'PATCH /tickets/61 {"seats":5}'],
  ["Add 2 seats to my Hamlet ticket", 'PATCH /tickets/61 {"seats":4}'],
  ["Remove 1 seat from my Hamlet ticket", 'PATCH /tickets/61 {"seats":1}'],
  ["Add 2 seats to my Moss ticket", 'PATCH /tickets/62 {"seats":3}'],
])("%s: the number after it is said, or follows from the one before", (goal, call) => {
  expect(nextCall(THEATRE, goal, [tickets])).toBe("GET /performances");
  expect(nextCall(THEATRE, goal, [tickets, performances, productions])).toBe(call);
});

test("what is looked for first is what is acted on, by what the list behind it shows", () => {
  const goal = "Find a performance by Mina Rao and reserve 2 seats of it";
  expect(nextCall(THEATRE, goal, [performances])).toBe("GET /productions");
  expect(nextCall(THEATRE, goal, [performances, productions])).toBe(
    'POST /performances/4/tickets {"seats":2}',
  );
});

test("what is done to one of several things that a goal names at once is told", () => {
  const call = "POST /tickets/61/cancellation";
  const end = nextCall(THEATRE, "Cancel both my tickets", [
    tickets,
    [call, 200, { id: 61, status: "cancelled" }],
  ]);
  expect(end).toBe('finish: What was understood of the goal is done; not understood: "both".');
});

const MUSEUM = apiOf(
  "rest",
  "GET /finds | Finds | | [].id# [].name",
  "POST /loans | Lend a find | findId#! borrower! weeks#! insuredValue#! | id#",
);
const finds: Past = ["GET /finds", 200, [{ id: 3, name: "Long Jaw" }]];

test.each([
  ["Lend the Long Jaw to the Bath Institute for 12 weeks, insured for 1500 euros"],
  ["Lend the Long Jaw to the Bath Institute, insured for 1500 euros, for 12 weeks"],
  ["Lend the Long Jaw to the Bath Institute for 12 weeks, insured value 1500"],
])("%s: the weeks are no sum", (goal) => {
  expect(nextCall(MUSEUM, goal, [finds])).toBe(
    'POST /loans {"findId":3,"borrower":"Bath Institute","weeks":12,"insuredValue":1500}',
  );
});

const STORE = apiOf(
  "rest",
  "GET /lamps | Lamps | | [].id# [].name [].priceCents#",
  "POST /basket/entries | Add a lamp to the basket | lampId#! | id#",
  "POST /purchases | Place an order of all that is in the basket | | id# state=paid,sent",
);
const lamps: Past = [
  "GET /lamps",
  200,
  [
    { id: 3, name: "Iris", priceCents: 900 },
    { id: 4, name: "Fern", priceCents: 500 },
  ],
];

test.each([
  ["Buy the cheapest lamp", 4],
  ["Order the lamp Iris", 3],
])("%s: what is put into a basket is not bought yet", (goal, lampId) => {
  const added = `POST /basket/entries ${JSON.stringify({ lampId })}`;
  expect(nextCall(STORE, goal, [lamps])).toBe(added);
  expect(nextCall(STORE, goal, [lamps, [added, 201, { id: 71 }]])).toBe("POST /purchases");
});

import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { valuesStated } from "../../test/first-clause.ts";
import { OperationCatalog } from "../operations/operation-catalog.ts";

/** What the only clause of a goal gives to the body of the only operation. */
function stated(
  goal: string,
  line: string,
  descriptions: Record<string, string> = {},
): Record<string, unknown> {
  const api = apiOf("rest", line);
  const described = api.operations.map((operation) => ({
    ...operation,
    fields: operation.fields.map((field) => ({ ...field, description: descriptions[field.name] ?? "" })),
  }));
  const [operation] = new OperationCatalog([{ ...api, operations: described }]).operations;
  if (operation === undefined) throw new Error("there is no operation");
  return valuesStated(goal, operation);
}

test("what a field is changed to goes before what the thing is of", () => {
  const line = "POST /requests | Change a request | target notes";
  expect(stated("Change the object of the Saturn request to Titan", line, { target: "Object" })).toEqual({
    target: "Titan",
  });
  expect(
    stated("Change the object of the Saturn request to Titan", line, {
      target: "What the object of all of it is",
    }),
  ).toEqual({ target: "Titan" });
});

test.each([
  [
    "Order a photograph of Vega",
    "POST /photographs | Order a photograph | target! exposure#",
    { target: "Vega" },
  ],
  [
    "Commission a portrait of the Grey Lady",
    "POST /portraits | Commission a portrait | sitter!",
    { sitter: "Grey Lady" },
  ],
  ["Give a lecture about Alan Turing", "POST /lectures | Give a lecture | topic!", { topic: "Alan Turing" }],
  ["Buy a ticket to Basel", "POST /tickets | Buy a ticket | city!", { city: "Basel" }],
  [
    "Book a lesson with Anna Klein",
    "POST /lessons | Book a lesson | day=monday,friday teacher note",
    { teacher: "Anna Klein" },
  ],
  [
    "Reserve a table for 4 in the name of Lea Brunner",
    "POST /reservations | Reserve a table | guests#! guestName",
    { guests: 4, guestName: "Lea Brunner" },
  ],
  [
    "Reserve 2 seats for The Mikado on 21 December for Lehmann",
    "POST /reservations | Reserve seats | seats#! name",
    { seats: 2, name: "Lehmann" },
  ],
  ["Reserve 2 seats for the Mikado", "POST /reservations | Reserve seats | seats#! name", { seats: 2 }],
  [
    "Book a visit for Lena Vogt",
    "POST /visits | Book a visit | firstName! lastName!",
    { firstName: "Lena", lastName: "Vogt" },
  ],
  [
    "Book a visit for Lena Maria Vogt",
    "POST /visits | Book a visit | fullName!",
    { fullName: "Lena Maria Vogt" },
  ],
  ["Create a project for Acme Works", "POST /projects | Create a project | name!", {}],
  ["Add the role Ophelia", "POST /roles | Add a role | name! note", { name: "Ophelia" }],
  ["Book a course from Monday", "POST /courses | Book a course | day=monday,friday", { day: "monday" }],
] as const)("%s: the field that can hold it gets it", (goal, line, values) => {
  expect(stated(goal, line)).toEqual(values);
});

test("a description says what a name is for", () => {
  expect(
    stated("Book a cabin for Lea Brunner", "POST /stays | Book a cabin | label! hint!", {
      label: "The guest's name",
    }),
  ).toEqual({
    label: "Lea Brunner",
  });
});

test("a name goes to the one text that says who somebody is, beside others", () => {
  expect(stated("Borrow a book for Lea Brunner", "POST /loans | Borrow a book | reader until")).toEqual({
    reader: "Lea Brunner",
  });
  expect(stated("Borrow a book for Lea Brunner", "POST /loans | Borrow a book | reader owner until")).toEqual(
    {},
  );
});

test("what a verb acts on by name, or what a thing is given to, goes to the only text", () => {
  expect(
    stated("Enrol Mia Lang", "POST /courses/{id}/enrolments | Enrol a pupil | pupil! level=a,b"),
  ).toEqual({
    pupil: "Mia Lang",
  });
  expect(stated("Assign it to Karl Benz", "PUT /jobs/{id}/mechanic | Assign a mechanic | name!")).toEqual({
    name: "Karl Benz",
  });
  expect(stated("Assign it to Karl Benz", "PUT /jobs/{id}/mechanic | Assign a mechanic | note!")).toEqual({});
});

test("stars are a rating", () => {
  expect(stated("Write a review with 5 stars", "POST /reviews | Write a review | rating#! text")).toEqual({
    rating: 5,
  });
  expect(stated("Write a review with 5 stars", "POST /reviews | Write a review | length#! text")).toEqual({});
});

test("a name is the purpose only where no field says who it is", () => {
  const line = "POST /trips | Start a trip | purpose";
  expect(stated("Start a trip for Otto Hahn", `${line} driver!`)).toEqual({ driver: "Otto Hahn" });
  expect(stated("Start a trip for Easter", line)).toEqual({ purpose: "Easter" });
});

test("a number behind a thing is that of the thing", () => {
  expect(stated("Check in to room 12", "POST /stays | Check in | roomNumber#! nights#")).toEqual({
    roomNumber: 12,
  });
});

test("a name ends before small letters, but not a new value", () => {
  expect(
    stated("Send a parcel to Basel weighing a lot", "POST /parcels | Send a parcel | destination!"),
  ).toEqual({
    destination: "Basel",
  });
  expect(stated("Rename it to Spring cleaning", "PATCH /lists | Update a list | name!")).toEqual({
    name: "Spring cleaning",
  });
});

test.each([
  ["Order a photograph of Vega", "POST /photographs | Order a photograph | filmId!"],
  ["Order a photograph of Vega", "POST /photographs | Order a photograph | filter! mount!"],
  ["Order a photograph of Vega", "POST /photographs | Order a photograph | note"],
  ["Buy a ticket to Basel", "POST /tickets | Buy a ticket | note!"],
  ["Book a lesson with Anna Klein", "POST /lessons | Book a lesson | colour"],
])("%s: %s has no field for it", (goal, line) => {
  expect(stated(goal, line)).toEqual({});
});

test.each([
  [
    "Apply for a plot with Ida Brandt as co-gardener",
    "POST /applications | Apply for a plot | contactPhone coGardener",
    { coGardener: "Ida Brandt" },
  ],
  [
    "Book a car with my sister Ida Brandt as co-driver",
    "POST /bookings | Book a car | contactName coDriverName",
    { coDriverName: "Ida Brandt" },
  ],
  [
    "Register the team with Tom Reed as captain and pay",
    "POST /teams | Register the team | contact_email captain",
    { captain: "Tom Reed" },
  ],
  [
    "Apply for a plot with Ida Brandt as co-gardener",
    "POST /applications | Apply for a plot | contactPhone",
    {},
  ],
  ["Book a car with Ida Brandt", "POST /bookings | Book a car | contactEmail", {}],
  ["Book a car for Ida Brandt", "POST /bookings | Book a car | guestPhoneNumber", {}],
  ["Book a car with Ida Brandt", "POST /bookings | Book a car | contact", { contact: "Ida Brandt" }],
] as const)("%s: %s: who is named goes where the role says, and into no number", (goal, line, values) => {
  expect(stated(goal, line)).toEqual(values);
});

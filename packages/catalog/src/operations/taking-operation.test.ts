import { expect, test } from "vitest";
import { catalogWith, keysFor } from "../../test/goal-operations.ts";

/** Things that a goal calls otherwise: what is made of them is named after what is done. */
const depot = catalogWith([
  ["GET /scooters", "List scooters", "answer [].id"],
  ["POST /rentals", "Create a rental", "body scooterId", "answer id"],
  ["POST /rentals/{rentalId}/remarks", "Create a remark", "path rentalId", "body text"],
  ["POST /lists", "Set up a list", "body name", "answer id"],
]);

test.each([
  ["Hire a contraption", "POST /rentals"],
  ["Rent a scooter", "POST /rentals"],
  ["Hire a scooter", "POST /rentals"],
  ["Order a contraption", "-"],
  ["Paint a scooter", "-"],
])("%s is %s", (goal, key) => {
  expect(keysFor(goal, depot)).toEqual([key]);
});

test("what is needed for a thing goes before what only has the verb", () => {
  const office = catalogWith([
    ["GET /dentists", "List dentists", "answer [].id"],
    ["POST /sittings", "Create a sitting", "body dentistId", "answer id"],
    ["POST /lists", "Set up a list", "body name", "answer id"],
  ]);
  expect(keysFor("Arrange a meeting with a dentist", office)).toEqual(["POST /sittings"]);
});

test("a meter registers what it shows, but who registers for a workshop is shown nothing", () => {
  const school = catalogWith([
    ["GET /workshops", "List workshops", "answer [].id"],
    ["GET /workshops/{workshopId}", "Show a workshop", "path workshopId", "answer id"],
    ["POST /enrollments", "Create an enrollment", "body workshopId", "answer id"],
  ]);
  expect(keysFor("Register for a workshop", school)).toEqual(["POST /enrollments"]);
});

test("it has to refer to something: where nothing was found, nothing is made of it", () => {
  expect(keysFor("Choose a contraption under $30, borrow it", depot)).toEqual(["-", "-"]);
});

test("a verb that is a noun as well makes such a thing, and shows, calls off or approves none", () => {
  const harbour = catalogWith(
    [
      ["query ferries", "", "answer [].id"],
      ["query myLeases", "", "answer [].id"],
      ["mutation callOffLease", "", "body leaseId"],
      ["mutation approveLease", "", "body leaseId"],
      ["mutation createLease", "", "body ferryId", "answer id"],
    ],
    "graphql",
  );
  expect(keysFor("Choose a barge under $30, lease it", harbour).at(-1)).toBe("mutation createLease");
  expect(keysFor("Lease a barge", harbour)).toEqual(["mutation createLease"]);
});

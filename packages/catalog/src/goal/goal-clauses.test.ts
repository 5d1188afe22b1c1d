import { describe, expect, it } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { checkText } from "../../test/check-text.ts";
import { goalParts } from "../checks/goal-parts.ts";
import { suggestChecks } from "../checks/suggest-checks.ts";
import { OperationCatalog } from "../operations/operation-catalog.ts";

const LIBRARY = apiOf(
  "rest",
  "GET /readers | List readers | | items[].id items[].name",
  "POST /readers | Register a reader | name! town | id name town",
  "GET /readers/{readerId} | A reader | | id name town",
  "GET /books | List books | | items[].id items[].title",
  "POST /loans | Lend a book | readerId! bookId! note | id readerId bookId note",
  "GET /loans/{loanId} | A loan | | id readerId bookId note",
);
const STOCK = apiOf(
  "rest",
  "GET /suppliers | Suppliers | | [].supplierCode [].name",
  "POST /suppliers | Add a supplier | name! | supplierCode name",
  "POST /purchase-orders | Write a purchase order | supplierCode! remark | number supplierCode remark",
);
const CARE = apiOf(
  "rest",
  "GET /owners | Owners | | [].id [].name",
  "POST /visits | Arrange a visit | ownerId! reason | id ownerId reason",
);
const FESTIVAL = apiOf(
  "rest",
  "POST /stages | Set up a stage | name! | id name",
  "GET /stages/{stageId} | A stage | | id name acts[].id acts[].name",
  "POST /stages/{stageId}/acts | Add an act to a stage | name minutes# | id name minutes#",
  "DELETE /stages/{stageId} | Tear a stage down",
);
const TEAMS = apiOf(
  "rest",
  "POST /teams | Found a team | name! | id name",
  "GET /players | Players | | [].id [].name",
  "PUT /teams/{teamId}/players/{playerId} | Put a player into a team",
);

/** The parts of a goal with what serves each, and what it gives to inputs. */
const partsOf = (goal: string, api: ReturnType<typeof apiOf>): string[] =>
  goalParts(goal, new OperationCatalog([api])).map(({ text, operation, times, values }) =>
    `${text} -> ${operation?.key ?? "-"}${times === 1 ? "" : ` x${times}`} ${Array.from(values, ([{ leaf }, value]) => `${leaf}=${String(value)}`).join(" ")}`.trim(),
  );

describe("what is new in a clause", () => {
  it("is made first where an operation makes it and the other one takes its id", () => {
    expect(partsOf("Lend a book to a new reader called Mia Lang", LIBRARY)).toEqual([
      "to a new reader called Mia Lang -> POST /readers name=Mia Lang",
      "Lend a book -> POST /loans",
    ]);
    expect(partsOf('Write a purchase order with a new supplier named "Nordholz"', STOCK)).toEqual([
      'with a new supplier named "Nordholz" -> POST /suppliers name=Nordholz',
      "Write a purchase order -> POST /purchase-orders",
    ]);
  });

  it("is no note, and not made where nothing makes it", () => {
    expect(partsOf("Arrange a visit for a new owner called Tom Reed", CARE)).toEqual([
      "Arrange a visit for a new owner called Tom Reed -> POST /visits",
      "for a new owner called Tom Reed (not understood) -> -",
    ]);
  });
});

describe("what comes along with a thing", () => {
  it("is made after it, as often as it is counted, and later clauses are about the thing", () => {
    expect(
      partsOf("Set up a stage called Moor with two acts of 40 minutes and tear it down", FESTIVAL),
    ).toEqual([
      "Set up a stage called Moor -> POST /stages name=Moor",
      "with two acts of 40 minutes -> POST /stages/{stageId}/acts x2 minutes=40",
      "tear it down -> DELETE /stages/{stageId}",
    ]);
    expect(partsOf('Set up a stage "Fen" with an act called "The Reeds" in it', FESTIVAL)).toEqual([
      'Set up a stage "Fen" -> POST /stages name=Fen',
      'with an act called "The Reeds" in it -> POST /stages/{stageId}/acts name=The Reeds',
    ]);
  });

  it("may be somebody who has a name", () => {
    expect(partsOf("Found a team called Owls with Ana Ruiz in it", TEAMS)).toEqual([
      "Found a team called Owls -> POST /teams name=Owls",
      "with Ana Ruiz in it -> PUT /teams/{teamId}/players/{playerId}",
    ]);
    expect(partsOf("Found a team called Owls with three players", TEAMS)).toEqual([
      "Found a team called Owls -> POST /teams name=Owls",
      "with three players -> PUT /teams/{teamId}/players/{playerId} x3",
    ]);
  });

  it("is proven by checks of its own", () => {
    const { checks, proof } = suggestChecks("Set up a stage with an act of 30 minutes", [FESTIVAL]);
    expect(checks.map(({ check }) => checkText(check))).toEqual([
      "did POST /stages {stageId}:$.id",
      "did POST /stages/{stageId}/acts $.minutes=30 {actId}:$.id",
      "read GET /stages/{stageId} after POST /stages/{stageId}/acts $.acts[?@.id=='{actId}'].id={\"exists\":true}",
    ]);
    expect(proof.unproven).toEqual([]);
  });

  it("is a value where the operation has a field for it", () => {
    expect(partsOf('Lend a book with the note "careful" to Mia Lang', LIBRARY)).toEqual([
      'Lend a book with the note "careful" to Mia Lang -> POST /loans note=careful',
    ]);
  });
});

import { join } from "node:path";
import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { goalRows } from "../../test/goal-rows.ts";
import { OperationCatalog } from "../operations/operation-catalog.ts";
import { choiceConstraints } from "./choice-constraints.ts";
import { clausesOf } from "./clause.ts";
import { notUnderstood } from "./not-understood.ts";

/** Goals by kind and the inputs that may take what they say; rows beside each other differ in what a rule asks for. */
const ROWS: Readonly<Record<string, readonly (readonly [goal: string, line: string])[]>> = {
  "filters of a list": [
    [
      "Find lamps under $20",
      "GET /lamps | List lamps | &maxPrice# &minPrice# &price# &currency=USD,EUR | [].id",
    ],
    ["Find lamps over 20 euros", "GET /lamps | List lamps | &maxPrice# &minPrice# &currency=usd,eur | [].id"],
    ["Find lamps over 20 euros", "GET /lamps | List lamps | &maxWeight# &minWeight# | [].id"],
    ["Find lamps under $20", "GET /lamps | List lamps | &maxPriceCents# &page# &limit# | [].id"],
    ["Find the cheapest lamps", "GET /lamps | List lamps | &sort=price,-price,name | [].id"],
    ["Find the dearest lamps", "GET /lamps | List lamps | &sort=price,-price,name | [].id"],
    ["Find the dearest lamps", "GET /lamps | List lamps | &orderBy=price_asc,price_desc | [].id"],
    ["Find the best rated lamps", "GET /lamps | List lamps | &sorted=rating:high,rating:low | [].id"],
    ["Find the cheapest lamps", "GET /lamps | List lamps | &kind=price,-price | [].id"],
    ["Find lamps in stock", "GET /lamps | List lamps | &inStock? &soldOut? | [].id"],
    ["Find heated lamps", "GET /lamps | List lamps | &heated? &isHeated? &hot? | [].id"],
    ["Find red lamps", "GET /lamps | List lamps | &colour=red,blue &red? | [].id"],
    ["Find lamps for 3 players", "GET /lamps | List lamps | &players# &capacity# | [].id"],
    ["Find lamps for 3 people", "GET /lamps | List lamps | &maxCapacity# &seats# | [].id"],
    ["Find a cheap oak lamp for the hall", "GET /things | List things | &q | [].id"],
    ["Find something nice", "GET /things | List things | &query | [].id"],
    ['Find things called "Oak 7"', "GET /things | List things | &search | [].id"],
    ["Find things matching oak", "GET /things | List things | &keywords | [].id"],
    ["Find the cheapest oak", "GET /things | List things | &q | [].id"],
    [
      "Find things from 2031-01-02 to 2031-01-05",
      "GET /things | List things | &from@date &to@date &day@date | [].id",
    ],
  ],
  "options of an enumeration": [
    ["Create a lamp of grade B", "POST /lamps | Create a lamp | grade=A,B,C"],
    ["Create a lamp", "POST /lamps | Create a lamp | grade=A,B,C"],
    ["Create an A lamp", "POST /lamps | Create a lamp | grade=A,B,C"],
    ["Create a lamp of B grade with a C", "POST /lamps | Create a lamp | grade=A,B,C"],
    ["Create two sofas", "POST /things | Create a thing | kind=sofa,lamp"],
    ["Create a lamp with high priority", "POST /lamps | Create a lamp | priority=low,high"],
    ["Create a lamp that is not on", "POST /lamps | Create a lamp | state=on,off"],
    ["Pay 20 CHF", "POST /payments | Pay | amount#! currency=CHF,EUR"],
    ["Pay 20 euros", "POST /payments | Pay | amount#! currency"],
    ["Pay 20", "POST /payments | Pay | amount#! currency=CHF,EUR"],
    ["Ship it from Bern to Basel", "POST /trips | Ship it | origin=bern,basel destination=bern,basel"],
  ],
  numbers: [
    ["Book 3 seats", "POST /bookings | Book seats | seats# rows#"],
    ["Book a table for 4", "POST /bookings | Book a table | guests#! note"],
    ["Book a table for 4 people", "POST /bookings | Book a table | partySize# budget#"],
    ["Book 3 rows and 4 seats", "POST /bookings | Book seats | seats# rows#"],
    ["Book table 7", "POST /bookings | Book a table | table# guests#"],
    ["Book table 7", "POST /bookings | Book a table | tableNumber# guests#"],
    ["Book it with guests = 5, rows: 2", "POST /bookings | Book it | guests# rows#"],
    ["Order 12 lamps", "POST /orders | Order lamps | quantity# weight#"],
    ["Order lamps with a weight of 12", "POST /orders | Order lamps | quantity# weight#"],
    ["Order lamps, weight: 12", "POST /orders | Order lamps | quantity# weight#"],
    ["Pay 20 dollars", "POST /payments | Pay | amount# tip#"],
    ["Pay 20 dollars", "POST /payments | Pay | price# amount#"],
    ["Pay 20 dollars", "POST /payments | Pay | amountCents#"],
    ["Rate it with 4 stars", "POST /ratings | Rate it | rating#! comment"],
    ["Rate it with 4 points", "POST /ratings | Rate it | score#!"],
    ["Rate it with 4 apples", "POST /ratings | Rate it | rating#!"],
    ["Give it a 4", "POST /ratings | Rate it | rating#! other#!"],
    ["Multiply 6 and 7", "POST /products | Multiply | a#! b#!"],
    ["Multiply 6, 7 and 8", "POST /products | Multiply | a#! b#!"],
    ["Set the limit to 5", "PATCH /cards/{id} | Change a card | limit# days#"],
    ["Raise the limit by 5", "PATCH /cards/{id} | Change a card | limit# days#"],
    ["Add a map from 1790", "POST /maps | Add a map | year# title"],
    ["Add a map from 1790", "POST /maps | Add a map | year title"],
    ["Add a map from 1790", "POST /maps | Add a map | printYear# bindYear#"],
    ["Add a map from 1790", "POST /maps | Add a map | title"],
    ["Cut a pane of 800 by 1200 mm", "POST /panes | Cut a pane | width#! height#!"],
    ["Cut a pane of 800 by 1200 mm", "POST /panes | Cut a pane | size!"],
    ["Cut a pane of 800 by 1200 mm", "POST /panes | Cut a pane | note"],
  ],
  "dates and times": [
    ["Book it from 2031-01-02 until 2031-01-05", "POST /stays | Book it | checkIn!@date checkOut!@date"],
    ["Book it until 2031-01-05 from 2031-01-02", "POST /stays | Book it | start!@date end!@date note@date"],
    ["Book it on 2031-01-02", "POST /stays | Book it | note@date day!@date"],
    ["Book it on 2031-01-02 and 2031-01-05", "POST /stays | Book it | first@date day!@date"],
    ["Book it on 2031-01-02 at 14:30", "POST /stays | Book it | at!@date-time"],
    ["Book it on 2031-01-02", "POST /stays | Book it | at!@date-time"],
    ["Book it at 14:30", "POST /stays | Book it | startTime endTime"],
    ["Book it from 9 am to 11 am", "POST /stays | Book it | startTime endTime"],
    ["Book it at 14:30", "POST /stays | Book it | opening@time startDate"],
    ["Book it at 14:30", "POST /stays | Book it | timezone timestamp hourId"],
    [
      "Register Ada born on 1990-02-03 on 2031-01-02",
      "POST /people | Register | birthDate@date day@date name",
    ],
    ["Register Ada on 2031-01-02", "POST /people | Register | dob@date day@date"],
    ["Book it for tomorrow", "POST /stays | Book it | day!@date"],
    ["Set the due date to 2031-01-02", "PATCH /cards/{id} | Change a card | due@date start@date"],
  ],
  texts: [
    ['Write "Hi" into the file "a.txt"', "POST /files | Write a file | content! path!"],
    ['Move "a.txt" to "b/c.txt"', "POST /moves | Move a file | source! destination!"],
    ['Copy it from "a/b" into "c/d"', "POST /moves | Copy | target! origin!"],
    ['Set the location to "Dock 3"', "PATCH /things/{id} | Change a thing | location label"],
    ['Invite "ann@mail.example" as "admin"', "POST /members | Invite | role email"],
    ['Add the link "https://a.example/x" called "Docs"', "POST /links | Add a link | title url"],
    ["Send it to ann@mail.example", "POST /mails | Send it | email@email subject"],
    [
      'Create a room titled "Blue" with the note "Big"',
      "POST /rooms | Create a room | note title! description",
    ],
    ['Create a room "Blue"', "POST /rooms | Create a room | note title!"],
    ['Create a note for a customer called "Ada"', "POST /notes | Create a note | title text"],
    ['Create a note for a customer called "Ada"', "POST /notes | Create a note | title customerName"],
    ['Create a room with the tags "a" and "b"', "POST /rooms | Create a room | tags[] title"],
    ["Create a room, label = red", "POST /rooms | Create a room | label!"],
    ["Create a room with the label red", "POST /rooms | Create a room | label!"],
    ["Create a room with the label red", "POST /rooms | Create a room | label"],
    ["Create a room with the label Alpha 7 in Bern", "POST /rooms | Create a room | label city"],
    ["Create a car with the plate ZH 4711 for Ada", "POST /cars | Create a car | plate owner"],
    ["Create a room with the comment Please ring twice", "POST /rooms | Create a room | comment"],
    ["Create a room with the label of", "POST /rooms | Create a room | label!"],
    ["Create a room with the phone number 555", "POST /rooms | Create a room | phone"],
  ],
  names: [
    ["Assign it to Maria", "PATCH /cards/{id} | Assign a card | assignee title"],
    ["Assign it to Maria", "PATCH /cards/{id} | Change a card | assigneeId title"],
    ["Rename it to Spring cleaning", "PATCH /cards/{id} | Change a card | title note"],
    ["Change the title of the card to Alder", "PATCH /cards/{id} | Change a card | note title city"],
    ["Book it for Ada Wyss", "POST /stays | Book it | guest note"],
    ["Book it for Ada Wyss", "POST /stays | Book it | guestName reason"],
    ["Book it for Ada Wyss", "POST /stays | Book it | firstName lastName"],
    ["Book it for Ada Wyss", "POST /stays | Book it | guestPhone purpose"],
    ["Book it in the name of Ada Wyss", "POST /stays | Book it | bookingName city"],
    ["Book it with Mr Klein", "POST /lessons | Book it | teacher note"],
    ["Book it with Mr Klein", "POST /lessons | Book it | teacher driver"],
    ["Book it with Ida Brandt as co-driver", "POST /trips | Book it | driver coDriver"],
    ["Fly from Bern to Basel", "POST /trips | Fly | from to"],
    ["Fly to Basel", "POST /trips | Fly | city note"],
    ["Fly to Basel", "POST /trips | Fly | city port"],
    ["Give a talk about Alan Turing", "POST /talks | Give a talk | topic! note"],
    ["Write a book by Ada Byron", "POST /books | Write a book | author title"],
    ["Paint a portrait of Vega", "POST /portraits | Paint a portrait | sitter!"],
    ["Paint a portrait of Vega", "POST /portraits | Paint a portrait | sitter! frame!"],
    ["Paint a portrait of Vega", "POST /portraits | Paint a portrait | sitterId! note"],
    ["Enrol Mia Lang", "POST /enrolments | Enrol somebody | pupil!"],
    ["Set the conductor to Clara Voss", "PUT /choirs/{id}/conductor | Set the conductor | name!"],
  ],
  "what is true of what is made": [
    ["Create a private board", "POST /boards | Create a board | private? isPrivate?"],
    ["Create a board that is not private", "POST /boards | Create a board | private?"],
    ["Create a board without breakfast", "POST /boards | Create a board | breakfast? withBreakfast?"],
    ["Create a non-organic board in dark time", "POST /boards | Create a board | organic? darkTime?"],
    ["Create a hot board", "POST /boards | Create a board | hot?"],
    ["Private a board", "POST /boards | Create a board | private?"],
    ["Mark it as done", "PATCH /boards/{id} | Change a board | done? open?"],
    ["Set done to true", "PATCH /boards/{id} | Change a board | done? open?"],
    ["Set done to no", "PATCH /boards/{id} | Change a board | done? open?"],
    ["Make it public", "PATCH /boards/{id} | Change a board | private?"],
    ["Close it", "PATCH /boards/{id} | Change a board | state=open,closed open?"],
  ],
};

/** What a goal gives to the inputs of an operation, and what it says besides: where nothing is chosen, and where something is. */
function reading(goal: string, line: string): string {
  const catalog = new OperationCatalog([apiOf("rest", line)]);
  const [operation] = catalog.operations;
  const [clause] = clausesOf(goal, catalog.verbs);
  if (operation === undefined || clause === undefined) throw new Error("no operation or no clause");
  const bindings = new Map(
    operation.inputs.filter((field) => field.in === "path").map((field) => [field, { kind: "id" }]),
  );
  const values = choiceConstraints({ operation, clause, bindings }, []);
  const told = [...values].map(([{ name }, value]) => `${name}=${JSON.stringify(value)}`).join(" ");
  const open = [false, true].map((chooses) =>
    notUnderstood({ clause, operation, values, chooses }, catalog).join(", "),
  );
  return `  ${goal}: ${told}\n    of ${line}\n    besides: ${open.join(" / ")}`;
}

test("what goals give to inputs of each kind, and what they say besides, as it was reviewed", async () => {
  const texts = Object.entries(ROWS).flatMap(([kind, rows]) => [
    `# ${kind}`,
    ...rows.map(([goal, line]) => reading(goal, line)),
  ]);
  await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved/fields.txt"),
  );
});

test("what goals give to inputs, at the edges of each rule", async () => {
  const texts = goalRows("values").flatMap(({ kind, rows }) => [
    `# ${kind}`,
    ...rows.map(({ goal, lines: [line = ""] }) => reading(goal, line)),
  ]);
  await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved/values-at-edges.txt"),
  );
});

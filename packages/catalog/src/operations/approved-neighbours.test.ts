import { join } from "node:path";
import type { ApiDescription } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { keysFor } from "../../test/goal-operations.ts";
import { goalRows, kindOfLines } from "../../test/goal-rows.ts";
import { clausesOf } from "../goal/clause.ts";
import { agreementOf } from "./operation-agreement.ts";
import { OperationCatalog } from "./operation-catalog.ts";
import { scoredOperations } from "./operation-match.ts";

/** Goals and the APIs that they are read for: each row differs from another one in what a rule asks for. */
const ROWS: Readonly<Record<string, readonly (readonly [goal: string, ...lines: string[]])[]>> = {
  "a text is added to what was made": [
    [
      'Reserve a room, add the memo "Two keys" to the booking',
      "POST /reservations | Reserve a room | roomId! | id",
      "POST /reservations/{id}/remarks | Create a remark | text!",
    ],
    [
      'Reserve a room, add the memo "Two keys"',
      "POST /reservations | Reserve a room | roomId! | id",
      "POST /reservations/{id}/remarks | Create a remark | text!",
    ],
    [
      "Reserve a room, add a memo",
      "POST /reservations | Reserve a room | roomId! | id",
      "POST /reservations/{id}/remarks | Create a remark | text!",
    ],
    [
      'Reserve a room, add the memo "Two keys"',
      "POST /reservations | Reserve a room | roomId! | id",
      "POST /pictures/{id}/remarks | Create a remark | text!",
    ],
    [
      'Reserve a room, add the memo "Two keys"',
      "POST /reservations | Reserve a room | roomId! | id",
      "POST /reservations/{id}/remarks | Create a remark | text",
    ],
    [
      'Reserve a room, add the memo "Two keys"',
      "POST /reservations | Reserve a room | roomId! | id",
      "POST /reservations/{id}/remarks | Create a remark | textId!",
    ],
    [
      'Reserve a room, add the memo "Two keys"',
      "POST /reservations | Reserve a room | roomId! | id",
      "POST /reservations/{id}/remarks | Create a remark | text!=a,b",
    ],
    [
      'Reserve a room, add the memo "Two keys"',
      "POST /reservations | Reserve a room | roomId! | id",
      "POST /reservations/{id}/remarks | Create a remark | text!",
      "POST /reservations/{id}/labels | Create a label | word!",
    ],
    [
      'Reserve a room, delete the memo "Two keys"',
      "POST /reservations | Reserve a room | roomId! | id",
      "POST /reservations/{id}/remarks | Create a remark | text!",
    ],
    [
      'Reserve a room, do not add the memo "Two keys"',
      "POST /reservations | Reserve a room | roomId! | id",
      "POST /reservations/{id}/remarks | Create a remark | text!",
    ],
  ],
  "one thing is put into another": [
    [
      "Create a playlist, add a tune to it",
      "POST /playlists | Create a playlist | name! | id",
      "POST /playlists/{id}/songs | Create a song | songId!",
    ],
    [
      "Create a playlist, add a tune to it",
      "POST /playlists | Create a playlist | name! | id",
      "POST /playlists/{id}/songs | Create a song | title!",
    ],
    [
      "Create a playlist, add a tune to it",
      "POST /playlists | Create a playlist | name! | id",
      "POST /albums/{id}/songs | Create a song | songId!",
    ],
    [
      "Create a playlist, add a tune to it",
      "POST /playlists | Create a playlist | name! | id",
      "POST /playlists/{id}/songs | Create a song | songId!",
      "POST /playlists/{id}/fans | Create a fan | fanId!",
    ],
    [
      "Create a playlist, add a song to it",
      "POST /playlists | Create a playlist | name! | id",
      "POST /playlists/{id}/songs | Create a song | songId!",
    ],
    ["Put a good into the basket", "POST /basket/entries | Create an entry | articleId!"],
    ["Put a good into the big basket for Ada", "POST /basket/entries | Create an entry | articleId!"],
    ["Put a good into the cellar", "POST /basket/entries | Create an entry | articleId!"],
    ["Put a good on the basket with care", "POST /basket/entries | Create an entry | articleId!"],
    ["Take a good out of the basket", "POST /basket/entries | Create an entry | articleId!"],
  ],
  "a text is written into what was made": [
    [
      'Schedule a rehearsal, leave the note "Hi"',
      "POST /rehearsals | Schedule a rehearsal | day! | id",
      "PATCH /rehearsals/{id} | Change a rehearsal | note",
    ],
    [
      'Schedule a rehearsal, leave the note "Hi"',
      "POST /rehearsals | Schedule a rehearsal | day! | id",
      "PUT /rehearsals/{id} | Change a rehearsal | note",
    ],
    [
      'Schedule a rehearsal, leave the note "Hi"',
      "POST /rehearsals | Schedule a rehearsal | day! | id",
      "POST /rehearsals/{id} | Change a rehearsal | note",
    ],
    [
      'Schedule a rehearsal, leave the note "Hi"',
      "POST /rehearsals | Schedule a rehearsal | day! | id",
      "PATCH /rehearsals/{id}/hall | Change a hall | note",
    ],
    [
      'Schedule a rehearsal, leave the note "Hi"',
      "POST /rehearsals | Schedule a rehearsal | day! | id",
      "PATCH /concerts/{id} | Change a concert | note",
    ],
    [
      'Schedule a rehearsal, leave the note "Hi"',
      "POST /rehearsals | Schedule a rehearsal | day! | id",
      "PATCH /rehearsals/{id} | Change a rehearsal | note#",
    ],
    [
      'Schedule a rehearsal, leave the note "Hi"',
      "POST /rehearsals | Schedule a rehearsal | day! | id",
      "PATCH /rehearsals/{id} | Change a rehearsal | noteBook",
    ],
    [
      'Schedule a rehearsal, leave the note "Hi"',
      "POST /rehearsals | Schedule a rehearsal | day! | id",
      "PATCH /rehearsals/{id} | Change a rehearsal | &note",
    ],
    [
      'Leave the note "Hi"',
      "POST /rehearsals | Schedule a rehearsal | day! | id",
      "PATCH /rehearsals/{id} | Change a rehearsal | note",
    ],
  ],
  "a thing changes by an amount": [
    [
      "Take out a pass, extend it by 3 months",
      "POST /passes | Take out a pass | kind | id",
      "PATCH /passes/{id} | Update a pass | validUntil@date",
    ],
    [
      "Take out a pass, extend it by 3 months",
      "POST /passes | Take out a pass | kind | id",
      "PATCH /passes/{id} | Update a pass | note",
    ],
    [
      "Take out a pass, extend it by 3 months",
      "POST /passes | Take out a pass | kind | id",
      "PATCH /concerts/{id} | Update a concert | validUntil@date",
    ],
    [
      "Take out a pass, extend it by 3 months",
      "POST /passes | Take out a pass | kind | id",
      "POST /passes/{id}/extensions | Extend a pass | months#!",
      "PATCH /passes/{id} | Update a pass | validUntil@date",
    ],
    [
      "Take out a pass, do not extend it by 3 months",
      "POST /passes | Take out a pass | kind | id",
      "PATCH /passes/{id} | Update a pass | validUntil@date",
    ],
  ],
  "what was made goes by another name": [
    [
      "Hire a car, cancel the hire",
      "GET /cars | Cars | | [].id",
      "POST /rentals | Create a rental | carId! | id",
      "DELETE /rentals/{id} | Delete a rental",
    ],
    [
      "Hire a car, cancel the tenancy",
      "GET /cars | Cars | | [].id",
      "POST /rentals | Create a rental | carId! | id",
      "DELETE /rentals/{id} | Delete a rental",
    ],
    [
      "Hire a car, cancel a tenancy",
      "GET /cars | Cars | | [].id",
      "POST /rentals | Create a rental | carId! | id",
      "DELETE /rentals/{id} | Delete a rental",
    ],
    [
      "Cancel the tenancy",
      "GET /cars | Cars | | [].id",
      "POST /rentals | Create a rental | carId! | id",
      "DELETE /rentals/{id} | Delete a rental",
    ],
    [
      "Buy a car, cancel the order",
      "GET /cars | Cars | | [].id",
      "POST /purchases | Create a purchase | carId! | id",
      "DELETE /purchases/{id} | Delete a purchase",
    ],
    [
      "Hire a car, cancel the order",
      "GET /cars | Cars | | [].id",
      "POST /rentals | Create a rental | carId! | id",
      "DELETE /rentals/{id} | Delete a rental",
      "DELETE /orders/{id} | Delete an order",
    ],
    [
      "Create a car, cancel the tenancy",
      "POST /cars | Create a car | name! | id",
      "DELETE /cars/{id} | Delete a car",
    ],
    [
      "Hire a car, show the hire",
      "GET /cars | Cars | | [].id",
      "POST /rentals | Create a rental | carId! | id",
      "GET /rentals/{id} | A rental | | id",
    ],
  ],
  "what takes a thing": [
    [
      "Find a scooter, paint it",
      "GET /scooters | Scooters | | [].id",
      "POST /rentals | Create a rental | scooterId! | id",
    ],
    [
      "Find a scooter, rent it",
      "GET /scooters | Scooters | | [].id",
      "POST /rentals | Create a rental | scooterId! | id",
      "POST /scooters | Create a scooter | name!",
    ],
    [
      "Find a scooter, rent it, rent it",
      "GET /scooters | Scooters | | [].id",
      "POST /rentals | Create a rental | scooterId! | id",
    ],
    [
      "Find a scooter, rent it, rent it again",
      "GET /scooters | Scooters | | [].id",
      "POST /rentals | Create a rental | scooterId! | id",
    ],
    [
      "Find a scooter, rent it, rent another one",
      "GET /scooters | Scooters | | [].id",
      "POST /rentals | Create a rental | scooterId! | id",
    ],
    [
      "Rent a scooter",
      "GET /scooters | Scooters | | [].id",
      "POST /rentals | Create a rental | scooterId! | id",
      "POST /repairs | Create a repair | scooterId! | id",
    ],
  ],
  sessions: [
    ["Log in, log out", "POST /sessions | | email! password! | token", "DELETE /sessions"],
    ["Log in, log out", "POST /sessions | | email! password! | token", "DELETE /sessions/{id}"],
    ["Log in, log out", "POST /sessions | | email! password! | token", "DELETE /sessions/current"],
    ["Log in, log out", "POST /sessions | | email! password! | token", "DELETE /carts"],
    ["Log in, log out", "POST /login | | email! password! | token", "POST /logout"],
    ["Leave", "POST /sessions | | email! password! | token", "DELETE /sessions"],
  ],
  "one of several, or all": [
    ["List the lamps, show one lamp", "GET /lamps | List lamps | | [].id", "GET /lamps/{id} | A lamp | | id"],
    ["Show a lamp", "GET /lamps | List lamps | | [].id", "GET /lamps/{id} | A lamp | | id"],
    ["Show the lamps", "GET /lamps | List lamps | | [].id", "GET /lamps/{id} | A lamp | | id"],
    [
      "Create a lamp, look at it",
      "GET /lamps | List lamps | | [].id",
      "GET /lamps/{id} | A lamp | | id",
      "POST /lamps | Create a lamp | name! | id",
    ],
    [
      "Create a lamp, look at all lamps",
      "GET /lamps | List lamps | | [].id",
      "GET /lamps/{id} | A lamp | | id",
      "POST /lamps | Create a lamp | name! | id",
    ],
    ["Find a lamp", "GET /lamps | List lamps | | [].id", "GET /rooms/{id}/lamps | Lamps of a room | | [].id"],
    ["Open it", "GET /lamps/{id}/log | The log | | [].id", "GET /lamps/{id} | A lamp | | id"],
    [
      "Create a lamp, download the manual",
      "GET /lamps/{id}/manual | Download the manual",
      "GET /lamps/{id} | A lamp | | id",
      "POST /lamps | Create a lamp | name! | id",
    ],
  ],
};

const textOf = (kind: ApiDescription["kind"], [goal, ...lines]: readonly [string, ...string[]]): string =>
  `  ${goal}: ${keysFor(goal, new OperationCatalog([apiOf(kind, ...lines)])).join(", ")}\n    of ${lines.join("  //  ")}`;

test("which operations serve a goal, beside others that a rule tells apart", async () => {
  const texts = Object.entries(ROWS).flatMap(([kind, rows]) => [
    `# ${kind}`,
    ...rows.map((row) => textOf("rest", row)),
  ]);
  await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved/neighbours.txt"),
  );
});

/** How the last clause of a goal agrees with each operation after the first one, and how well each serves it that can. */
function agreements(goal: string, catalog: OperationCatalog): string[] {
  const clause = clausesOf(goal, catalog.verbs).at(-1);
  if (clause === undefined) return [];
  const before = catalog.operations.slice(0, 1);
  const round = (value: number): number => Math.round(value * 100) / 100;
  const scores = new Map(
    scoredOperations(clause, catalog, before).map(({ operation, score }) => [operation, round(score)]),
  );
  return catalog.operations.map((operation) => {
    const { object, verb, fit, ...traits } = agreementOf(clause, operation, before[0]);
    const are = Object.entries(traits).flatMap(([name, value]) => (value ? [name] : []));
    const numbers = [object, verb, fit].map(round).join(" ");
    return `    ${operation.key}: ${[numbers, ...are].join(", ")}; ${scores.get(operation) ?? "does not serve it"}`;
  });
}

test("which operations serve a goal, and how they agree with it, at the edges of each rule", async () => {
  const texts = goalRows("matches").flatMap(({ kind, rows }) => [
    `# ${kind}`,
    ...rows.flatMap(({ goal, lines }) => {
      const of = kindOfLines(lines);
      const catalog = new OperationCatalog([apiOf(of, ...lines)]);
      return [textOf(of, [goal, ...lines]), ...agreements(goal, catalog)];
    }),
  ]);
  await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved/matches-at-edges.txt"),
  );
});

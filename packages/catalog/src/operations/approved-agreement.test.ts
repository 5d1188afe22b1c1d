import { join } from "node:path";
import type { ApiDescription } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { BOARD, LIBRARY, SHOP } from "../../test/example-apis.ts";
import { BANK, DEPOT, FORUM, GALLERY, GYM, HOTEL, KITCHEN, RADIO } from "../../test/service-apis.ts";
import { clausesOf } from "../goal/clause.ts";
import { type Agreement, agreementOf } from "./operation-agreement.ts";
import type { Operation } from "./operation-catalog.ts";
import { operationFor, operationSimilarity } from "./operation-match.ts";
import { catalogOf } from "./shared-catalog.ts";

/** Clauses, what `it` is in them, and how each operation agrees with them, as it was reviewed. */
const CLAUSES: readonly (readonly [
  api: ApiDescription,
  about: string | undefined,
  clauses: readonly string[],
])[] = [
  [
    SHOP,
    undefined,
    [
      "Buy a lamp",
      "Check out",
      "Track the order",
      "Cancel the purchase",
      "Rate a product",
      "Pay it",
      "Sign in",
      "Log out",
    ],
  ],
  [SHOP, "POST /orders", ["pay it", "cancel it", "change its address", "review it", "confirm it", "show it"]],
  [SHOP, "POST /carts", ["put a lamp into the basket", "empty it", "check it out", "add it again"]],
  [BOARD, undefined, ["Make a private board", "Remove a card", "Comment on a card", "Find the user Bob"]],
  [BOARD, "POST /boards", ["star it", "archive it", "rename it", "invite Ann", "mark it as a favourite"]],
  [
    BOARD,
    "POST /boards/{boardId}/cards",
    ["mark it as done", "assign it to Ann", "complete it", "remark on it", "move it"],
  ],
  [LIBRARY, undefined, ["Borrow a novel", "Return the loan", "Add a volume"]],
  [LIBRARY, "mutation borrowBook", ["return it", "extend it", "give it back", "look at it"]],
  [
    GYM,
    undefined,
    ["Like a course", "Find an easy course", "Take the like back", "Join a class", "Change the teacher"],
  ],
  [GYM, "GET /courses", ["enrol for it", "like it", "book it", "make it easy", "set the teacher", "open it"]],
  [DEPOT, "POST /pallets", ["move it", "archive it", "make it fragile", "ship it", "throw it away"]],
  [
    HOTEL,
    "GET /rooms",
    ["book it", "reserve one for 2 guests", "take it", "confirm it", "view the room", "Cancel the booking"],
  ],
  [
    HOTEL,
    "POST /reservations",
    ["confirm it", "approve it", "call it off", "order a taxi", "book breakfast", "extend the stay"],
  ],
  [
    BANK,
    "POST /accounts",
    ["pay 20 in", "freeze it", "block it", "close it", "deposit 5", "transfer 5", "raise the limit"],
  ],
  [GALLERY, undefined, ["Lend a picture", "Schedule a visit", "Remove a painting", "Show the visits"]],
  [
    GALLERY,
    "mutation addPainting",
    ["rename it", "lend it", "reserve it", "delete it", "hide it", "view it"],
  ],
  [
    RADIO,
    "tool add_station",
    ["set its volume", "mute it", "remove it", "read it", "save a memo", "multiply 2 and 3"],
  ],
  [
    KITCHEN,
    "POST /recipes",
    ["publish it", "unpublish it", "cook it", "rate it", "review it", "add a step", "make it vegan"],
  ],
  [FORUM, "POST /topics/new", ["reply", "close it", "answer it", "lock it", "delete it"]],
];

const round = (value: number): number => Math.round(value * 100) / 100;

/** What an operation has in common with a clause; undefined if that is nothing. */
function textOf({ object, verb, fit, ...is }: Agreement): string | undefined {
  const traits = Object.entries(is).flatMap(([name, value]) => (value ? [name] : []));
  if (object === 0 && verb === 0 && traits.every((name) => name === "strange")) return undefined;
  return [`object ${round(object)}`, `verb ${round(verb)}`, `fit ${round(fit)}`, ...traits].join(", ");
}

test("how clauses and operations agree, and which one is chosen", async () => {
  const texts = CLAUSES.flatMap(([api, about, goals]) => {
    const catalog = catalogOf([api]);
    const before: Operation[] = catalog.operations.filter(({ key }) => key === about);
    return goals.map((goal) => {
      const clauses = clausesOf(before.length === 0 ? goal : `Find a thing, ${goal}`, catalog.verbs);
      const clause = clauses.at(-1);
      if (clause === undefined) throw new Error("no clause");
      const agreements = catalog.operations.flatMap((operation) => {
        const text = textOf(agreementOf(clause, operation, before[0]));
        return text === undefined ? [] : `  ${operation.key}: ${text}`;
      });
      const found = operationFor(clause, catalog, before)?.key ?? "none";
      return [`# ${about ?? "-"}, ${goal}: ${found}`, ...agreements].join("\n");
    });
  });
  await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved/agreement.txt"),
  );
});

test("how similar operations are without their verbs", () => {
  const catalog = catalogOf([HOTEL]);
  const of = (key: string): Operation => {
    const found = catalog.operations.find((one) => one.key === key);
    if (found === undefined) throw new Error(`no ${key}`);
    return found;
  };
  const similarity = (one: string, two: string) => operationSimilarity(of(one), of(two), catalog);
  expect(similarity("GET /rooms/{roomId}", "GET /rooms/{roomId}")).toBe(1);
  expect(similarity("GET /rooms", "GET /reservations/{reservationId}")).toBe(0);
  expect(similarity("POST /reservations", "GET /rooms")).toBeGreaterThan(0);
  expect(similarity("POST /reservations", "GET /rooms")).toBeLessThan(1);
});

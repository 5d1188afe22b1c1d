import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { goalParts } from "../checks/goal-parts.ts";
import { OperationCatalog } from "./operation-catalog.ts";

const DATED = { when: "date", startsAt: "date-time", slot: "time" } as const;

/** The last part of a goal with what serves it, and what it gives to inputs. */
function lastPart(goal: string, ...lines: readonly string[]): string {
  const api = apiOf("rest", ...lines);
  const operations = api.operations.map((operation) => ({
    ...operation,
    fields: operation.fields.map((field) =>
      field.name in DATED ? { ...field, format: DATED[field.name as keyof typeof DATED] } : field,
    ),
  }));
  const parts = goalParts(goal, new OperationCatalog([{ ...api, operations }]));
  const { text, operation, values } = parts.at(-1) ?? {};
  return `${text ?? ""} -> ${operation?.key ?? "-"} ${Array.from(values ?? [], ([{ leaf }, value]) => `${leaf}=${String(value)}`).join(" ")}`.trim();
}

test.each([
  [
    "Book a lesson, move it to 4 May 2031 at 10:00",
    ["POST /lessons | Book a lesson | | id", "PATCH /lessons/{id} | Edit a lesson | note startsAt | id"],
    "move it to 4 May 2031 at 10:00 -> PATCH /lessons/{id} startsAt=2031-05-04T10:00:00Z",
  ],
  [
    "Plan a tour, postpone it to 9 June 2031",
    ["POST /tours | Plan a tour | | id", "PATCH /tours/{id} | Change a tour | when | id"],
    "postpone it to 9 June 2031 -> PATCH /tours/{id} when=2031-06-09",
  ],
  [
    "Fill a crate and downgrade it to C",
    ["POST /crates | Fill a crate | | id", "PATCH /crates/{id} | Change a crate | grade=A,B,C | id"],
    "downgrade it to C -> PATCH /crates/{id} grade=C",
  ],
  [
    "Register a member and promote him to gold",
    [
      "POST /members | Register a member | | id",
      "PATCH /members/{id} | Change a member | tier=basic,gold | id",
    ],
    "promote him to gold -> PATCH /members/{id} tier=gold",
  ],
  [
    'Schedule a walk and leave the note "bring boots"',
    ["POST /walks | Schedule a walk | | id", "PATCH /walks/{id} | Edit a walk | note | id"],
    'leave the note "bring boots" -> PATCH /walks/{id} note=bring boots',
  ],
])("%s: what is set is known by its value alone", (goal, lines, expected) => {
  expect(lastPart(goal, ...lines)).toBe(expected);
});

test.each([
  [
    "Fill a crate and downgrade it to Z",
    ["POST /crates | Fill a crate | | id", "PATCH /crates/{id} | Change a crate | grade=A,B,C | id"],
    "downgrade it to Z -> -",
  ],
  [
    "Book a lesson, move it to 4 May 2031",
    ["POST /lessons | Book a lesson | | id", "PATCH /lessons/{id} | Edit a lesson | note | id"],
    "move it to 4 May 2031 -> -",
  ],
])("%s: what no field takes is served by nothing", (goal, lines, expected) => {
  expect(lastPart(goal, ...lines)).toBe(expected);
});

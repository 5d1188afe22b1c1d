import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { suggestChecks } from "./suggest-checks.ts";

const GUIDES = [
  "GET /guides | Guides |  | [].id# [].title",
  "GET /guides/{id} | A guide |  | id# title",
  "POST /guides | Write a guide | title | id# title",
] as const;

test.each([
  ["rest", "Open the guide Tandem.", { operation: "GET /guides", text: { contains: "Tandem" } }],
  ["rest", "List the guides.", { operation: "GET /guides" }],
  ["web", "Read the guide about tyres.", { operation: "GET /guides/{id}" }],
] as const)("the last read of a goal that changes nothing, of %s: %s", (kind, goal, expected) => {
  const [only, ...others] = suggestChecks(goal, [apiOf(kind, ...GUIDES)]).checks;
  expect(only?.check).toEqual({ action: expect.objectContaining({ ...expected, status: "2xx" }) });
  expect(others).toEqual([]);
});

const DAMS = [
  "GET /dams | Dams |  | [].code [].name",
  "GET /notices | Notices about dams | dam | [].id# [].dam [].headline",
  "GET /visits | Visits to dams |  | [].id# [].damId# [].title",
  "GET /surveys | Surveys of dams |  | [].id# [].dam.name [].damId# [].title",
  "GET /songs | Songs |  | [].id# [].singer [].title",
  "GET /singers | Singers |  | [].id# [].name",
] as const;

test.each([
  ["List the notices about Askell.", "GET /notices", undefined],
  ["List the visits to Askell.", "GET /visits", undefined],
  ["List the surveys of Askell.", "GET /surveys", "Askell"],
  ["List the songs of Mina Rao.", "GET /songs", "Mina Rao"],
  ["Open the dam Askell.", "GET /dams", "Askell"],
] as const)(
  "%s: a name is in the answer, unless that shows what things are of by ids or codes alone",
  (goal, operation, name) => {
    const [only] = suggestChecks(goal, [apiOf("rest", ...DAMS)]).checks;
    const text = name === undefined ? {} : { text: { contains: name } };
    expect(only?.check).toEqual({ action: { operation, status: "2xx", ...text } });
  },
);

test.each([
  ["Find a red lamp.", "red"],
  ["List the red lamps.", undefined],
  ["Find a lamp.", undefined],
  ["Find a lent lamp.", undefined],
])(
  "%s: the answer has the option of the one thing that is looked for, where it shows such",
  (goal, option) => {
    const lamps = "GET /lamps | Lamps | &colour=red,green &state=lent,free | [].id# [].name [].colour";
    const [only] = suggestChecks(goal, [apiOf("rest", lamps)]).checks;
    expect(only?.check).toEqual({
      action: {
        operation: "GET /lamps",
        status: "2xx",
        ...(option === undefined ? {} : { text: { contains: option } }),
      },
    });
  },
);

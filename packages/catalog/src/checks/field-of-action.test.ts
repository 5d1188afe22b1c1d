import { describe, expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { proofOf } from "./goal-proof.ts";
import { suggestChecks } from "./suggest-checks.ts";

const loans = (field: string, inputs = "") =>
  apiOf(
    "graphql",
    `query loan | | id! | id title ${field} | (id: ID!): Loan`,
    "mutation createLoan | | title! | id title | (title: String!): Loan!",
    `mutation insureLoan | | loanId! ${inputs} | id title ${field} | (loanId: ID!, amount: Int): Loan!`,
  );
const PARCELS = apiOf(
  "rest",
  "POST /parcels | Register a parcel | ref! | id ref",
  "GET /parcels/{id} | Show a parcel | | id ref weighedAt weighingNote",
  "POST /parcels/{id}/weigh | Weigh a parcel | | id",
);

/** What the last suggested read compares. */
const lastBody = (goal: string, api: typeof PARCELS) =>
  suggestChecks(goal, [api])
    .checks.flatMap(({ check }) => ("probe" in check ? [check.probe.expect.body] : []))
    .at(-1);

describe("a field that is called by what was done shows that it was done", () => {
  test.each([
    [
      'Create a loan "Vase" and insure it',
      loans("insurance"),
      { "$.data.loan.insurance": { exists: true, ne: null } },
    ],
    [
      'Create a loan "Vase" and insure it',
      loans("insurance.number"),
      { "$.data.loan.insurance.number": { exists: true, ne: null } },
    ],
    [
      'Create a loan "Vase" and insure it',
      loans("insuredFor#", "amount#!"),
      { "$.data.loan.insuredFor": "{insuredFor}" },
    ],
    [
      'Create a loan "Vase" and insure it for 500',
      loans("insuredFor#", "amount#!"),
      { "$.data.loan.insuredFor": 500 },
    ],
    ['Create a loan "Vase" and insure it', loans("insured?"), { "$.data.loan.insured": true }],
    ["Register a parcel and weigh it", PARCELS, { "$.weighedAt": { exists: true, ne: null } }],
  ])("%s", (goal, api, body) => {
    expect(lastBody(goal, api)).toMatchObject(body);
  });

  test.each(["insuranceReason", "insurer", "insure", "insured.by.name", "insurances[].id"])(
    "%s says nothing of it",
    (field) => {
      expect(JSON.stringify(lastBody('Create a loan "Vase" and insure it', loans(field)))).not.toContain(
        "insur",
      );
    },
  );
});

test("a read of what was made before does not show what was done to it since", () => {
  const goal = 'Create a loan "Vase" and insure it';
  const api = loans("premium");
  const { proof } = suggestChecks(goal, [api]);
  expect(proof.accepted).toEqual(["insure it"]);
  const probe = { kind: "probe", operation: "query loan", compares: true, expectsAbsence: false } as const;
  expect(proofOf(goal, [api], [{ ...probe, compared: ["$.data.loan.title"] }]).unproven).toEqual([
    "insure it",
  ]);
  expect(proofOf(goal, [api], [{ ...probe, compared: ["$.data.loan.premium"] }]).unproven).toEqual([]);
});

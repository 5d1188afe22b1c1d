import { expect, test } from "vitest";
import { apiField } from "../../../test/api-field.ts";
import { apiOf } from "../../../test/api-lines.ts";
import { OperationCatalog } from "../../operations/operation-catalog.ts";
import { choiceConstraints } from "../choice-constraints.ts";
import { goalClauses } from "../goal-clauses.ts";

const catalog = new OperationCatalog([
  apiOf(
    "rest",
    "POST /ferries/{id}/withdrawal | Withdraw a ferry | reason! crew# | id",
    "POST /horses | Register a horse | name! ueln! remark stable | id",
    "POST /visits | Arrange a visit | notes day@date | id",
  ),
]);

const sent = (goal: string): Record<string, unknown> => {
  const [clause] = goalClauses(goal, catalog);
  const operation = catalog.operations.find(({ path }) =>
    path.startsWith(PATH[goal.split(" ")[0] ?? ""] ?? ""),
  );
  if (clause === undefined || operation === undefined) throw new Error(`nothing serves ${goal}`);
  const values = choiceConstraints({ operation, clause, bindings: new Map() }, []);
  return Object.fromEntries([...values].map(([{ name }, value]) => [name, value]));
};
const PATH: Readonly<Record<string, string>> = {
  Withdraw: "/ferries",
  Register: "/horses",
  Arrange: "/visits",
};

test.each([
  ["Withdraw ferry 4 because of 2 broken pumps", { id: "4", reason: "2 broken pumps" }],
  ["Withdraw ferry 4 due to ice in the sound", { id: "4", reason: "ice in the sound" }],
  ["Withdraw ferry 4, reason: ice in the sound", { id: "4", reason: "ice in the sound" }],
  ["Withdraw ferry 4, reason ice at Marstal with swell", { id: "4", reason: "ice at Marstal with swell" }],
  [
    "Withdraw ferry 4 with the reason ice at Marstal and a crew of 3",
    { id: "4", reason: "ice at Marstal", crew: 3 },
  ],
  [
    "Register the horse Grey Gull, UELN 276098, remark: shy of water",
    { name: "Grey Gull", ueln: "276098", remark: "shy of water" },
  ],
  ["Register the horse Grey Gull, UELN: 276098", { name: "Grey Gull", ueln: "276098" }],
  ["Arrange a visit on 5 March 2031 because the roof leaks", { day: "2031-03-05", notes: "the roof leaks" }],
])("%s: texts are given in full and are nothing else", (goal, values) => {
  expect(sent(goal)).toEqual(values);
});

test("a text in quotation marks ends there", () => {
  expect(
    sent('Register a horse with the name "Rex", the remark "a bit restless", 6 years old'),
  ).toMatchObject({
    remark: "a bit restless",
  });
});

test.each([
  [10, "ice in the"],
  [16, "ice in the sound"],
  [undefined, "ice in the sound"],
])("a text is cut to the length of %s that a field takes", (maxLength, reason) => {
  const fields = [apiField("body", "reason", maxLength === undefined ? {} : { maxLength })];
  const api = apiOf("rest", "POST /ferries | Withdraw a ferry");
  const operations = api.operations.map((one) => ({ ...one, fields }));
  const [operation] = new OperationCatalog([{ ...api, operations }]).operations;
  const [clause] = goalClauses("Withdraw a ferry because of ice in the sound", catalog);
  if (clause === undefined || operation === undefined) throw new Error("nothing is withdrawn");
  expect([...choiceConstraints({ operation, clause, bindings: new Map() }, []).values()]).toEqual([reason]);
});

import { apiField } from "@ape/catalog/test/api-field";
import type { ApiField } from "@ape/core/protocol/api";
import { describe, expect, test } from "vitest";
import { fieldsOfChosenForms } from "./chosen-form.ts";

const field = (name: string, more: Partial<ApiField> = {}): ApiField => apiField("body", name, more);
const needed = (name: string, form: number, more: Partial<ApiField> = {}): ApiField =>
  field(name, { form, neededInForm: true, required: true, ...more });
/** What is planned with: the names, `!` behind those that are needed, and the values of what tells forms apart. */
const planned = (fields: ApiField[], goal: string): string[] =>
  fieldsOfChosenForms(fields, goal).map(
    ({ name, required, enum: values }) =>
      `${name}${required ? "!" : ""}${values === undefined ? "" : `=${values.join("|")}`}`,
  );

const PAYMENT = [
  field("order", { required: true }),
  field("method", { required: true, enum: ["card", "sepa", "invoice"], choosesForm: [1, 2, 3] }),
  needed("cardNumber", 1),
  field("cvc", { form: 1 }),
  needed("iban", 2),
  needed("dueDays", 3, { type: "integer" }),
];

describe("the value that tells forms apart chooses, where the goal names it", () => {
  test.each<[string, string[]]>([
    ["Pay the order.", ["order!", "method!=card", "cardNumber!", "cvc"]],
    ["Pay the order by SEPA.", ["order!", "method!=sepa", "iban!"]],
    ["Pay the order on invoice.", ["order!", "method!=invoice", "dueDays!"]],
    ["Pay the order with the card.", ["order!", "method!=card", "cardNumber!", "cvc"]],
    ["Pay for the postcards.", ["order!", "method!=card", "cardNumber!", "cvc"]],
  ])("%s", (goal, wanted) => {
    expect(planned(PAYMENT, goal)).toEqual(wanted);
  });
});

describe("the names of fields choose, where the goal states one of another form than the first", () => {
  test.each<[string, string[]]>([
    ['Pay the order from the IBAN "DE12".', ["order!", "method!=sepa", "iban!"]],
    ["Pay the order within 14 due days.", ["order!", "method!=invoice", "dueDays!"]],
    ['Pay with the card number "4111", not from an IBAN.', ["order!", "method!=card", "cardNumber!", "cvc"]],
    ["Pay the order with a number.", ["order!", "method!=card", "cardNumber!", "cvc"]],
  ])("%s", (goal, wanted) => {
    expect(planned(PAYMENT, goal)).toEqual(wanted);
  });

  test("what both name is no reason for the second", () => {
    expect(planned([needed("cardNumber", 1), needed("iban", 2)], "Pay by card number or IBAN")).toEqual([
      "cardNumber!",
    ]);
  });
});

describe("forms of other objects", () => {
  const shipping = [
    field("to", { type: "object", required: true }),
    field("to.kind", { enum: ["home", "locker"], choosesForm: [1, 2] }),
    needed("to.street", 1),
    needed("to.locker", 2, { type: "object" }),
    field("to.locker.code", { required: true }),
    field("from.street", { required: true }),
  ];
  test("choose for themselves, with what is within their fields", () => {
    expect(planned(shipping, "Ship it.")).toEqual(["to!", "to.kind=home", "to.street!", "from.street!"]);
    expect(planned(shipping, "Ship it to the locker.")).toEqual([
      "to!",
      "to.kind=locker",
      "to.locker!",
      "to.locker.code!",
      "from.street!",
    ]);
  });

  test("of a list are those of its items", () => {
    const items = [needed("items[].sku", 1), needed("items[].barcode", 2), field("note")];
    expect(planned(items, "Add the barcode 12.")).toEqual(["items[].barcode!", "note"]);
    expect(planned(items, "Add a lamp.")).toEqual(["items[].sku!", "note"]);
  });

  test("a field that names what is within it is not needed for that form", () => {
    const parts = [needed("bank", 2, { type: "object" }), field("bank.iban"), needed("card", 1)];
    expect(planned(parts, "Pay from the IBAN 7.")).toEqual(["bank!", "bank.iban"]);
  });
});

test("fields without forms, of other places, and tokens that renew a login stay as they are", () => {
  const plain = [field("a"), field("b", { required: true }), field("iban", { in: "query" })];
  expect(fieldsOfChosenForms(plain, "b")).toEqual(plain);
  const login = [
    needed("password", 1),
    needed("refresh_token", 2),
    needed("iban", 2),
    field("iban", { in: "answer" }),
  ];
  expect(planned(login, "Log in.")).toEqual(["password!", "refresh_token!", "iban"]);
});

test("the first form keeps its mark, another one becomes the only one", () => {
  const [first] = fieldsOfChosenForms([needed("a", 1), needed("b", 2)], "");
  expect(first).toEqual(needed("a", 1));
  const [second] = fieldsOfChosenForms([needed("a", 1), needed("b", 2)], "with b");
  expect(second).toEqual(field("b", { required: true }));
});

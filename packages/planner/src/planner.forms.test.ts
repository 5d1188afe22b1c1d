import type { ApiField } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { bodyInput, callsOfOnly } from "../test/one-operation.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

const field = (name: string, more: Partial<ApiField> = {}): ApiField => bodyInput({ name, ...more });
const ofForm = (form: number, name: string, more: Partial<ApiField> = {}): ApiField =>
  field(name, { form, neededInForm: true, required: form === 1, ...more });

/** What the planner sends as the body of the only operation. */
const sent = (what: string, fields: ApiField[], goal: string): Promise<string[]> =>
  callsOfOnly({ path: `/${what}s`, summary: `Create a ${what}`, fields }, goal, 201);

const PAYMENT = [
  field("method", { enum: ["card", "transfer"], choosesForm: [1, 2] }),
  ofForm(1, "cardNumber"),
  ofForm(2, "iban"),
];
const ALERT = [field("name"), ofForm(1, "email", { format: "email" }), ofForm(2, "webhookUrl")];
const SHIPMENT = [
  field("weight", { type: "integer" }),
  field("destination", { type: "object" }),
  ofForm(1, "destination.street"),
  ofForm(2, "destination.lockerCode"),
];

test.each<[string, ApiField[], string, RegExp, RegExp]>([
  ["payment", PAYMENT, "Create a payment by transfer.", /"method":"transfer".*"iban":/, /cardNumber/],
  [
    "payment",
    PAYMENT,
    'Create a payment with the IBAN "DE12".',
    /"method":"transfer".*"iban":"DE12"/,
    /cardNumber/,
  ],
  [
    "payment",
    PAYMENT,
    'Create a payment with the card number "4111".',
    /"method":"card".*"cardNumber":"4111"/,
    /iban/,
  ],
  ["payment", PAYMENT, "Create a payment.", /"method":"card".*"cardNumber":/, /iban/],
  [
    "alert",
    ALERT,
    'Create an alert named "Late" with the webhook url "https://a.example/x".',
    /"webhookUrl":"https:\/\/a\.example\/x"/,
    /email/,
  ],
  ["alert", ALERT, 'Create an alert named "Late".', /"email":/, /webhookUrl/],
  ["shipment", SHIPMENT, 'Create a shipment with the locker code "L7".', /"lockerCode":"L7"/, /street/],
  ["shipment", SHIPMENT, "Create a shipment.", /"street":/, /lockerCode/],
])("of a %s with several forms: %#, %s", async (what, fields, goal, wanted, without) => {
  const [call = ""] = await sent(what, fields, goal);
  expect(call).toMatch(wanted);
  expect(call).not.toMatch(without);
});

test("one planner plans each goal with the form that it speaks of", async () => {
  const planner = createPlanner();
  const bodies: string[] = [];
  for (const goal of ["Create a payment by transfer.", "Create a payment by card."]) {
    const { calls } = await runPlannerSession({
      planner,
      apis: [
        {
          target: "api",
          title: "t",
          documented: true,
          auth: [],
          operations: [
            {
              method: "POST",
              path: "/payments",
              summary: "Create a payment",
              fields: PAYMENT,
              secured: false,
            },
          ],
        },
      ],
      goal,
      row: {},
      secret: [],
      answer: () => ({ status: 201, body: "{}" }),
    });
    bodies.push(calls[0] ?? "");
  }
  expect(bodies.map((body) => /"method":"(\w+)"/.exec(body)?.[1])).toEqual(["transfer", "card"]);
});

import { apiOf } from "@ape/catalog/test/api-lines";
import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { nextCall, type Past } from "../test/next-call.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

/** Three systems whose identifiers are not called ids, nor as the inputs that take them. */
const SYSTEMS = {
  bikes: {
    list: "GET /bikes",
    item: { bikeTag: "B-1", model: "Tour" },
    use: "POST /bikes/{tag}/hire",
    inputs: [field("path", "tag", "string!", ""), field("body", "days", "integer!", "")],
    goal: "Hire a bike for 2 days.",
    sent: 'POST /bikes/B-1/hire {"days":2} -> 200',
  },
  vehicles: {
    list: "GET /vehicles",
    item: { plate: "KA 77", maker: "Opel" },
    use: "POST /rentals",
    inputs: [field("body", "vehicle", "string!", ""), field("body", "days", "integer!", "")],
    goal: "Rent a vehicle for 3 days.",
    sent: 'POST /rentals {"vehicle":"KA 77","days":3} -> 200',
  },
  goods: {
    list: "GET /goods",
    item: { label: "Lamp", sku: "L9" },
    use: "POST /basket/entries",
    inputs: [field("body", "sku", "string!", ""), field("body", "qty", "integer!", "How many")],
    goal: "Put two goods into the basket.",
    sent: 'POST /basket/entries {"sku":"L9","qty":2} -> 200',
  },
  slots: {
    list: "GET /slots",
    item: { lane: "left", slotNo: "17" },
    use: "POST /bookings",
    inputs: [field("body", "ref", "string!", "The slot to book")],
    goal: "Book a slot.",
    sent: 'POST /bookings {"ref":"17"} -> 200',
  },
  requests: {
    list: "GET /requests",
    item: { subject: "Leak", req_no: "R5" },
    use: "POST /requests/{ref}/close",
    inputs: [field("path", "ref", "string!", "")],
    goal: "Close a request.",
    sent: "POST /requests/R5/close -> 200",
  },
} as const;

test.each(Object.keys(SYSTEMS) as (keyof typeof SYSTEMS)[])(
  "%s: what identifies a thing is found by the structure of the document",
  async (name) => {
    const { list, item, use, inputs, goal, sent } = SYSTEMS[name];
    const shown = Object.keys(item).map((key) => field("answer", `[].${key}`, "string", ""));
    const { api, answer } = fake(name, [operation(list, "", shown), operation(use, "", [...inputs])], {
      [list]: () => reply(200, [item]),
      [use]: () => reply(200, {}),
    });
    const { calls } = await runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer });
    expect(calls).toEqual([`${list} -> 200`, sent]);
  },
);

test("an id with half a character is sent with a sign in its place", () => {
  const api = apiOf("rest", "GET /bikes | Bikes | | [].id [].name", "DELETE /bikes/{id} | Delete a bike");
  const bikes: Past = ["GET /bikes", 200, [{ id: "a\ud800", name: "Tour" }]];
  expect(nextCall(api, "Delete the bike Tour", [bikes])).toBe("DELETE /bikes/a%EF%BF%BD");
});

import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../../test/fake.ts";
import { runPlannerSession } from "../../test/session.ts";
import { createPlanner } from "../planner.ts";

const id = [field("answer", "id", "string", "")];

/** A till with one open shift, orders that are paid before they are sent, and leads that nothing helps. */
function session(goal: string, refusal: string) {
  const world = { open: true, paid: false };
  const { api, answer } = fake(
    "shop",
    [
      operation("GET /shifts", "List shifts", [
        field("answer", "[].id", "string", ""),
        field("answer", "[].state", "string", "", { enum: ["open", "closed"] }),
      ]),
      operation("POST /shifts", "Open a shift", [field("body", "note", "string!", ""), ...id]),
      operation("POST /shifts/{shiftId}/close", "Close a shift", [field("path", "shiftId", "string!", "")]),
      operation("POST /orders", "Create an order", [field("body", "item", "string!", ""), ...id]),
      operation("POST /orders/{orderId}/pay", "Pay an order", [field("path", "orderId", "string!", "")]),
      operation("POST /orders/{orderId}/ship", "Ship an order", [field("path", "orderId", "string!", "")]),
    ],
    {
      "GET /shifts": () => reply(200, [{ id: "s1", state: "open" }]),
      "POST /shifts": () => (world.open ? reply(409, { error: refusal }) : reply(201, { id: "s2" })),
      "POST /shifts/{shiftId}/close": () => {
        world.open = false;
        return reply(200, {});
      },
      "POST /orders": () => reply(201, { id: "o1" }),
      "POST /orders/{orderId}/pay": () => {
        world.paid = true;
        return reply(200, {});
      },
      "POST /orders/{orderId}/ship": () => (world.paid ? reply(200, {}) : reply(409, { detail: refusal })),
    },
  );
  return runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer });
}

const keys = (calls: readonly string[]): string[] =>
  calls.map((call) => call.replace(/ \{.*\}/, "").replace(" -> ", " "));

test.each(["Close the open shift first", "You must close the current shift before opening another one."])(
  "%s: what a refusal asks for is done, and the call made again",
  async (refusal) => {
    const { calls, finished } = await session("Open a shift.", refusal);
    expect(keys(calls)).toEqual([
      "POST /shifts 409",
      "GET /shifts 200",
      "POST /shifts/s1/close 200",
      "POST /shifts 201",
    ]);
    expect(finished).toBe("Every part of the goal is done.");
  },
);

test.each(["The order must be paid before it can be shipped", "order has not been paid yet: required"])(
  "%s: the state that is lacking is reached by the thing that the goal has made",
  async (refusal) => {
    const { calls } = await session("Create an order and ship it.", refusal);
    expect(keys(calls)).toEqual([
      "POST /orders 201",
      "POST /orders/o1/ship 409",
      "POST /orders/o1/pay 200",
      "POST /orders/o1/ship 200",
    ]);
  },
);

test("a refusal that asks for nothing that can be done repeats a creation once at most", async () => {
  const { calls, finished } = await session("Create an order and ship it.", "locked by an audit");
  expect(keys(calls).filter((call) => call === "POST /orders 201").length).toBeLessThanOrEqual(2);
  expect(finished).toContain("failed with 409");
});

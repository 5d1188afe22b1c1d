import type { Json } from "@ape/core/lib/json";
import type { Event } from "@ape/core/protocol/events";
import { expect, test } from "vitest";
import { simulate, violations } from "./simulation.ts";

/** Seeds that once broke something stay; the last ones are for what nobody has thought of. */
const SEEDS = [3, 7, 9, 10];

test.each(SEEDS)(
  "1,200 sessions in bad weather, seed %i: nothing that must never be is so",
  {
    timeout: 120_000,
  },
  async (seed) => {
    const run = await simulate({ seed, sessions: 1_200 });
    expect(violations(run, 1_200), `npx tsx test/simulate.ts ${seed} 1200`).toEqual([]);
    const succeeded = run.events.filter(
      (event) => event.type === "session_ended" && event.outcome === "succeeded",
    );
    expect(succeeded.length).toBeGreaterThan(1_104);
    expect(run.elapsedMs).toBeGreaterThan(60_000);
  },
);

test("the same seed plays the same run again, event by event; another seed another one", {
  timeout: 60_000,
}, async () => {
  const script = async (seed: number): Promise<string[]> => {
    const { events } = await simulate({ seed, sessions: 150, agents: 30 });
    return events.map((event: Event) => JSON.stringify(event));
  };
  const first = await script(7);
  expect(await script(7)).toEqual(first);
  expect(await script(8)).not.toEqual(first);
});

test("a fault that is planted in the network is found", { timeout: 60_000 }, async () => {
  let jar: string | undefined;
  const shared = await simulate({
    seed: 1,
    sessions: 60,
    agents: 20,
    plant: (tools) => ({
      call: (call, signal) => {
        jar ??= call.headers?.authorization;
        return tools.call(
          jar === undefined ? call : { ...call, headers: { ...call.headers, authorization: jar } },
          signal,
        );
      },
    }),
  });
  expect(violations(shared, 60).join("\n")).toMatch(/credentials were in two hands/);

  const deaf = await simulate({
    seed: 1,
    sessions: 60,
    agents: 20,
    plant: (tools) => ({
      call: async (call, signal) => {
        // Says that an order was placed without asking the shop.
        if (call.method === "POST" && call.path === "/orders")
          return {
            ...(await tools.call({ ...call, method: "GET", path: "/products" }, signal)),
            status: 201,
            operation: "POST /orders",
            body: { kind: "json", json: { id: "made-up" }, bytes: 1 },
          };
        const result = await tools.call(call, signal);
        const paid: Json = { state: "paid", lines: [{ unitPriceUsd: 1 }] };
        return call.path === "/orders/made-up"
          ? {
              ...result,
              status: 200,
              body: { kind: "json", json: paid, bytes: 1 },
            }
          : result;
      },
    }),
  });
  expect(violations(deaf, 60).join("\n")).toMatch(/only APE counts it as reached/);
});

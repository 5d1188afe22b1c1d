import { inferenceSchema as schema } from "@ape/core/config/inference";
import { renderApi } from "@ape/core/protocol/api";
import { renderView } from "@ape/core/protocol/view";
import { expect, test } from "vitest";
import { HeldClock } from "../test/clock.ts";
import { callOf, chat, RecordedEvents } from "../test/peer.ts";
import { createInference } from "./inference.ts";

test("without a configuration, APE's own planner decides, is named as simulated and costs nothing", async () => {
  const kept = new RecordedEvents();
  const clock = new HeldClock();
  const inference = await createInference({ config: schema.parse({}), clock, recorder: kept, prefix: "w3" });
  expect(inference.model).toEqual({ provider: "simulated", name: "simulated", simulated: true });
  const api = renderApi({
    target: "shop",
    title: "A shop",
    documented: true,
    auth: [],
    operations: [{ method: "GET", path: "/products", summary: "List products", secured: false, fields: [] }],
  });
  const view = renderView({ goal: "List the products.", facts: [], trail: [], dropped: 0, results: [] });
  const request = chat({
    model: "simulated",
    messages: [
      { role: "system", content: api },
      { role: "user", content: view },
    ],
  });
  const answer = await inference.transport.complete(callOf(request));
  expect(answer).toMatchObject({ inference: "w3-1", content: "" });
  expect(answer.toolCalls[0]?.name).toBe("http_get");
  expect(JSON.parse(answer.toolCalls[0]?.arguments ?? "")).toMatchObject({ path: "/products" });
  const [event] = kept.events;
  expect(event).toMatchObject({ provider: "simulated", costUsd: 0, attempts: 1 });
  expect(event?.durationMs).toBeCloseTo(clock.sleeps[0] ?? Number.NaN);
  expect(event?.firstTokenMs).toBeLessThanOrEqual(event?.durationMs ?? 0);
  await inference.close();
});

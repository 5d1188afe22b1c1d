import { expect, test } from "vitest";
import { askOf } from "../../test/limited.ts";
import { VirtualClock } from "../../test/virtual-clock.ts";
import { emptyResponse } from "../upstream/failed-attempt.ts";
import type { Upstream } from "../upstream/upstream.ts";
import { KeyRing } from "./key-ring.ts";
import { RequestSchedulers } from "./request-schedulers.ts";

/** A provider whose limited models answer once in ten minutes. */
function open(limited: (model: string) => boolean) {
  const clock = new VirtualClock();
  const asked: string[] = [];
  const inner: Upstream = {
    async ask({ model }) {
      asked.push(model);
      const headers = {
        "x-ratelimit-limit-requests": "1",
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-requests": "600s",
      };
      return { ...emptyResponse(), status: 200, ...(limited(model) ? { headers } : {}) };
    },
    close: () => Promise.resolve(),
  };
  const schedulers = new RequestSchedulers({
    provider: "stub",
    inner,
    ring: KeyRing.of([], () => undefined),
    connections: 8,
    limits: {},
    workers: 1,
    queueTimeout: 3_000,
    breaker: { failures: 3, pause: 1_000 },
    maxCompletionTokens: 100,
    clock,
  });
  const ask = async (model: string) => (await schedulers.ask({ ...askOf("s"), model })).error?.code;
  return { clock, schedulers, asked, ask };
}

test("a limit that is used up is not forgotten, however many other models are asked for", async () => {
  const { ask, asked, schedulers } = open((model) => model === "limited");
  expect(await ask("limited")).toBeUndefined();
  for (let count = 0; count < 500; count += 1) await ask(`m${count}`);
  expect(await ask("limited")).toBe("limit");
  expect(asked.filter((model) => model === "limited")).toHaveLength(1);
  expect(schedulers.figures().length).toBeLessThanOrEqual(65);
});

test("a limit that is over may be forgotten", async () => {
  const { ask, clock, schedulers } = open((model) => model === "limited");
  await ask("limited");
  await clock.pass(601_000);
  for (let count = 0; count < 100; count += 1) await ask(`m${count}`);
  expect(schedulers.figures().map(({ model }) => model)).not.toContain("limited");
  expect(await ask("limited")).toBeUndefined();
});

test("memory is bounded where every model is limited", async () => {
  const { ask, schedulers } = open(() => true);
  for (let count = 0; count < 1_200; count += 1) await ask(`m${count}`);
  expect(schedulers.figures().length).toBeLessThanOrEqual(1_024);
});

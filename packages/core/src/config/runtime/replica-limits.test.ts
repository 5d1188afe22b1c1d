import { expect, test } from "vitest";
import { targetSchema } from "../target.ts";
import { limitsOfReplica } from "./replica-limits.ts";

test("what limits the calls of a whole run is divided among its gateways, and nothing else is", () => {
  const shop = targetSchema.parse({ baseUrl: "http://shop", rate: 10, maxConcurrent: 9, circuitBreaker: {} });
  const free = targetSchema.parse({ baseUrl: "http://free" });
  const few = targetSchema.parse({ baseUrl: "http://few", maxConcurrent: 2 });
  expect(limitsOfReplica({ shop, free, few }, 4)).toEqual({
    shop: { ...shop, rate: 2.5, maxConcurrent: 2 },
    free,
    few: { ...few, maxConcurrent: 1 },
  });
  expect(limitsOfReplica({ shop, free }, 1)).toEqual({ shop, free });
});

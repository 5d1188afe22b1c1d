import { expect, test } from "vitest";
import { agentsJobState } from "./agents-job.ts";

const job = (spec: Record<string, unknown>, more = {}) => ({
  metadata: { name: "ape-r-agents", ...more },
  spec,
});

test.each([
  ["as given", job({ parallelism: 3 })],
  ["as given", job({ parallelism: 3, suspend: false })],
  ["changed", job({ parallelism: 2 })],
  ["changed", job({ parallelism: 3, suspend: true })],
  ["changed", job({})],
  ["gone", undefined],
  ["gone", job({ parallelism: 3 }, { deletionTimestamp: "2026-11-29T10:00:00Z" })],
])("the agents' Job is %s", (state, found) => {
  expect(agentsJobState(found, 3)).toBe(state);
});

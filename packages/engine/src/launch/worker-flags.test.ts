import { expect, test } from "vitest";
import { workerFlags } from "./worker-flags.ts";

test.each([
  [1, 32],
  [128, 32],
  [129, 64],
  [256, 64],
  [257, 128],
  [50_000, 128],
])("a worker with %d agents has a young generation of %d MiB", (agents, size) => {
  expect(workerFlags(agents).slice(0, 2)).toEqual([
    `--min-semi-space-size=${size}`,
    `--max-semi-space-size=${size}`,
  ]);
});

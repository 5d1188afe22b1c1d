import { expect, test } from "vitest";
import { workerFlags } from "./worker-flags.ts";

test.each([
  [1, 32, 40],
  [128, 32, 40],
  [129, 64, 40],
  [256, 64, 40],
  [257, 128, 100],
  [50_000, 128, 100],
])(
  "a worker with %d agents has a young generation of %d MiB, and an old one that grows by %d%%",
  (agents, size, percent) => {
    expect(workerFlags(agents).slice(0, 3)).toEqual([
      `--min-semi-space-size=${size}`,
      `--max-semi-space-size=${size}`,
      `--heap-growing-percent=${percent}`,
    ]);
  },
);

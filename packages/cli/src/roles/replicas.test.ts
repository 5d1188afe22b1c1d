import { expect, test } from "vitest";
import { replicasOf } from "./replicas.ts";

test.each([
  ["4", 4],
  ["1", 1],
  ["0", 1],
  ["two", 1],
  [undefined, 1],
])("APE_REPLICAS=%s are %i processes", (text, count) => {
  expect(replicasOf({ env: { APE_REPLICAS: text } })).toBe(count);
});

import { expect, test } from "vitest";
import { ProbeBarrier } from "./probe-barrier.ts";

test("a gate is open when the last of those who hold it has let go", async () => {
  const gate = new ProbeBarrier();
  expect(gate.open()).toBeUndefined();
  const [first, second] = [gate.hold(), gate.hold()];
  let opened = false;
  const waiting = gate.open()?.then(() => {
    opened = true;
  });
  first();
  first();
  await new Promise((resolve) => setImmediate(resolve));
  expect(opened).toBe(false);
  second();
  await waiting;
  expect(opened).toBe(true);
  expect(gate.open()).toBeUndefined();
});

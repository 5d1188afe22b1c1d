import { expect, test } from "vitest";
import { endWithin } from "./end-within.ts";

test("what ends or fails is waited for, what does neither is not", async () => {
  let done = false;
  await endWithin(
    60_000,
    Promise.resolve().then(() => {
      done = true;
    }),
  );
  expect(done).toBe(true);
  await endWithin(60_000, Promise.reject(new Error("gone")));
  await endWithin(60_000, undefined);
  await endWithin(1, new Promise(() => undefined));
});

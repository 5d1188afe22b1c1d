import type { Clock } from "@ape/core/lib/clock";
import { expect, test } from "vitest";
import { CancellableSleep } from "./cancellable-sleep.ts";

/** A clock whose sleeps end when they are told to. */
function sleeping(): { clock: Clock; wake: () => void } {
  let wake: () => void = () => undefined;
  const clock: Clock = {
    now: () => 0,
    epoch: () => 0,
    sleep: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
  };
  return { clock, wake: () => wake() };
}

test("a pause ends with its time, with all others, or with the signal", async () => {
  const { clock, wake } = sleeping();
  const controller = new AbortController();
  const pauses = new CancellableSleep(clock, controller.signal);
  const timed = pauses.wait(10);
  wake();
  await timed;
  const both = [pauses.wait(undefined), pauses.wait(10)];
  pauses.end();
  await Promise.all(both);
  const cut = pauses.wait(undefined);
  controller.abort();
  await cut;
  await pauses.wait(undefined);
});

test("ending pauses ends none that begin later", async () => {
  const { clock } = sleeping();
  const pauses = new CancellableSleep(clock, new AbortController().signal);
  pauses.end();
  let ended = false;
  const later = pauses.wait(undefined).then(() => {
    ended = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(ended).toBe(false);
  pauses.end();
  await later;
});

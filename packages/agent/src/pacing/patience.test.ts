import { expect, test } from "vitest";
import { Patience } from "./patience.ts";

test("without limits nobody leaves", () => {
  const patience = new Patience({});
  for (let n = 0; n < 100; n += 1) patience.note(true, 10_000);
  expect(patience.spent(1e9)).toBeUndefined();
});

test("leaves at the number of failed actions, not before", () => {
  const patience = new Patience({ errors: 2 });
  patience.note(true, 1);
  patience.note(false, 1);
  expect(patience.spent(2)).toBeUndefined();
  patience.note(true, 1);
  expect(patience.spent(3)).toEqual({ reason: "lost patience after 2 failed actions", byTarget: false });
});

test("leaves when time is up; the target is to blame where it took most of it", () => {
  const slow = new Patience({ time: 10_000 });
  slow.note(false, 8_000);
  expect(slow.spent(9_999)).toBeUndefined();
  expect(slow.spent(10_000)).toMatchObject({ byTarget: true });
  const idle = new Patience({ time: 10_000 });
  idle.note(false, 200);
  expect(idle.spent(12_000)).toMatchObject({ byTarget: false });
});

test("leaves after so many actions by its own choice, whatever they were", () => {
  const patience = new Patience({}, 2);
  patience.note(true, 1);
  expect(patience.spent(1)).toBeUndefined();
  patience.note(false, 1);
  expect(patience.spent(1)).toMatchObject({
    byTarget: false,
    byChoice: true,
    reason: expect.stringContaining("left after 2 actions"),
  });
});

import { expect, test } from "vitest";
import { WriteHistory } from "./write-history.ts";

test("nothing is known of a session that wrote nothing", () => {
  const writes = new WriteHistory();
  expect([
    writes.hasAccepted("a", "x"),
    writes.hasDeleted("/a"),
    writes.hasWritten("x"),
    writes.hasQueued("shop"),
    writes.isPrepared("a"),
    writes.last,
  ]).toEqual([false, false, false, false, false, undefined]);
});

test("an operation is prepared by a write of another after its own last one", () => {
  const writes = new WriteHistory();
  writes.note("fill");
  expect([writes.isPrepared("pay"), writes.isPrepared("fill")]).toEqual([true, false]);
  writes.note("pay");
  expect([writes.isPrepared("pay"), writes.isPrepared("fill")]).toEqual([false, true]);
  writes.note("pay");
  expect(writes.isPrepared("pay")).toBe(false);
  writes.lost();
  expect(writes.isPrepared("pay")).toBe(true);
});

test("calls, values, places and deletions are remembered as they were", () => {
  const writes = new WriteHistory();
  writes.note("add", "body", ["p1", "p2"], "shop /cart", "shop /items/1");
  expect([writes.hasAccepted("add", "body"), writes.hasAccepted("add", "other")]).toEqual([true, false]);
  expect([writes.hasWritten("p2"), writes.hasWritten("p")]).toEqual([true, false]);
  expect(writes.last).toBe("shop /cart");
  expect(
    ["shop /items/1", "shop /items/1/notes", "shop /items/11", "shop /items"].map((one) =>
      writes.hasDeleted(one),
    ),
  ).toEqual([true, true, false, false]);
  writes.note("add", "next", [], "shop /b");
  expect([writes.last, writes.hasDeleted("shop /items/1")]).toEqual(["shop /b", true]);
  writes.note("remove", "last", [], "shop /c", "shop /things/2");
  expect(["shop /items/1", "shop /things/2"].map((one) => writes.hasDeleted(one))).toEqual([true, true]);
  writes.lost();
  expect(writes.last).toBeUndefined();
  writes.noteQueued("shop");
  expect([writes.hasQueued("shop"), writes.hasQueued("other")]).toEqual([true, false]);
});

test("the last 24 calls and the first 50 operations are kept", () => {
  const writes = new WriteHistory();
  for (let n = 0; n < 60; n += 1) writes.note(`op ${n}`, `text ${n}`, [`v${n}`]);
  expect([writes.hasAccepted("op 35", "text 35"), writes.hasAccepted("op 36", "text 36")]).toEqual([
    false,
    true,
  ]);
  expect([writes.hasWritten("v35"), writes.hasWritten("v36")]).toEqual([false, true]);
  writes.note("op 49");
  writes.note("op 50");
  writes.lost();
  // An operation that is not kept counts as never accepted.
  writes.note("op 49");
  expect([writes.isPrepared("op 49"), writes.isPrepared("op 50")]).toEqual([false, true]);
});

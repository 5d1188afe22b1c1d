import type { Json } from "@ape/core/lib/json";
import type { ToolResult } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { jsonResult } from "../../test/json-result.ts";
import { ConfirmedWrites } from "./confirmed-writes.ts";
import { compileExpectation } from "./matcher.ts";

const answer = (status: number, json: Json, headers: Record<string, string> = {}): ToolResult =>
  jsonResult(json, { status, headers });
const NEW = { id: "r1", confirmed: false, seats: 4 };

/** Whether a read of `/stays/r1` contradicts what was confirmed before it. */
function contradicts(
  writes: readonly (readonly [called: string, result: ToolResult])[],
  read: ToolResult,
  body: Record<string, string | number | boolean> = { "$.confirmed": true },
  status: number | number[] = 200,
): boolean {
  const confirmed = new ConfirmedWrites();
  for (const [called, result] of writes) confirmed.note("api", result, called);
  const expectation = compileExpectation({ status, ...(status === 200 ? { body } : {}) });
  return confirmed.contradicts({ target: "api", method: "GET", path: "/stays/r1" }, expectation, read);
}

const MADE = ["POST /stays", answer(201, NEW)] as const;
const CHANGED = ["PATCH /stays/r1", answer(200, { ...NEW, confirmed: true })] as const;
const OLD = answer(200, NEW);

test.each<[string, boolean, boolean]>([
  [
    "the old value after a change that was answered with the new one",
    true,
    contradicts([MADE, CHANGED], OLD),
  ],
  [
    "the same after an action below the thing",
    true,
    contradicts([MADE, ["POST /stays/r1/confirm", answer(200, { confirmed: true })]], OLD),
  ],
  [
    "a thing as it was, after it was deleted",
    true,
    contradicts([MADE, ["DELETE /stays/r1", answer(204, null)]], OLD, {}, [404, 410]),
  ],
  [
    "a deleted thing that shows anything else",
    false,
    contradicts([MADE, ["DELETE /stays/r1", answer(204, null)]], answer(200, { ...NEW, gone: 1 }), {}, [404]),
  ],
  ["a thing that others may have made", false, contradicts([CHANGED], OLD)],
  [
    "a change that was only accepted",
    false,
    contradicts([MADE, ["PATCH /stays/r1", answer(202, { ...NEW, confirmed: true })]], OLD),
  ],
  [
    "a change whose answer did not show it",
    false,
    contradicts([MADE, ["PATCH /stays/r1", answer(200, {})]], OLD),
  ],
  [
    "a third value, which somebody else may have set",
    false,
    contradicts(
      [MADE, ["PATCH /stays/r1", answer(200, { ...NEW, seats: 6 })]],
      answer(200, { ...NEW, seats: 5 }),
      {
        "$.seats": 6,
      },
    ),
  ],
  ["an answer of a cache", false, contradicts([MADE, CHANGED], answer(200, NEW, { "x-cache": "HIT" }))],
  ["another change since", false, contradicts([MADE, CHANGED, ["PUT /stays/r1", OLD]], OLD)],
  ["a failed read", false, contradicts([MADE, CHANGED], answer(404, NEW))],
])("%s: %s", (_, expected, found) => {
  expect(found).toBe(expected);
});

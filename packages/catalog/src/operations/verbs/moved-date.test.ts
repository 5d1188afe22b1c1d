import { expect, test } from "vitest";
import { firstClause, onlyOperation } from "../../../test/first-clause.ts";
import { dateMoved } from "./moved-date.ts";

const VERBS = ["postpon", "prolong", "extend", "renew", "paint"];

/** The field of an update with such inputs whose day a goal moves. */
const movedBy = (goal: string, inputs: string): string | undefined => {
  const operation = onlyOperation(`PATCH /leases/{id} | Change a lease | ${inputs}`);
  const body = operation.inputs.filter((field) => field.in === "body");
  return dateMoved(firstClause(goal, VERBS), body)?.leaf;
};

const ALL = "startsOn@date endsOn@date at@time stamp@date-time";

test.each([
  ["Postpone it to 3 May 2027", ALL, "startsOn"],
  ["Postpone it to 10:30", ALL, "at"],
  ["Renew the lease until 3 May 2027", ALL, "endsOn"],
  ["Prolong the lease to 3 May 2027", ALL, "endsOn"],
  ["Prolong the lease through 3 May 2027", "day@date validTill@date", "validTill"],
  ["Prolong the lease until 3 May 2027", "day@date note", "day"],
])("%s, of %s: moves %s", (goal, inputs, leaf) => {
  expect(movedBy(goal, inputs)).toBe(leaf);
});

test.each([
  ["Postpone it", ALL],
  ["Postpone the lease to 3 May 2027", ALL],
  ["Extend the lease by 3 days", ALL],
  ["Renew the lease on 3 May 2027", ALL],
  ["Renew the lease from 1 May 2027 until 3 May 2027", ALL],
  ["Renew the lease until 10:30", ALL],
  ["Paint the lease until 3 May 2027", ALL],
  ["Renew the lease until 3 May 2027", "day@date other@date"],
])("%s, of %s: moves no day", (goal, inputs) => {
  expect(movedBy(goal, inputs)).toBeUndefined();
});

import type { ToolResult } from "@ape/core/protocol/tool-call";
import { describe, expect, test } from "vitest";
import {
  asksForState,
  demandsValue,
  mentions,
  namedFields,
  namesExpiry,
  namesPermission,
  namesRule,
  namesState,
  namesTaken,
  namesUnknown,
  refusalText,
  saysLater,
  saysNotYet,
} from "./refusal-words.ts";

const KINDS = {
  expiry: namesExpiry,
  permission: namesPermission,
  notYet: saysNotYet,
  later: saysLater,
  rule: namesRule,
  taken: namesTaken,
  state: namesState,
  unknown: namesUnknown,
};

test.each<[string, string[]]>([
  ["", []],
  ["bad request", []],
  ["tokenExpired", ["expiry"]],
  ["token_revoked", ["expiry"]],
  ["You were signed-out", ["expiry"]],
  ["experience", []],
  ["not the owner", ["permission"]],
  ["insufficientScope", ["permission"]],
  ["only the admin", ["permission", "rule"]],
  ["role", ["permission"]],
  ["only a librarian may lend", ["permission", "rule"]],
  ["only an open request can be approved", ["rule", "state"]],
  ["insufficient funds", []],
  ["insufficient rights", ["permission"]],
  ["rolling", []],
  ["not yet ready", ["notYet"]],
  ["try_again", ["notYet"]],
  ["It will be visible in a few seconds", ["later"]],
  ["may take up to 5 minutes", ["later"]],
  ["awaiting approval", ["later"]],
  ["available soon", ["notYet", "later"]],
  ["name must be longer", ["rule"]],
  ["name too_long", ["rule"]],
  ["already exists", ["rule", "taken", "state"]],
  ["in-use", ["rule", "taken"]],
  ["the order is closed", ["state"]],
  ["invalidTransition", ["rule", "state"]],
  ["order_not_found", ["unknown"]],
  ["no order with this number", ["unknown"]],
  ["does not exist", ["unknown"]],
  ["timedout", ["expiry"]],
  ["timed out", ["expiry"]],
  ["the session has ended", ["expiry"]],
  ["its own", ["permission"]],
  ["an admin", ["permission"]],
  ["administrators", ["permission"]],
  ["insufficient right", ["permission"]],
  ["insufficient authorization", ["permission"]],
  ["insufficient authorisation", ["permission"]],
  ["a member", ["permission"]],
  ["you are loggedout", ["expiry"]],
  ["signed out", ["expiry"]],
  ["it is required", ["rule"]],
  ["we require it", ["rule"]],
  ["it takes a few moments", ["later"]],
  ["it may take 5 ms", ["later"]],
  ["after 1 millisecond", ["later"]],
  ["in 5 sec", ["later"]],
  ["within 1 second", ["later"]],
  ["in 2 hour", ["later"]],
  ["they take 5 minutes", ["later"]],
  ["is indexed", ["later"]],
  ["they await review", ["later"]],
  ["it belong to them", ["permission"]],
  ["another organisation", ["permission"]],
  ["admins do", ["permission"]],
  ["scope", ["permission"]],
  ["no privilege", ["permission"]],
  ["permission", ["permission"]],
  ["only a guest", ["permission", "rule"]],
  ["it needs two", ["rule"]],
  ["need two", ["rule"]],
  ["exceed", ["rule"]],
  ["require", ["rule"]],
  ["must already exist", ["rule", "taken", "state"]],
  ["not complete", ["notYet"]],
  ["not completed", ["notYet"]],
  ["not yet done", ["notYet"]],
  ["eventual", ["notYet", "later"]],
  ["no item with it", ["unknown"]],
  ["within 42ms", ["later"]],
  ["in some moment", ["notYet", "later"]],
  ["takes a few hours", ["later"]],
  ["allow 6 minute", ["later"]],
  ["in about several secs", ["later"]],
  ["awaits our review", ["later"]],
  ["under review", ["later"]],
  ["is being built", ["notYet", "later"]],
  ["are now queued", ["notYet", "later"]],
  ["will be live", ["later"]],
  ["might become fully visible", ["later"]],
  ["asynchronous", ["later"]],
  ["in three days", []],
])("%j has the words of %j", (words, kinds) => {
  expect(Object.entries(KINDS).flatMap(([kind, is]) => (is(words) ? [kind] : []))).toEqual(kinds);
});

test.each([
  ["the order is closed", "closed", true],
  ["the order is CLOSED", "closed", true],
  ["orderClosed", "closed", true],
  ["in_review", "inReview", true],
  ["enclosed", "closed", false],
  ["closeds, closed", "closed", true],
  ["is a", "a", false],
  ["geschl\u00f6ssed", "ssed", false],
])("%j mentions %s: %j", (words, value, found) => {
  expect(mentions(words, value)).toBe(found);
});

test.each([
  ["the order must be open", "open", true],
  ["it has to be in the state 'open'", "open", true],
  ["it must be paid or open", "open", true],
  ["it must be paid, shipped, or open", "open", true],
  ["the order is not open", "open", true],
  ["only while open", "open", true],
  ["unless open", "open", true],
  ["the order is open", "open", false],
  ["it must be paid; it is open", "open", false],
  ["it must be paid", "open", false],
])("%j asks for the state %s: %j", (words, state, asks) => {
  expect(asksForState(words, state)).toBe(asks);
});

const result = (body: unknown, more: Partial<ToolResult> = {}) =>
  ({ headers: {}, body, ...more }) as unknown as ToolResult;

describe("the text of a refusal", () => {
  test.each<[ToolResult, string]>([
    [result({ kind: "json", json: { a: 1 } }), '{"a":1} '],
    [result({ kind: "text", text: "no" }), "no "],
    [result({ kind: "page", page: { title: "T", text: "no" } }), "T no "],
    [result({ kind: "empty" }), " "],
    [result({ kind: "text", text: "no" }, { error: { code: "failure", message: "why" } }), "no why"],
    [result({ kind: "empty" }, { headers: { "www-authenticate": "Bearer" } }), "  Bearer"],
  ])("%o", (one, text) => {
    expect(refusalText(one)).toBe(text);
  });

  test("has at most 2,000 characters", () => {
    expect(refusalText(result({ kind: "text", text: "x".repeat(5_000) }))).toHaveLength(2_000);
  });
});

test.each<[unknown, unknown, string[]]>([
  [{ size: 1, color: 2 }, { error: "size is wrong" }, ["size"]],
  [{ size: 1, color: 2 }, { color: ["bad"], size: 1 }, ["size", "color"]],
  [{ size: 1 }, { error: "oversize" }, []],
  [[1], { error: "size" }, []],
])("of %j the refusal %j names %j", (data, json, fields) => {
  expect(namedFields(data as never, { kind: "json", json: json as never, bytes: 1 })).toEqual(fields);
  expect(namedFields(data as never, { kind: "text", text: "size" } as never)).toEqual([]);
});

test.each(
  (
    "title type code kind status statusCode name message msg detail details description reason error data text value body " +
    "params id time timestamp date path instance"
  ).split(" "),
)("the member %s of an error is no field of the request that it names", (member) => {
  const named = (json: unknown): string[] =>
    namedFields({ [member]: 1, size: 2 }, { kind: "json", json: json as never, bytes: 1 });
  expect(named({ message: "no", [member]: "odd" })).toEqual([]);
  expect(named({ status: 400, [member]: "size" })).toEqual(["size"]);
  expect(named({ message: "no", errors: { [member]: "odd" } })).toEqual([member]);
  expect(named({ message: "no", [member]: ["odd"] })).toEqual([member]);
});

test.each([
  ["Choose both places.", true],
  ["Step 1 of 4 Choose both places. From To Next", true],
  ["Please enter your date of birth!", true],
  ["Say what it is and where it was found.", true],
  ["Choose a file", false],
  ["Something went wrong.", false],
  ["You chose a seat.", false],
  ["We give all we can", false],
])("%s demands a value: %s", (words, expected) => {
  expect(demandsValue(words)).toBe(expected);
});

import type { ApiField } from "@ape/core/api";
import { expect, test } from "vitest";
import { gainState } from "./state.ts";

const field = (name: string, description: string): [string, ApiField] => [
  name,
  { in: "answer", name, type: "string", required: true, description },
];

test("ids, tokens, links and cursors are found by name, also one level down", () => {
  const gained = gainState(
    {
      accessToken: "tok_12345678",
      customerId: 17,
      name: "Dora",
      next: "/p?2",
      order: { id: "o-1", note: "x" },
      list: [{ id: 1 }],
    },
    undefined,
  );
  expect(gained).toEqual([
    { name: "accessToken", value: "tok_12345678", token: true },
    { name: "customerId", value: "17", token: false },
    { name: "next", value: "/p?2", token: false },
    { name: "id", value: "o-1", token: false },
  ]);
});

test("the document's words are enough where names mean nothing", () => {
  const fields = new Map([
    field("zilo", "The key that later requests carry in the header for it."),
    field("brag", "The number of the visit; signing out needs it."),
    field("mup", "Some friendly words."),
  ]);
  expect(gainState({ zilo: "abcdefghijklmnop1234", brag: 4, mup: "hello" }, fields)).toEqual([
    { name: "zilo", value: "abcdefghijklmnop1234", token: true },
    { name: "brag", value: "4", token: false },
  ]);
});

test("the work is bounded", () => {
  const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`id${n}Id`, n]));
  expect(gainState(wide, undefined).length).toBeLessThanOrEqual(60);
  expect(gainState([1, 2], undefined)).toEqual([]);
  expect(gainState({ id: "x".repeat(10_000), nextToken: "" }, undefined)).toEqual([]);
});

import { clausesOf } from "@ape/catalog/goal/clause";
import { expect, test } from "vitest";
import type { WebCall } from "../web-call.ts";
import { severalIn } from "./several-things.ts";

const opened: WebCall = {
  kind: "link",
  at: "/crates/K-4",
  label: "K-4",
  about: "",
  fields: {},
  writes: false,
  text: "GET /crates/K-4",
  cut: false,
  status: 200,
  ok: true,
  page: undefined,
};

test.each([
  ["Turn all crates on pier 2", "all crates"],
  ["Turn the crates on pier 2", "the crates"],
  ["Turn the crate on pier 2", undefined],
  ["Turn a crate", undefined],
  ["List all crates", undefined],
])("several things of which one page at a time was used: %s", (goal, things) => {
  const [clause] = clausesOf(goal, new Set());
  expect(clause && severalIn({ ...clause, acts: clause.acts || goal.startsWith("Turn") }, [opened])).toBe(
    things,
  );
});

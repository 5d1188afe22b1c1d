import type { ApiField } from "@ape/core/api";
import { parseApi, renderApi } from "@ape/core/api";
import type { Json } from "@ape/core/json";
import { expect, test } from "vitest";
import { isGood, type Past, readSent } from "./call.ts";
import { Catalogue } from "./catalogue.ts";
import { correct } from "./correction.ts";
import { field, operation } from "./fake.testing.ts";
import type { Step } from "./itinerary.ts";

/** What is sent for `it` after a refusal with this body. */
function corrected(
  type: string,
  traits: Partial<ApiField>,
  sent: Json | undefined,
  body: Json,
): Json | undefined {
  const description = {
    target: "t",
    title: "t",
    documented: true,
    auth: [],
    operations: [
      operation("POST /x", "Make", [
        field("body", "it", type, "What it is", traits),
        field("body", "rest", "string!", "The rest"),
      ]),
    ],
  };
  const catalogue = new Catalogue(parseApi(renderApi(description)));
  const [made] = catalogue.operations;
  if (made === undefined) throw new Error("no operation");
  const text = `POST /x ${JSON.stringify({ it: sent, rest: "r" })}`;
  const call = { step: 1, target: "t", call: text, status: 422 };
  const answer = { ...call, body };
  const past: Past = {
    ...readSent(text, "t", catalogue),
    ...call,
    text,
    note: "",
    answer,
    ok: isGood(call, answer, made),
  };
  const step: Step = { operation: made, clause: undefined, bindings: new Map() };
  const changes = correct(step, past, [past], 1);
  if (changes === undefined) return "unchanged";
  expect([...changes].find(([{ name }]) => name === "rest")?.[1]).toBe("r");
  return [...changes].find(([{ name }]) => name === "it")?.[1];
}

test.each<[string, Partial<ApiField>, Json | undefined, Json, Json | undefined]>([
  ["integer!", {}, 9, { errors: { it: "must be at most 5" } }, 5],
  ["integer!", {}, 0, { it: ["has to be between 2 and 4"] }, 2],
  ["number!", {}, 2.5, { detail: [{ loc: ["body", "it"], msg: "must be a whole number" }] }, 3],
  ["integer!", {}, 9, { errors: [{ pointer: "/it", detail: "less than 4" }] }, 3],
  ["string!", { enum: ["a", "b", "c"] }, "a", { message: "it is not possible" }, "b"],
  ["string!", {}, "x", { it: "must be morning or afternoon" }, "morning"],
  ["string!", {}, "x", { it: "must look such as AB-12" }, "AB-12"],
  ["string!", { format: "date" }, "2031-01-31", { it: "must be after 2031-02-28" }, "2031-03-01"],
  ["string!", {}, 5, { it: "must be a string" }, "5"],
  ["string", {}, "x", { it: "unknown property" }, undefined],
  ["string", { example: "e" }, undefined, { it: "is required" }, "e"],
  ["string!", {}, "x", { message: "something else is wrong" }, "unchanged"],
  ["string!", {}, "x", "no JSON at all", "unchanged"],
])("%s %j: after %j and %j", (type, traits, sent, body, expected) => {
  expect(corrected(type, traits, sent, body)).toEqual(expected);
});

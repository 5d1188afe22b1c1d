import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../../test/fake.ts";
import { requestFor } from "../../test/session.ts";
import { createPlanner } from "../planner.ts";
import { ageLimitIn, birthdayWithin } from "./age-limit.ts";

test.each([
  ["The applicant must be older than 50 years", { least: 51, most: undefined }],
  ["You have to be at least 18 years old", { least: 18, most: undefined }],
  ["only for guests aged 21 or older", { least: 21, most: undefined }],
  ["must not be older than 12", { least: undefined, most: 12 }],
  ["members must be younger than 30", { least: undefined, most: 29 }],
  ["age must be between 16 and 25", { least: 16, most: 25 }],
  ["no younger than 65 years", { least: 65, most: undefined }],
  ["at least 3 guests", undefined],
  ["older", undefined],
])("%s", (text, limit) => {
  expect(ageLimitIn(text)).toEqual(limit);
});

test.each([
  [{ least: 51, most: undefined }, "1974-05-06"],
  [{ least: undefined, most: 12 }, "2015-05-06"],
  [{ least: 16, most: 25 }, "2006-05-06"],
])("a birthday within %j", (limit, day) => {
  expect(birthdayWithin(limit, "1999-05-06", "Saturday, 2026-11-28")).toBe(day);
  expect(birthdayWithin(limit, "1999-05-06", undefined)).toBeUndefined();
});

test.each<[string, string, string | number, Json, string | number]>([
  ["string", "dateOfBirth", "1999-05-06", { error: "Applicants must be older than 50 years" }, "1974-05-06"],
  [
    "string",
    "born_on",
    "1999-05-06",
    { errors: [{ message: "only for members of at least 60 years" }] },
    "1965-05-06",
  ],
  ["integer", "age", 30, { error: "Applicants must be older than 50 years" }, 51],
])("%s %s: %j is moved within what a refusal says", (type, name, sent, body, expected) => {
  const { api } = fake(
    "club",
    [
      operation("POST /members", "Register a member", [
        field("body", name, `${type}!`, ""),
        field("answer", "id", "string", ""),
      ]),
    ],
    { "POST /members": () => reply(201, { id: "m1" }) },
  );
  const request = requestFor(
    { apis: [api], goal: "Register a member." },
    [],
    [
      {
        step: 1,
        target: "club",
        call: `POST /members ${JSON.stringify({ [name]: sent })}`,
        status: 422,
        body,
      },
    ],
  );
  const view = request.messages.at(-1);
  if (view?.content == null) throw new Error("there is no view");
  view.content += "\n\n# Now\nToday is Saturday, 2026-11-28.";
  const { toolCalls } = createPlanner().plan(request);
  expect(JSON.parse(toolCalls[0]?.arguments ?? "{}")).toMatchObject({ [name]: expected });
});

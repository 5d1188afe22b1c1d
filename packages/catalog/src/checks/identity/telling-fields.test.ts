import { expect, test } from "vitest";
import { apiOf } from "../../../test/api-lines.ts";
import { bodyField } from "../../../test/body-field.ts";
import { catalogOf } from "../../operations/shared-catalog.ts";
import { hasOtherNumber, isCode, isCodeField, isFreeText, isRemark, tells } from "./telling-fields.ts";

const [read] = catalogOf([
  apiOf("rest", "GET /boats/{id} | Get a boat |  | id# tag name note state=in,out number#"),
]).operations;
const answers = read?.answers ?? [];

test("codes and names tell things apart, notes and states do not", () => {
  expect(answers.filter(isCodeField).map(({ leaf }) => leaf)).toEqual(["tag"]);
  expect(answers.filter(tells).map(({ leaf }) => leaf)).toEqual(["tag", "name"]);
  expect(hasOtherNumber(answers)).toBe(true);
  expect(hasOtherNumber(answers.filter(({ leaf }) => leaf === "id"))).toBe(false);
});

test.each([
  ["TM-01", true],
  ["K 118/26", true],
  ["Kestrel", false],
  ["17", false],
  ["Ada Wyss", false],
])("a code has capitals and digits: %s", (text, expected) => {
  expect(isCode(text)).toBe(expected);
});

test.each([
  ["tag", {}, "free code"],
  ["name", {}, "free"],
  ["note", {}, "free remark"],
  ["cancelReason", {}, "free remark"],
  ["noteTaker", {}, "free"],
  ["tag", { enum: ["A1", "B2"] }, ""],
  ["tag", { format: "date" }, ""],
  ["tag", { format: "password" }, ""],
  ["tag", { type: "integer" }, ""],
  ["password", {}, ""],
  ["boatId", {}, ""],
  ["serialNumber", {}, "code"],
  ["uuid", {}, ""],
])("%s %j is: %s", (name, more, kinds) => {
  const field = bodyField(name, more);
  const is = { free: isFreeText, code: isCodeField, remark: isRemark };
  const found = Object.entries(is).flatMap(([kind, holds]) => (holds(field) ? kind : []));
  expect(found.join(" ")).toBe(kinds);
});

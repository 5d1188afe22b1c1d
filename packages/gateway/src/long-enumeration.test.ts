import type { ApiField } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { withoutLongEnumeration } from "./long-enumeration.ts";

const field = (values: readonly (string | number)[], description = ""): ApiField => ({
  in: "body",
  name: "code",
  type: "string",
  required: true,
  description,
  enum: values,
});
const codes = (count: number): string[] => Array.from({ length: count }, (_, n) => `code-${n}`);

test("an enumeration that fits a prompt stays", () => {
  const countries = field(Array.from({ length: 250 }, (_, n) => `C${n % 10}`));
  expect(withoutLongEnumeration(countries)).toBe(countries);
});

test("of a longer one there are a few values, the first as example, and none of it is a bound", () => {
  const said = "one of 20000 values, such as code-0, code-1, code-2";
  const short = withoutLongEnumeration(field(codes(20_000)));
  expect(short).toEqual({
    in: "body",
    name: "code",
    type: "string",
    required: true,
    description: said,
    example: "code-0",
  });
  expect(withoutLongEnumeration(field(codes(20_000), "The code.")).description).toBe(`${said}; The code.`);
  expect(withoutLongEnumeration({ ...field(codes(20_000)), example: "code-9" }).example).toBe("code-9");
});

test("few values that are long count by their characters", () => {
  const long = withoutLongEnumeration(field(["a".repeat(1_500), "b".repeat(1_500)]));
  expect(long.enum).toBeUndefined();
  expect(long.description.length).toBeLessThan(200);
});

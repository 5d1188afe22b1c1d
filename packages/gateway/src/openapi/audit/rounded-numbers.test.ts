import { expect, test } from "vitest";
import { roundedNumbers } from "./rounded-numbers.ts";

const places = (text: string): string[] => roundedNumbers(text).map(({ place }) => place);

test.each(["enum", "const", "example", "default", "minimum"])(
  "names a rounded %s, in YAML and JSON",
  (key) => {
    const value = key === "enum" ? "[1, 9007199254740993]" : "9007199254740993";
    const json = `{"components": {"schemas": {"A/B": {"${key}": ${value}}}}}`;
    const place = `#/components/schemas/A~1B/${key}${key === "enum" ? "/1" : ""}`;
    expect(places(json)).toEqual([place]);
    expect(places(`components:\n  schemas:\n    A/B: { ${key}: ${value} }\n`)).toEqual([place]);
    expect(roundedNumbers(json)[0]?.message).toBe(
      "the number 9007199254740993 is rounded to 9007199254740992",
    );
  },
);

test("says nothing of texts, of numbers that are kept, of the bounds of 64 bits, and of extensions", () => {
  expect(
    places(`{"example": "9007199254740993", "maximum": 9223372036854775807, "minimum": -9223372036854775808,
      "default": 9007199254740992, "x-id": 9007199254740993, "multipleOf": 0.00000000000000001}`),
  ).toEqual([]);
  expect(places("a: '9007199254740993'\nb: 52.370270000000001\n")).toEqual([]);
  expect(places("maximum: 9223372036854775807\nexample: 9223372036854775807\n")).toEqual(["#/example"]);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { duplicateKeys } from "./duplicate-keys.ts";

test("a JSON text without duplicate keys has none, however it is written", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
      expect(duplicateKeys(JSON.stringify([value], null, indent))).toEqual([]);
    }),
  );
});

test("a key that is written twice is found in any object, with its place and line", () => {
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), (key, value) => {
      const name = JSON.stringify(key);
      const text = `{"a":[${JSON.stringify(value)},\n{${name}:1,\n${name} :${JSON.stringify(value)}}]}`;
      const pointer = `#/a/1/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      expect(duplicateKeys(text)).toEqual([{ pointer, line: 3 }]);
    }),
  );
});

test("long texts and incomplete documents are read to their end", () => {
  expect(duplicateKeys(`{"a":"${"x\\n\\\\".repeat(1_000_000)}","a":1}`)).toHaveLength(1);
  for (const text of ['{"a', '{"a\\', "{]}}", '{"a":1,"a"', "", "a: 1\na: 2"])
    expect(duplicateKeys(text)).toEqual([]);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { shortened } from "./shortened.ts";

test("a long text keeps its beginning and its end", () => {
  expect(shortened("short", 20)).toBe("short");
  expect(shortened(`POST /${"x".repeat(500)}: connection refused`, 60)).toMatch(
    /^POST \/x{20,} … x*: connection refused$/,
  );
});

test("any text fits, and no character is split", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 200 }),
      fc.integer({ min: 10, max: 100 }),
      (text, chars) => {
        const short = shortened(text, chars);
        expect(short.length).toBeLessThanOrEqual(Math.max(chars, Math.min(text.length, chars)));
        expect(short).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
      },
    ),
  );
});

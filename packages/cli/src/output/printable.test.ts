import fc from "fast-check";
import { expect, test } from "vitest";
import { printable } from "./printable.ts";

test("an answer of a target cannot steer the terminal", () => {
  expect(printable("\u001b]0;owned\u0007 \u001b[2J\r\nthen\tmore \u009b31m \u202eevil")).toBe(
    "?]0;owned? ?[2J then more ?31m \\u202eevil",
  );
  expect(printable("Größe ✓ 日本")).toBe("Größe ✓ 日本");
});

test("whatever comes in, one line without control characters comes out", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(printable(text)).not.toMatch(/\p{Cc}/u);
    }),
  );
});

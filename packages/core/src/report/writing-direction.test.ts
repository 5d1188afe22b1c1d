import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonWithVisibleDirection, withVisibleDirection } from "./writing-direction.ts";

const CONTROLS = [
  0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069,
];
const char = (code: number): string => String.fromCharCode(code);

test("every control of the writing direction is shown, everything else stays", () => {
  for (const code of CONTROLS)
    expect(withVisibleDirection(`a${char(code)}b`)).toBe(`a\\u${code.toString(16).padStart(4, "0")}b`);
  for (const text of ["שלום", "مرحبا", "Größe", "👩‍💻", "a\nb\u200b"])
    expect(withVisibleDirection(text)).toBe(text);
});

test("JSON of any value reads back as the value with its controls shown", () => {
  const text = fc
    .array(fc.oneof(fc.constantFrom(...CONTROLS.map(char), "\\", '"'), fc.string()))
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.dictionary(text, fc.oneof(text, fc.array(text))), (value) => {
      const shown = (one: unknown): unknown =>
        typeof one === "string"
          ? withVisibleDirection(one)
          : Array.isArray(one)
            ? one.map(shown)
            : Object.fromEntries(
                Object.entries(one as object).map(([key, inner]) => [
                  withVisibleDirection(key),
                  shown(inner),
                ]),
              );
      expect(JSON.parse(jsonWithVisibleDirection(value))).toEqual(shown(value));
    }),
  );
});

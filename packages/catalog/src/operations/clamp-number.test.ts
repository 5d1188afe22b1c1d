import fc from "fast-check";
import { expect, test } from "vitest";
import { bodyField } from "../../test/body-field.ts";
import { clampNumber } from "./clamp-number.ts";

interface Bounds {
  type?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;
}
const fieldWith = (bounds: Bounds) => bodyField("n", { type: "number", ...bounds });

test.each<[Bounds, number, number]>([
  [{}, 7, 7],
  [{ minimum: 3 }, 2, 3],
  [{ minimum: 3 }, 3, 3],
  [{ maximum: 3 }, 4, 3],
  [{ minimum: 1, maximum: 3 }, 2, 2],
  [{ type: "integer", exclusiveMinimum: 3 }, 1, 4],
  [{ type: "integer", exclusiveMinimum: 3 }, 5, 5],
  [{ type: "integer", exclusiveMaximum: 3 }, 9, 2],
  [{ type: "integer", exclusiveMinimum: 3, minimum: 6 }, 1, 6],
  [{ type: "integer", exclusiveMaximum: 9, maximum: 6 }, 10, 6],
  [{ exclusiveMinimum: 0 }, -1, 1],
  [{ exclusiveMaximum: 10 }, 11, 9],
  [{ exclusiveMinimum: 0, exclusiveMaximum: 1 }, 0, 0.5],
  [{ exclusiveMinimum: 0, exclusiveMaximum: 1 }, 1, 0.5],
  [{ exclusiveMinimum: 0, maximum: 1 }, 0, 0.5],
  [{ minimum: 0, exclusiveMaximum: 1 }, 1, 0.5],
  [{ exclusiveMinimum: 0, exclusiveMaximum: 100 }, 0, 1],
  [{ exclusiveMinimum: 0, exclusiveMaximum: 100 }, 100, 99],
  [{ multipleOf: 5 }, 12, 15],
  [{ multipleOf: 5 }, 15, 15],
  [{ multipleOf: 5, maximum: 14 }, 12, 10],
  [{ multipleOf: 5, maximum: 15 }, 12, 15],
  [{ multipleOf: 0.1 }, 0.3, 0.3],
  [{ multipleOf: 0.1 }, 0.31, 0.4],
  [{ multipleOf: 5, exclusiveMinimum: 10 }, 1, 15],
  [{ multipleOf: 5, exclusiveMinimum: 11 }, 1, 15],
  [{ multipleOf: 5, exclusiveMaximum: 20 }, 99, 15],
  [{ multipleOf: 5, exclusiveMaximum: 19 }, 99, 15],
])("with %j, %d becomes %d", (bounds, value, clamped) => {
  expect(clampNumber(fieldWith(bounds), value)).toBe(clamped);
});

test("any number comes within its bounds, one within them stays", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: -50, max: 50 }), fc.nat({ max: 40 }), (value, low, span) => {
      const field = fieldWith({ type: "integer", minimum: low, maximum: low + span });
      const clamped = clampNumber(field, value);
      expect(clamped).toBeGreaterThanOrEqual(low);
      expect(clamped).toBeLessThanOrEqual(low + span);
      expect(clampNumber(field, clamped)).toBe(clamped);
    }),
  );
});

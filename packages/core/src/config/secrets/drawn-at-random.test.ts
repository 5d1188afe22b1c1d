import { expect, test } from "vitest";
import { isDrawnAtRandom } from "./drawn-at-random.ts";

test.each([
  ["9Kx7Qp2Vb9Lm4Rt6Yw8Zn", true],
  ["0af7651916cd43dd8448eb211c80319c", true],
  ["winter-sale-2026.example", false],
  ["eu-central-1", false],
  ["1234567890123456", false],
  ["Kx7Qp2Vb9Lm4Rt6", false],
  ["Kx7Qp2Vb9 Lm4Rt6Yw8Zn", false],
])("%s was drawn at random: %s", (value, is) => {
  expect(isDrawnAtRandom(value)).toBe(is);
});

import { expect, test } from "vitest";
import { dateText } from "./date-text.ts";

test("a moment is written as weekday and date of UTC, and the day changes at midnight", () => {
  const midnight = Date.UTC(2026, 10, 28);
  expect(dateText(midnight)).toBe("Saturday, 2026-11-28");
  expect(dateText(midnight + 86_399_999)).toBe("Saturday, 2026-11-28");
  expect(dateText(midnight + 86_400_000)).toBe("Sunday, 2026-11-29");
  expect(dateText(midnight - 1)).toBe("Friday, 2026-11-27");
  expect(dateText(-1)).toBe("Wednesday, 1969-12-31");
});

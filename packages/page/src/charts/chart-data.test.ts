import { expect, test } from "vitest";
import { stacked } from "./chart-data.ts";

test("lines on top of one another have a gap where none has a value", () => {
  const line = (values: (number | null)[]) => ({ label: "", color: "blue", values });
  expect(stacked([line([1, null, null]), line([2, 3, null])])).toEqual([
    [1, 0, null],
    [3, 3, null],
  ]);
});

import { expect, test } from "vitest";
import { codeAt, codesIn, withoutCodes } from "./written-code.ts";

test.each([
  ["case V 31/26 at the court", ["V 31/26"]],
  ["application EP 3 124/26", ["EP 3 124/26"]],
  ["the docket 12 C 345/26", ["12 C 345/26"]],
  ["the lift TK-204/9 and OT 55/1", ["TK-204/9", "OT 55/1"]],
  ["invoice INV-2026/04", ["INV-2026/04"]],
  ["for EUR 10/20, on 3/4/2031 and 2031-03-04", []],
  ["room 110, table 7 and IMO 9811234", []],
])("%s: codes with signs are whole", (text, codes) => {
  expect(codesIn(text)).toEqual(codes);
});

test("a text without its codes has their digits no more", () => {
  expect(withoutCodes("move wagon TK-310/2 to track 12")).toBe("move wagon to track 12");
  expect(codeAt("K 240/26 to Monday")).toBe("K 240/26");
  expect(codeAt("hearing K 240/26")).toBeUndefined();
});

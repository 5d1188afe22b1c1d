import { expect, test } from "vitest";
import { maskSecrets } from "./mask.ts";

test("every occurrence of every secret is replaced, and nothing else", () => {
  expect(maskSecrets("a hunter22 b hunter22 tok-9999", ["hunter22", "tok-9999"])).toBe("a *** b *** ***");
  expect(maskSecrets("a b c", ["b"])).toBe("a b c");
});

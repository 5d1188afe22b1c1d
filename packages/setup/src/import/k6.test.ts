import { messageOf } from "@ape/core/lib/errors";
import { expect, test } from "vitest";
import { importK6 } from "./k6.ts";

test.each([
  ["load.js", "export default function () {\n  http.get(\n}\n", 3, "Unexpected token", false],
  ["load.js", "const a = 1;\nconst a = 2;\n", 2, "Identifier 'a' has already been declared", false],
  ["load.js", "const x = {a: 1;\n", 1, "Unexpected token", false],
  ["load.js", "const a = b ? c;\n", 1, "Unexpected token", false],
  ["load.js", "\nconst base: string = 'x';\n", 2, "Unexpected token", true],
  ["load.js", "interface User { name: string }\n", 1, "The keyword 'interface' is reserved", true],
  ["load.js", "import type { Options } from 'k6/options';\n", 1, "Unexpected token", true],
  ["load.js", "function f(r: Response) {}\n", 1, "Unexpected token", true],
  ["load.js", "const r = x as Response;\n", 1, "Unexpected token", true],
  ["load.js", "const r = x!.body;\n", 1, "Unexpected token", true],
  ["load.ts", "http.get(\n}\n", 2, "Unexpected token", true],
])("k6: a script that cannot be parsed is named with its line (%s %j)", (file, text, line, what, typed) => {
  let thrown: unknown;
  try {
    importK6(text, file);
  } catch (error) {
    thrown = error;
  }
  const { hint } = thrown as { hint: string };
  expect(messageOf(thrown)).toBe(`${file}:${line}: ${what}`);
  expect(hint.startsWith("TypeScript")).toBe(typed);
});

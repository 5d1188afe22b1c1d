import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { referencePages } from "../scripts/reference.ts";

const ROOT = new URL("..", import.meta.url).pathname;

test.each(Object.entries(referencePages()))("%s says what the code says", (file, text) => {
  expect(readFileSync(join(ROOT, file), "utf8"), "run `npm run docs`").toBe(text);
});

test("every file that a page links to is there", () => {
  for (const page of ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"]) {
    const text = readFileSync(join(ROOT, page), "utf8");
    for (const [, link] of text.matchAll(/\]\((?!https?:)([^)#]+)/g))
      expect(() => readFileSync(join(ROOT, link ?? "")), `${page} links to ${link}`).not.toThrow();
  }
});

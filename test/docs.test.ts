import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ERRORS } from "@ape/core/lib/errors";
import { expect, test } from "vitest";
import { referencePages } from "../scripts/reference.ts";

const ROOT = new URL("..", import.meta.url).pathname;

test.each(Object.entries(await referencePages()))("%s says what the code says", (file, text) => {
  expect(readFileSync(join(ROOT, file), "utf8"), "run `npm run docs`").toBe(text);
});

test("every file that a page links to is there", () => {
  for (const page of PAGES) {
    const text = readFileSync(join(ROOT, page), "utf8");
    for (const [, link] of text.matchAll(/\]\((?!https?:)([^)#]+)/g))
      expect(
        () => readFileSync(join(ROOT, dirname(page), link ?? "")),
        `${page} links to ${link}`,
      ).not.toThrow();
  }
});

const PAGES = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter((page) => /^(?:README|ARCHITECTURE|CONTRIBUTING|SECURITY|docs\/(?!reference\/).+)\.md$/.test(page));
const read = (page: string): string => readFileSync(join(ROOT, page), "utf8");

test("every verb and option of ape-test in the pages exists", { timeout: 60_000 }, () => {
  const known = new Map<string, string>();
  for (const page of PAGES)
    for (const [, verb = "", rest = ""] of read(page).matchAll(/ape-test ([a-z]+)([^`\n#|]*)/g)) {
      const help =
        known.get(verb) ??
        execFileSync(process.execPath, [join(ROOT, "packages/cli/bin/ape-test.mjs"), verb, "--help"], {
          encoding: "utf8",
        });
      known.set(verb, help);
      for (const [option] of rest.matchAll(/--[a-z-]+/g))
        expect(
          help + (verb === "runs" ? "--keep --yes" : ""),
          `${page}: ape-test ${verb} ${option}`,
        ).toContain(option);
    }
  expect([...known.keys()]).toEqual(expect.arrayContaining(["start", "trace", "validate", "stop", "report"]));
});

test("every npm script in the pages exists", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  for (const page of PAGES)
    for (const [, script = ""] of read(page).matchAll(/npm run ([a-z]+)/g))
      expect(Object.keys(scripts), page).toContain(script);
});

test("every source file that ARCHITECTURE names is there", () => {
  const sources = execFileSync("git", ["ls-files", "packages"], { cwd: ROOT, encoding: "utf8" }).split("\n");
  for (const [, file = ""] of read("ARCHITECTURE.md").matchAll(/`([\w/-]+\.ts)`/g))
    expect(
      sources.some((source) => source.endsWith(`/${file.replace(/^test\//, "")}`)) ||
        file.startsWith("test/"),
      file,
    ).toBe(true);
});

test("troubleshooting has a cause and a cure for every error code, and for nothing else", () => {
  const sections = read("docs/troubleshooting.md").split(/^## /m).slice(1);
  expect(sections.map((section) => section.split("\n")[0]).sort()).toEqual(Object.keys(ERRORS).sort());
  for (const section of sections)
    for (const word of ["Cause", "Cure"])
      expect(section, section.split("\n")[0]).toMatch(new RegExp(`^- \\*\\*${word}:\\*\\* \\S.{20}`, "m"));
});

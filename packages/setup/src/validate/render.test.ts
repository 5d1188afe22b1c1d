import { expect, test } from "vitest";
import type { ValidationFinding } from "./finding.ts";
import { type Paint, renderFinding } from "./render.ts";

const PAINT: Paint = {
  bad: (text) => `<bad ${text}>`,
  warn: (text) => `<warn ${text}>`,
  dim: (text) => text,
  clean: (text) => text.replaceAll("\u001b", "?"),
};
const finding = (more: Partial<ValidationFinding>): ValidationFinding => ({
  severity: "warning",
  rule: "odd",
  message: "this is odd",
  line: 2,
  column: 3,
  start: 10,
  end: 14,
  ...more,
});
const render = (text: string, more: Partial<ValidationFinding> = {}, secrets: string[] = []): string[] =>
  renderFinding(finding(more), { text, secrets, file: "ape.config.yaml" }, PAINT).split("\n");

test("a finding has its place, the line with carets below, and the hint", () => {
  expect(render("one\n  name: x\nthree", { hint: "Do not." })).toEqual([
    "<warn warning> ape.config.yaml:2:3: this is odd [odd]",
    "  2 |   name: x",
    "    |   <warn ^^^^>",
    "  hint: Do not.",
    "",
  ]);
  expect(render("one\r\n  name: x\r\nthree", { severity: "error", end: 10 })).toEqual([
    "<bad error> ape.config.yaml:2:3: this is odd [odd]",
    "  2 |   name: x",
    "    |   <bad ^>",
    "",
  ]);
});

test("what continues below its line has one caret, and an empty line none", () => {
  expect(render("one\n  name: x", { end: 10 + 7 })[2]).toBe(`    |   <warn ${"^".repeat(7)}>`);
  expect(render("one\n  name: x", { end: 10 + 8 })[2]).toBe("    |   <warn ^>");
  expect(render("one\n   \nthree")).toHaveLength(2);
  expect(render("one")).toHaveLength(2);
});

test("of a long line the part around the place is shown, with the caret below it", () => {
  const line = `${"a".repeat(100)}HERE${"b".repeat(100)}`;
  const [, shown = "", caret = ""] = render(`one\n${line}`, { column: 101 });
  const [before, after] = [shown.slice("  2 | ".length), caret.slice("    | ".length)];
  expect(before).toHaveLength(120);
  expect(before.slice(after.indexOf("<"), after.indexOf("<") + 4)).toBe("HERE");
  const [, whole = ""] = render(`one\n${"a".repeat(120)}`, { column: 60 });
  expect(whole).toBe(`  2 | ${"a".repeat(120)}`);
});

test("the margin is as wide as the number of the line, a tab is a space, controls are no controls", () => {
  const [, shown, caret] = render(`${"\n".repeat(11)}\t\u001bx: y`, { line: 12 });
  expect([shown, caret]).toEqual(["  12 |  ?x: y", "     |   <warn ^^^^>"]);
  expect(render("one\nx", { message: "a\u001bb" })[0]).toContain("a?b");
});

test.each([
  ["  bearer: hunter2", "  bearer: *******"],
  ['  { "apiKey": "hunter2", a: b }', '  { "apiKey": "*******", a: b }'],
  ["  api_keys: [one, two]", "  api_keys: [***, two]"],
  ["  passwords: hunter2", "  passwords: *******"],
  ["  secret: ${VAR}", "  secret: ${VAR}"],
  ["  token: ", "  token: "],
  ["  note: my-own", "  note: ******"],
])("a credential of the line %j is not shown", (line, shown) => {
  expect(render(`one\n${line}`, {}, ["my-own"])[1] ?? "").toBe(shown.trim() === "" ? "" : `  2 | ${shown}`);
});

test.each([
  ["  data: { file: a.csv, secret: [password, pin] }", "  data: { file: a.csv, secret: [password, pin] }"],
  ["  auth: { basic: { username: ab, key: cab } }", "  auth: { basic: { username: **, key: cab } }"],
  ["  keys: [ab, cd]", "  keys: [**, cd]"],
  ["  note: x.y+z of abc", "  note: ***** of abc"],
])("names of columns and words that a short secret is part of are shown: %s", (line, shown) => {
  expect(render(`one\n${line}`, {}, ["ab", "x.y+z"])[1]).toBe(`  2 | ${shown}`);
});

test.each([
  ['  bearer: "${TOK}"', '  bearer: "${TOK}"'],
  ["  token: '${A}-${B}', x: 1", "  token: '${A}*${B}', x: 1"],
  ['  password: "${TOK:-abc}"', '  password: "***********"'],
  ["  apiKey: abc${TOK}", "  apiKey: ***${TOK}"],
  ["  auth: {bearer: ${TOK}}", "  auth: {bearer: ${TOK}}"],
  ['  secret: "a$b{c"', '  secret: "*****"'],
])("of a credential only what is no variable is hidden: %s", (line, shown) => {
  expect(render(`one\n${line}`)[1]).toBe(`  2 | ${shown}`);
});

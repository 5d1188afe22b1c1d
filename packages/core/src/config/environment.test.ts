import fc from "fast-check";
import { expect, test } from "vitest";
import { type Document, parseDocument } from "yaml";
import { ApeError } from "../lib/errors.ts";
import { type Environment, fillEnvironment, malformedReferences, referencesIn } from "./environment.ts";
import { parseConfig } from "./parse.ts";

const env: Environment = { FULL: "x", EMPTY: "", COUNT: "7", FLAG: "true", PIN: "0123" };

function fill(text: string): { value: string; missing: unknown[] } {
  const document: Document = parseDocument(JSON.stringify(text));
  const { missing } = fillEnvironment(document, env);
  return { value: document.toJS() as string, missing };
}

test.each([
  ["${FULL}", "x"],
  ["a${FULL}b${COUNT}", "axb7"],
  ["${EMPTY}", ""],
  ["${EMPTY:-d}", "d"],
  ["${EMPTY-d}", ""],
  ["${NONE:-d}", "d"],
  ["${NONE-d}", "d"],
  ["${NONE:-}", ""],
  ["${NONE:-${EMPTY:-${FULL}y}}", "xy"],
  ["${FULL:+set}${NONE:+set}${EMPTY:+set}${EMPTY+set}", "setset"],
  ["$${FULL} $$ $FULL ${} ${1} ${a.b} ${FULL", "${FULL} $$ $FULL ${} ${1} ${a.b} ${FULL"],
  ["$.items[0]", "$.items[0]"],
  ["${constructor:-own}", "own"],
  // Expected values are what bash prints for the whole text in double quotes.
  ['${NONE:-"q"}', "q"],
  ['${NONE:-a "b c" d}', "a b c d"],
  ['${NONE:-"a}b"}c', "a}bc"],
  ["${NONE:-\\}}", "}"],
  ["${NONE:-a\\}b}c", "a}bc"],
  ['${NONE:-\\"q\\"}', '"q"'],
  ["${NONE:-\\\\}", "\\"],
  ["${NONE:-\\d+\\.}", "\\d+\\."],
  ["${NONE:-\\${FULL}}", "${FULL}"],
  ["${NONE:-\\\\${FULL}}", "\\x"],
  ['${NONE:-"${FULL}" ${NONE:-"y"}}', "x y"],
  ["${NONE:-it's 'so'}", "it's 'so'"],
  ['${FULL:+"set"}', "set"],
  // No shell reads these: the quote or the backslash stands for itself.
  ['${NONE:-say "hi}', 'say "hi'],
  ["${NONE:-C:\\}", "C:\\"],
  ['a "q" \\} ${FULL}', 'a "q" \\} x'],
])("%s is read as the shell reads it", (text, value) => {
  expect(fill(text)).toEqual({ value, missing: [] });
});

test("what has no value and no default is named, with its own message where it has one", () => {
  expect(fill('${NONE:?"say \\"which\\"" now}').missing).toMatchObject([{ message: 'say "which" now' }]);
  expect(fill("${NONE} ${EMPTY:?say which} ${EMPTY?fine}").missing).toMatchObject([
    { variable: "NONE" },
    { variable: "EMPTY", message: "say which" },
  ]);
  expect(referencesIn("${A:-${B}} ${C?x}").map(({ variable }) => variable)).toEqual(["A", "B", "C"]);
});

test.each([
  ["${}", ["${}"]],
  ["a ${FULL} ${a b} ${1}", ["${a b}", "${1}"]],
  ["${FULL", ["${FULL"]],
  ["${FULL:=x}", ["${FULL:=x}"]],
  ["${NONE:-${a.b}}", ["${a.b}"]],
  ["${NONE:-\\${a.b}} ${#FULL} ${FULL%t}", ["${#FULL}", "${FULL%t}"]],
  ["${FULL/a/b} ${FULL:0:1} ${!FULL}", ["${FULL/a/b}", "${FULL:0:1}", "${!FULL}"]],
  ["${FULL} $${} $${a b} $.x {} ${NONE:-d}", []],
])("%s has these malformed references: %j", (text, malformed) => {
  expect(malformedReferences(text)).toEqual(malformed);
});

test("thousands of defaults in defaults are read without a deep stack", () => {
  const text = `${"${A:-".repeat(5_000)}x${"}".repeat(5_000)}`;
  expect(referencesIn(text).length).toBeLessThan(50);
  expect(malformedReferences(text)).toHaveLength(1);
  expect(typeof fill(text).value).toBe("string");
});

test("whatever a text holds, filling ends", () => {
  const piece = fc.constantFrom("${", "}", "A", ":-", "?", "$", "FULL", "{", "x", ":+");
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join("");
      expect(typeof fill(text).value).toBe("string");
      expect(Array.isArray(referencesIn(text))).toBe(true);
      expect(malformedReferences(text).length).toBeLessThanOrEqual(3);
    }),
  );
});

const config = (load: string, more = ""): string => `version: 1
targets: { app: { baseUrl: "http://127.0.0.1:1", headers: { X-Pin: "\${PIN}" }, ${more} } }
inference: { provider: simulated }
goals: [{ name: g, prompt: Do., success: [{ action: { operation: GET /a } }] }]
load: ${load}
`;

const failure = (text: string): ApeError => {
  try {
    parseConfig(text, "ape.config.yaml", env);
  } catch (thrown) {
    if (thrown instanceof ApeError) return thrown;
    throw thrown;
  }
  throw new Error("the configuration was accepted");
};

test("variables fill numbers and truth values where the schema asks for them, and texts stay texts", () => {
  const read = parseConfig(
    config('{ agents: "${COUNT}", sessions: "${SESSIONS:-3}" }', 'readOnly: "${FLAG}"'),
    "ape.config.yaml",
    env,
  ).config;
  expect(read.load).toMatchObject({ agents: 7, sessions: 3 });
  expect(read.targets.app).toMatchObject({ readOnly: true, headers: { "X-Pin": "0123" } });
  const block = `${config("").trimEnd()}\n  agents: \${COUNT}\n  sessions: \${EMPTY:-2}\n`;
  expect(parseConfig(block, "ape.config.yaml", env).config.load).toMatchObject({ agents: 7, sessions: 2 });
});

test("a variable that does not fit is named, with the place where it is", () => {
  expect(failure(config('{ agents: "${FULL}" }')).details).toEqual([
    'ape.config.yaml:5:9: load.agents: a number is expected, not "x"; it comes from ${FULL}',
  ]);
  expect(failure(config('{ agents: "${ZERO:-0}" }')).details).toEqual([
    "ape.config.yaml:5:9: load.agents: a number of at least 1 is expected, not 0; it comes from ${ZERO}",
  ]);
  expect(failure(config('{ agents: "${NONE:?how many}" }'))).toMatchObject({
    code: "ENV_MISSING",
    details: ["ape.config.yaml:5:17: ${NONE} has no value: how many"],
  });
});

test("an alias that contains itself, and endless nesting, are mistakes of the configuration", () => {
  for (const load of [
    "&a { agents: *a }",
    "&a [*a]",
    "[".repeat(5_000),
    `${"[".repeat(500)}${"]".repeat(500)}`,
  ])
    expect(failure(config(load)).code).toBe("CONFIG_INVALID");
});

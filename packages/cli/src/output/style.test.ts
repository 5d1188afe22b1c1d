import { expect, test } from "vitest";
import { colours } from "./style.ts";

const coloured = (isTty: boolean, env: Record<string, string>): boolean =>
  colours({ isTty }, env).bad("x") !== "x";

test.each<[boolean, Record<string, string>, boolean]>([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: "1" }, false],
  [true, { NO_COLOR: "" }, true],
  [true, { TERM: "dumb" }, false],
  [false, { FORCE_COLOR: "1" }, true],
  [true, { FORCE_COLOR: "0" }, false],
  [false, { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
])("terminal %s with %j: coloured %s", (isTty, env, expected) => {
  expect(coloured(isTty, env)).toBe(expected);
});

test.each<[Record<string, string>, string]>([
  [{}, "✓"],
  [{ LANG: "en_GB.UTF-8" }, "✓"],
  [{ LANG: "C" }, "ok"],
  [{ LC_ALL: "C.utf8", LANG: "C" }, "✓"],
  [{ LC_ALL: "POSIX", LANG: "en_GB.UTF-8" }, "ok"],
  [{ TERM: "linux", LANG: "en_GB.UTF-8" }, "ok"],
])("the tick with %j is %s", (env, tick) => {
  expect(colours({ isTty: false }, env).tick).toBe(tick);
});

test.each<[Record<string, string>, string[]]>([
  [{}, ["✓", "✗", "█", "░", "…"]],
  [{ LANG: "C" }, ["ok", "x", "#", "-", "~"]],
  [{ TERM: "dumb" }, ["ok", "x", "#", "-", "~"]],
  [{ LC_ALL: "", LC_CTYPE: "C", LANG: "en_GB.UTF-8" }, ["ok", "x", "#", "-", "~"]],
])("the signs with %j are %j", (env, signs) => {
  const { tick, cross, full, empty, cut } = colours({ isTty: false }, env);
  expect([tick, cross, full, empty, cut]).toEqual(signs);
});

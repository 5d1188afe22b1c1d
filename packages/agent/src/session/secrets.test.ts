import { expect, test } from "vitest";
import { Secrets } from "./secrets.ts";

const LONG = "0123456789abcdefghij";

test("secrets of the data row, of the configuration and gained ones are hidden, each in its way", () => {
  const secrets = new Secrets(["key-of-config"], {
    values: { password: "p4ss-word", user: "ann" },
    secret: ["password", "none"],
  });
  secrets.add(LONG, "token");
  secrets.add(`${LONG}k`);
  expect(secrets.hide(`p4ss-word ann key-of-config ${LONG} ${LONG}k`)).toBe(
    "{{password}} ann *** {{token}} ***",
  );
  expect(secrets.hideJson({ a: LONG, [LONG]: ["p4ss-word"] })).toEqual({
    a: "{{token}}",
    "{{token}}": ["{{password}}"],
  });
  expect(secrets.hideText(`{"a":"${LONG}"}`, { a: LONG })).toBe('{"a":"{{token}}"}');
  expect(secrets.hideText('{ "a": "b" }', { a: "b" })).toBe('{ "a": "b" }');
  const nothing = new Secrets([], undefined);
  const json = { a: LONG };
  expect(nothing.hideJson(json)).toBe(json);
});

test("short gained secrets and words are hidden as whole values only", () => {
  const secrets = new Secrets([], undefined);
  secrets.add("a1b2c", "short");
  secrets.add("Word", "word");
  secrets.add("a1b2c3", "long");
  expect(secrets.hide("x-a1b2cd Words a1b2c3d")).toBe("x-a1b2cd Words {{long}}d");
  expect(secrets.hideJson(["a1b2c", "Word"])).toEqual(["{{short}}", "{{word}}"]);
});

test("forty-eight gained secrets are remembered, those used again longest", () => {
  const secrets = new Secrets([], undefined);
  const value = (at: number) => `${LONG}-${100 + at}`;
  for (let at = 0; at < 48; at += 1) secrets.add(value(at), `s${at}`);
  expect(secrets.hide(value(0))).toBe("{{s0}}");
  secrets.add(value(0), "s0");
  secrets.add(value(48), "s48");
  expect([value(0), value(1), value(2), value(48)].map((one) => secrets.hide(one))).toEqual([
    "{{s0}}",
    value(1),
    "{{s2}}",
    "{{s48}}",
  ]);
});

test("a secret of the data row keeps its name, whatever is added", () => {
  const secrets = new Secrets([], { values: { password: LONG }, secret: ["password"] });
  secrets.add(LONG, "token");
  for (let at = 0; at < 60; at += 1) secrets.add(`${LONG}-${100 + at}`, `s${at}`);
  expect(secrets.hide(`see ${LONG}`)).toBe("see {{password}}");
});

test("long values are abbreviated, the latest of a name and eight names at most", () => {
  const secrets = new Secrets([], undefined);
  const value = (at: number) => `${LONG}-${100 + at}`;
  secrets.abbreviate(value(0), "next");
  secrets.abbreviate(value(1), "next");
  expect([secrets.hide(value(0)), secrets.hide(value(1))]).toEqual([value(0), "{{next}}"]);
  for (let at = 2; at < 9; at += 1) secrets.abbreviate(value(at), `n${at}`);
  expect(secrets.hide(value(1))).toBe("{{next}}");
  secrets.abbreviate(value(9), "n9");
  expect([value(1), value(2), value(9)].map((one) => secrets.hide(one))).toEqual([
    value(1),
    "{{n2}}",
    "{{n9}}",
  ]);
});

test("a value that turns out to be a secret is one, whatever it was abbreviated as", () => {
  const secrets = new Secrets([], undefined);
  secrets.abbreviate(LONG, "next");
  secrets.abbreviate(`${LONG}-2`, "other");
  secrets.add(LONG, "token");
  expect(secrets.hide(`${LONG} ${LONG}-2`)).toBe("{{token}} {{other}}");
  secrets.abbreviate(LONG, "again");
  expect(secrets.hide(LONG)).toBe("{{token}}");
});

test("a text for an event is cut behind what is hidden", () => {
  const secrets = new Secrets(["key-of-config"], undefined);
  secrets.add(LONG, "token");
  expect(secrets.mask(`see ${LONG} key-of-config`, 12)).toBe("see {{token}");
  expect(secrets.mask(`see ${LONG} key-of-config`, 100)).toBe("see {{token}} ***");
});

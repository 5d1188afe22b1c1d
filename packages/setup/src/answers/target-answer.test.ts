import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testEnvironment } from "../../test/environment.ts";
import type { UrlAnswer } from "./environment.ts";
import { findSpec, guessKind, isCommand, kindOfSpec, parseAddress, targetName } from "./target-answer.ts";

test.each([
  ["3000", "http://127.0.0.1:3000"],
  [" 80 ", "http://127.0.0.1:80"],
  ["localhost:3000", "http://localhost:3000"],
  ["shop.example", "http://shop.example"],
  ["https://shop.example/api/", "https://shop.example/api"],
  ["https://shop.example/api?a=b#c", "https://shop.example/api?a=b"],
  ["HTTP://Shop.example", "http://shop.example"],
])("%j is the address %s", (typed, address) => {
  // The standard port of a scheme is no part of its address.
  expect(parseAddress(typed)).toBe(address.replace(/:80$/, ""));
});

test.each(["", " ", "ftp://x", "a b", "http://", "http://a b", "123456", "node server.js", "x://y"])(
  "%j is no address",
  (typed) => {
    expect(() => parseAddress(typed)).toThrow(
      expect.objectContaining({ code: "USAGE", message: `"${typed.trim()}" is no address` }),
    );
  },
);

test.each(["http://ann@x", "http://:secret@x", "http://ann:secret@x"])("%s holds credentials", (typed) => {
  expect(() => parseAddress(typed)).toThrow("an address must hold no credentials");
});

test("a command has a blank and no scheme", () => {
  expect(
    ["node server.js", " node", "node", "http://a b", "https://a b", "a https://b"].map(isCommand),
  ).toEqual([true, false, false, false, false, true]);
});

test.each([
  ["", "server"],
  ["http://shop.example", "shop"],
  ["http://www.shop.example", "shop"],
  ["http://my-shop_2.example", "my-shop_2"],
  ["http://localhost:3000", "app"],
  ["http://127.0.0.1", "app"],
  ["http://2nd.example", "app"],
  [`http://${"a".repeat(40)}.example`, "a".repeat(30)],
])("%s is called %s", (address, name) => expect(targetName(address)).toBe(name));

const BASE = "http://127.0.0.1:3000";
const SPEC = '{"openapi":"3.1.0","paths":{}}';
const guess = (pages: Record<string, Partial<UrlAnswer>>, base = BASE) =>
  guessKind(base, testEnvironment({ pages }));
const TYPENAME = `${BASE}/?query=%7B__typename%7D`;
const html = (text = "<p>Hello") => ({ [`${BASE}/`]: { type: "text/html; charset=utf-8", text } });

test.each<[kind: string, pages: Record<string, Partial<UrlAnswer>>]>([
  ["rest", {}],
  ["rest", { [`${BASE}/`]: { type: "application/json", text: "{}" } }],
  ["web", html()],
  ["rest", { [`${BASE}/`]: { ...html()[`${BASE}/`], status: 400 } }],
  ["web", { [`${BASE}/`]: { ...html()[`${BASE}/`], status: 399 } }],
  ["rest", { [`${BASE}/`]: { type: "text/xhtmlish", text: "" } }],
  ["rest", { ...html(), [`${BASE}/openapi.json`]: { text: SPEC } }],
  ["graphql", html("<title>GraphiQL</title>")],
  ["graphql", html("Apollo Sandbox")],
  ["graphql", html("graphql-playground")],
  ["web", html("We like graphs")],
  ["graphql", { [TYPENAME]: { text: '{"data":{"__typename":"Query"}}' } }],
  ["rest", { [TYPENAME]: { text: '{"data":{"__typename":1}}' } }],
  ["rest", { [TYPENAME]: { text: '{"data":null}' } }],
  ["rest", { [TYPENAME]: { text: "[]" } }],
  ["rest", { [TYPENAME]: { text: "{broken" } }],
])("%s, by what %j answer", async (kind, pages) => {
  expect(await guess(pages)).toBe(kind);
});

test("some addresses say what they are, without a request", async () => {
  const environment = testEnvironment({});
  const kinds = ["/graphql", "/api/GraphQL", "/mcp", "/v1/MCP"].map((path) =>
    guessKind(`${BASE}${path}`, environment),
  );
  expect(await Promise.all(kinds)).toEqual(["graphql", "graphql", "mcp", "mcp"]);
  expect(environment.asked).toEqual([]);
  expect(await guess({}, `${BASE}/graphqls`)).toBe("rest");
  expect(await guess({}, `${BASE}/mcp/x`)).toBe("rest");
});

test.each<[text: string, status: number, found: boolean]>([
  [SPEC, 200, true],
  [SPEC, 201, false],
  [` \n${SPEC}`, 200, true],
  ["swagger: '2.0'\npaths: {}", 200, true],
  ["openapi: 3.0.0", 200, false],
  ["paths: {}\nx: openapi", 200, false],
  ['{"openapi":"3.1.0"}', 200, false],
  ["{openapi paths", 200, false],
  ["openapi paths", 200, false],
  ["a: {openapi", 200, false],
  ["null # openapi", 200, false],
  [SPEC.padEnd(10 * 1024 * 1024, " "), 200, true],
  [SPEC.padEnd(10 * 1024 * 1024 + 1, " "), 200, false],
])("of %.30j with %i a document is found: %s", async (text, status, found) => {
  const url = `${BASE}/swagger.json`;
  expect(await findSpec(BASE, testEnvironment({ pages: { [url]: { text, status } } }))).toBe(
    found ? url : undefined,
  );
});

test("documents are looked for below the address first, then at its origin", async () => {
  const below = `${BASE}/shop/api-docs`;
  const atOrigin = `${BASE}/openapi.yml`;
  const find = (...urls: string[]) =>
    findSpec(
      `${BASE}/shop`,
      testEnvironment({ pages: Object.fromEntries(urls.map((url) => [url, { text: SPEC }])) }),
    );
  expect(await find(atOrigin, below)).toBe(below);
  expect(await find(atOrigin)).toBe(atOrigin);
  expect(await find()).toBeUndefined();
  const environment = testEnvironment({});
  await findSpec(BASE, environment);
  expect(new Set(environment.asked).size).toBe(environment.asked.length);
});

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-spec-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each<[text: string, kind: "rest" | "graphql"]>([
  ["type Query { a: Int }", "graphql"],
  ["# x\nextend type Query {", "graphql"],
  ["schema { query: Q }", "graphql"],
  ["input A { b: Int }", "graphql"],
  ['{"data":{"__schema":{}}}', "graphql"],
  [' { "__schema" : {}}', "graphql"],
  ['{"paths":{"__schema":1}}', "rest"],
  ["openapi: 3.1.0\ninfo: { title: t }", "rest"],
  ["type: object\nproperties: {}", "rest"],
])("the document %j is of the kind %s", async (text, kind) => {
  await writeFile(join(folder, "document"), text);
  expect(await kindOfSpec("document", { ...testEnvironment({}), cwd: folder })).toBe(kind);
  const url = "https://shop.example/document";
  expect(await kindOfSpec(url, testEnvironment({ pages: { [url]: { text } } }))).toBe(kind);
});

test("names of files say that they are schemas; without a document nothing is said", async () => {
  const environment = testEnvironment({});
  for (const name of ["a.graphql", "a.graphqls", "a.gql", "a.SDL"])
    expect(await kindOfSpec(name, environment)).toBe("graphql");
  for (const none of [undefined, "none", "look"]) expect(await kindOfSpec(none, environment)).toBeUndefined();
  expect(await kindOfSpec("./missing.json", environment)).toBe("rest");
  expect(await kindOfSpec("https://x/missing", environment)).toBe("rest");
});

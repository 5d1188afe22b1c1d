import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { contractOf, undescribed } from "./contract.ts";
import { renamedDocument } from "./renaming.ts";

type Json = Record<string, unknown>;

function read(file: string): Json {
  return parse(readFileSync(new URL(file, import.meta.url), "utf8")) as Json;
}

const DOCUMENTS: Array<[string, Json]> = [
  ["the shop", read("../../examples/shop/openapi.yaml")],
  ["the tool library", read("./lending.yaml")],
];

/** All texts for people, in the order of the document. */
function prose(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(prose);
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    typeof value === "string" && (key === "description" || key === "summary") ? [value] : prose(value),
  );
}

/** All names, each as often as it stands there: fields, path segments, parameters, components. */
function names(document: Json): string[] {
  const found: string[] = Object.keys(document.paths as Json).flatMap((path) => path.split(/[/{}]+/));
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const inner of node) walk(inner);
    if (typeof node !== "object" || node === null || Array.isArray(node)) return;
    const { properties, name, in: place, required, $ref, ...rest } = node as Json;
    if (place === "query" || place === "path") found.push(String(name));
    if (Array.isArray(required)) found.push(...required);
    if (typeof $ref === "string") found.push($ref.split("/").at(-1) ?? "");
    for (const [field, schema] of Object.entries((properties ?? {}) as Json)) {
      found.push(field);
      walk(schema);
    }
    for (const inner of Object.values(rest)) walk(inner);
  };
  walk(document);
  const { securitySchemes: _kept, ...components } = document.components as Record<string, Json>;
  return [...found, ...Object.values(components).flatMap(Object.keys)].filter((name) => name !== "");
}

test.each(DOCUMENTS)("%s: every name is another, one for one, and can be said aloud", (_, document) => {
  const { document: other, word } = renamedDocument(document, 1);
  const before = names(document);
  expect(before.length).toBeGreaterThan(60);
  expect(names(other)).toEqual(before.map(word));
  const words = new Set(before.map(word));
  expect(words.size).toBe(new Set(before).size);
  for (const name of before) expect(words.has(name)).toBe(false);
  for (const coined of words)
    expect(coined).toMatch(/^([bdfgklmnprstvz]{1,2}[aeiou]{1,2}){2,3}(sh|[lmnrx])?$/);
});

test.each(DOCUMENTS)("%s: the texts stay, and they give no name away", (_, document) => {
  const { document: other } = renamedDocument(document, 1);
  expect(prose(other)).toEqual(prose(document));
  expect(undescribed(other)).toEqual([]);
  // An ordinary word may also be a field's name; what is spelled like an identifier or a path can be nothing else.
  const telling = [...new Set(names(document))].filter((name) => /[a-z][A-Z]|_|-|\d/.test(name));
  expect(telling.length).toBeGreaterThan(5);
  for (const text of prose(document)) {
    for (const name of telling) expect(text).not.toContain(name);
    expect(text).not.toMatch(/`|(^|\s)\/\w/);
  }
});

test.each(DOCUMENTS)(
  "%s: operation ids and tags are gone, statuses and security are as they were",
  (_, document) => {
    const tagged = structuredClone(document) as { paths: Record<string, Record<string, Json>> };
    for (const item of Object.values(tagged.paths)) {
      for (const operation of Object.values(item))
        Object.assign(operation, { operationId: "giveAway", tags: ["giveAway"] });
    }
    const { document: other } = renamedDocument(tagged, 1);
    expect(JSON.stringify(other)).not.toContain("giveAway");
    const [before, after] = [contractOf(document), contractOf(other)];
    expect(after.operations.map(after.statuses)).toEqual(before.operations.map(before.statuses));
    expect((other.components as Json).securitySchemes).toEqual((document.components as Json).securitySchemes);
  },
);

test("the seed decides the names, and nothing else does", () => {
  const [[, document]] = DOCUMENTS as [[string, Json]];
  expect(renamedDocument(document, 5).document).toEqual(renamedDocument(document, 5).document);
  expect(renamedDocument(document, 5).word("email")).not.toBe(renamedDocument(document, 6).word("email"));
  expect(() => renamedDocument(document, 5).word("no such field")).toThrow("no such field");
});

test("examples that are objects are renamed, enums and values are not", () => {
  const schema = {
    type: "object",
    required: ["size"],
    properties: { size: { enum: ["size", "large"], description: "How big." } },
    example: { size: "size" },
  };
  const { document, word } = renamedDocument({ paths: {}, components: { schemas: { Box: schema } } }, 1);
  const size = word("size");
  expect(document).toEqual({
    paths: {},
    components: {
      schemas: {
        [word("Box")]: {
          type: "object",
          required: [size],
          properties: { [size]: { enum: ["size", "large"], description: "How big." } },
          example: { [size]: "size" },
        },
      },
    },
  });
});

test("a request is put back into the original's names; the original's own names mean nothing", () => {
  const [[, document]] = DOCUMENTS as [[string, Json]];
  const { word, request } = renamedDocument(document, 3);
  const path = (text: string) => text.replaceAll(/[a-z]+/gi, (name) => word(name));
  expect(request({ path: `${path("/orders")}/ord_1%2F2`, body: "" })).toEqual({
    path: "/orders/ord_1%2F2",
    body: "",
  });
  expect(request({ path: path("/login/cookie"), body: "" }).path).toBe("/login/cookie");
  const query = `${word("search")}=a+b&page=2&other=1&${word("page")}=3`;
  expect(request({ path: `${path("/products")}?${query}`, body: "" }).path).toBe(
    "/products?search=a+b&other=1&page=3",
  );
  const body = JSON.stringify({ [word("email")]: "a", password: "b", other: [{ [word("quantity")]: 1 }] });
  expect(JSON.parse(request({ path: "/", body }).body)).toEqual({ email: "a", other: [{ quantity: 1 }] });
  for (const unknown of ["/orders", "/", path("/orders/id/id"), `/x${path("/orders")}`]) {
    expect(request({ path: unknown, body: "{" })).toEqual({ path: "/-/nowhere", body: "{" });
  }
});

test("whatever the original says comes back as it was", () => {
  const [[, document]] = DOCUMENTS as [[string, Json]];
  const { request, response } = renamedDocument(document, 4);
  const key = fc.oneof(
    fc.constantFrom(...names(document)),
    fc.string().map((text) => `-${text}`),
  );
  const { body } = fc.letrec((tie) => ({
    body: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(1, null, true, "email"),
      fc.array(tie("body")),
      fc.dictionary(key, tie("body")),
    ),
  }));
  fc.assert(
    fc.property(body, (value) => {
      const there = response(JSON.stringify(value));
      expect(JSON.parse(request({ path: "/", body: there }).body)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import fc from "fast-check";
import { expect, test } from "vitest";
import { unusableParts } from "./audit/audit.ts";
import { operationsOf } from "./describe.ts";
import { OpenApiDocument } from "./document.ts";
import { escapePointer } from "./pointer.ts";
import type { UnusablePart } from "./unusable-part.ts";

const schema = { $ref: "#/components/schemas/A" };
const GOOD: JsonObject = {
  openapi: "3.1.0",
  info: { title: "T", version: "1" },
  paths: {
    "/a/{id}": {
      parameters: [{ name: "id", in: "path", required: true, schema: { type: "string", pattern: "^a" } }],
      get: {
        parameters: [{ name: "limit", in: "query", schema: { type: "integer", minimum: 1, maximum: 9 } }],
        responses: { "200": { description: "r", content: { "application/json": { schema } } } },
      },
      put: {
        requestBody: { $ref: "#/components/requestBodies/B" },
        responses: { default: { $ref: "#/components/responses/R" } },
      },
    },
    "/b": { $ref: "#/components/pathItems/P" },
  },
  components: {
    pathItems: { P: { post: { responses: { "201": { description: "r" } } } } },
    requestBodies: { B: { content: { "application/json": { schema } } } },
    responses: { R: { description: "r" } },
    schemas: {
      A: { type: "object", properties: { k: { type: "array", items: { type: "string" }, minItems: 1 } } },
    },
  },
};

interface Part {
  keys: readonly (string | number)[];
  pointer: string;
}

function* partsOf(value: Json, keys: readonly (string | number)[] = []): Generator<Part> {
  if (keys.length > 0)
    yield { keys, pointer: `#${keys.map((key) => `/${escapePointer(String(key))}`).join("")}` };
  if (Array.isArray(value)) for (const [index, one] of value.entries()) yield* partsOf(one, [...keys, index]);
  else if (isJsonObject(value))
    for (const [key, one] of Object.entries(value)) yield* partsOf(one, [...keys, key]);
}

function damaged({ keys }: Part, put: Json | undefined): JsonObject {
  const root = structuredClone(GOOD);
  let holder = root as Record<string | number, Json>;
  for (const key of keys.slice(0, -1)) holder = holder[key] as Record<string | number, Json>;
  const last = keys.at(-1) as string | number;
  if (put !== undefined) holder[last] = put;
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
  return root;
}

/** What agents are told of each operation, without the words and bounds that a document may leave out. */
const told = (root: JsonObject): string[] =>
  operationsOf(new OpenApiDocument(root)).map(
    ({ method, path, fields }) =>
      `${method} ${path} ${fields.map((field) => `${field.in} ${field.name}`).join()}`,
  );
const BEFORE = told(GOOD);
const operations = (lines: readonly string[]): string[] => lines.map((line) => line.split(" ", 2).join(" "));
/** A document without its paths is refused before it is read. */
const PARTS = [...partsOf(GOOD)].filter(({ pointer }) => pointer !== "#/paths");
/** Parts whose deletion is a smaller document, not a broken one. */
const OPERATION =
  /^#\/paths\/[^/]+(?:\/(?:get|put))?$|^#\/components\/pathItems\/P\/post$|^#\/paths\/~1b\/\$ref$/;

/** Whether a problem is at, within or around a part; parts of components are named where they are used. */
const namesPart = (found: readonly UnusablePart[], { pointer }: Part): boolean =>
  found.some(
    ({ place }) =>
      pointer.startsWith("#/components") || place.startsWith(pointer) || pointer.startsWith(place),
  );

test("the undamaged document has no unusable part", () => {
  expect(unusableParts(new OpenApiDocument(GOOD), "http://127.0.0.1:1")).toEqual([]);
  expect(BEFORE).toHaveLength(3);
});

test("a part that is replaced by a wrong value is named where operations or their fields vanish", () => {
  fc.assert(
    fc.property(fc.constantFrom(...PARTS), fc.constantFrom<Json>(null, 5, "x", []), (part, put) => {
      const root = damaged(part, put);
      const found = unusableParts(new OpenApiDocument(root), "http://127.0.0.1:1");
      // A name or a place of a parameter may be any text, and an empty list of parameters is a list.
      const allowed = /\/(?:name|in|parameters)$/.test(part.pointer) && (put === "x" || Array.isArray(put));
      if (!allowed && told(root).join("|") !== BEFORE.join("|"))
        expect(namesPart(found, part), part.pointer).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test("a part that is deleted is named where an operation vanishes", () => {
  fc.assert(
    fc.property(fc.constantFrom(...PARTS), (part) => {
      const root = damaged(part, undefined);
      const found = unusableParts(new OpenApiDocument(root), "http://127.0.0.1:1");
      if (!OPERATION.test(part.pointer) && operations(told(root)).join() !== operations(BEFORE).join())
        expect(namesPart(found, part), part.pointer).toBe(true);
    }),
    { numRuns: 300 },
  );
});

import type { Json, JsonObject } from "@ape/core/lib/json";
import { afterEach, expect, test } from "vitest";
import { Folder, namesIn, operationsIn, posting } from "../../test/openapi.ts";
import { auditDocument } from "./audit/audit.ts";
import { type DocumentedOperation, operationsOf } from "./describe.ts";
import { loadOpenApi } from "./document.ts";

const folder = new Folder();
afterEach(() => folder.remove());

const body = ({ fields }: DocumentedOperation) => fields.filter((field) => field.in === "body");
const text: JsonObject = { type: "string" };

/** A POST with one media type. */
function postingAs(type: string, media: JsonObject): DocumentedOperation {
  const [operation] = operationsIn({
    "/things": { post: { requestBody: { required: true, content: { [type]: media } }, responses: {} } },
  });
  if (operation === undefined) throw new Error("there is no operation");
  return operation;
}

test.each<[string, JsonObject, object]>([
  ["null", { type: "null" }, { type: "null", enum: [null] }],
  ["a constant object", { const: { a: 1 } }, { type: "object", enum: [{ a: 1 }] }],
  ["a constant list", { const: [1, 2] }, { type: "array", enum: [[1, 2]] }],
  ["one of several objects", { enum: [{ a: 1 }, { a: 2 }] }, { type: "object", enum: [{ a: 1 }, { a: 2 }] }],
  [
    "a map with a pattern for its names",
    { type: "object", minProperties: 1, patternProperties: { "^x-a$": { type: "integer", minimum: 4 } } },
    { type: "object", example: { "x-a": 4 } },
  ],
  [
    "a map with several entries",
    { type: "object", minProperties: 2, additionalProperties: { type: "integer", minimum: 9 } },
    { type: "object", example: { name: 9, value: 9 } },
  ],
  [
    "a tuple",
    { type: "array", prefixItems: [text, { type: "integer" }], minItems: 2, items: false },
    { type: "array", example: ["as agreed", 1] },
  ],
  [
    "a tuple without a type, whose items have bounds",
    { prefixItems: [{ type: "integer", minimum: 7 }, { const: "x" }, { type: "object", required: ["k"] }] },
    { type: "array", example: [7, "x", { k: "as agreed" }] },
  ],
  [
    "a list of tuples",
    { type: "array", minItems: 2, items: { prefixItems: [text, { type: "integer" }] } },
    {
      type: "array",
      example: [
        ["as agreed", 1],
        ["as agreed", 1],
      ],
    },
  ],
  ["a list of lists", { type: "array", items: { type: "array", items: text } }, { example: [["as agreed"]] }],
  ["a list of several numbers", { type: "array", minItems: 2, items: { type: "integer" } }, { minItems: 2 }],
])("a body that is %s is one field without a name", (_, schema, wanted) => {
  expect(body(posting(schema))[0]).toMatchObject({ name: "", required: true, ...wanted });
});

test("a list of one item, an object and any JSON are described by their fields as before", () => {
  expect(body(posting({ type: "array", items: { type: "integer" } })).map(({ name }) => name)).toEqual([
    "[]",
  ]);
  expect(body(posting({ type: "object", properties: { a: text } })).map(({ name }) => name)).toEqual(["a"]);
  expect(posting({})).toMatchObject({ openBody: true });
  expect(posting({ type: "object" })).toMatchObject({ openBody: true });
});

test("a property that is a tuple or of several objects says what it needs", () => {
  const pair: JsonObject = { type: "array", prefixItems: [text, text] };
  const lines: JsonObject = {
    type: "array",
    minItems: 2,
    items: { type: "object", properties: { a: text } },
  };
  const [at, many] = body(
    posting({ type: "object", required: ["at", "lines"], properties: { at: pair, lines } }),
  );
  expect(at).toMatchObject({ name: "at", type: "array", example: ["as agreed", "as agreed"] });
  expect(many).toMatchObject({ name: "lines", type: "array", minItems: 2 });
});

test("what is required without a schema is a field", () => {
  const fields = body(posting({ type: "object", required: ["ghost", "a"], properties: { a: text } }));
  expect(fields.map(({ name, required }) => [name, required])).toEqual([
    ["a", true],
    ["ghost", true],
  ]);
});

test.each<[string, JsonObject, Json]>([
  ["an example", { example: { a: 1 } }, { a: 1 }],
  ["examples", { examples: { one: { value: [1, "x"] } } }, [1, "x"]],
  ["an example beside a schema without fields", { schema: { type: "object" }, example: { a: 1 } }, { a: 1 }],
])("a media type with only %s says what to send", (_, media, wanted) => {
  expect(body(postingAs("application/json", media))).toMatchObject([{ name: "", example: wanted }]);
});

test.each(["application/octet-stream", "image/png", "application/pdf"])(
  "%s without a schema is bytes",
  (type) => {
    expect(body(postingAs(type, {}))).toMatchObject([{ name: "", type: "string", format: "binary" }]);
  },
);

test.each(["application/json", "text/plain", "application/vnd.x+json"])(
  "%s without a schema is none",
  (type) => {
    expect(body(postingAs(type, {}))).toEqual([]);
  },
);

test("files of a form: by format, by the media type of their content, by that of their part, in lists", () => {
  const properties: JsonObject = {
    a: { type: "string", format: "binary" },
    b: { contentMediaType: "image/png" },
    c: { type: "array", items: { contentMediaType: "application/pdf" } },
    d: { type: "string" },
    e: { type: "string", contentMediaType: "application/json" },
    f: { type: "string", contentMediaType: "image/png", contentEncoding: "base64" },
    g: { type: "string" },
  };
  const { encoding } = postingAs("multipart/form-data", {
    schema: { type: "object", properties },
    encoding: { d: { contentType: "image/jpeg" } },
  });
  expect(Object.fromEntries(encoding.properties ?? [])).toEqual({
    a: { isFile: true },
    b: { type: "image/png", isFile: true },
    c: { type: "application/pdf", isFile: true },
    d: { type: "image/jpeg", isFile: true },
    e: { type: "application/json" },
    f: { type: "image/png" },
  });
});

test("a list that a form requires has an item: an empty one writes nothing", () => {
  const schema: JsonObject = {
    type: "object",
    required: ["fs"],
    properties: {
      fs: { type: "array", items: { type: "string", format: "binary" } },
      more: { type: "array", items: text },
    },
  };
  for (const type of ["multipart/form-data", "application/x-www-form-urlencoded"])
    expect(body(postingAs(type, { schema })).map(({ minItems }) => minItems)).toEqual([1, undefined]);
  expect(body(postingAs("application/json", { schema })).map(({ minItems }) => minItems)).toEqual([
    undefined,
    undefined,
  ]);
});

const pets = (discriminator: JsonObject): JsonObject => ({
  Pet: { type: "object", required: ["t"], properties: { t: text, name: text }, discriminator },
  Cat: {
    allOf: [
      { $ref: "#/components/schemas/Pet" },
      { type: "object", required: ["n"], properties: { n: text } },
    ],
  },
  Dog: {
    allOf: [
      { $ref: "#/components/schemas/Pet" },
      { type: "object", required: ["m"], properties: { m: text } },
    ],
  },
});

test.each<[string, JsonObject, Json[]]>([
  ["a mapping of names", { propertyName: "t", mapping: { cat: "Cat", dog: "Dog" } }, ["cat", "dog"]],
  ["a mapping of references", { propertyName: "t", mapping: { k: "#/components/schemas/Cat" } }, ["k"]],
  ["the schemas that extend it", { propertyName: "t" }, ["Cat", "Dog"]],
])("a body of a schema with a discriminator is one of those by %s", (_, discriminator, wanted) => {
  const fields = body(posting({ $ref: "#/components/schemas/Pet" }, pets(discriminator)));
  expect(fields.find(({ name }) => name === "t")).toMatchObject({ required: true, enum: wanted });
  const n = fields.find(({ name }) => name === "n");
  expect(n?.required === true || n?.neededInForm === true).toBe(true);
  // The one that extends it is itself.
  const [cat] = [body(posting({ $ref: "#/components/schemas/Cat" }, pets(discriminator)))];
  expect(cat.map(({ name }) => name).sort()).toEqual(["n", "name", "t"]);
});

test("a discriminator without a schema that extends it changes nothing", () => {
  const { Pet } = pets({ propertyName: "t" });
  const fields = body(posting({ $ref: "#/components/schemas/Pet" }, { Pet: Pet as JsonObject }));
  expect(fields.map(({ name, enum: values }) => [name, values])).toEqual([
    ["t", undefined],
    ["name", undefined],
  ]);
});

test.each<[string, JsonObject, JsonObject]>([
  [
    "a dynamic anchor",
    { $dynamicRef: "#n" },
    { N: { $dynamicAnchor: "n", type: "object", properties: { a: text } } },
  ],
  [
    "an anchor, dynamically",
    { $dynamicRef: "#n" },
    { N: { $anchor: "n", type: "object", properties: { a: text } } },
  ],
  [
    "a definition beside its own id",
    {
      $id: "https://x.example/s",
      $ref: "#/$defs/q",
      $defs: { q: { type: "object", properties: { a: text } } },
    },
    {},
  ],
  [
    "a definition of a schema with an id around it",
    {
      $id: "https://x.example/s",
      type: "object",
      properties: { a: { $ref: "#/$defs/q" } },
      $defs: { q: text },
    },
    {},
  ],
  [
    "a component, from within a schema with an id",
    { $id: "Thing", $ref: "#/components/schemas/N" },
    { N: { type: "object", properties: { a: text } } },
  ],
])("a reference to %s is followed, and none is named as broken", async (_, schema, schemas) => {
  const directory = await folder.of({
    "api.json": {
      openapi: "3.1.0",
      paths: {
        "/a": { post: { requestBody: { content: { "application/json": { schema } } }, responses: {} } },
      },
      components: { schemas },
    },
  });
  const [operation] = operationsOf(await loadOpenApi("api.json", directory));
  expect(operation && body(operation).map(({ name }) => name)).toEqual(["a"]);
  expect(await auditDocument("api.json", directory, "http://127.0.0.1:1")).toEqual([]);
});

test("a reference that leads nowhere from a schema with an id is named", async () => {
  const schema = { $id: "https://x.example/s", $ref: "#/$defs/none" };
  const directory = await folder.of({
    "api.json": {
      openapi: "3.1.0",
      paths: {
        "/a": { post: { requestBody: { content: { "application/json": { schema } } }, responses: {} } },
      },
    },
  });
  expect(await auditDocument("api.json", directory, "http://127.0.0.1:1")).toMatchObject([
    { message: "the reference #/$defs/none leads nowhere" },
  ]);
});

/** An object in which each of so many levels requires the one below, and has an optional field beside it. */
const nested = (levels: number): JsonObject =>
  levels === 0
    ? { type: "integer", minimum: 7 }
    : { type: "object", required: ["a"], properties: { a: nested(levels - 1), b: text } };

test("what is required in what is required is known however deep, optional fields down to the fourth level", () => {
  const names = namesIn(posting(nested(8)), "body");
  const path = (length: number): string => Array(length).fill("a").join(".");
  expect(names).toContain(path(8));
  expect(names).toContain(`${path(4)}.b`);
  expect(names).not.toContain(`${path(5)}.b`);
  const optional = { type: "object", properties: { a: nested(8) } };
  expect(namesIn(posting(optional), "body")).not.toContain(path(6));
});

test("a schema that requires itself without an end is read to a bound", () => {
  const self = { $ref: "#/components/schemas/Self" };
  const schema = { type: "object", required: ["a", "b"], properties: { a: self, b: self } };
  expect(namesIn(posting(self, { Self: schema }), "body").length).toBeLessThanOrEqual(60);
});

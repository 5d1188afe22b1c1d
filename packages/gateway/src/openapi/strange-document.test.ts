import { ApeError } from "@ape/core/lib/errors";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { serverPath } from "@ape/core/protocol/server-url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { unusableParts } from "./audit/audit.ts";
import { OpenApiContract } from "./contract.ts";
import { authOf, operationsOf } from "./describe.ts";
import { OpenApiDocument } from "./document.ts";
import { convertSwagger } from "./swagger.ts";

const schema = { $ref: "#/components/schemas/A" };
const BASE: JsonObject = {
  openapi: "3.1.0",
  info: { title: "T" },
  servers: [{ url: "https://{a}/v1", variables: { a: { default: "h", enum: ["h"] } } }],
  security: [{ key: [] }],
  paths: {
    "/a/{id}": {
      parameters: [{ name: "id", in: "path", required: true, schema: { type: "string", pattern: "^a" } }],
      servers: [{ url: "/x" }],
      post: {
        summary: "Do",
        operationId: "do",
        parameters: [
          { name: "f", in: "query", style: "deepObject", explode: true, content: { "a/json": { schema } } },
        ],
        requestBody: { required: true, content: { "application/json": { schema, example: 1 } } },
        responses: {
          "200": { content: { "application/json": { schema } } },
          default: { $ref: "#/components/responses/R" },
        },
        security: [],
      },
    },
  },
  components: {
    responses: { R: { description: "r" } },
    securitySchemes: { key: { type: "apiKey", in: "header", name: "k", description: "d" } },
    schemas: {
      A: {
        type: ["object", "null"],
        allOf: [schema, { oneOf: [{ type: "null" }, schema] }],
        discriminator: { propertyName: "k", mapping: { a: "A" } },
        required: ["k"],
        properties: {
          k: { type: "array", items: schema, minItems: 1, enum: [[]] },
          b: { readOnly: true, minimum: 1 },
        },
        additionalProperties: schema,
      },
    },
  },
};
const SWAGGER: JsonObject = {
  swagger: "2.0",
  basePath: "/v1",
  consumes: ["application/json"],
  parameters: { P: { name: "p", in: "body", schema: { type: "string" } } },
  responses: { R: { description: "r", schema: { type: "file" }, headers: { H: { type: "string" } } } },
  securityDefinitions: { o: { type: "oauth2", flow: "implicit", scopes: {} } },
  paths: {
    "/a": {
      parameters: [{ $ref: "#/parameters/P" }],
      get: {
        parameters: [
          { name: "q", in: "query", type: "array", items: { type: "string" }, collectionFormat: "tsv" },
          { name: "f", in: "formData", type: "file" },
        ],
        responses: { "200": { $ref: "#/responses/R" } },
      },
    },
  },
};

/** A copy of a document in which values are replaced at some of its places. */
function changed(value: Json, draw: () => Json | undefined): Json {
  const put = draw();
  if (put !== undefined) return put;
  if (Array.isArray(value)) return value.map((item) => changed(item, draw));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, changed(inner, draw)]));
}

const odd = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    0,
    -1,
    "",
    "#",
    "#/",
    "#/components/schemas/A",
    "x",
    [],
    {},
    [null],
    [[]],
    { $ref: "#" },
    { $ref: "#/paths" },
    { $ref: 7 },
    { a: null },
  ),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
);
const changes = fc.tuple(
  fc.array(fc.nat(60), { minLength: 1, maxLength: 4 }),
  fc.array(odd, { minLength: 1, maxLength: 4 }),
);

function changedBy(base: JsonObject, [at, values]: [number[], Json[]]): JsonObject {
  const places = new Set(at.map((one) => one + 1));
  let count = -1;
  const result = changed(base, () => {
    count += 1;
    return places.has(count) ? values[count % values.length] : undefined;
  });
  return isJsonObject(result) ? result : base;
}

function readAll(root: JsonObject, checked: boolean): void {
  if (!isJsonObject(root.paths)) return;
  const document = new OpenApiDocument(root);
  const operations = operationsOf(document);
  authOf(document);
  unusableParts(document, "http://127.0.0.1:1");
  serverPath(root.servers, undefined, "http://127.0.0.1:1");
  if (!checked) return;
  const contract = new OpenApiContract(document);
  for (const { method, path, servers } of operations) {
    serverPath(servers, undefined, "http://127.0.0.1:1");
    contract.refuses(method, path, { params: { id: "a" }, query: { f: { k: [] } }, data: { k: [1] } });
    contract.broken(method, path, 200, "application/json", { kind: "json", json: { k: [] }, bytes: 1 });
  }
}

test("a document with any value at any place is read without a crash", () => {
  fc.assert(
    fc.property(changes, (given) => {
      readAll(changedBy(BASE, given), false);
    }),
    { numRuns: 1_000 },
  );
});

test("a document with any value at any place is read, and its calls are checked, without a crash", () => {
  fc.assert(
    fc.property(changes, (given) => {
      readAll(changedBy(BASE, given), true);
    }),
    { numRuns: 15 },
  );
});

test("a Swagger 2.0 document with any value at any place is converted or refused", () => {
  fc.assert(
    fc.property(changes, (given) => {
      let root: JsonObject;
      try {
        root = convertSwagger(changedBy(SWAGGER, given), "a.json");
      } catch (thrown) {
        if (thrown instanceof ApeError) return;
        throw thrown;
      }
      readAll(root, false);
    }),
    { numRuns: 500 },
  );
});

test("a polymorphic schema that contains itself at the same place holds nothing against a call", () => {
  const pet = { $ref: "#/components/schemas/Pet" };
  const contract = new OpenApiContract(
    new OpenApiDocument({
      paths: { "/pets": { post: { requestBody: { content: { "application/json": { schema: pet } } } } } },
      components: {
        schemas: {
          Pet: {
            type: "object",
            oneOf: [{ $ref: "#/components/schemas/Cat" }],
            properties: { kind: { type: "string" } },
          },
          Cat: { allOf: [pet, { properties: { lives: { type: "integer" } } }] },
        },
      },
    }),
  );
  const refuses = () =>
    contract.refuses("POST", "/pets", { params: {}, query: undefined, data: { kind: "Cat", lives: 9 } });
  expect([refuses(), refuses()]).toEqual([undefined, undefined]);
});

import { afterEach, expect, test } from "vitest";
import { Folder, namesIn } from "../../test/openapi.ts";
import { operationsOf } from "./describe.ts";
import { loadOpenApi } from "./document.ts";

const folder = new Folder();
afterEach(() => folder.remove());

test("a Swagger 2.0 document is read like one of OpenAPI 3: shared parameters, forms with bounds, base path", async () => {
  const directory = await folder.of({
    "pet.yaml":
      "Pet: { type: object, required: [name], properties: { name: { type: string, minLength: 2 } } }\n",
    "swagger.yaml": `swagger: "2.0"
info: { title: T, version: "1" }
host: api.example.com
basePath: /v2
schemes: [https]
consumes: [application/json]
produces: [application/xml]
parameters:
  Body: { name: body, in: body, required: true, schema: { $ref: "#/definitions/Pet" } }
  Size: { name: size, in: query, type: integer, maximum: 50, default: 10 }
responses:
  One: { description: ok, schema: { $ref: "pet.yaml#/Pet" } }
securityDefinitions: { key: { type: apiKey, in: header, name: X-Key } }
paths:
  /pets/{id}:
    parameters: [{ name: id, in: path, required: true, type: string }, { $ref: "#/parameters/Size" }]
    get:
      produces: [application/json]
      parameters: [{ name: tags, in: query, type: array, items: { type: string, enum: [a, b] }, collectionFormat: pipes }]
      responses: { 200: { $ref: "#/responses/One" } }
    put:
      parameters: [{ $ref: "#/parameters/Body" }]
      responses: { 200: { description: ok } }
  /login:
    post:
      consumes: [application/x-www-form-urlencoded]
      parameters: [{ name: user, in: formData, type: string, required: true, minLength: 3, description: Who }]
      responses: { 200: { description: ok } }
  /files:
    post:
      parameters: [{ name: doc, in: formData, type: file, required: true }]
      responses: { 200: { description: ok } }
definitions:
  Pet: { $ref: "pet.yaml#/Pet" }
`,
  });
  const document = await loadOpenApi("swagger.yaml", directory);
  expect(document.root.servers).toEqual([{ url: "https://api.example.com/v2" }]);
  const [get, put, login, files] = operationsOf(document);
  expect(get && namesIn(get, "query")).toEqual(["size", "tags"]);
  expect(get?.promisesJson).toBe(true);
  expect(get && namesIn(get, "answer")).toEqual(["name"]);
  expect(get?.fields).toContainEqual(
    expect.objectContaining({ name: "tags", type: "string[]", enum: ["a", "b"] }),
  );
  expect(get?.styles.query.get("tags")).toEqual({ name: "pipeDelimited", explode: false });
  expect(get?.fields).toContainEqual(expect.objectContaining({ name: "size", maximum: 50, example: 10 }));
  expect(put?.fields).toContainEqual(
    expect.objectContaining({ in: "body", name: "name", minLength: 2, required: true }),
  );
  expect(login).toMatchObject({ bodyType: "application/x-www-form-urlencoded" });
  expect(login?.fields).toMatchObject([
    { in: "body", name: "user", required: true, minLength: 3, description: "Who" },
  ]);
  expect(files).toMatchObject({
    bodyType: "multipart/form-data",
    fields: [{ name: "doc", format: "binary" }],
  });
});

test("Swagger 2.0 with parameters that are none is read as far as it goes", async () => {
  const directory = await folder.of({
    "a.json": {
      swagger: "2.0",
      paths: {
        "/a": { get: { parameters: [{}, null, "x", { $ref: "#/parameters/None" }], responses: {} } },
        "/b": null,
      },
    },
  });
  expect(operationsOf(await loadOpenApi("a.json", directory))).toMatchObject([{ path: "/a", fields: [] }]);
});

test("lists of a form are written as their collection format says, by commas without one", async () => {
  const field = (name: string, collectionFormat?: string) =>
    JSON.stringify({ name, in: "formData", type: "array", items: { type: "integer" }, collectionFormat });
  const directory = await folder.of({
    "swagger.yaml": `swagger: "2.0"
info: { title: T, version: "1" }
parameters: { P: ${field("shared", "ssv")} }
paths:
  /lists:
    parameters: [${field("own", "csv")}, { $ref: "#/parameters/P" }]
    post:
      parameters: [${field("own", "pipes")}, ${field("plain")}, ${field("multi", "multi")}]
      responses: { 200: { description: ok } }
`,
  });
  const [post] = operationsOf(await loadOpenApi("swagger.yaml", directory));
  const styles = Object.fromEntries(
    [...(post?.encoding?.properties ?? [])].map(([name, { style }]) => [name, style]),
  );
  expect(styles).toEqual({
    own: { name: "pipeDelimited", explode: false },
    shared: { name: "spaceDelimited", explode: false },
    plain: { name: "form", explode: false },
    multi: { name: "form", explode: true },
  });
});

test("a discriminator has the names of the schemas that extend its own", async () => {
  const directory = await folder.of({
    "swagger.yaml": `swagger: "2.0"
info: { title: T, version: "1" }
paths:
  /pets:
    post:
      parameters: [{ name: body, in: body, required: true, schema: { $ref: "#/definitions/Pet" } }]
      responses: { 201: { description: ok } }
definitions:
  Pet: { type: object, discriminator: kind, required: [kind], properties: { kind: { type: string } } }
  Cat: { allOf: [{ $ref: "#/definitions/Pet" }, { type: object, required: [lives], properties: { lives: { type: integer } } }] }
  Note: { type: object, properties: { discriminator: { type: string } }, example: { discriminator: kind } }
`,
  });
  const document = await loadOpenApi("swagger.yaml", directory);
  const [post] = operationsOf(document);
  expect(post && namesIn(post, "body")).toEqual(["kind", "lives"]);
  expect(post?.fields.find(({ name }) => name === "kind")?.enum).toEqual(["Cat"]);
  expect(document.at("#/components/schemas/Note")).toMatchObject({ example: { discriminator: "kind" } });
});

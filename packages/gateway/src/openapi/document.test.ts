import { symlink } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { Folder, namesIn } from "../../test/openapi.ts";
import { operationsOf } from "./describe.ts";
import { loadOpenApi } from "./document.ts";

const folder = new Folder();
const closing: (() => void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await folder.remove();
});

const PATHS = { "/pets": { get: { summary: "List pets", responses: { "200": { description: "ok" } } } } };

async function serve(
  files: Readonly<Record<string, string>>,
  credentials: (string | undefined)[] = [],
): Promise<string> {
  const server = createServer((request, response) => {
    credentials.push(request.headers.authorization);
    const text = files[request.url ?? ""];
    if (text?.startsWith("http") === true) response.writeHead(302, { location: text }).end();
    else response.writeHead(text === undefined ? 404 : 200).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a document in several files is read whole, each reference from its own file", async () => {
  const directory = await folder.of({
    "api/openapi.yaml":
      "openapi: 3.0.0\ninfo: { title: T }\npaths:\n  /pets: { $ref: './paths/pets.yaml' }\n  /cats: { $ref: 'paths/all.json#/~1cats' }\n",
    "api/paths/pets.yaml":
      "post:\n  summary: Add\n  parameters: [{ $ref: '../parameters.yaml#/Trace' }]\n  requestBody: { content: { application/json: { schema: { $ref: '../schemas/Pet.yaml' } } } }\n",
    "api/paths/all.json": {
      "/cats": { get: { summary: "Cats", responses: { "200": { $ref: "#/answer" } } } },
      answer: { content: { "application/json": { schema: { $ref: "../schemas/Pet.yaml" } } } },
    },
    "api/parameters.yaml": "Trace: { name: trace, in: query, schema: { type: string } }\n",
    "api/schemas/Pet.yaml":
      "type: object\nproperties:\n  name: { type: string }\n  friend: { $ref: '#' }\n  owner: { $ref: 'Owner.yaml#/definitions/Owner' }\n",
    "api/schemas/Owner.yaml":
      "definitions:\n  Owner: { properties: { city: { type: string }, pet: { $ref: './Pet.yaml' } } }\n",
  });
  const [pets, cats] = operationsOf(await loadOpenApi("api/openapi.yaml", directory));
  expect(pets).toMatchObject({ method: "POST", path: "/pets", summary: "Add" });
  expect(pets && namesIn(pets, "query")).toEqual(["trace"]);
  expect(pets && namesIn(pets, "body")).toEqual(
    expect.arrayContaining(["name", "friend.name", "owner.city"]),
  );
  expect(cats && namesIn(cats, "answer")).toContain("owner.city");
});

test("a discriminator's mapping leads into other files, and a file gives its schema its name", async () => {
  const cat =
    "type: object\nrequired: [kind, lives]\nproperties: { kind: { type: string }, lives: { type: integer } }\n";
  const directory = await folder.of({
    "openapi.yaml": `openapi: 3.1.0
paths:
  /pets: { post: { requestBody: { content: { application/json: { schema: {
    oneOf: [{ $ref: ./schemas/Cat.yaml }, { $ref: 'schemas/all.yaml#/Dog' }],
    discriminator: { propertyName: kind, mapping: { feline: schemas/Cat.yaml, canine: './schemas/all.yaml#/Dog', none: 'https://example.com/x' } } } } } } } }
  /cats: { post: { requestBody: { content: { application/json: { schema: {
    oneOf: [{ $ref: ./schemas/Cat.yaml }, { $ref: 'schemas/all.yaml#/Dog' }], discriminator: { propertyName: kind } } } } } } }
  /animals: { post: { requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Animal' } } } } } }
components:
  schemas:
    Animal: { type: object, required: [kind], properties: { kind: { type: string } }, discriminator: { propertyName: kind, mapping: { b: schemas/Bird.yaml } } }
`,
    "schemas/Cat.yaml": cat,
    "schemas/all.yaml": "Dog: { type: object, required: [kind], properties: { kind: { type: string } } }\n",
    "schemas/Bird.yaml":
      "allOf: [{ $ref: '../openapi.yaml#/components/schemas/Animal' }, { type: object, required: [wings], properties: { wings: { type: integer } } }]\n",
  });
  const kinds = operationsOf(await loadOpenApi("openapi.yaml", directory)).map(
    ({ fields }) => fields.find(({ in: where, name }) => where === "body" && name === "kind")?.enum,
  );
  expect(kinds).toEqual([["feline", "canine"], ["Cat", "Dog"], ["b"]]);
});

test.each([
  ["../outside.yaml", "below the project folder"],
  ["/etc/passwd", "below the project folder"],
  ["link.yaml", "below the project folder"],
  ["file:///etc/passwd", "below the project folder"],
  ["http://127.0.0.1:1/pets.yaml", "below the project folder"],
  ["//example.com/pets.yaml", "below the project folder"],
  ["none.yaml", "no such file"],
  ["paths", "no regular file"],
  ["http://[", "no URI"],
])("the reference %s of a file is refused with its place", async (reference, why) => {
  const directory = await folder.of({
    "outside.yaml": "get: {}",
    "project/openapi.json": { openapi: "3.0.0", paths: { "/pets": { $ref: reference } } },
    "project/paths/a.yaml": "get: {}",
  });
  await symlink(join(directory, "outside.yaml"), join(directory, "project/link.yaml"));
  const error = await loadOpenApi("openapi.json", join(directory, "project")).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: "SPEC_INVALID" });
  expect(String(error)).toContain(`#/paths/~1pets: the reference ${reference} is refused`);
  expect(String(error)).toContain(why);
});

test("a document from a URL reads files of the same origin, and no others", async () => {
  const other = await serve({ "/pets.yaml": "get: {}" });
  const site = await serve({
    "/v1/openapi.yaml": "openapi: 3.0.0\npaths: { /pets: { $ref: '../paths/pets.yaml' } }\n",
    "/paths/pets.yaml": "get: { summary: Remote }\n",
    "/other.yaml": `openapi: 3.0.0\npaths: { /pets: { $ref: '${other}/pets.yaml' } }\n`,
    "/local.yaml": "openapi: 3.0.0\npaths: { /pets: { $ref: 'file:///etc/passwd' } }\n",
    "/led.yaml": "openapi: 3.0.0\npaths: { /pets: { $ref: '/elsewhere.yaml' } }\n",
    "/elsewhere.yaml": `${other}/pets.yaml`,
  });
  const [operation] = operationsOf(await loadOpenApi(`${site}/v1/openapi.yaml`, "/none"));
  expect(operation?.summary).toBe("Remote");
  for (const [name, why] of [
    ["other", `only files of ${site}`],
    ["local", `only files of ${site}`],
    ["led", "302"],
  ])
    await expect(loadOpenApi(`${site}/${name}.yaml`, "/none")).rejects.toThrow(why);
});

test("the user in a document's URL is sent, to its other files too, and no message shows credentials", async () => {
  const seen: (string | undefined)[] = [];
  const site = await serve(
    {
      "/api.yaml?token=t0p": "openapi: 3.0.0\npaths: { /pets: { $ref: pets.yaml } }\n",
      "/pets.yaml": "get: { summary: Remote }\n",
      "/broken.yaml?token=t0p": "openapi: 3.0.0\npaths: { /pets: { $ref: none.yaml } }\n",
      "/old.yaml?token=t0p": "swagger: '1.2'\n",
      "/bad.yaml?token=t0p": "openapi: [\n",
      "/empty.yaml?token=t0p": "openapi: 3.0.0\n",
    },
    seen,
  );
  const from = (name: string) => `${site.replace("//", "//ada:s3cr%40t@")}/${name}.yaml?token=t0p`;
  const [operation] = operationsOf(await loadOpenApi(from("api"), "/none"));
  expect(operation?.summary).toBe("Remote");
  expect(new Set(seen)).toEqual(new Set([`Basic ${Buffer.from("ada:s3cr@t").toString("base64")}`]));
  for (const name of ["gone", "broken", "old", "bad", "empty"]) {
    const error = String(await loadOpenApi(from(name), "/none").catch((thrown: unknown) => thrown));
    expect(error).toContain(`${site}/${name}.yaml?token=***`);
    expect(error).not.toMatch(/s3cr|t0p/);
  }
});

test("anchors, ids and data that looks like references", async () => {
  const directory = await folder.of({
    "openapi.json": {
      openapi: "3.1.0",
      paths: {
        "/a": {
          post: {
            requestBody: {
              content: {
                "application/json": {
                  schema: { $ref: "#thing" },
                  example: { $ref: "./none.yaml" },
                },
              },
            },
            responses: { default: { $ref: "#/components/responses/R" } },
          },
        },
      },
      components: {
        responses: {
          R: { content: { "application/json": { schema: { $ref: "https://example.com/owner" } } } },
        },
        schemas: {
          Thing: {
            $anchor: "thing",
            properties: { $ref: { type: "string" }, default: { $ref: "#/components/schemas/Owner" } },
            default: { $ref: "./none.yaml" },
          },
          Owner: { $id: "https://example.com/owner", properties: { city: { type: "string" } } },
        },
      },
      "x-data": { $ref: "./none.yaml" },
    },
  });
  const [operation] = operationsOf(await loadOpenApi("openapi.json", directory));
  expect(operation && namesIn(operation, "body")).toEqual(["$ref", "default", "default.city"]);
});

test.each(["openapi: 3.1", "openapi: 3.0", "openapi: 3.2.0", 'openapi: "3.1.1"', "openapi: 3.0.4-rc1"])(
  "%s is read",
  async (version) => {
    const directory = await folder.of({ "a.yaml": `${version}\npaths: ${JSON.stringify(PATHS)}\n` });
    expect(operationsOf(await loadOpenApi("a.yaml", directory))).toHaveLength(1);
  },
);

test.each(["openapi: 4.0.0", "openapi: 2.0", "swagger: '1.2'", "openapi: 3.9.0", "[]", "a: 1", "text", ""])(
  "%j is refused",
  async (version) => {
    const directory = await folder.of({ "a.yaml": `${version}\n` });
    await expect(loadOpenApi("a.yaml", directory)).rejects.toMatchObject({ code: "SPEC_INVALID" });
  },
);

test("YAML as people write it: anchors, merge keys, dates, numbers and yes as keys", async () => {
  const directory = await folder.of({
    "a.yaml": `openapi: 3.0.0
x-common: &common
  summary: Shared
paths:
  /a:
    get:
      <<: *common
      parameters: [{ name: yes, in: query, schema: { type: string, example: 2024-01-31, enum: [2024-01-31, no] } }]
      responses: { 200: { description: ok } }
`,
  });
  const [operation] = operationsOf(await loadOpenApi("a.yaml", directory));
  expect(operation).toMatchObject({ summary: "Shared", promisesJson: false });
  expect(operation?.fields).toMatchObject([
    { name: "yes", example: "2024-01-31", enum: ["2024-01-31", "no"] },
  ]);
});

test("duplicate keys, endless aliases and deep nesting are refused with their place, not followed", async () => {
  const bomb = Array.from({ length: 12 }, (_, n) =>
    n === 0
      ? "l0: &l0 [x, x, x, x, x, x, x, x]"
      : `l${n}: &l${n} [${Array(8)
          .fill(`*l${n - 1}`)
          .join(", ")}]`,
  ).join("\n");
  const directory = await folder.of({
    "twice.yaml": "openapi: 3.0.0\npaths:\n  /a: {}\n  /a: {}\n",
    "bomb.yaml": `openapi: 3.0.0\n${bomb}\npaths: { /a: *l11 }\n`,
    "deep.json": `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`,
    "deep.yaml": `${"[".repeat(50_000)}`,
  });
  for (const [name, why] of [
    ["twice.yaml", "line 4"],
    ["bomb.yaml", "values"],
    ["deep.json", "nested"],
    ["deep.yaml", "deep.yaml"],
  ] as const) {
    const error = await loadOpenApi(name, directory).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "SPEC_INVALID" });
    expect(String(error)).toContain(why);
  }
});

import { afterEach, expect, test } from "vitest";
import { Folder } from "../../../test/openapi.ts";
import { auditDocument } from "./audit.ts";

const folder = new Folder();
afterEach(() => folder.remove());

const audit = async (document: object, more: Readonly<Record<string, unknown>> = {}) => {
  const directory = await folder.of({ "api.json": { openapi: "3.2.0", ...document }, ...more });
  const parts = await auditDocument("api.json", directory, "http://127.0.0.1:1");
  return parts.map(({ place, message }) => `${place}: ${message}`);
};

test("every part that cannot be used is named with its place", async () => {
  const found = await audit(
    {
      servers: [{ url: "https://{region}.example.com" }, { url: "/v1" }],
      paths: {
        "/a/{id}": {
          head: {},
          query: {},
          additionalOperations: { PURGE: {} },
          parameters: [{ name: "q", in: "querystring" }, { $ref: "#/components/parameters/None" }],
          post: {
            parameters: [
              { name: "sid", in: "cookie", schema: {} },
              { name: "x", in: "query", style: "matrix", schema: {} },
              { name: "X_A", in: "header", schema: {} },
              { in: "query" },
            ],
            servers: [{ url: "https://other.example/x" }],
            requestBody: { content: { "application/xml": { schema: {} } } },
          },
          callbacks: {},
        },
        "/a/{name}": { get: {} },
        b: { get: {} },
        "/c": { $ref: "c.yaml" },
        "x-internal": {},
      },
      webhooks: { done: { post: {} } },
      components: {
        schemas: { Loop: { $ref: "#/components/schemas/Loop" } },
        securitySchemes: {
          digest: { type: "http", scheme: "digest" },
          tls: { type: "mutualTLS" },
          key: { type: "apiKey" },
          spaced: { type: "apiKey", in: "header", name: "X A" },
          host: { type: "apiKey", in: "header", name: "Host" },
          good: { type: "apiKey", in: "header", name: "X-Key" },
          asked: { type: "apiKey", in: "query", name: "my key" },
        },
      },
    },
    { "c.yaml": "get: { responses: { 200: { $ref: '#/none' } } }\n" },
  );
  expect(found).toEqual([
    "#/servers/0: the server https://{region}.example.com has no default for its variable region",
    "#/paths/~1a~1{id}/head: agents call no HEAD operations",
    "#/paths/~1a~1{id}/query: agents call no QUERY operations",
    "#/paths/~1a~1{id}/callbacks: a path item has no callbacks: it is left out",
    "#/paths/~1a~1{id}/additionalOperations/PURGE: agents call no PURGE operations",
    '#/paths/~1a~1{id}/parameters/0: the parameter q is in "querystring", which is not sent',
    "#/paths/~1a~1{id}/post/parameters/1: the parameter x in the query has the style matrix, which is written as form",
    "#/paths/~1a~1{id}/post/parameters/2: the header X_A is not sent: its name has letters, digits and - only",
    "#/paths/~1a~1{id}/post/parameters/3: the parameter has no name",
    "#/paths/~1a~1{id}/post: the path has {id}, of which there is no parameter",
    "#/paths/~1a~1{id}/post/servers: the server https://other.example is not called: every call goes to baseUrl",
    "#/paths/~1a~1{id}/post/requestBody: agents make no bodies of application/xml",
    "#/paths/~1a~1{name}: the path /a/{name} cannot be told from /a/{id}",
    "#/paths/~1a~1{name}/get: the path has {name}, of which there is no parameter",
    "#/paths/b: the path b does not begin with /",
    "#/paths/~1a~1{id}/parameters/1: the reference #/components/parameters/None leads nowhere",
    "#/components/schemas/Loop: the reference #/components/schemas/Loop leads to itself",
    "c.yaml#/get/responses/200: the reference c.yaml#/none leads nowhere",
    "#/components/securitySchemes/digest: sessions show no credentials of the HTTP scheme digest",
    "#/components/securitySchemes/tls: sessions have no certificates: give the target's in `tls`",
    "#/components/securitySchemes/key: a key needs a `name` and a place: `in` is `header`, `query` or `cookie`",
    '#/components/securitySchemes/spaced: no key is sent as "X A": a header name has letters, digits and - only',
    '#/components/securitySchemes/host: no key is sent as "Host": the header Host is not the caller\'s to set',
  ]);
});

test("a document of which all can be used has nothing named", async () => {
  expect(
    await audit({
      servers: [{ url: "https://api.example.com/v1" }],
      paths: {
        "/a": {
          get: { parameters: [{ name: "f", in: "query", style: "deepObject", schema: { type: "object" } }] },
          post: { requestBody: { content: { "application/xml": {}, "application/vnd.api+json": {} } } },
        },
      },
    }),
  ).toEqual([]);
});

test.each<[string, object, string]>([
  ["/x", "x" as never, "#/paths/~1x: the path item is no object"],
  ["/x", null as never, "#/paths/~1x: the path item is no object"],
  ["/x", [], "#/paths/~1x: the path item is no object"],
  ["/bad/{", { get: {} }, "#/paths/~1bad~1{: the path /bad/{ is left out: its braces do not enclose names"],
  ["/v/{}", { get: {} }, "#/paths/~1v~1{}: the path /v/{} is left out: a parameter has no name"],
  [
    "/x?v=1",
    { get: {} },
    "#/paths/~1x?v=1: the path /x?v=1 is left out: it has a query: describe it as parameters",
  ],
  ["/x#a", { get: {} }, "#/paths/~1x#a: the path /x#a is left out: it has a fragment, which is never sent"],
  ["/x", { GET: {} }, "#/paths/~1x/GET: the method GET is left out: it is written get"],
  ["/x", { fetch: {} }, "#/paths/~1x/fetch: a path item has no fetch: it is left out"],
  ["/x", { get: 5 }, "#/paths/~1x/get: the operation is no object"],
  ["/x", { get: { parameters: [5] } }, "#/paths/~1x/get/parameters/0: the parameter is no object"],
  ["/x", { get: { responses: [] } }, "#/paths/~1x/get/responses: the responses are no object"],
  ["/x", { get: { responses: { 200: 1 } } }, "#/paths/~1x/get/responses/200: the response is no object"],
  [
    "/x",
    { get: { responses: { ok: {} } } },
    "#/paths/~1x/get/responses/ok: ok is no status: 200, 2XX or default are",
  ],
  ["/x", { post: { requestBody: "b" } }, "#/paths/~1x/post/requestBody: the request body is no object"],
])("the path %s with %j is named", async (path, item, problem) => {
  expect(await audit({ paths: { [path]: item, "/good": { get: {} } } })).toEqual([problem]);
});

test("a parameter that a template has twice is named", async () => {
  const parameters = [{ name: "a", in: "path", required: true, schema: {} }];
  expect(await audit({ paths: { "/{a}/{a}": { get: { parameters } } } })).toEqual([
    "#/paths/~1{a}~1{a}: the path has the parameter {a} twice",
  ]);
});

test.each<[unknown, string]>([
  [{ type: "strin" }, '/type: the type "strin" is unknown'],
  [{ type: [] }, "/type: type is an empty list: no value is possible"],
  [{ pattern: "(([" }, '/pattern: the pattern "(([" is no regular expression'],
  [{ minimum: 10, maximum: 1 }, ": minimum is 10 and maximum is 1: no value is possible"],
  [{ exclusiveMinimum: 1, maximum: 1 }, ": exclusiveMinimum is 1 and maximum is 1: no value is possible"],
  [{ minLength: 2, maxLength: 1 }, ": minLength is 2 and maxLength is 1: no value is possible"],
  [{ minItems: 2, maxItems: 1 }, ": minItems is 2 and maxItems is 1: no value is possible"],
  [
    { minLength: 100_000_000 },
    "/minLength: minLength is 100000000: the simulated model makes at most 10000 characters, and sends what breaks the bound",
  ],
  [
    { minItems: 101 },
    "/minItems: minItems is 101: the simulated model makes at most 100 items, and sends what breaks the bound",
  ],
  [{ minLength: -1 }, "/minLength: minLength is -1, not a whole number from 0"],
  [{ multipleOf: 0 }, "/multipleOf: multipleOf is 0, not a number above 0"],
  [{ enum: [] }, "/enum: enum is empty: no value is possible"],
  [{ anyOf: "x" }, "/anyOf: anyOf is no list of schemas"],
  [{ properties: { a: 5 } }, "/properties/a: the schema is no object"],
  [{ items: { type: "no" } }, '/items/type: the type "no" is unknown'],
  [{ $dynamicRef: "#none" }, ": the dynamic reference #none leads nowhere"],
  ["text", ": the schema is no object"],
])("the schema %j of a parameter and of a component is named", async (schema, problem) => {
  const parameters = [{ name: "a", in: "query", schema }];
  expect(
    await audit({ paths: { "/x": { get: { parameters } } }, components: { schemas: { A: schema } } }),
  ).toEqual([`#/paths/~1x/get/parameters/0/schema${problem}`, `#/components/schemas/A${problem}`]);
});

test("a key that an object of a JSON document has twice is named with its line", async () => {
  const directory = await folder.of({
    "api.json":
      '{"openapi":"3.0.0","paths":{\n"/x":{"get":{}},\n"/\\u0078":{"post":{"summary":"{\\"a\\":1,\\"a\\":2}"}}}}',
  });
  expect(await auditDocument("api.json", directory, "http://127.0.0.1:1")).toEqual([
    {
      place: "#/paths/~1x",
      message: "the key is in its object twice, again in line 3: only the last is used",
    },
  ]);
});

test("what the conversion of Swagger 2.0 leaves out is named", async () => {
  const parts = { "/x": "x", "/y": { GET: {} }, "/z": { get: { parameters: [5] } } };
  const directory = await folder.of({ "api.json": { swagger: "2.0", paths: parts } });
  const found = await auditDocument("api.json", directory, "http://127.0.0.1:1");
  expect(found.map(({ place }) => place)).toEqual([
    "#/paths/~1x",
    "#/paths/~1y/GET",
    "#/paths/~1z/get/parameters/0",
  ]);
});

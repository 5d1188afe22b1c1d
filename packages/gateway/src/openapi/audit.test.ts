import { afterEach, expect, test } from "vitest";
import { auditDocument } from "./audit.ts";
import { Folder } from "./openapi.testing.ts";

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
        },
      },
    },
    { "c.yaml": "get: { responses: { 200: { $ref: '#/none' } } }\n" },
  );
  expect(found).toEqual([
    "#/servers/0: the server https://{region}.example.com has no default for its variable region",
    "#/paths/~1a~1{id}/head: agents call no HEAD operations",
    "#/paths/~1a~1{id}/query: agents call no QUERY operations",
    "#/paths/~1a~1{id}/additionalOperations/PURGE: agents call no PURGE operations",
    '#/paths/~1a~1{id}/parameters/0: the parameter q is in "querystring", which is not sent',
    "#/paths/~1a~1{id}/post/parameters/1: the parameter x in the query has the style matrix, which is written as form",
    "#/paths/~1a~1{id}/post/parameters/2: the header X_A is not sent: its name has letters, digits and - only",
    "#/paths/~1a~1{id}/post/parameters/3: the parameter has no name",
    "#/paths/~1a~1{id}/post/servers: the server https://other.example is not called: every call goes to baseUrl",
    "#/paths/~1a~1{id}/post/requestBody: agents make no bodies of application/xml",
    "#/paths/~1a~1{name}: the path /a/{name} cannot be told from /a/{id}",
    "#/paths/b: the path b does not begin with /",
    "#/paths/~1a~1{id}/parameters/1: the reference #/components/parameters/None leads nowhere",
    "#/components/schemas/Loop: the reference #/components/schemas/Loop leads to itself",
    "c.yaml#/get/responses/200: the reference c.yaml#/none leads nowhere",
    "#/components/securitySchemes/digest: sessions show no credentials of the HTTP scheme digest",
    "#/components/securitySchemes/tls: sessions have no certificates: give the target's in `tls`",
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

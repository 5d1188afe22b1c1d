import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Json } from "@ape/core/lib/json";
import type { ToolCall } from "@ape/core/protocol/tool-call";
import { afterEach, expect, test } from "vitest";
import { Rig } from "../../test/rig.ts";

const rig = new Rig();
afterEach(() => rig.close());

/** A gateway to a recording server whose API has a document; `seen` are the requests that it got. */
async function serving(document: object, config: object = {}, path = "", body: Json = {}) {
  const seen: { url: string; headers: Record<string, unknown> }[] = [];
  const url = await rig.serve((request, response) => {
    seen.push({ url: request.url ?? "", headers: request.headers });
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await writeFile(join(await rig.directory(), "api.json"), JSON.stringify({ openapi: "3.1.0", ...document }));
  const gateway = await rig.open({ baseUrl: `${url}${path}`, spec: "api.json", ...config });
  const call = (more: Partial<ToolCall>) => rig.call(gateway, more);
  return { gateway, seen, call };
}

const ok = { responses: { "200": { content: { "application/json": {} } } } };

test("objects, lists and JSON in parameters go out as the document says", async () => {
  const object = { type: "object", properties: { colour: { type: "string" }, size: { type: "integer" } } };
  const parameters = [
    { name: "filter", in: "query", style: "deepObject", required: true, schema: object },
    { name: "where", in: "query", content: { "application/json": { schema: object } } },
    {
      name: "ids",
      in: "path",
      required: true,
      style: "matrix",
      schema: { type: "array", items: { type: "integer" } },
    },
    { name: "X-Tags", in: "header", schema: { type: "array", items: { type: "string" } } },
  ];
  const { seen, call, gateway } = await serving(
    { paths: { "/things/{ids}": { get: { parameters, ...ok } } } },
    { validate: "enforce" },
  );
  const result = await call({
    path: "/things/1,2",
    query: { filter: { colour: "red", size: 3 }, where: { size: 1 } },
    headers: { "X-Tags": '["a","b"]' },
  });
  expect(result).toMatchObject({ status: 200, operation: "GET /things/{ids}" });
  expect(seen[0]?.url).toBe(
    "/things/;ids=1,2?filter%5Bcolour%5D=red&filter%5Bsize%5D=3&where=%7B%22size%22%3A1%7D",
  );
  expect(seen[0]?.headers["x-tags"]).toBe("a,b");
  expect((await call({ path: "/things/1", query: { "filter[size]": 3 } })).status).toBe(200);
  expect((await call({ path: "/things/1", query: { filter: { size: "x" } } })).error?.code).toBe(
    "invalid_call",
  );
  expect(gateway.describe("api").operations[0]?.fields.map(({ name, type }) => `${name}: ${type}`)).toEqual([
    "filter: object",
    "filter.colour: string",
    "filter.size: integer",
    "where: object",
    "where.colour: string",
    "where.size: integer",
    "ids: integer[]",
    "X-Tags: string[]",
  ]);
});

test("a style makes no dots of a segment that lead out of the base path", async () => {
  const { seen, call } = await serving({
    paths: {
      "/a/{id}/b": {
        get: { parameters: [{ name: "id", in: "path", required: true, style: "label", schema: {} }], ...ok },
      },
    },
  });
  expect((await call({ path: "/a/x/b" })).status).toBe(200);
  expect(seen[0]?.url).toBe("/a/.x/b");
  const { error } = await call({ path: "/a/%2E/b" });
  expect(error?.code).toBe("invalid_call");
  expect(seen).toHaveLength(1);
});

test("base paths of servers come before the paths of operations, unless the base URL has a path itself", async () => {
  const servers = [{ url: "https://api.example.com/{version}", variables: { version: { default: "v2" } } }];
  const document = {
    servers,
    paths: {
      "/a": { get: ok },
      "/b": {
        servers: [{ url: "/admin" }],
        get: ok,
        post: { ...ok, servers: [{ url: "//other.example/op" }] },
      },
    },
  };
  const rooted = await serving(document);
  for (const [method, path] of [
    ["GET", "/a"],
    ["GET", "/b"],
    ["POST", "/b"],
  ] as const)
    expect((await rooted.call({ method, path })).operation).toBe(`${method} ${path}`);
  expect(rooted.seen.map(({ url }) => url)).toEqual(["/v2/a", "/admin/b", "/op/b"]);
  const own = await serving(document, {}, "/proxy/");
  for (const path of ["/a", "/b"]) await own.call({ path });
  expect(own.seen.map(({ url }) => url)).toEqual(["/proxy/a", "/proxy/b"]);
});

test("parameters of an operation take the place of those of its path item", async () => {
  const { gateway, call } = await serving(
    {
      paths: {
        "/a": {
          parameters: [
            { name: "size", in: "query", required: true, schema: { type: "integer", maximum: 5 } },
            { name: "X-Id", in: "header", schema: {} },
          ],
          get: {
            parameters: [
              { name: "size", in: "query", schema: { type: "integer", maximum: 50 } },
              { name: "size", in: "header", schema: {} },
              { name: "x-id", in: "header", required: true, schema: {} },
            ],
            ...ok,
          },
        },
      },
    },
    { validate: "enforce" },
  );
  expect(gateway.describe("api").operations[0]?.fields).toMatchObject([
    { in: "query", name: "size", required: false, maximum: 50 },
    { in: "header", name: "x-id", required: true },
    { in: "header", name: "size" },
  ]);
  expect((await call({ path: "/a", query: { size: 20 } })).status).toBe(200);
  expect((await call({ path: "/a" })).status).toBe(200);
});

test("what only the server writes is no input, and what only the client writes is not expected back", async () => {
  const Base = {
    type: "object",
    required: ["id"],
    properties: { id: { type: "integer", readOnly: true }, secret: { type: "string", writeOnly: true } },
  };
  const Thing = {
    allOf: [{ $ref: "#/components/schemas/Base" }, { properties: { name: { type: "string" } } }],
    required: ["id", "name", "secret"],
  };
  const schema = { $ref: "#/components/schemas/Thing" };
  const content = { "application/json": { schema } };
  const { gateway, call } = await serving(
    {
      paths: { "/a": { post: { requestBody: { content }, responses: { "200": { content } } } } },
      components: { schemas: { Base, Thing } },
    },
    { validate: "enforce", contract: true },
    "",
    { id: 1, name: "a" },
  );
  const { fields = [] } = gateway.describe("api").operations[0] ?? {};
  expect(fields.map(({ in: place, name }) => `${place} ${name}`)).toEqual([
    "body secret",
    "body name",
    "answer id",
    "answer name",
  ]);
  expect(
    (await call({ method: "POST", path: "/a", data: { name: "a", secret: "s" } })).error,
  ).toBeUndefined();
  expect((await call({ method: "POST", path: "/a", data: { name: "a" } })).error?.message).toContain(
    "secret",
  );
  const without = await serving(
    {
      paths: { "/a": { get: { responses: { "200": { content } } } } },
      components: { schemas: { Base, Thing } },
    },
    { contract: true },
    "",
    { name: "a" },
  );
  expect((await without.call({ path: "/a" })).error).toMatchObject({ code: "contract" });
});

test("a path with a query or a fragment in the document is no operation, and requests keep to the others", async () => {
  const paths = { "/x": { get: ok }, "/x#a": { get: ok }, "/x?v=1": { get: ok } };
  const { seen, call, gateway } = await serving({ paths });
  expect(gateway.operations("api")).toEqual(["GET /x"]);
  for (const path of ["/x", "/x#a", "/x?v=1"])
    expect(await call({ path })).toMatchObject({ status: 200, operation: "GET /x" });
  expect(seen.map(({ url }) => url)).toEqual(["/x", "/x", "/x?v=1"]);
  expect(gateway.hasOperation("api", "GET /x#a")).toBe(false);
  // The target of these tests allows every path: an encoded `#` is another path, and is counted as it is sent.
  expect(await call({ path: "/x%23a" })).toMatchObject({ operation: "GET /x%23a" });
  expect(seen.at(-1)?.url).toBe("/x%23a");
});

test.each([
  [{ x: { get: ok } }, "the path x does not begin with /"],
  [{ "/x?v=1": { get: ok } }, "it has a query"],
  [{ "/x": { GET: ok } }, "it is written get"],
  [{ "/x": "get" }, "the path item is no object"],
  [{ "/x/{": { get: ok } }, "its braces do not enclose names"],
])("a document whose only path is unusable is refused with the reason: %j", async (paths, reason) => {
  await expect(serving({ paths })).rejects.toMatchObject({
    code: "SPEC_INVALID",
    hint: expect.stringContaining(reason) as string,
  });
});

test.each([
  ["/l{s}", '/l["1","2"]', "/l.1,2"],
  ["/l{s}", '/l["a b","/"]', "/l.a%20b,%2F"],
  ["/l{s}", "/l1", "/l.1"],
  ["/l{s}:run", '/l["1","2"]:run', "/l.1,2:run"],
  ["/{s}-{t}", '/["1","2"]-["3","4"]', "/.1,2-3,4"],
])("parameters of %s with text beside them are written in their style: %s", async (template, path, url) => {
  const list = { type: "array", items: { type: "string" } };
  const parameters = [
    { name: "s", in: "path", required: true, style: "label", schema: list },
    { name: "t", in: "path", required: true, schema: list },
  ];
  const { seen, call } = await serving({ paths: { [template]: { get: { parameters, ...ok } } } });
  const encoded = path.replaceAll('"/"', '"%2F"');
  expect(await call({ path: encoded })).toMatchObject({ status: 200, operation: `GET ${template}` });
  expect(seen.map((one) => one.url)).toEqual([url]);
});

test("a required body that may be null is null where a call has no data; others stay away", async () => {
  const post = (schema: object, required = true) => ({
    post: { requestBody: { required, content: { "application/json": { schema } } }, ...ok },
  });
  const { seen, call } = await serving({
    paths: {
      "/null": post({ type: "null" }),
      "/either": post({ type: ["string", "null"] }),
      "/text": post({ type: "string" }),
      "/optional": post({ type: "null" }, false),
    },
  });
  for (const path of ["/null", "/either", "/text", "/optional"]) await call({ method: "POST", path });
  expect(seen.map(({ headers }) => [headers["content-type"], headers["content-length"]])).toEqual([
    ["application/json", "4"],
    ["application/json", "4"],
    [undefined, "0"],
    [undefined, "0"],
  ]);
});

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { renderApi } from "@ape/core/protocol/api";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { Rig } from "../../test/rig.ts";
import { RateLimiter } from "../resilience/rate-limiter.ts";

const rig = new Rig();
afterEach(() => rig.close());

const DOCUMENT = `openapi: 3.0.3
info: { title: T, version: "1" }
paths:
  /things:
    get:
      parameters:
        - { name: tag, in: query, style: form, explode: false, schema: { type: array, items: { type: string } } }
        - { name: pipe, in: query, style: pipeDelimited, schema: { type: array, items: { type: string } } }
        - { name: size, in: query, schema: { type: integer, maximum: 50 } }
      responses:
        "200": { description: ok, content: { application/json: { schema: { $ref: "#/components/schemas/List" } } } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { $ref: "#/components/schemas/Thing" } } } }
      responses: { "201": { description: ok } }
  /files:
    post:
      requestBody: { content: { multipart/form-data: { schema: { type: object, properties: { doc: { type: string, format: binary } } } } } }
      responses: { "201": { description: ok } }
components:
  schemas:
    Thing: { type: object, required: [name], properties: { name: { type: string }, note: { type: string, nullable: true }, price: { type: number, minimum: 0, exclusiveMinimum: true } } }
    List: { type: object, required: [items], properties: { items: { type: array, items: { $ref: "#/components/schemas/Thing" } } } }
`;
const documented = async (baseUrl: string, config: object = {}) => {
  await writeFile(join(await rig.directory(), "api.yaml"), DOCUMENT);
  return rig.open({ baseUrl, spec: "api.yaml", ...config });
};
const items = (body: unknown) =>
  rig.serve((_, response) =>
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body)),
  );

test.each([
  [{ tag: ["a b", "c,d"] }, "/things?tag=a+b,c%2Cd"],
  [{ pipe: ["a", "b"], size: 3 }, "/things?size=3&pipe=a%7Cb"],
  [{ other: ["a", "b"] }, "/things?other=a&other=b"],
])("lists in a query are written as the document says: %j", async (query, wanted) => {
  const urls: string[] = [];
  const url = await rig.serve((request, response) => {
    urls.push(request.url ?? "");
    response.end();
  });
  const gateway = await documented(url);
  await rig.call(gateway, { path: "/things", query });
  expect(urls).toEqual([wanted]);
});

test("enforce refuses what breaks the document, warn sends it and says so", async () => {
  const url = await items({ items: [] });
  const enforced = await documented(url, { validate: "enforce" });
  for (const [call, wrong] of [
    [{ path: "/things", query: { size: 99 } }, "the query parameter size must be <= 50"],
    [{ path: "/things", query: { size: "many" } }, "the query parameter size must be integer"],
    [{ method: "POST", path: "/things" }, "the body is missing"],
    [{ method: "POST", path: "/things", data: { price: 0, name: "a" } }, "the body at /price must be > 0"],
  ] as const) {
    const { error, attempts } = await rig.call(enforced, call);
    expect(error?.code).toBe("invalid_call");
    expect(error?.message).toContain(wrong);
    expect(attempts).toEqual([]);
  }
  expect(
    (await rig.call(enforced, { method: "POST", path: "/things", data: { name: "a", note: null } })).status,
  ).toBe(200);
  const warned = await documented(url, { validate: "warn" });
  const result = await rig.call(warned, { path: "/things", query: { size: 99 } });
  expect(result.status).toBe(200);
  expect(result.warning).toContain("size must be <= 50");
});

test("an answer that breaks the contract is one; without `contract` nobody looks", async () => {
  const url = await items({ items: [{ price: 3 }] });
  const { error, status } = await rig.call(await documented(url, { contract: true }), { path: "/things" });
  expect(status).toBe(200);
  expect(error).toEqual({
    code: "contract",
    message: "the answer at /items/0 must have required property 'name'",
  });
  expect((await rig.call(await documented(url), { path: "/things" })).error).toBeUndefined();
  const good = await items({ items: [{ name: "a", note: null }] });
  expect(
    (await rig.call(await documented(good, { contract: true }), { path: "/things" })).error,
  ).toBeUndefined();
  const strange = await rig.serve((_, response) => response.writeHead(404).end());
  expect(
    (await rig.call(await documented(strange, { contract: true }), { path: "/things" })).error?.message,
  ).toBe("the document has no answer 404 here");
});

test("a multipart operation sends files", async () => {
  let got = "";
  let type = "";
  const url = await rig.serve((request, response) => {
    type = request.headers["content-type"] ?? "";
    request.setEncoding("utf8").on("data", (part: string) => {
      got += part;
    });
    request.on("end", () => response.writeHead(201).end());
  });
  const gateway = await documented(url);
  await rig.call(gateway, {
    method: "POST",
    path: "/files",
    data: { doc: { filename: "a.txt", content: "hi" } },
  });
  expect(type).toMatch(/^multipart\/form-data; boundary=/);
  expect(got).toContain('name="doc"; filename="a.txt"');
});

test.each([
  ["br", brotliCompressSync],
  ["deflate", deflateSync],
  ["deflate", deflateRawSync],
] as const)("an answer in %s is read", async (encoding, encode) => {
  const url = await rig.serve((_, response) =>
    response
      .writeHead(200, { "content-type": "application/json", "content-encoding": encoding })
      .end(encode(Buffer.from('{"a":1}'))),
  );
  expect((await rig.call(await rig.open({ baseUrl: url }))).body).toMatchObject({ json: { a: 1 } });
});

test("codings that are put around one another are undone in turn; others, and too many, are named", async () => {
  let encoding = "gzip, br";
  const url = await rig.serve((_, response) =>
    response
      .writeHead(200, { "content-type": "application/json", "content-encoding": encoding })
      .end(brotliCompressSync(gzipSync('{"a":1}'))),
  );
  const gateway = await rig.open({ baseUrl: url });
  expect((await rig.call(gateway)).body).toMatchObject({ json: { a: 1 } });
  for (const other of ["zstd", "gzip, gzip, gzip, gzip, gzip"]) {
    encoding = other;
    expect((await rig.call(gateway)).error?.message).toContain(
      `encoded as ${other}, which was not asked for`,
    );
  }
});

test("https to a server that speaks no TLS says so, without OpenSSL's source lines", async () => {
  const url = await rig.serve((_, response) => response.end());
  const gateway = await rig.open({ baseUrl: url.replace("http:", "https:") });
  await expect(gateway.reach("api")).rejects.toMatchObject({
    code: "TARGET_UNREACHABLE",
    message: expect.stringMatching(/no trusted TLS connection to https:\/\/127\.0\.0\.1:\d+: [a-z ]+$/),
    hint: expect.stringContaining("No TLS is spoken there"),
  });
});

test.each([
  ["application/json-seq", '\u001e{"ok":true}\n', "text"],
  ["application/x-ndjson", '{"a":1}\n{"a":2}\n', "text"],
  ["application/jsonl", '{"a":1}\n', "text"],
  ["application/yaml", "a: 1\n", "text"],
  ["application/problem+json", '{"a":1}', "json"],
  ["application/json; charset=utf-8", '{"a":1}', "json"],
  ["application/octet-stream", "a", "binary"],
])("%s is read as what it is", async (type, body, kind) => {
  const url = await rig.serve((_, response) => response.writeHead(200, { "content-type": type }).end(body));
  const result = await rig.call(await rig.open({ baseUrl: url }));
  expect([result.error, result.body.kind]).toEqual([undefined, kind]);
});

test("client credentials: one request for many callers, again after a 401, the session's own token wins", async () => {
  let issued = 0;
  const asked: (string | undefined)[] = [];
  const tokens = await rig.serve((request, response) => {
    issued += 1;
    asked.push(request.headers.authorization);
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ access_token: `t${issued}`, expires_in: 3600 }));
  });
  let good = "t1";
  const seen: (string | undefined)[] = [];
  const url = await rig.serve((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(request.headers.authorization === `Bearer ${good}` ? 200 : 401).end();
  });
  const gateway = await rig.open({
    baseUrl: url,
    auth: { oauth2: { tokenUrl: `${tokens}/token`, clientId: "me", clientSecret: "s:e", scope: "all" } },
  });
  const all = await Promise.all(Array.from({ length: 10 }, () => rig.call(gateway)));
  expect(all.every(({ status }) => status === 200)).toBe(true);
  expect(issued).toBe(1);
  expect(asked[0]).toBe(`Basic ${Buffer.from("me:s%3Ae").toString("base64")}`);
  good = "t2";
  const again = await rig.call(gateway);
  expect([again.status, again.attempts.length, issued]).toEqual([200, 2, 2]);
  good = "none";
  expect((await rig.call(gateway)).status).toBe(401);
  expect(issued).toBe(3);
  await rig.call(gateway, { headers: { authorization: "Bearer own" } });
  expect(seen.at(-1)).toBe("Bearer own");
});

test("no access token: nothing is sent and the reason is told without a secret", async () => {
  const tokens = await rig.serve((_, response) => response.writeHead(400).end("s3cret"));
  const gateway = await rig.open({
    baseUrl: tokens,
    auth: { oauth2: { tokenUrl: `${tokens}/token`, clientId: "me", clientSecret: "s3cret" } },
  });
  const { error, attempts } = await rig.call(gateway);
  expect(attempts).toEqual([]);
  expect(error).toEqual({ code: "gateway", message: "no access token: the token endpoint answered 400" });
});

test("a target that keeps failing: retries stay within the budget, then the breaker holds calls back", async () => {
  let hits = 0;
  const url = await rig.serve((_, response) => {
    hits += 1;
    response.writeHead(503, { "retry-after": "0" }).end();
  });
  const stormy = await rig.open({ baseUrl: url, retries: { attempts: 10, backoff: "1ms" } });
  for (let i = 0; i < 50; i += 1) await rig.call(stormy);
  expect(hits).toBeLessThanOrEqual(50 * 1.2 + 10);
  expect(hits).toBeGreaterThan(50);
  hits = 0;
  const broken = await rig.open({ baseUrl: url, circuitBreaker: { failures: 3, cooldown: "1m" } });
  const codes = [];
  for (let i = 0; i < 5; i += 1) codes.push((await rig.call(broken)).error?.code);
  expect(codes).toEqual([undefined, undefined, undefined, "circuit_open", "circuit_open"]);
  expect(hits).toBe(3);
});

test("at most so many calls at once reach the target; waiting counts as queue", async () => {
  const enter = vi.spyOn(RateLimiter.prototype, "enter");
  onTestFinished(() => enter.mockRestore());
  // The first answers come once all the others wait.
  const allAsked = vi.waitFor(() => expect(enter).toHaveBeenCalledTimes(8), { timeout: 20_000 });
  let inside = 0;
  let most = 0;
  const url = await rig.serve(async (_, response) => {
    inside += 1;
    most = Math.max(most, inside);
    await allAsked;
    setTimeout(() => {
      inside -= 1;
      response.end();
    }, 10);
  });
  const gateway = await rig.open({ baseUrl: url, maxConcurrent: 2 });
  const results = await Promise.all(Array.from({ length: 8 }, () => rig.call(gateway)));
  expect(most).toBe(2);
  expect(Math.max(...results.map(({ timing }) => timing.queue))).toBeGreaterThan(15);
});

test("without a document allow is the list of operations: described, named, and nothing else is sent", async () => {
  const urls: string[] = [];
  const url = await rig.serve((request, response) => {
    urls.push(`${request.method} ${request.url}`);
    response.end();
  });
  const allow = [
    "POST /orders",
    "GET /orders/{id}",
    "POST /orders/{id}:cancel",
    "GET /public/**",
    "DELETE /old",
  ];
  const gateway = await rig.open({ baseUrl: url, allow, deny: ["DELETE /old"] });
  const { documented, operations } = gateway.describe("api");
  expect(documented).toBe(false);
  expect(operations.map(({ method, path }) => `${method} ${path}`)).toEqual(allow.slice(0, 3));
  expect(operations[2]?.fields).toMatchObject([{ in: "path", name: "id", required: true }]);
  expect(renderApi(gateway.describe("api"))).toContain("- POST /orders/{id}:cancel");
  for (const [operation, known] of [
    ["GET /orders/{order}", true],
    ["GET /public/x", true],
    ["GET /orders", false],
    ["DELETE /old", true],
    ["POST /orders/{id}:run", false],
  ] as const)
    expect([operation, gateway.hasOperation("api", operation)]).toEqual([operation, known]);
  expect((await rig.call(gateway, { method: "POST", path: "/orders/abc:cancel" })).operation).toBe(
    "POST /orders/{id}:cancel",
  );
  expect((await rig.call(gateway, { path: "/orders/abc" })).operation).toBe("GET /orders/{id}");
  for (const [method, path] of [
    ["GET", "/orders"],
    ["POST", "/orders/abc:run"],
    ["DELETE", "/old"],
    ["POST", "/Orders"],
  ] as const)
    expect((await rig.call(gateway, { method, path })).error?.code).toBe("denied");
  expect(urls).toEqual(["POST /orders/abc:cancel", "GET /orders/abc"]);
});

test("custom methods of a resource are operations of their own, for calls, labels and values", async () => {
  const urls: string[] = [];
  const url = await rig.serve((request, response) => {
    urls.push(request.url ?? "");
    response.end("{}");
  });
  const path = (extra: string) =>
    `  /jobs/{id}${extra}: { post: { parameters: [{ name: id, in: path, required: true, schema: { type: integer } }], responses: { "200": { description: ok } } } }`;
  await writeFile(
    join(await rig.directory(), "jobs.yaml"),
    `openapi: 3.0.3\ninfo: { title: T, version: "1" }\npaths:\n${[path(":run"), path(":cancel"), path("")].join("\n")}\n`,
  );
  const gateway = await rig.open({
    baseUrl: url,
    spec: "jobs.yaml",
    validate: "enforce",
    allow: undefined,
    deny: ["POST /jobs/{id}:run"],
  });
  const call = (to: string) => rig.call(gateway, { method: "POST", path: to });
  expect((await call("/jobs/5:cancel")).operation).toBe("POST /jobs/{id}:cancel");
  expect((await call("/jobs/5")).operation).toBe("POST /jobs/{id}");
  expect((await call("/jobs/5:run")).error?.code).toBe("denied");
  expect((await call("/jobs/x:cancel")).error?.code).toBe("invalid_call");
  expect((await call("/jobs/5:delete-everything")).error?.code).toBe("invalid_call");
  expect(urls).toEqual(["/jobs/5:cancel", "/jobs/5"]);
});

test.each(["rest", "web", "graphql"])(
  "of baseUrl nothing is dropped: credentials and query go with every call of %s",
  async (kind) => {
    const seen: string[] = [];
    const url = new URL(
      await rig.serve((request, response) => {
        const [, basic = ""] = request.headers.authorization?.split(" ") ?? [];
        seen.push(`${request.url} ${Buffer.from(basic, "base64").toString()}`);
        response.setHeader("content-type", "application/json").end('{"data":{"a":1}}');
      }),
    );
    await writeFile(join(await rig.directory(), "schema.graphql"), "type Query { a: Int }");
    const gateway = await rig.open({
      kind,
      baseUrl: `http://ada:p%40ss@${url.host}/v1?api-version=2024-01-01&b=%C3%A9`,
      ...(kind === "graphql" ? { spec: "schema.graphql", allow: undefined } : {}),
    });
    if (kind === "graphql") {
      await rig.call(gateway, { method: "POST", path: "", graphql: { query: "{ a }" } });
      expect(seen).toEqual(["/v1?api-version=2024-01-01&b=%C3%A9 ada:p@ss"]);
      return;
    }
    await rig.call(gateway, { path: "/x" });
    await rig.call(gateway, { path: "/x?c=1", query: { "api-version": "mine" } });
    expect(seen).toEqual([
      "/v1/x?api-version=2024-01-01&b=%C3%A9 ada:p@ss",
      "/v1/x?c=1&api-version=mine&b=%C3%A9 ada:p@ss",
    ]);
  },
);

test.each([
  [undefined, "protocol"],
  [{ accept: "application/json" }, "protocol"],
  [{ "If-None-Match": '"1"' }, undefined],
  [{ "if-modified-since": "Mon, 30 Nov 2026 10:00:00 GMT" }, undefined],
])("a 304 to a request with the headers %j: %s", async (headers, code) => {
  const url = await rig.serve((_, response) => response.writeHead(304).end());
  const gateway = await documented(url);
  const result = await rig.call(gateway, { path: "/things", ...(headers === undefined ? {} : { headers }) });
  expect(result.error?.code).toBe(code);
});

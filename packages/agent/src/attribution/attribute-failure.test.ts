import type { Json } from "@ape/core/lib/json";
import type { ApiDescription, ApiField } from "@ape/core/protocol/api";
import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { attributionContext } from "../../test/attribution-context.ts";
import { jsonResult } from "../../test/json-result.ts";
import type { OperationTraits } from "../session/api-index.ts";
import { attributeFailure } from "./attribute-failure.ts";
import type { AttributionContext } from "./attribution-context.ts";
import { issuesIn } from "./provenance.ts";

const field = (more: Partial<ApiField> & { name: string }): ApiField => ({
  in: "body",
  type: "string",
  required: false,
  description: "",
  ...more,
});
const api: ApiDescription = {
  target: "shop",
  title: "Shop",
  documented: true,
  auth: [{ type: "bearer" }],
  operations: ["GET /products/{productId}", "GET /runs/{id}", "GET /tickets/{id}"].map((operation) => ({
    method: "GET",
    path: operation.slice(4),
    summary: "",
    secured: true,
    fields: [field({ in: "answer", name: "state", enum: ["open", "resolved"] })],
  })),
};
const operation: OperationTraits = {
  answers: new Map(),
  answerHeaders: new Set<string>(),
  secured: true,
  login: false,
  logout: false,
  revokes: false,
  inputs: [],
};

/** Evidence of a session that was shown some answers. */
const known = (
  shown: Record<string, [operation: string, json: Json]> = {},
  more: Partial<AttributionContext> = {},
): AttributionContext =>
  attributionContext({
    issues: (value) =>
      Object.entries(shown).flatMap(([path, [from, json]]) =>
        issuesIn(JSON.stringify(json), value, { operation: from, path }),
      ),
    credential: "held",
    api,
    operation,
    ...more,
  });
const refused = (
  status: number,
  called: string,
  json: Json = {},
  more: Partial<ToolResult> = {},
): ToolResult => ({
  status,
  headers: {},
  body: { kind: "json", json, bytes: 1 },
  timing: { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 },
  attempts: [],
  operation: called,
  ...more,
});
const send = (text: string, more: Partial<ToolCall> = {}): ToolCall => {
  const [method, path] = text.split(" ") as [ToolCall["method"], string];
  return { target: "shop", method, path, ...more };
};
const failed = (code: NonNullable<ToolResult["error"]>["code"], more: Partial<ToolResult> = {}): ToolResult =>
  refused(0, "GET /a", {}, { error: { code, message: "" }, ...more });
const run = { "/runs": ["POST /runs", { id: "run-1", state: { id: "st-1" } }] } satisfies Record<
  string,
  [string, Json]
>;
const products = { "/products": ["GET /products", { items: [{ productId: "p7" }] }] } satisfies Record<
  string,
  [string, Json]
>;

test.each<[string, ToolCall, ToolResult, AttributionContext, string]>([
  [
    "500 on an undocumented path",
    send("GET /x"),
    refused(500, "GET /x"),
    known({}, { undocumented: true }),
    "target:",
  ],
  [
    "429 without a word before",
    send("GET /x"),
    refused(429, "GET /x"),
    known(),
    "target: the target answered 429 and had announced no limit",
  ],
  [
    "429 after a limit was announced",
    send("GET /x"),
    refused(429, "GET /x"),
    known({}, { limited: true }),
    "simulation: the target had announced its rate limit",
  ],
  ["a timeout", send("GET /a"), failed("timeout"), known(), "target:"],
  [
    "a timeout of an overloaded generator",
    send("GET /a"),
    failed("timeout"),
    known({}, { saturated: true }),
    "infrastructure: the generator was overloaded",
  ],
  ["no file descriptors", send("GET /a"), failed("gateway"), known(), "infrastructure:"],
  [
    "an answer beyond maxBody",
    send("GET /a"),
    failed("body_too_large"),
    known(),
    "infrastructure: the target's `maxBody` is smaller than the answer",
  ],
  ["a broken contract", send("GET /a"), failed("contract", { status: 200 }), known(), "target:"],
  [
    "a call that is not allowed",
    send("GET /a"),
    failed("denied"),
    known(),
    "simulation: the call was not one that may be made",
  ],
  [
    "a call that the time budget cut",
    send("GET /a"),
    failed("cancelled"),
    known(),
    "unclear: either the target was too slow (target), or the session's time was nearly over when it asked (simulation)",
  ],
  [
    "a call that took all of the time",
    send("GET /a"),
    failed("cancelled"),
    known({}, { hung: true }),
    "target: the call took most of the session's time",
  ],
  [
    "an id of another kind of thing",
    send("POST /runs/st-1/start"),
    refused(404, "POST /runs/{id}/start"),
    known(run),
    "simulation: the id of the request was issued for another kind of resource",
  ],
  [
    "an id that was issued for the field",
    send("POST /runs/run-1/start"),
    refused(404, "POST /runs/{id}/start"),
    known(run),
    "unclear: either it does not find what it had issued (target), or another user had removed it (simulation)",
  ],
  [
    "an invented id",
    send("GET /runs/run-9"),
    refused(404, "GET /runs/{id}"),
    known(run),
    "simulation: no answer had issued the id of the request",
  ],
  [
    "an invented If-Match",
    send("GET /runs/run-1", { headers: { "if-match": "*" } }),
    refused(412, "PUT /runs/{id}"),
    known(run),
    "simulation: no answer had issued the precondition of the request",
  ],
  [
    "no If-Match",
    send("PUT /runs/run-1"),
    refused(428, "PUT /runs/{id}"),
    known(run),
    "simulation: the target asks for a precondition that the request did not state",
  ],
  [
    "a state that was shown",
    send("POST /tickets/t1/close"),
    refused(409, "POST /tickets/{id}/close", { error: "ticket is open, must be resolved" }),
    known({ "/tickets": ["POST /tickets", { id: "t1", state: "open" }] }, { states: () => ["open"] }),
    "simulation: the state that was shown last forbids it",
  ],
  [
    "a conflict that says nothing",
    send("POST /orders"),
    refused(409, "POST /orders", { error: "conflict" }),
    known(),
    "unclear: either it refuses what its state allows (target), or the state had changed or did not allow it (simulation)",
  ],
  [
    "a checkout before anything was accepted",
    send("POST /orders"),
    refused(409, "POST /orders"),
    known({}, { prepared: false }),
    "simulation: nothing was accepted that the operation could build on",
  ],
  [
    "a checkout once more, with nothing accepted since",
    send("POST /orders"),
    refused(409, "POST /orders"),
    known({}, { repeated: true, prepared: false }),
    "simulation: the target had already accepted the same request",
  ],
  [
    "a checkout like an earlier one, with something accepted since",
    send("POST /orders"),
    refused(409, "POST /orders"),
    known({}, { repeated: true, prepared: true }),
    "unclear: either it refuses what its state allows (target), or the state had changed or did not allow it (simulation)",
  ],
  [
    "401 without a credential",
    send("GET /me"),
    refused(401, "GET /me"),
    known({}, { credential: "none" }),
    "simulation: the request carried no credential",
  ],
  [
    "401 after the stated lifetime",
    send("GET /me"),
    refused(401, "GET /me"),
    known({}, { credential: "lapsed" }),
    "simulation: the stated lifetime of the credential had passed",
  ],
  [
    "401 that says that the token expired",
    send("GET /me"),
    refused(401, "GET /me", { code: "token_expired" }),
    known(),
    "simulation: the answer says that the credential has expired or was revoked",
  ],
  [
    "401 of a login",
    send("POST /login"),
    refused(401, "POST /login"),
    known({}, { public: true }),
    "simulation: the target refuses values that the session signed in with",
  ],
  [
    "401 with a good credential",
    send("GET /me"),
    refused(401, "GET /me"),
    known(),
    "unclear: either it refuses a credential that it issued and that should still hold (target), or the credential was ended elsewhere (simulation)",
  ],
  [
    "403 that says who may",
    send("DELETE /tickets/t1"),
    refused(403, "DELETE /tickets/{id}", { error: "not the owner" }),
    known({}, { offers: () => true }),
    "simulation: the answer says who may do this",
  ],
  [
    "422 that names a field",
    send("POST /a", { data: { size: "xxl" } }),
    refused(422, "POST /a", { size: "unknown" }),
    known(),
    "simulation: the answer names size",
  ],
  [
    "a value outside of its enum",
    send("POST /a", { data: { size: "xxl" } }),
    refused(422, "POST /a"),
    known({}, { operation: { ...operation, inputs: [field({ name: "size", enum: ["s"] })] } }),
    "simulation: size is none of the documented values",
  ],
  [
    "a required field that is missing",
    send("POST /a", { data: {} }),
    refused(404, "POST /a"),
    known({}, { operation: { ...operation, inputs: [field({ name: "size", required: true })] } }),
    "simulation: the body field size, which the API document requires, is missing",
  ],
  [
    "422 on issued values that says nothing",
    send("POST /a", { data: { productId: "p7" } }),
    refused(422, "POST /a"),
    known(products),
    "unclear: either it refuses a request that its document allows with 422 (target), or the request breaks a rule that is not named (simulation)",
  ],
  [
    "402 on values of the session's own",
    send("POST /a", { data: { name: "lamp" } }),
    refused(402, "POST /a", { error: "payment required" }),
    known(),
    "simulation: the target asks for a payment first",
  ],
  [
    "405 on a documented path",
    send("GET /list"),
    refused(405, "GET /list"),
    known(),
    "target: it refuses a method that its document lists for this very path",
  ],
  [
    "405 on a path with an id",
    send("GET /runs/run-1"),
    refused(405, "GET /runs/{id}"),
    known(run),
    "unclear: either it refuses a method that its document lists (target), or the path leads to another resource (simulation)",
  ],
  [
    "405 without a document",
    send("PUT /list"),
    refused(405, "PUT /list"),
    known({}, { api: { ...api, documented: false } }),
    "simulation: the target does not offer this method here",
  ],
  [
    "405 without any document",
    send("PUT /list"),
    refused(405, "PUT /list"),
    known({}, { api: undefined, operation: undefined }),
    "simulation: the target does not offer this method here",
  ],
  [
    "405 of an operation that the document does not list",
    send("PUT /list"),
    refused(405, "PUT /list"),
    known({}, { operation: undefined }),
    "simulation: the target does not offer this method here",
  ],
  [
    "414 of a plain request",
    send("GET /list"),
    refused(414, "GET /list"),
    known(),
    "unclear: either it refuses the head of a plain request (target), or something before it asks for another one (simulation)",
  ],
  [
    "414 of a path of 2,046 characters and no query",
    send(`GET /${"a".repeat(2_045)}`),
    refused(414, "GET /{name}"),
    known(),
    "unclear: either it refuses the head of a plain request (target), or something before it asks for another one (simulation)",
  ],
  [
    "414 of a path of 2,047 characters",
    send(`GET /${"a".repeat(2_046)}`),
    refused(414, "GET /{name}"),
    known(),
    "simulation: the request is written in a form that the target does not take",
  ],
  [
    "414 of a long query",
    send("GET /list", { query: { q: "a".repeat(2_100) } }),
    refused(414, "GET /list"),
    known(),
    "simulation: the request is written in a form that the target does not take",
  ],
  [
    "414 whose words speak of a fault",
    send("GET /list"),
    refused(414, "GET /list", { error: "NullPointerException at com.x.Items.create(Items.java:12)" }),
    known(),
    "unclear: either it refuses the head of a plain request (target), or something before it asks for another one (simulation)",
  ],
  [
    "414 with long headers of its own",
    send("GET /list"),
    refused(414, "GET /list"),
    known({}, { ownHeaders: { "x-note": "a".repeat(3_000) } }),
    "unclear: either it refuses the head of a plain request (target), or something before it asks for another one (simulation)",
  ],
  [
    "431 with long headers of its own",
    send("GET /list"),
    refused(431, "GET /list"),
    known({}, { ownHeaders: { "x-note": "a".repeat(3_000) } }),
    "simulation: the request is written in a form that the target does not take",
  ],
  [
    "431 of a plain request",
    send("GET /list"),
    refused(431, "GET /list"),
    known(),
    "unclear: either it refuses the head of a plain request (target), or something before it asks for another one (simulation)",
  ],
  [
    "431 of a long query",
    send("GET /list", { query: { q: "a".repeat(2_100) } }),
    refused(431, "GET /list"),
    known(),
    "simulation: the request is written in a form that the target does not take",
  ],
  [
    "411 with a length of its own",
    send("POST /a"),
    refused(411, "POST /a"),
    known({}, { ownHeaders: { "Content-Length": "3" } }),
    "simulation: the request is written in a form that the target does not take",
  ],
  [
    "411 with an encoding of its own",
    send("POST /a"),
    refused(411, "POST /a"),
    known({}, { ownHeaders: { "transfer-encoding": "gzip" } }),
    "simulation: the request is written in a form that the target does not take",
  ],
  [
    "411 with another header",
    send("POST /a"),
    refused(411, "POST /a"),
    known({}, { ownHeaders: { expect: "x" } }),
    "unclear: either it refuses the head of a plain request (target), or something before it asks for another one (simulation)",
  ],
  [
    "417 with an expectation of its own",
    send("POST /a"),
    refused(417, "POST /a"),
    known({}, { ownHeaders: { Expect: "100-continue" } }),
    "simulation: the request is written in a form that the target does not take",
  ],
  [
    "417 with another header",
    send("POST /a"),
    refused(417, "POST /a"),
    known({}, { ownHeaders: { "x-expect": "1", "content-length": "3" } }),
    "unclear: either it refuses the head of a plain request (target), or something before it asks for another one (simulation)",
  ],
  [
    "404 of a documented path",
    send("GET /list"),
    refused(404, "GET /list"),
    known(),
    "unclear: either what it offers is missing (target), or the session asked for it too early (simulation)",
  ],
  [
    "404 of a proxy without servers",
    send("GET /list"),
    refused(404, "GET /list", "no healthy upstream"),
    known(),
    "target: its answer shows a fault within the target",
  ],
  [
    "507 of a full disk",
    send("POST /a"),
    refused(507, "POST /a", { error: "disk full" }),
    known(),
    "target:",
  ],
  [
    "507 of an account's quota",
    send("POST /a"),
    refused(507, "POST /a", { error: "quota exceeded" }),
    known(),
    "unclear: either it has no space left (target), or the account's own allowance is used up (simulation)",
  ],
  [
    "400 with a defect of the program",
    send("POST /items", { data: { name: "lamp" } }),
    refused(400, "POST /items", { error: "NullPointerException at com.x.Items.create(Items.java:12)" }),
    known(),
    "target: its answer shows a fault within the target",
  ],
  [
    "400 with a stack trace",
    send("POST /items", { data: { name: "lamp" } }),
    refused(400, "POST /items", { trace: "at com.x.Items.create(Items.java:12)" }),
    known(),
    "unclear: either its answer speaks of a fault within the target (target), or the request brought it about (simulation)",
  ],
  [
    "400 with the stack trace of a validation",
    send("POST /items", { data: { name: "lamp" } }),
    refused(400, "POST /items", {
      trace: "org.x.MethodArgumentNotValidException: bad at com.x.Items.create(Items.java:12)",
    }),
    known(),
    "simulation: the name of the request is the session's own choice",
  ],
  [
    "400 with an internal error on an id that was invented",
    send("GET /runs/run-9"),
    refused(400, "GET /runs/{id}", { error: "internal error" }),
    known(run),
    "simulation: no answer had issued the id of the request",
  ],
  [
    "409 of a deadlock",
    send("POST /items", { data: { name: "lamp" } }),
    refused(409, "POST /items", { error: "deadlock detected" }),
    known(),
    "target: its answer shows a fault within the target",
  ],
  [
    "403 that speaks of an error",
    send("GET /me"),
    refused(403, "GET /me", { error: "only the owner; unexpected error: 12" }),
    known(),
    "simulation: the answer says who may do this",
  ],
  [
    "a form whose answer shows nothing",
    send("POST /login", { data: { productId: "made-up" } }),
    refused(200, "POST /login", {}, { error: { code: "failure", message: "", reading: "unproven" } }),
    known(),
    "unclear: either it does not show what became of the form (target), or what was sent is not what it takes (simulation)",
  ],
  [
    "a form that asks a guest to sign in",
    send("POST /topics", { data: { title: "x" } }),
    refused(
      200,
      "POST /topics",
      {},
      { error: { code: "failure", message: "", like: 401, reading: "signed_out" } },
    ),
    known({}, { credential: "none", isData: () => true }),
    "simulation: the request carried no credential",
  ],
  [
    "a form that asks to sign in once more",
    send("POST /topics", { data: { title: "x" } }),
    refused(
      200,
      "POST /topics",
      {},
      { error: { code: "failure", message: "", like: 401, reading: "signed_out" } },
    ),
    known({}, { isData: () => true }),
    "unclear: either it ended a session that should still hold (target), or the session had not signed in for this (simulation)",
  ],
])("%s is attributed to its cause, with the reason", (_, call, result, evidence, wanted) => {
  const { attribution, because } = attributeFailure(call, result, evidence);
  expect(`${attribution}: ${because}`.trim()).toBe(wanted);
});

test("an id that an answer misses and the read right after shows is the target's fault, else unclear", () => {
  const { verify, attribution, because } = attributeFailure(
    send("POST /cart/items", { data: { productId: "p7", quantity: 1 } }),
    refused(404, "POST /cart/items", { code: "product_not_found" }),
    known(products),
  );
  expect(attribution).toBe("unclear");
  expect(because).toMatch(/\(target\).*\(simulation\)/);
  expect(verify?.call).toEqual({ target: "shop", method: "GET", path: "/products/p7" });
  expect(verify?.judge(refused(200, "GET /products/{productId}", { productId: "p7" })).attribution).toBe(
    "target",
  );
  for (const status of [404, 500, 429])
    expect(verify?.judge(refused(status, "GET /products/{productId}")).attribution).toBe("unclear");
});

test("a second read that shows a removed resource or a page in place of JSON proves nothing", () => {
  const { verify } = attributeFailure(
    send("GET /products/p7"),
    refused(404, "GET /products/{productId}", { error: "not found" }),
    known(products),
  );
  const judged = (json: Json, more: Partial<ToolResult> = {}): string | undefined =>
    verify?.judge(refused(200, "GET /products/{productId}", json, more)).attribution;
  const html = "<p>p7</p>";
  expect(judged({ productId: "p7" })).toBe("target");
  expect(judged({ productId: "p7", deleted: true })).toBe("unclear");
  expect(judged({ productId: "p7", archivedAt: "2026-01-01" })).toBe("unclear");
  expect(
    judged(null, {
      headers: { "content-type": "text/html" },
      body: { kind: "text", text: html, bytes: 9, cut: false },
    }),
  ).toBe("unclear");
  expect(judged(null, { body: { kind: "text", text: "p7", bytes: 2, cut: false } })).toBe("target");
});

test("no read is made where something else can be missing", () => {
  const noCart = attributeFailure(
    send("POST /cart/items", { data: { productId: "p7" } }),
    refused(404, "POST /cart/items", { error: "nothing here" }),
    known(products),
  );
  expect(noCart).toMatchObject({ attribution: "unclear" });
  expect(noCart.verify).toBeUndefined();
});

test("a version that was issued and still holds contradicts a 412", () => {
  const evidence = known(
    {},
    {
      issues: (value) =>
        value === '"1"' || value === "run-1"
          ? [{ kinds: ["run"], operation: "POST /runs", path: "/runs/run-1", siblings: [] }]
          : [],
    },
  );
  const { verify } = attributeFailure(
    send("PUT /runs/run-1", { headers: { "if-match": '"1"' } }),
    refused(412, "PUT /runs/{id}"),
    evidence,
  );
  const read = (etag: string): ToolResult => refused(200, "GET /runs/{id}", {}, { headers: { etag } });
  expect(verify?.judge(read('"1"')).attribution).toBe("target");
  expect(verify?.judge(read('"2"')).attribution).toBe("simulation");
});

test.each([
  ["a free text", {}, "unclear"],
  ["an option that is none", { enum: ["a", "b"] }, "simulation"],
  ["a text that has to have a form", { pattern: "^[A-Z]{3}$" }, "simulation"],
])("%s that no answer issued, refused without a reason, is blamed on %s", (_, traits, expected) => {
  const notes: ApiDescription = {
    ...api,
    operations: [
      {
        method: "POST",
        path: "/notes",
        summary: "",
        secured: true,
        fields: [field({ name: "text", required: true, ...traits })],
      },
    ],
  };
  const finding = attributeFailure(
    send("POST /notes", { data: { text: "We liked the walk." } }),
    refused(400, "POST /notes", { error: "refused" }),
    known({}, { api: notes }),
  );
  expect(finding.attribution).toBe(expected);
});

test.each<[number, Json | undefined, Record<string, string>, Partial<AttributionContext>, string]>([
  [406, {}, { Accept: "text/csv" }, {}, "simulation"],
  [406, {}, { "Content-Type": "text/csv" }, {}, "unclear"],
  [415, {}, { "Content-Type": "text/csv" }, {}, "simulation"],
  [415, {}, { Accept: "text/csv" }, {}, "unclear"],
  [415, {}, {}, {}, "unclear"],
  [415, {}, {}, { operation: undefined }, "simulation"],
  [415, {}, {}, { api: { ...api, documented: false } }, "simulation"],
  [413, { a: "x".repeat(8_184) }, {}, {}, "unclear"],
  [413, { a: "x".repeat(8_185) }, {}, {}, "simulation"],
  [413, undefined, {}, {}, "unclear"],
  [402, {}, {}, {}, "simulation"],
  [428, {}, {}, {}, "simulation"],
  [411, {}, { "content-length": "3" }, {}, "simulation"],
  [411, {}, { "Transfer-Encoding": "chunked" }, {}, "simulation"],
  [411, {}, { expect: "100-continue" }, {}, "unclear"],
  [417, {}, { expect: "100-continue" }, {}, "simulation"],
  [417, {}, { expected: "x" }, {}, "unclear"],
])("a %i on a body of %j with the headers %j", (status, data, ownHeaders, more, expected) => {
  const call = send("POST /items", data === undefined ? {} : { data });
  expect(
    attributeFailure(call, refused(status, "POST /items"), known({}, { ownHeaders, ...more })).attribution,
  ).toBe(expected);
});

test("a head of 2,048 characters is short for any server", () => {
  const at = (status: number, path: string, ownHeaders: Record<string, string> = {}): string =>
    attributeFailure(send(`GET ${path}`), refused(status, "GET /a"), known({}, { ownHeaders })).attribution;
  const path = `/${"a".repeat(2_045)}`;
  expect([at(414, path), at(414, `${path}a`)]).toEqual(["unclear", "simulation"]);
  expect([at(431, path), at(431, `${path}a`)]).toEqual(["unclear", "simulation"]);
  const header = (length: number) => ({ a: "x".repeat(length - JSON.stringify({ a: "" }).length) });
  expect([at(431, "/a", header(2_048)), at(431, "/a", header(2_049))]).toEqual(["unclear", "simulation"]);
  expect(at(414, "/a", header(3_000))).toBe("unclear");
  const plain = attributeFailure(send("GET /a"), refused(414, "GET /a"), known());
  expect(plain.because).toContain("it refuses the head of a plain request");
});

test("a 405 is judged by the document and by whether the path could be another's", () => {
  const at = (operationCalled: string, more: Partial<AttributionContext> = {}): string =>
    attributeFailure(send("PUT /a"), refused(405, operationCalled), known({}, more)).attribution;
  expect([at("PUT /a"), at("PUT /{id}"), at("PUT /a", { operation: undefined })]).toEqual([
    "target",
    "unclear",
    "simulation",
  ]);
  expect(at("PUT /a", { api: { ...api, documented: false } })).toBe("simulation");
});

test("an answer that is too long to be read whole is the target's failure if its status is one", () => {
  const cut = (status: number) =>
    attributeFailure(
      { target: "shop", method: "GET", path: "/products" },
      {
        ...jsonResult({}, { status, operation: "GET /products" }),
        error: { code: "body_too_large", message: "the answer is longer than 1000 bytes" },
      },
      known(),
    ).attribution;
  expect([cut(200), cut(399), cut(500), cut(503)]).toEqual([
    "infrastructure",
    "infrastructure",
    "target",
    "target",
  ]);
});

test("a 502, 503 or 504 that a forward proxy may have made is not the target's", () => {
  const call: ToolCall = { target: "shop", method: "GET", path: "/runs/1" };
  for (const status of [502, 503, 504]) {
    const result = jsonResult({}, { status, operation: "GET /runs/{id}" });
    expect(attributeFailure(call, result, known()).attribution).toBe("target");
    expect(attributeFailure(call, { ...result, forwarded: true }, known())).toEqual({
      attribution: "unclear",
      because: `either it answered ${status} (target), or the forward proxy on the way did, which had no answer of it (infrastructure)`,
    });
  }
});

const said = (call: ToolCall, result: ToolResult, more: Partial<AttributionContext> = {}): string => {
  const { attribution, because } = attributeFailure(call, result, known(run, more));
  return `${attribution}: ${because}`.trim();
};
const METHOD =
  "unclear: either it refuses a method that its document lists (target), or it cannot be done in this state (simulation)";
const FORM =
  "unclear: either it refuses a form that its document lists (target), or another form was wanted (simulation)";
const OWN_FORM = "simulation: the request is written in a form that the target does not take";

test.each<[string, ToolResult, Partial<AttributionContext>, string]>([
  ["an invalid call", failed("invalid_call"), {}, "simulation: the call was not one that may be made"],
  ["an unknown target", failed("unknown_target"), {}, "simulation: the call was not one that may be made"],
  [
    "a cut of an overloaded generator",
    failed("cancelled"),
    { hung: true, saturated: true },
    "infrastructure: the generator was overloaded",
  ],
  ["a refused connection of an overloaded generator", failed("reset"), { saturated: true }, "target:"],
  ["an answer without a status", refused(0, "GET /a"), {}, "target:"],
  ["a broken contract with a 404", failed("contract", { status: 404 }), {}, "target:"],
  [
    "a cut answer with 400",
    failed("body_too_large", { status: 400 }),
    { undocumented: true },
    "simulation: the API document does not list this operation",
  ],
  ["500 with words of a quota", refused(500, "GET /a", { error: "quota" }), {}, "target:"],
  [
    "a path beyond the document",
    refused(404, "GET /a"),
    { undocumented: true },
    "simulation: the API document does not list this operation",
  ],
  [
    "a request beyond the document",
    refused(404, "GET /a", {}, { warning: "no q" }),
    {},
    "simulation: the request breaks the API document: no q",
  ],
  ["405 with words of a state", refused(405, "GET /a", { error: "orders are closed" }), {}, METHOD],
  ["405 with other words", refused(405, "GET /a", "no  luck"), {}, METHOD],
  ["405 with a word of two letters", refused(405, "GET /a", "or no"), {}, METHOD],
  [
    "405 with letters",
    refused(405, "GET /a", "x  no"),
    {},
    "target: it refuses a method that its document lists for this very path",
  ],
  [
    "405 with letters behind",
    refused(405, "GET /a", "no  x"),
    {},
    "target: it refuses a method that its document lists for this very path",
  ],
  [
    "405 with its own words",
    refused(405, "GET /a", "it does not allow that"),
    {},
    "target: it refuses a method that its document lists for this very path",
  ],
  ["405 of what can be read only", refused(405, "GET /a", "readonly"), {}, METHOD],
  [
    "405 without a description",
    refused(405, "GET /a"),
    { api: undefined },
    "simulation: the target does not offer this method here",
  ],
  ["406 of a documented form", refused(406, "GET /a"), {}, FORM],
  ["406 without a description", refused(406, "GET /a"), { api: undefined }, OWN_FORM],
  [
    "424 with a weak version",
    refused(424, "GET /a"),
    {},
    "unclear: either it refuses what its state allows (target), or the state had changed or did not allow it (simulation)",
  ],
])("%s", (_name, result, more, wanted) => {
  expect(said(send("GET /a", { headers: { "if-match": 'W/"1"' } }), result, more)).toBe(wanted);
});

test.each(["user", "users", "user's", "exceed", "exceeds", "exceeded", "quota", "your"])(
  "a 507 that says %s can be about the account",
  (word) => {
    expect(said(send("GET /a"), refused(507, "GET /a", { error: `no space: ${word}` }))).toContain(
      "allowance",
    );
  },
);

test.each<[string, ToolCall, string, Partial<AttributionContext>, string]>([
  [
    "an id of its own in the body",
    send("POST /a", { data: { orderId: "o-9" } }),
    "POST /a",
    {},
    "simulation: no answer had issued the orderId of the request",
  ],
  [
    "ids of its own in the body",
    send("POST /a", { data: { orderIds: ["o-9"] } }),
    "POST /a",
    {},
    "simulation: no answer had issued the orderIds of the request",
  ],
  [
    "a name of its own in the body",
    send("POST /a", { data: { username: "ann" } }),
    "POST /a",
    {},
    "unclear: either its answer speaks of a fault within the target (target), or the request brought it about (simulation)",
  ],
  [
    "a name of its own in the query",
    send("GET /a", { query: { username: "ann" } }),
    "GET /a",
    {},
    "simulation: no answer had issued the username of the request",
  ],
  [
    "what it had deleted",
    send("GET /runs/run-1"),
    "GET /runs/{id}",
    { deleted: () => true },
    "simulation: the session itself had deleted it",
  ],
])("a refusal that speaks of an internal error, with %s", (_name, call, operation, more, wanted) => {
  expect(said(call, refused(400, operation, { error: "internal error" }), more)).toBe(wanted);
});

test.each([
  [426, "infrastructure"],
  [505, "infrastructure"],
  [511, "unclear"],
  [510, "target"],
])("a %s, which is about the protocol or the network, is attributed to %s", (status, wanted) => {
  const call: ToolCall = { target: "shop", method: "GET", path: "/runs/7" };
  const result = jsonResult({}, { status, operation: "GET /runs/{id}" });
  expect(attributeFailure(call, result, known()).attribution).toBe(wanted);
});

const RETURN: ToolCall = { target: "library", method: "POST", path: "/loans/ln-1/return" };
const LOANS: ApiDescription = {
  ...api,
  target: "library",
  operations: [
    ["GET", "/loans/{id}"],
    ["POST", "/loans/{id}/return"],
  ].map(([method, path]) => ({
    method: method as "GET",
    path: path as string,
    summary: "",
    secured: false,
    fields: [field({ in: "answer", name: "state", enum: ["open", "returned", "lost"] })],
  })),
};
const returned = (json: Json, status = 409) =>
  attributeFailure(
    RETURN,
    jsonResult(json, { status, operation: "POST /loans/{id}/return" }),
    known(
      { "/loans": ["POST /loans", { id: "ln-1", state: "open" }] },
      { api: LOANS, states: () => ["open"] },
    ),
  );

test.each<Json>([
  { error: "invalid state", state: "returned" },
  { message: "cannot return", loan: { state: "lost" } },
  { message: "must not be returned", state: "returned" },
])("a documented state in %j, other than the one that was shown, is read, whatever rule is named", (json) => {
  for (const status of [409, 422]) {
    const { attribution, verify } = returned(json, status);
    expect(attribution).toBe("unclear");
    expect(verify?.call.path).toBe("/loans/ln-1");
    const judged = (state: string) => verify?.judge(jsonResult({ id: "ln-1", state })).attribution;
    expect([judged("open"), judged("returned"), judged("lost")]).toContain("target");
    expect(judged("open")).toBe("target");
  }
});

test.each([
  [{ error: "invalid state", state: "CONFLICT" }, "simulation"],
  [{ error: "must be paid first" }, "simulation"],
  [{ error: "the loan is open" }, "simulation"],
])("a refusal %j of a rule is attributed to %s as before", (json, wanted) => {
  expect(returned(json).attribution).toBe(wanted);
});

test.each<[number, Json]>([
  [422, { type: "about:blank", title: "Unprocessable Content", status: 422 }],
  [409, { type: "about:blank", title: "Conflict", status: 409, instance: "/loans/ln-1/return" }],
  [400, { timestamp: "2026-11-30", status: 400, error: "Bad Request", path: "/loans/ln-1/return" }],
  [400, { message: "Bad request", documentation_url: "https://docs.test/required/only-admins" }],
  [409, { message: "Conflict", help: "https://help.test/already-exists" }],
  [400, { title: "Bad Request", status: 400, traceId: "00-first-limit" }],
  [425, { error: "Too Early" }],
  [400, { error: "invalid_request" }],
  [400, { success: false, code: 400, message: "Invalid request" }],
])("a %s whose answer %j only says that it is one names no rule", (status, json) => {
  expect(returned(json, status).attribution).toBe("unclear");
});

test.each<Json>([
  { type: "https://api.test/problems/out-of-credit-limit", title: "No", status: 409 },
  { error: "Conflict", message: "must be paid first" },
  { status: "error", message: "The fee is required" },
  { code: "limit_exceeded" },
])("an answer %j names a rule", (json) => {
  expect(returned(json).because).toBe("the answer names the rule that the request breaks");
});

test.each<[Json, string]>([
  [{ bookId: "bk-1", days: 7 }, "unclear"],
  [{ id: "ln-9", bookId: "bk-1", days: 7, state: "open" }, "unclear"],
  [{ message: "Bad request", request: { bookId: "bk-1", days: 7 } }, "unclear"],
  [{ error: "not today", days: 7 }, "simulation"],
  [{ days: ["too many"], bookId: "bk-1" }, "simulation"],
])("an answer %j that repeats the whole request names no field of it: %s", (json, wanted) => {
  const call: ToolCall = {
    target: "library",
    method: "POST",
    path: "/loans",
    data: { bookId: "bk-1", days: 7 },
  };
  const evidence = known(
    { "/books": ["GET /books", [{ id: "bk-1" }]] },
    { api: { ...LOANS, operations: [] } },
  );
  const result = jsonResult(json, { status: 400, operation: "POST /loans" });
  expect(attributeFailure(call, result, evidence).attribution).toBe(wanted);
});

test.each([
  [404, 404, "unclear"],
  [400, 400, "unclear"],
  [200, 404, "simulation"],
  [401, 401, "unclear"],
  [503, 503, "target"],
])("a tool's endpoint that answers %i, like %i, is attributed to %s", (status, like, wanted) => {
  const call: ToolCall = {
    target: "notes",
    method: "POST",
    path: "",
    tool: { name: "get_note", arguments: { note_id: "nt-7" } },
  };
  const error = { code: "failure", message: "session not found", like } as const;
  const result = jsonResult(null, { status, operation: "tool get_note", body: { kind: "empty" }, error });
  const evidence = known({}, { api: { ...api, kind: "mcp", operations: [] } });
  expect(attributeFailure(call, result, evidence).attribution).toBe(wanted);
});

import type { ApiDescription } from "@ape/core/protocol/api";
import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import { describe, expect, test } from "vitest";
import { attributionContext } from "../../test/attribution-context.ts";
import type { AttributionContext } from "./attribution-context.ts";
import { issuesIn } from "./provenance.ts";
import { attributeMissing, showsUsable, unissued } from "./refused-resource.ts";
import { requestValues } from "./request-values.ts";

const api: ApiDescription = {
  target: "shop",
  title: "",
  documented: true,
  auth: [],
  operations: ["/runs/{id}", "/products/{id}"].map((path) => ({
    method: "GET" as const,
    path,
    summary: "",
    secured: false,
    fields: [],
  })),
};
/** Evidence of answers: path, operation, text. */
const known = (
  shown: readonly (readonly [path: string, operation: string, json: unknown])[] = [],
  more: Partial<AttributionContext> = {},
): AttributionContext =>
  attributionContext({
    api,
    operation: undefined,
    issues: (value) =>
      shown.flatMap(([path, operation, json]) => issuesIn(JSON.stringify(json), value, { operation, path })),
    ...more,
  });
const call = (text: string, more: Partial<ToolCall> = {}): ToolCall => {
  const [method, path] = text.split(" ") as [ToolCall["method"], string];
  return { target: "shop", method, path, ...more };
};
const result = (
  status: number,
  json: unknown,
  operation: string,
  more: Partial<ToolResult> = {},
): ToolResult => ({
  status,
  headers: {},
  body: { kind: "json", json: json as never, bytes: 1 },
  timing: { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 },
  attempts: [],
  operation,
  ...more,
});
const RUN = ["/runs", "POST /runs", { id: "run-1" }] as const;
const missing = (
  text: string,
  operation: string,
  evidence: AttributionContext,
  json: unknown = {},
  more: Partial<ToolCall> = {},
) => attributeMissing(call(text, more), result(404, json, operation), evidence);

describe("a 404 by the session's own doing", () => {
  test.each<[string, string, string, AttributionContext, unknown, string]>([
    [
      "an id of its own",
      "GET /runs/run-9",
      "GET /runs/{id}",
      known([RUN]),
      {},
      "no answer had issued the id of the request",
    ],
    [
      "an id of another kind",
      "GET /products/run-1",
      "GET /products/{id}",
      known([RUN]),
      {},
      "the id of the request was issued for another kind of resource",
    ],
    [
      "an id of its data",
      "GET /runs/run-9",
      "GET /runs/{id}",
      known([], { isData: () => true }),
      {},
      "the target does not know id of the session's data",
    ],
    [
      "what it deleted",
      "GET /runs/run-1",
      "GET /runs/{id}",
      known([RUN], { deleted: () => true }),
      {},
      "the session itself had deleted it",
    ],
    [
      "another parent",
      "GET /runs/run-2/steps/s-1",
      "GET /runs/{id}/steps/{step}",
      known([
        ["/runs/run-1/steps", "GET /runs/{id}/steps", [{ id: "s-1" }]],
        ["/runs", "GET /runs", [{ id: "run-2" }]],
      ]),
      {},
      "the step of the request was issued below another run",
    ],
    [
      "words of expiry",
      "GET /runs/run-1",
      "GET /runs/{id}",
      known([RUN]),
      { error: "link expired" },
      "the answer says that it has expired",
    ],
    [
      "words of an owner",
      "GET /runs/run-1",
      "GET /runs/{id}",
      known([RUN]),
      { error: "belongs to another user" },
      "the answer says who may see it",
    ],
    ["a value without an id", "GET /search?q=lamps", "GET /search", known(), {}, "no answer had issued q"],
    [
      "a path without a document",
      "GET /list",
      "GET /list",
      known([], { api: undefined }),
      {},
      "no answer had offered this path",
    ],
  ])("%s", (_name, text, operation, evidence, json, because) => {
    const finding = missing(text, operation, evidence, json);
    expect(finding).toMatchObject({ attribution: "simulation", because });
  });

  test("the right parent is none of it, by the path or by a field beside", () => {
    const beside = known([
      ["/steps", "GET /steps", [{ id: "s-1", runId: "run-2" }]],
      ["/runs", "GET /runs", [{ id: "run-2" }]],
    ]);
    expect(missing("GET /runs/run-2/steps/s-1", "GET /runs/{id}/steps/{step}", beside).attribution).toBe(
      "unclear",
    );
    const other = known([
      ["/steps", "GET /steps", [{ id: "s-1", runId: "run-3" }]],
      ["/runs", "GET /runs", [{ id: "run-2" }]],
    ]);
    expect(missing("GET /runs/run-2/steps/s-1", "GET /runs/{id}/steps/{step}", other).because).toContain(
      "below another run",
    );
  });

  test("data that an answer issued, and words that it had issued, are no invention", () => {
    const issued = known([RUN], { isData: () => true });
    expect(missing("GET /runs/run-1", "GET /runs/{id}", issued).attribution).toBe("unclear");
    expect(missing("GET /list?q=run-1", "GET /list", known([RUN])).because).toContain(
      "what it offers is missing",
    );
    expect(missing("GET /things/run-1", "GET /things/{id}", known([RUN])).because).toBe(
      "the id of the request was issued for another kind of resource",
    );
  });

  test("one right parent is enough, by the path or by a field beside", () => {
    const at = (...places: [string, object][]) =>
      missing(
        "GET /runs/run-2/steps/s-1",
        "GET /runs/{id}/steps/{step}",
        known([
          ...places.map(([path, more]) => [path, "GET /x/steps", [{ id: "s-1", ...more }]] as const),
          ["/runs", "GET /runs", [{ id: "run-2" }]],
        ]),
      ).attribution;
    expect(at(["/runs/run-2/steps", {}])).toBe("unclear");
    expect(at(["/runs/run%2D2/steps", {}])).toBe("unclear");
    expect(at(["/runs/run-1/steps", {}])).toBe("simulation");
    expect(at(["/runs/run-1/steps", {}], ["/runs/run-2/steps", {}])).toBe("unclear");
    expect(at(["/steps", { runId: "run-3", boxId: "run-2" }])).toBe("simulation");
    expect(at(["/steps", { runId: "run-2", boxId: "b-1" }])).toBe("unclear");
    expect(at(["/steps", { boxId: "b-1" }])).toBe("unclear");
    expect(at(["/steps", { runId: "run-3", trialRunId: "run-2" }])).toBe("unclear");
  });

  test("an answer to a list that names no parent is about no other one", () => {
    const list = known([
      ["/runs/", "GET /runs/", [{ id: "s-1" }]],
      ["/steps", "GET /steps", [{ id: "s-1" }]],
      ["/runs", "GET /runs", [{ id: "run-2" }]],
    ]);
    expect(missing("GET /runs/run-2/steps/s-1", "GET /runs/{id}/{step}/{s}", list).because).not.toContain(
      "below another",
    );
    const step = known([
      ["/runs/", "GET /steps", [{ id: "s-1" }]],
      ["/runs", "GET /runs", [{ id: "run-2" }]],
    ]);
    expect(missing("GET /runs/run-2/steps/s-1", "GET /runs/{id}/steps/{step}", step).attribution).toBe(
      "unclear",
    );
  });

  test("an offered path or a documented one may be missing by the target's fault", () => {
    expect(missing("GET /list", "GET /list", known()).because).toContain("what it offers is missing");
    expect(
      missing("GET /list", "GET /list", known([], { api: undefined, offers: () => true })).because,
    ).toContain("what it offers is missing");
    expect(missing("GET /runs/run-9", "GET /runs/{id}", known([], { offers: () => true })).attribution).toBe(
      "unclear",
    );
  });
});

describe("the second read of a resource that a read does not find", () => {
  const first = (evidence = known([RUN]), json: unknown = {}, headers: Record<string, string> = {}) =>
    attributeMissing(call("GET /runs/run-1"), result(404, json, "GET /runs/{id}", { headers }), evidence);

  test.each<[string, ToolResult, string]>([
    ["shows it", result(200, { id: "run-1" }, ""), "target"],
    ["shows another", result(200, { id: "run-2" }, ""), "unclear"],
    ["answers 201", result(201, { id: "run-1" }, ""), "unclear"],
    ["fails", result(404, { id: "run-1" }, ""), "unclear"],
    ["comes from a cache", result(200, { id: "run-1" }, "", { headers: { age: "3" } }), "unclear"],
    ["has age 0", result(200, { id: "run-1" }, "", { headers: { age: "0" } }), "target"],
    ["has a warning", result(200, { id: "run-1" }, "", { headers: { warning: "110" } }), "unclear"],
    ["is a hit", result(200, { id: "run-1" }, "", { headers: { "x-cache": "HIT from a" } }), "unclear"],
    ["is a miss", result(200, { id: "run-1" }, "", { headers: { "x-cache": "MISS" } }), "target"],
    ...["x-cache", "x-cache-status", "cf-cache-status", "cache-status", "x-proxy-cache"].flatMap((name) =>
      ["hit", "STALE", "updating"].map((state): [string, ToolResult, string] => [
        `has ${name}: ${state}`,
        result(200, { id: "run-1" }, "", { headers: { [name]: `edge; ${state}` } }),
        "unclear",
      ]),
    ),
    [
      "has a word like a hit",
      result(200, { id: "run-1" }, "", { headers: { "x-cache": "white" } }),
      "target",
    ],
    ["was removed", result(200, { id: "run-1", deleted: true }, ""), "unclear"],
    ["is not ready", result(200, { id: "run-1", ready: false }, ""), "unclear"],
    ["is binary", result(200, {}, "", { body: { kind: "binary", bytes: 1, cut: false } }), "unclear"],
    [
      "failed in its words",
      result(200, { id: "run-1" }, "", { error: { code: "failure", message: "" } }),
      "unclear",
    ],
    ["is a text", result(200, {}, "", { body: { kind: "text", text: "run" } as never }), "target"],
    ["is an empty text", result(200, {}, "", { body: { kind: "text", text: " " } as never }), "unclear"],
    [
      "is an HTML text",
      result(200, {}, "", {
        body: { kind: "text", text: "run" } as never,
        headers: { "content-type": "text/html" },
      }),
      "unclear",
    ],
    [
      "is a page in place of JSON",
      result(200, {}, "", { body: { kind: "page", page: { title: "", text: "" } } as never }),
      "unclear",
    ],
    ["is empty", result(200, {}, "", { body: { kind: "empty" } as never }), "unclear"],
  ])("%s", (_name, answer, attribution) => {
    expect(first().verify?.judge(answer).attribution).toBe(attribution);
  });

  test.each<[string, ReturnType<typeof first>]>([
    ["work that is queued", first(known([RUN], { queued: true }))],
    ["a state of work in progress", first(known([RUN], { states: () => ["pending"] }))],
    ["words of later", first(known([RUN]), { error: "not ready yet" })],
    ["a time to retry", first(known([RUN]), {}, { "retry-after": "1" })],
    ["a path below the resource", missing("GET /runs/run-1/log", "GET /runs/{id}/log", known([RUN]))],
  ])("is not made for %s", (_name, finding) => {
    expect(finding.attribution).toBe("unclear");
    expect(finding.verify).toBeUndefined();
  });
});

describe("the second read in the form of the first answer", () => {
  const page = { kind: "page", page: { title: "Run", text: "run-1" } } as never;
  const text = { kind: "text", text: "run-1" } as never;
  const empty = { kind: "empty" } as never;
  const json = { kind: "json", json: { id: "run-1" }, bytes: 1 } as never;
  const HTML = { "content-type": "text/html" };

  test.each<[string, ToolResult["body"], ToolResult["body"], Record<string, string>, string]>([
    ["a page after a page", page, page, {}, "target"],
    ["a page after nothing", empty, page, {}, "target"],
    ["a page after a text", text, page, {}, "unclear"],
    ["JSON after a page", page, json, {}, "target"],
    ["a text after a page", page, text, {}, "target"],
    ["an HTML text after a page", page, text, HTML, "unclear"],
    ["an HTML text after a text", text, text, HTML, "target"],
    ["an HTML text after nothing", empty, text, HTML, "target"],
  ])("%s", (_name, refused, found, headers, wanted) => {
    const first = attributeMissing(
      call("GET /runs/run-1"),
      result(404, {}, "GET /runs/{id}", { body: refused }),
      known([RUN]),
    );
    const judged = first.verify?.judge(result(200, {}, "GET /runs/{id}", { body: found, headers }));
    expect(judged?.attribution).toBe(wanted);
    if (wanted === "target") expect(judged?.because).toBe("GET /runs/run-1 right after shows that it exists");
  });

  test("the path says what the read is about, else the query", () => {
    const read = (text: string, operation: string) =>
      missing(text, operation, known([RUN, ["/boxes", "GET /boxes", { boxId: "b-1" }]]));
    const beside = read("GET /runs/run-1?boxId=b-1", "GET /runs/{id}").verify;
    expect(beside?.judge(result(200, { id: "run-1" }, "")).attribution).toBe("target");
    const query = read("GET /search?runId=run-1", "GET /search").verify;
    expect(query?.call.path).toBe("/search?runId=run-1");
    expect(query?.judge(result(200, { id: "run-1" }, "")).attribution).toBe("target");
  });
});

describe("the read of a resource that a write does not find", () => {
  const evidence = (more: Partial<AttributionContext> = {}) =>
    known([["/products", "GET /products", [{ productId: "p7" }]]], more);
  const write = (json: unknown, one = evidence(), more: Partial<ToolCall> = {}) =>
    missing("POST /cart", "POST /cart", one, json, { data: { productId: "p7" }, ...more });
  const NAMED = { error: "product not found" };

  test.each<[string, ReturnType<typeof write>, boolean]>([
    ["the answer names it", write(NAMED), true],
    ["the answer names nothing", write({}), false],
    ["the answer says more", write({ error: "product is archived" }), false],
    ["work is queued", write(NAMED, evidence({ queued: true })), false],
    ["the session wrote the value", write(NAMED, evidence({ hasWritten: () => true })), false],
    ["there is a query", write(NAMED, evidence(), { query: { a: "1" } }), false],
    ["a header has a value of its own", write(NAMED, evidence({ ownHeaders: { "x-a": "mine" } })), false],
    ["a header has an issued value", write(NAMED, evidence({ ownHeaders: { "x-a": "p7" } })), true],
    [
      "another id is in the body, which the answer does not name",
      write(NAMED, evidence(), { data: { productId: "p7", stepId: "p7" } }),
      true,
    ],
    [
      "it is twice in the body",
      write(NAMED, evidence(), { data: { productId: "p7", items: [{ productId: "p7" }] } }),
      true,
    ],
    ["there is no read of its kind", write(NAMED, evidence({ api: { ...api, operations: [] } })), false],
  ])("where %s", (_name, { verify }, made) => {
    expect(verify?.call.path).toBe(made ? "/products/p7" : undefined);
  });

  const own = (
    more: Partial<AttributionContext> = {},
    json: unknown = {},
    data?: unknown,
    text = "DELETE /runs/run-1",
    operation = "DELETE /runs/{id}",
  ) =>
    missing(
      text,
      operation,
      known([RUN], { lastWrite: "shop /runs", ...more }),
      json,
      data === undefined ? {} : { data: data as never },
    );

  const missingOwn = (operation: string, path = "/runs") =>
    missing(
      "DELETE /runs/run-1",
      "DELETE /runs/{id}",
      known([[path, operation, { id: "run-1" }]], { lastWrite: "shop /runs" }),
    );

  test.each<[string, ReturnType<typeof own>, boolean]>([
    ["it has only created it", own(), true],
    ["the answer names it", own({}, { error: "run not found" }), true],
    ["the answer says more", own({}, { error: "run is archived" }), false],
    [
      "it sent data, and the answer names nothing",
      own({}, {}, { a: 1 }, "PUT /runs/run-1", "PUT /runs/{id}"),
      false,
    ],
    ["it sent an empty object", own({}, {}, {}, "PUT /runs/run-1", "PUT /runs/{id}"), true],
    [
      "it sent data, and the answer names it",
      own({}, { error: "run not found" }, { a: 1 }, "PUT /runs/run-1", "PUT /runs/{id}"),
      true,
    ],
    ["it has written since", own({ lastWrite: "shop /other" }), false],
    ["another write carried the id", own({ hasWritten: () => true }), false],
    ["nothing was written last", own({ lastWrite: undefined }), false],
    ["it was created by no POST", missingOwn("GET /runs"), false],
    ["it was created elsewhere", missingOwn("POST /runs", "/other"), false],
    ["it was created with a query", missingOwn("POST /runs", "/runs?x=1"), true],
    ["it was shown in use", own({ isShownFree: () => false }), false],
    [
      "an action on it is missing, and the answer names nothing",
      own({}, {}, undefined, "POST /runs/run-1/start", "POST /runs/{id}/start"),
      false,
    ],
    [
      "something may be created at it, and the answer names nothing",
      own({}, {}, undefined, "POST /runs/run-1", "POST /runs/{id}"),
      false,
    ],
    [
      "what is below it is missing, and the answer names nothing",
      own({}, {}, undefined, "DELETE /runs/run-1/lock", "DELETE /runs/{id}/lock"),
      false,
    ],
    [
      "an action on it is missing, and the answer names it",
      own({}, { error: "run not found" }, undefined, "POST /runs/run-1/start", "POST /runs/{id}/start"),
      true,
    ],
  ])("the session's own, where %s", (_name, { verify }, made) => {
    expect(verify?.call.path).toBe(made ? "/runs/run-1" : undefined);
  });

  test("the session's own that is shown as it was created contradicts the target", () => {
    const { verify } = own({ shown: () => new Set(["id\nrun-1", "name\nx"]) });
    const judged = (json: unknown, more: Partial<ToolResult> = {}) =>
      verify?.judge(result(200, json, "GET /runs/{id}", more)).attribution;
    expect(judged({ id: "run-1", name: "x" })).toBe("target");
    expect(judged({ id: "run-1", name: "y" })).toBe("unclear");
    expect(judged({ id: "run-1", name: "x" }, { headers: { age: "1" } })).toBe("unclear");
  });

  test("the session's own is the target's fault only as it was created", () => {
    const { verify } = own({ shown: () => new Set(['"id":"run-1"', "id", "run-1"]) as never });
    expect(verify?.judge(result(200, { id: "run-1", note: "changed" }, "GET /runs/{id}")).attribution).toBe(
      "unclear",
    );
    expect(verify?.judge(result(404, {}, "GET /runs/{id}")).attribution).toBe("unclear");
  });
});

describe("whether an answer shows a usable resource", () => {
  const [subject] = requestValues(call("DELETE /runs/run-1"), "DELETE /runs/{id}");
  const usable = (json: unknown, more: Partial<ToolResult> = {}, evidence = known()) =>
    subject !== undefined && showsUsable(result(200, json, "", more), subject, "DELETE", evidence);

  test.each<[string, boolean, boolean]>([
    ["with its id", usable({ id: "run-1" }), true],
    ["without its id", usable({ id: "run-2" }), false],
    ["with 300", usable({ id: "run-1" }, { status: 300 }), false],
    ["with 299", usable({ id: "run-1" }, { status: 299 }), true],
    ["as text", usable({}, { body: { kind: "text", text: "run-1" } as never }), false],
    ["with another owner", usable({ id: "run-1", ownerId: "u-9" }), false],
    ["with a number as owner", usable({ id: "run-1", userId: 9 }), false],
    ["with an owner as object", usable({ id: "run-1", owner: { id: "u-9" } }), false],
    [
      "with its own owner",
      usable({ id: "run-1", ownerId: "u-1" }, {}, known([], { isOwn: (id) => id === "u-1" })),
      true,
    ],
    [
      "with something that it wrote to",
      usable({ id: "run-1", boxId: "b-1" }, {}, known([], { hasWritten: (id) => id === "b-1" })),
      false,
    ],
    [
      "with a number that it wrote to",
      usable({ id: "run-1", box: { id: 5 } }, {}, known([], { hasWritten: (id) => id === "5" })),
      false,
    ],
    [
      "with a list that it wrote to",
      usable({ id: "run-1", boxes: [{ id: "b-1" }] }, {}, known([], { hasWritten: (id) => id === "b-1" })),
      true,
    ],
    ["with methods that leave it out", usable({ id: "run-1" }, { headers: { allow: "GET, PUT" } }), false],
    ["with methods that name it", usable({ id: "run-1" }, { headers: { allow: "GET, delete" } }), true],
    ["with a header of other words", usable({ id: "run-1" }, { headers: { allow: "everything" } }), true],
    [
      "with the methods of a browser",
      usable({ id: "run-1" }, { headers: { "access-control-allow-methods": "GET,HEAD" } }),
      false,
    ],
    ["with one kind of methods", usable({ id: "run-1" }, { headers: { "x-http-method": "GET" } }), false],
    [
      "with a header whose name has more words",
      usable({ id: "run-1" }, { headers: { "public-key": "GET" } }),
      true,
    ],
    ["with methods apart", usable({ id: "run-1" }, { headers: { allow: "GET , PUT" } }), false],
    ["with public methods", usable({ id: "run-1" }, { headers: { public: "GET" } }), false],
    ["with a header that ends like one", usable({ id: "run-1" }, { headers: { "x-public": "GET" } }), true],
    [
      "with a header that begins like one",
      usable({ id: "run-1" }, { headers: { "x-methods-count": "GET" } }),
      true,
    ],
    ["with a list of no methods", usable({ id: "run-1" }, { headers: { allow: "GET or PUT" } }), true],
    ["with one method", usable({ id: "run-1" }, { headers: { allow: " get " } }), false],
    ["with 404", usable({ id: "run-1" }, { status: 404 }), false],
    ["in a state", usable({ id: "run-1", status: "closed" }), false],
    ...[
      "author",
      "creator",
      "account_id",
      "createdBy",
      "created_by",
      "tenantId",
      "seller_name",
      "customerEmail",
      "ownerid",
      "authorname",
      "useremail",
    ].map((name): [string, boolean, boolean] => [
      `with ${name}`,
      usable({ id: "run-1", [name]: "u-9" }),
      false,
    ]),
    ["with an owner without an id", usable({ id: "run-1", owner: { name: "ann" } }), true],
    ["with a field like an owner", usable({ id: "run-1", coauthor: "u-9", authored: "x" }), true],
    ["with a number of an owner", usable({ id: "run-1", owner: { id: 9 } }), false],
    [
      "with something three levels below that it wrote to",
      usable(
        { id: "run-1", a: { b: { boxId: "b-1" } } },
        {},
        known([], { hasWritten: (id) => id === "b-1" }),
      ),
      false,
    ],
    [
      "with something four levels below that it wrote to",
      usable(
        { id: "run-1", a: { b: { c: { boxId: "b-1" } } } },
        {},
        known([], { hasWritten: (id) => id === "b-1" }),
      ),
      true,
    ],
    [
      "with its own id written",
      usable({ id: "run-1" }, {}, known([], { hasWritten: (id) => id === "run-1" })),
      true,
    ],
    [
      "with a text that it wrote, and which is no id",
      usable({ id: "run-1", note: "b-1" }, {}, known([], { hasWritten: (id) => id === "b-1" })),
      true,
    ],
    [
      "with an id that is not set",
      usable({ id: "run-1", boxId: null }, {}, known([], { hasWritten: (id) => id === "null" })),
      true,
    ],
    ["with methods of another header", usable({ id: "run-1" }, { headers: { "x-verbs": "GET" } }), true],
  ])("%s", (_name, found, wanted) => {
    expect(found).toBe(wanted);
  });
});

test.each<[string, Partial<ToolCall>, AttributionContext, string | undefined]>([
  ["an issued id", { data: { runId: "run-1" } }, known([RUN]), undefined],
  [
    "an id of its own",
    { data: { runId: "run-9" } },
    known([RUN]),
    "no answer had issued the runId of the request",
  ],
  [
    "a name of its own",
    { data: { username: "ann" } },
    known(),
    "the username of the request is the session's own choice",
  ],
  ["an id of its data", { data: { runId: "run-9" } }, known([], { isData: () => true }), undefined],
  [
    "an id of another kind in a body",
    { data: { productId: "run-1" } },
    known([RUN]),
    "the productId of the request was issued for another kind of resource",
  ],
  ["an id for a role that is no resource", { data: { starterId: "run-1" } }, known([RUN]), undefined],
  [
    "an id of a resource of a document that is not known",
    { data: { productId: "run-1" } },
    known([RUN], { api: { ...api, documented: false } }),
    undefined,
  ],
  ["a text", { data: { color: "red" } }, known(), undefined],
  [
    "an offered path",
    { data: { runId: "run-9" } },
    known([], { offers: (path) => path === "/a" }),
    undefined,
  ],
])("%s", (_name, more, evidence, because) => {
  const one = call("POST /a?x=1", more);
  expect(unissued(requestValues({ ...one, path: "/a" }, "POST /a"), one, evidence)).toBe(because);
});

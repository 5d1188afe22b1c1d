import type { Json } from "@ape/core/lib/json";
import type { ApiDescription, ApiField } from "@ape/core/protocol/api";
import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import { describe, expect, test } from "vitest";
import { attributionContext } from "../../test/attribution-context.ts";
import { jsonResult } from "../../test/json-result.ts";
import type { AttributionContext } from "./attribution-context.ts";
import { attributeConflict, attributeContent, attributePrecondition } from "./refused-content.ts";

const field = (place: ApiField["in"], name: string, more: Partial<ApiField> = {}): ApiField => ({
  in: place,
  name,
  type: "string",
  required: false,
  description: "",
  ...more,
});
const api: ApiDescription = {
  target: "shop",
  title: "",
  documented: true,
  auth: [],
  operations: [
    {
      method: "GET",
      path: "/orders/{orderId}",
      summary: "",
      secured: false,
      fields: [field("answer", "order.state", { enum: ["open", "closed", "paid"] })],
    },
    {
      method: "POST",
      path: "/notes",
      summary: "",
      secured: false,
      fields: [
        field("body", "note.text"),
        field("body", "size", { type: "integer" }),
        field("body", "code", { minLength: 3 }),
        field("query", "q"),
      ],
    },
    { method: "POST", path: "/free", summary: "", secured: false, fields: [] },
  ],
};
/** A session to which these values were issued. */
const known = (issued: readonly string[], more: Partial<AttributionContext> = {}): AttributionContext =>
  attributionContext({
    api,
    operation: undefined,
    issues: (value) =>
      issued.includes(value)
        ? [{ operation: "POST /orders", kinds: ["order"], path: "/orders", siblings: [] }]
        : [],
    ...more,
  });
const send = (text: string, more: Partial<ToolCall> = {}): ToolCall => {
  const [method, path] = text.split(" ") as [ToolCall["method"], string];
  return { target: "shop", method, path, ...more };
};
const refused = (
  status: number,
  operation: string,
  json: Json = {},
  more: Partial<ToolResult> = {},
): ToolResult => jsonResult(json, { status, operation, ...more });
const cancel = send("POST /orders/o-1/cancel");
const conflict = (json: Json, more: Partial<AttributionContext> = {}, call = cancel) =>
  attributeConflict(call, refused(409, "POST /orders/{orderId}/cancel", json), known(["o-1"], more));

describe("a conflict", () => {
  test.each<[string, Json, Partial<AttributionContext>, Partial<ToolCall>, string]>([
    [
      "names what was shown",
      { error: "the order is open" },
      { states: () => ["open"] },
      {},
      "the state that was shown last forbids it",
    ],
    [
      "asks for what was shown",
      { error: "the order must be open" },
      { states: () => ["open"] },
      {},
      "either it asks for the state open, which it showed last (target), or the state had changed since (simulation)",
    ],
    [
      "after the same request",
      {},
      { repeated: true },
      {},
      "the target had already accepted the same request",
    ],
    [
      "of a key used again",
      { error: "idempotency key used" },
      { hasWritten: (value: string) => value === "k" },
      { headers: { "idempotency-key": "k" } },
      "the session used its idempotency key again",
    ],
    [
      "names a rule",
      { error: "at most 3 per day" },
      {},
      {},
      "the answer names the rule that the request breaks",
    ],
    ["says what has expired", { error: "link expired" }, {}, {}, "the answer says that it has expired"],
    ["says who may", { error: "not your order" }, {}, {}, "the answer says who may do this"],
    [
      "names a header of its own",
      { error: "x-shop is unknown" },
      { ownHeaders: { "x-shop": "t9" } },
      {},
      "no answer had issued the header x-shop",
    ],
    [
      "of data that is taken",
      { error: "taken" },
      { isData: (value) => value === "o-1" },
      {},
      "the target refuses orderId of the session's data",
    ],
  ])("%s", (_, json, more, call, because) => {
    expect(conflict(json, more, { ...cancel, ...call }).because).toBe(because);
  });

  test.each<[string, Json, Partial<AttributionContext>, Partial<ToolCall>]>([
    ["that names another state", { error: "the order is closed" }, { states: () => ["open"] }, {}],
    ["of a key without a word of it", { error: "no" }, {}, { headers: { "idempotency-key": "k" } }],
    ["of no key", { error: "idempotency key used" }, {}, {}],
    ["that says that it is taken", { error: "it is already taken" }, {}, {}],
    [
      "that names a header that was issued",
      { error: "x-shop is odd" },
      { ownHeaders: { "x-shop": "o-1" } },
      {},
    ],
  ])("%s is unclear", (_, json, more, call) => {
    expect(conflict(json, more, { ...cancel, ...call }).attribution).toBe("unclear");
  });

  test("on a value of the session's own, or on nothing that was made, is its own", () => {
    const post = (data: Json, more: Partial<AttributionContext> = {}) =>
      attributeConflict(send("POST /free", { data }), refused(409, "POST /free"), known(["o-1"], more));
    expect(post({ name: "lamp" }).because).toContain("is the session's own choice");
    expect(post({}, { prepared: false }).because).toContain(
      "nothing was accepted that the operation could build on",
    );
    expect(post({}, { prepared: true }).attribution).toBe("unclear");
    expect(post({}, { prepared: true, repeated: true }).attribution).toBe("unclear");
    expect(post({}, { prepared: false, repeated: true }).because).toContain("the same request");
  });
});

describe("the read that shows a state", () => {
  const judged = (said: Json, shown: string | undefined, answer: ToolResult): string => {
    const { verify } = conflict(said, shown === undefined ? {} : { states: () => [shown] });
    if (verify === undefined) return "no read";
    expect(verify.call).toMatchObject({ method: "GET", path: "/orders/o-1" });
    const { attribution, because } = verify.judge(answer);
    return `${attribution}: ${because}`;
  };
  const now = (state: string, status = 200): ToolResult =>
    refused(status, "GET /orders/{orderId}", { id: "o-1", state });
  const CLOSED = { state: "closed", error: "order o-1 is refused" };

  test.each<[string, Json, string | undefined, ToolResult, string]>([
    ["without a word of a state", { error: "refused" }, "open", now("open"), "no read"],
    [
      "of the state that forbids it",
      { error: "status forbids it: paid" },
      undefined,
      now("paid"),
      "simulation: the state of the resource forbids it",
    ],
    ["of another state than was shown", { error: "status forbids it: paid" }, "open", now("paid"), "unclear"],
    [
      "of the state that was shown",
      { error: "wrong state" },
      "open",
      now("open"),
      "simulation: the state that was shown last forbids it",
    ],
    ["of another one", { error: "wrong state" }, "open", now("paid"), "unclear"],
    ["without a state before", { error: "wrong state" }, undefined, now("open"), "unclear"],
    [
      "that contradicts the named state",
      CLOSED,
      "open",
      now("open"),
      "target: it says closed, and the resource was open before and after",
    ],
    ["of a state that is not documented", { ...CLOSED, state: "odd" }, "open", now("open"), "unclear"],
    ["with a state of another name", { phase: "closed", error: "order o-1" }, "open", now("open"), "unclear"],
    ["about another resource", { ...CLOSED, error: "refused" }, "open", now("open"), "unclear"],
    ["that failed", CLOSED, "open", now("open", 404), "unclear"],
    ["at 199", CLOSED, "open", now("open", 199), "unclear"],
    ["at 299", CLOSED, "open", now("open", 299), "target"],
    ["at 300", CLOSED, "open", now("open", 300), "unclear"],
    [
      "of a text",
      CLOSED,
      "open",
      jsonResult(null, { body: { kind: "text", text: "open", bytes: 4, cut: false } }),
      "unclear",
    ],
  ])("%s", (_, said, shown, answer, expected) => {
    expect(judged(said, shown, answer)).toContain(expected);
  });

  test("is of the only id in the body where the path has none", () => {
    const read = (data: Json, issued: string[]) =>
      attributeConflict(
        send("POST /pay", { data }),
        refused(409, "POST /pay", { error: "wrong state" }),
        known(issued),
      ).verify?.call.path;
    expect(read({ orderId: "o-1" }, ["o-1"])).toBe("/orders/o-1");
    expect(read({}, [])).toBeUndefined();
  });
});

describe("a precondition", () => {
  const tag = '"v1"';
  const put = (headers: Record<string, string>, issues: AttributionContext["issues"] = () => []) =>
    attributePrecondition(
      send("PUT /orders/o-1", { headers }),
      refused(412, "PUT /orders/{orderId}"),
      known([], { issues }),
    );
  const issued =
    (path: string): AttributionContext["issues"] =>
    () => [{ operation: "GET /orders/{orderId}", kinds: [], path, siblings: [] }];

  test.each<[Record<string, string>, AttributionContext["issues"], string]>([
    [{ "if-match": 'W/"v1"' }, issued("/orders/o-1"), "a weak version never fulfils If-Match"],
    [{ "if-match": tag }, () => [], "no answer had issued the precondition of the request"],
    [{ "if-unmodified-since": "Fri" }, () => [], "no answer had issued the precondition of the request"],
    [{ "if-match": tag }, issued("/orders/o-2"), "the precondition was issued for another resource"],
    [{}, () => [], "no answer had issued the orderId of the request"],
  ])("%j: %#", (headers, issues, because) => {
    expect(put(headers, issues)).toMatchObject({
      attribution: "simulation",
      because,
    });
  });

  test("that nobody stated is unclear, unless the answer says what is meant", () => {
    const because = (json: Json) =>
      attributePrecondition(
        send("PUT /orders/o-1"),
        refused(412, "PUT /orders/{orderId}", json),
        known(["o-1"]),
      ).because;
    const unstated =
      "either it says that a precondition failed, and the request stated none (target), or something had to be done before (simulation)";
    const silent: Json[] = [{}, null, { title: "Precondition Failed", status: 412 }, { type: "about:blank" }];
    for (const json of silent) expect(because(json)).toBe(unstated);
    expect(because({ error: "the order must have an address first" })).toBe(
      "the answer names the rule that the request breaks",
    );
  });

  test("that still holds by the read right after contradicts the refusal", () => {
    for (const path of ["/orders/o-1", "/orders/o-1?x=1", "/orders"]) {
      const { verify, attribution } = put({ "if-match": tag }, issued(path));
      expect(attribution).toBe("unclear");
      const judge = (etag: string | undefined, status = 200) =>
        verify?.judge(
          refused(status, "GET /orders/{orderId}", {}, { headers: etag === undefined ? {} : { etag } }),
        ).attribution;
      expect([judge(tag), judge('"v2"'), judge(undefined)]).toEqual(["target", "simulation", "unclear"]);
      expect([judge(tag, 199), judge(tag, 200), judge(tag, 299), judge(tag, 300)]).toEqual([
        "unclear",
        "target",
        "target",
        "unclear",
      ]);
    }
  });
});

test("an idempotency key that is refused at its first use is nobody's proven fault", () => {
  for (const name of ["Idempotency-Key", "X-Idempotency-Key"])
    expect(
      attributeConflict(
        send("POST /orders", { headers: { [name]: "k" } }),
        refused(409, "POST /orders", { error: "A request with this idempotency key is outstanding" }),
        known([], { ownHeaders: { [name]: "k" } }),
      ).attribution,
    ).toBe("unclear");
});

describe("a refusal of what was sent", () => {
  const note = (data: Json, json: Json = {}, more: Partial<AttributionContext> = {}, path = "/notes") =>
    attributeContent(
      send(`POST ${path}`, { data }),
      refused(400, `POST ${path}`, json),
      known(["o-1"], more),
    );

  test.each<[Json, string]>([
    [{ text: "We liked it" }, "unclear"],
    [{ text: "1234" }, "simulation"],
    [{ text: "-1234.50" }, "simulation"],
    [{ text: "1234 lamps" }, "unclear"],
    [{ text: "a 1234" }, "unclear"],
    [{ size: 1234 }, "simulation"],
    [{ code: "abcd" }, "simulation"],
    [{ other: "We liked it" }, "simulation"],
  ])("%j without a reason: %s", (data, expected) => {
    expect(note(data).attribution).toBe(expected);
  });

  test("a text in a list is free like one by itself", () => {
    const tags: ApiDescription = {
      ...api,
      operations: [
        {
          method: "POST",
          path: "/notes",
          summary: "",
          secured: false,
          fields: [{ name: "tags[]", in: "body", type: "string", required: false, description: "" }],
        },
      ],
    };
    expect(note({ tags: ["We liked it"] }, {}, { api: tags }).attribution).toBe("unclear");
    expect(note({ tags: ["We liked it"], tag: "x y z" }, {}, { api: tags }).attribution).toBe("simulation");
  });

  test("any text is free where the document lists no field, or not the operation", () => {
    expect(note({ other: "We liked it" }, {}, {}, "/free").attribution).toBe("unclear");
    expect(note({ other: "We liked it" }, {}, {}, "/unknown").attribution).toBe("unclear");
    expect(note({ other: "We liked it" }, {}, { api: undefined }, "/free").attribution).toBe("unclear");
  });

  test("names the field, the rule, or the id that it does not know", () => {
    expect(note({ text: "x y" }, { error: "text is odd" }).because).toContain("the answer names text");
    expect(note({ text: "We liked it" }, { error: "too long" }).because).toContain(
      "the rule that the request breaks",
    );
    const unknown = note({ orderId: "o-1" }, { error: "order not found" });
    expect(unknown).toMatchObject({
      attribution: "unclear",
      because: expect.stringContaining("it does not know the orderId that it had issued"),
    });
    expect(unknown.verify?.call.path).toBe("/orders/o-1");
    const read = (json: Json, status = 200) =>
      unknown.verify?.judge(refused(status, "GET /orders/{orderId}", json)).attribution;
    expect([read({ id: "o-1" }), read({ id: "o-2" }), read({ id: "o-1" }, 404)]).toEqual([
      "target",
      "unclear",
      "unclear",
    ]);
    // A value beside it that no answer issued could be what is not found.
    expect(note({ orderId: "o-1", shop: "s-9" }, { error: "order not found" }).verify).toBeUndefined();
  });
});

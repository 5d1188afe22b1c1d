import type { Clock } from "@ape/core/lib/clock";
import type { ApiDescription, ApiOperation } from "@ape/core/protocol/api";
import type { Page, PageForm } from "@ape/core/protocol/page";
import type { ToolCall, ToolResult, TransportErrorCode } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { jsonResult } from "../../test/json-result.ts";
import type { UnmetCheck } from "../attribution/failure-tracker.ts";
import { Credentials } from "../credentials/credentials.ts";
import { Memory } from "../memory/memory.ts";
import { indexOf } from "./api-index.ts";
import type { ActionDecision } from "./call-rendering.ts";
import { SessionFailures } from "./session-failures.ts";

const BUDGET_MS = 10_000;
const operation = (method: ApiOperation["method"], path: string, secured = true): ApiOperation => ({
  method,
  path,
  summary: "",
  fields: [],
  secured,
});
const OPERATIONS = [
  operation("GET", "/orders/{order}"),
  operation("PUT", "/orders/{order}"),
  operation("DELETE", "/orders/{order}"),
  operation("POST", "/orders"),
  operation("POST", "/checkout"),
  operation("POST", "/notes", false),
];

interface Asked {
  decision?: Partial<ActionDecision>;
  page?: Page;
  text?: string;
  durationMs?: number;
}

/** The failures of a session with two targets of the same document, whose clock a test can set. */
function rig(more: Partial<ApiDescription> & { saturated?: () => boolean } = {}) {
  const { saturated, ...described } = more;
  const time = { now: 1_000_000 };
  const clock: Clock = { now: () => time.now, epoch: () => time.now, sleep: async () => undefined };
  const apis = ["other", "shop"].map(
    (target): ApiDescription => ({
      target,
      title: target,
      documented: true,
      auth: [{ type: "bearer" }],
      operations: OPERATIONS,
      // What is described is true of the shop alone.
      ...(target === "shop" ? described : {}),
    }),
  );
  const memory = new Memory("Buy a thing", undefined, {
    values: { email: "a@b.example" },
    secret: [],
  });
  const credentials = new Credentials(apis, {});
  const failures = new SessionFailures({ memory, credentials, apis, clock, timeMs: BUDGET_MS, saturated });
  const attribute = (call: ToolCall, result: ToolResult, asked: Asked = {}) => {
    const api = apis.find(({ target }) => target === call.target);
    const index = api === undefined ? undefined : indexOf(api);
    const { decision, page, text = "text", durationMs = 0 } = asked;
    return failures.attribute(
      { kind: "action", tool: "t", args: {}, ...call, headers: undefined, ...decision } as ActionDecision,
      call,
      result,
      index,
      index?.operation(result.operation),
      page,
      text,
      durationMs,
    );
  };
  return { failures, memory, credentials, time, attribute };
}

const call = (method: ToolCall["method"], path: string, more: Partial<ToolCall> = {}): ToolCall => ({
  target: "shop",
  method,
  path,
  ...more,
});
const answer = (status: number, operation = "GET /x", more: Partial<ToolResult> = {}): ToolResult =>
  jsonResult(null, { status, operation, ...more });
const error = (code: TransportErrorCode): ToolResult =>
  answer(0, "POST /checkout", { error: { code, message: code } });
const because = (text: string) => expect.objectContaining({ because: text });

/** Shows the session an order, as the answer to the POST that made it. */
function order({ memory, failures }: ReturnType<typeof rig>, id = "o-777"): void {
  const made = call("POST", "/orders");
  memory.remember(
    { step: 1, target: "shop", call: "POST /orders", status: 201, body: JSON.stringify({ id }) },
    { operation: "POST /orders", path: "/orders" },
  );
  failures.noteAccepted(made, "POST /orders", "POST /orders", []);
}

test.each([200, 204, 302, 399])("status %i is no failure", (status) => {
  expect(rig().attribute(call("GET", "/x"), answer(status))).toBeUndefined();
});

test("a server's error is the target's", () => {
  expect(rig().attribute(call("POST", "/checkout"), answer(500, "POST /checkout"))).toEqual({
    attribution: "target",
    because: "",
  });
});

const NO_LIMIT = "the target answered 429 and had announced no limit";
const LIMIT = "the target had announced its rate limit";
const checkout = call("POST", "/checkout");
const tooMany = answer(429, "POST /checkout");

test.each<[sentMs: number, durationMs: number, because: string]>([
  [29_949, 0, LIMIT],
  [29_950, 0, NO_LIMIT],
  [30_000, 51, LIMIT],
  [30_000, 50, NO_LIMIT],
])(
  "a pause of 30 s that a target asked for holds at %i ms less %i ms of the call: %s",
  (ms, durationMs, why) => {
    const { failures, attribute, time } = rig();
    failures.note(
      1,
      checkout,
      answer(200, "POST /checkout", { headers: { "retry-after": "30" } }),
      undefined,
    );
    time.now += ms;
    expect(attribute(checkout, tooMany, { durationMs })).toEqual(because(why));
  },
);

test("a shorter pause does not end a longer one, and a longer one takes its place", () => {
  const { failures, attribute, time } = rig();
  const pause = (seconds: string) =>
    failures.note(
      1,
      checkout,
      answer(503, "POST /checkout", { headers: { "retry-after": seconds } }),
      undefined,
    );
  pause("30");
  pause("5");
  time.now += 20_000;
  expect(attribute(checkout, tooMany)).toEqual(because(LIMIT));
  pause("30");
  time.now += 20_000;
  expect(attribute(checkout, tooMany)).toEqual(because(LIMIT));
});

test.each<[why: string, headers: ToolResult["headers"], target: string]>([
  ["none was asked for", {}, "shop"],
  ["its text is no time", { "retry-after": "soon" }, "shop"],
  ["another target asked for it", { "retry-after": "30" }, "other"],
])("no pause holds where %s", (_why, headers, target) => {
  const { failures, attribute } = rig();
  failures.note(1, { ...checkout, target }, answer(200, "POST /checkout", { headers }), undefined);
  expect(attribute(checkout, tooMany)).toEqual(because(NO_LIMIT));
});

test("headers that announce a rate limit count for their target alone", () => {
  const { failures, attribute } = rig();
  const limited = answer(200, "POST /checkout", { headers: { "x-ratelimit-remaining": "3" } });
  failures.note(1, { ...checkout, target: "other" }, limited, undefined);
  expect(attribute(checkout, tooMany)).toEqual(because(NO_LIMIT));
  failures.note(2, checkout, limited, undefined);
  expect(attribute(checkout, tooMany)).toEqual(because(LIMIT));
  expect(rig({ announcesLimit: true }).attribute(checkout, tooMany)).toEqual(because(LIMIT));
});

const CANCELLED = /^either the target was too slow/;

test.each<[durationMs: number, saturated: boolean | undefined, attribution: string, because: RegExp]>([
  [BUDGET_MS / 2, undefined, "unclear", CANCELLED],
  [BUDGET_MS / 2, true, "unclear", CANCELLED],
  [BUDGET_MS / 2 + 1, undefined, "target", /^the call took most/],
  [BUDGET_MS / 2 + 1, false, "target", /^the call took most/],
  [BUDGET_MS / 2 + 1, true, "infrastructure", /^the generator was overloaded$/],
])(
  "a call that the budget cut off after %i ms, generator overloaded: %s, is %s",
  (durationMs, saturated, attribution, why) => {
    const { attribute } = rig(saturated === undefined ? {} : { saturated: () => saturated });
    const finding = attribute(checkout, error("cancelled"), { durationMs });
    expect(finding?.attribution).toBe(attribution);
    expect(finding?.because).toMatch(why);
  },
);

test.each([
  [undefined, "target"],
  [false, "target"],
  [true, "infrastructure"],
])("a time-out, generator overloaded: %s, is caused by the %s", (saturated, attribution) => {
  const { attribute } = rig(saturated === undefined ? {} : { saturated: () => saturated });
  expect(attribute(checkout, error("timeout"))).toMatchObject({ attribution });
});

const FORM = { path: "/away", id: "f" } as PageForm;
const PAGE: Page = {
  title: "",
  path: "/here",
  text: "",
  links: [
    { text: "Away", path: "/away" },
    { text: "Else", path: "/else" },
  ],
  forms: [FORM],
};
const LINK = { label: "Away" };
const SENT_FORM = { form: { fields: {} } };
const away = call("GET", "/away");

test.each([
  [404, LINK],
  [405, LINK],
  [410, LINK],
  [404, SENT_FORM],
])("status %i of what a page offers is read again on the page: %j", (status, decision) => {
  const finding = rig().attribute(away, answer(status), { decision, page: PAGE });
  expect(finding).toMatchObject({
    attribution: "unclear",
    because: "either its page leads nowhere (target), or the page had changed since it was read (simulation)",
    verify: { call: { target: "shop", method: "GET", path: "/here" } },
  });
});

test.each<[why: string, status: number, asked: Asked]>([
  ["the status is about something else", 403, { decision: LINK, page: PAGE }],
  ["the server failed", 500, { decision: LINK, page: PAGE }],
  ["no page was shown", 404, { decision: LINK }],
  ["the call is no link or form", 404, { page: PAGE }],
])("no page is blamed where %s", (_why, status, asked) => {
  expect(rig().attribute(away, answer(status), asked)?.because).not.toContain("its page leads nowhere");
});

const page = (more: Partial<Page>): ToolResult =>
  answer(200, "GET /here", { body: { kind: "page", page: { ...PAGE, ...more }, bytes: 1, cut: false } });

test.each<[attribution: string, what: string, decision: Asked["decision"], read: ToolResult]>([
  ["target", "the same link", LINK, page({ forms: [] })],
  ["unclear", "a link of that text to elsewhere", LINK, page({ links: [{ text: "Away", path: "/else" }] })],
  ["unclear", "a link of another text to there", LINK, page({ links: [{ text: "Else", path: "/away" }] })],
  ["unclear", "no link, but a form", LINK, page({ links: [] })],
  ["target", "the same form", SENT_FORM, page({ links: [] })],
  ["unclear", "another form", SENT_FORM, page({ forms: [{ ...FORM, path: "/else" }] })],
  ["unclear", "no form, but a link", SENT_FORM, page({ forms: [] })],
  ["target", "the form among others", SENT_FORM, page({ forms: [{ ...FORM, path: "/else" }, FORM] })],
  ["unclear", "no page", LINK, answer(200, "GET /here")],
])("a dead end is %s if the page read again shows %s", (attribution, _what, decision, read) => {
  const finding = rig().attribute(away, answer(404), { decision, page: PAGE });
  const judged = finding?.verify?.judge(read);
  expect(judged?.attribution).toBe(attribution);
  if (attribution === "target") expect(judged?.because).toBe("the page still leads there");
  else expect(judged?.because).toBe(finding?.because);
});

test("an operation that the document does not list is the session's; without a document it is not", () => {
  const bare = call("POST", "/nothing");
  const refused = answer(409, "POST /nothing");
  expect(rig().attribute(bare, refused)).toEqual(because("the API document does not list this operation"));
  const unlisted = rig({ documented: false, operations: [] }).attribute(bare, refused);
  expect(unlisted).toEqual(because("nothing was accepted that the operation could build on"));
  expect(rig().attribute({ ...bare, target: "unknown" }, refused)).toEqual(unlisted);
});

test("a 405 of a method that the target's own document lists is the target's", () => {
  const refused = answer(405, "POST /checkout");
  expect(rig().attribute(checkout, refused)).toMatchObject({ attribution: "target" });
  expect(rig({ documented: false, operations: [] }).attribute(checkout, refused)).toMatchObject({
    attribution: "simulation",
  });
});

test("a 401 where the document marks other operations alone as secured is about what was sent", () => {
  const note = call("POST", "/notes");
  const refused = answer(401, "POST /notes");
  expect(rig().attribute(note, refused)).toEqual(
    because("the target refuses values that the session signed in with"),
  );
  const unmarked = rig({ operations: [operation("POST", "/notes", false)] });
  expect(unmarked.attribute(note, refused)).toEqual(because("the request carried no credential"));
  expect(rig().attribute(checkout, answer(401, "POST /checkout"))).toEqual(
    because("the request carried no credential"),
  );
});

test("the credential of the target counts, at the time of the answer", () => {
  const { credentials, attribute, time } = rig();
  const refused = answer(401, "POST /checkout");
  credentials.keepToken("other", "token", "t0k3n-of-other");
  expect(attribute(checkout, refused)).toEqual(because("the request carried no credential"));
  credentials.keepToken("shop", "token", "t0k3n-of-shop", "", 1_010_000);
  expect(attribute(checkout, refused)).toMatchObject({ attribution: "unclear" });
  time.now = 1_009_000;
  expect(attribute(checkout, refused)).toEqual(because("the stated lifetime of the credential had passed"));
});

test("headers that the agent chose explain a refused form, those of the session do not", () => {
  const { attribute } = rig();
  const refused = answer(415, "POST /checkout");
  const withHeader = { decision: { headers: { "Content-Type": "text/plain" } } };
  expect(attribute(checkout, refused, withHeader)).toMatchObject({ attribution: "simulation" });
  expect(attribute({ ...checkout, headers: { "content-type": "a/b" } }, refused)).toMatchObject({
    attribution: "unclear",
  });
});

const CONFLICT = answer(409, "POST /checkout");
const UNPREPARED = because("nothing was accepted that the operation could build on");
const STATE = expect.objectContaining({ attribution: "unclear" });

test("a conflict is the session's where the target accepted nothing before", () => {
  const { attribute, failures } = rig();
  expect(attribute(checkout, CONFLICT)).toEqual(UNPREPARED);
  failures.noteAccepted(call("POST", "/orders"), "POST /orders", "POST /orders", []);
  expect(attribute(checkout, CONFLICT)).toEqual(STATE);
});

test.each<[done: boolean, method: ToolCall["method"], code: TransportErrorCode | undefined]>([
  [true, "POST", "reset"],
  [true, "DELETE", "timeout"],
  [false, "GET", "reset"],
  [false, "POST", "refused"],
  [false, "POST", undefined],
])("a write may have been done without an answer: %s for %s with the error %s", (done, method, code) => {
  const { attribute, failures } = rig();
  const result = code === undefined ? answer(500, "POST /orders") : error(code);
  expect(failures.noteLost(call(method, "/orders"), result)).toBe(done);
  expect(attribute(checkout, CONFLICT)).toEqual(done ? STATE : UNPREPARED);
});

test("the same call is one of the same target, operation and text", () => {
  const again = because("the target had already accepted the same request");
  const accepted = (target: string, text: string) => {
    const { attribute, failures } = rig();
    failures.noteAccepted({ ...checkout, target }, "POST /checkout/", text, []);
    return attribute(checkout, CONFLICT, { text: "POST /checkout" });
  };
  expect(accepted("shop", "POST /checkout")).toEqual(again);
  expect(accepted("shop", "POST /checkout?now")).toEqual(UNPREPARED);
  // A write to any target prepares.
  expect(accepted("other", "POST /checkout")).toEqual(STATE);
});

test("what the session deleted is missing rightly, with or without a query, at that target alone", () => {
  const deleted = because("the session itself had deleted it");
  const gone = (method: "DELETE" | "PUT", path: string, target = "shop", asked = "/orders/o-777") => {
    const one = rig();
    order(one);
    one.failures.noteAccepted({ ...call(method, path), target }, `${method} /orders/{order}`, "", []);
    return one.attribute(call("GET", asked), answer(404, "GET /orders/{order}"));
  };
  expect(gone("DELETE", "/orders/o-777")).toEqual(deleted);
  expect(gone("DELETE", "/orders/o-777?force=1")).toEqual(deleted);
  expect(gone("DELETE", "/orders/o-777", "shop", "/orders/o-777?view=all")).toEqual(deleted);
  expect(gone("DELETE", "/orders/o-777", "other")).not.toEqual(deleted);
  expect(gone("DELETE", "/orders/o-7")).not.toEqual(deleted);
  expect(gone("PUT", "/orders/o-777")).not.toEqual(deleted);
});

test.each<[verified: boolean, queued: ToolCall, status: number]>([
  [true, call("POST", "/orders"), 201],
  [false, call("POST", "/orders"), 202],
  [true, call("GET", "/orders"), 202],
  [true, call("POST", "/orders", { target: "other" }), 202],
])("an order that is not found is read again: %s after %j was answered %i", (verified, queued, status) => {
  const one = rig();
  order(one);
  one.failures.noteQueued(queued, answer(status, "POST /orders"));
  const finding = one.attribute(call("GET", "/orders/o-777"), answer(404, "GET /orders/{order}"));
  expect(finding?.attribution).toBe("unclear");
  expect(finding?.verify !== undefined).toBe(verified);
});

test("a job of an answer is queued work only if the call did not name it", () => {
  const queuedBy = (data: ToolCall["data"] & object) => {
    const one = rig();
    order(one);
    one.failures.noteQueued(call("POST", "/orders", { data }), jsonResult({ jobId: "j-1234" }));
    return one.attribute(call("GET", "/orders/o-777"), answer(404, "GET /orders/{order}"));
  };
  expect(queuedBy({ name: "a" })?.verify).toBeUndefined();
  expect(queuedBy({ job: "j-1234" })?.verify).toBeDefined();
});

test("an id that no answer showed, or that is in the data row, is the session's", () => {
  const { attribute } = rig();
  const missing = answer(404, "GET /orders/{order}");
  expect(attribute(call("GET", "/orders/o-9"), missing)).toEqual(
    because("no answer had issued the order of the request"),
  );
  expect(attribute(call("GET", "/orders/a@b.example"), missing)).toEqual(
    because("the target does not know order of the session's data"),
  );
});

test("an own order that a write does not find is read; nothing beyond what its creation showed may be there", () => {
  const refused = () => {
    const one = rig();
    order(one);
    return one;
  };
  const put = call("PUT", "/orders/o-777");
  const missing = answer(404, "PUT /orders/{order}");
  const { verify, because: why } = refused().attribute(put, missing) ?? {};
  expect(verify?.call).toMatchObject({ target: "shop", method: "GET", path: "/orders/o-777" });
  const read = (json: object) =>
    verify?.judge(jsonResult(json as never, { operation: "GET /orders/{order}" }));
  expect(read({ id: "o-777" })).toEqual({
    attribution: "target",
    because: "GET /orders/o-777 right after shows that it exists",
  });
  expect(read({ id: "o-777", locked: "by someone" })).toMatchObject({ because: why });
  expect(read({ id: "o-777", ownerId: "u-9" })).toMatchObject({ because: why });
  const written = refused();
  written.failures.noteAccepted(call("POST", "/checkout"), "POST /checkout", "", ["o-777"]);
  expect(written.attribute(put, missing)?.verify).toBeUndefined();
  const later = refused();
  later.failures.noteAccepted(call("POST", "/checkout"), "POST /checkout", "", []);
  expect(later.attribute(put, missing)?.verify).toBeUndefined();
});

const UNMET: UnmetCheck = { key: "shop POST /orders", label: "POST /orders", refuted: undefined };

test.each<[decides: boolean, durationMs: number, code: TransportErrorCode]>([
  [false, BUDGET_MS / 2, "cancelled"],
  [true, BUDGET_MS / 2 + 1, "cancelled"],
  [true, 0, "timeout"],
])("a failure decides the session's end: %s, after %i ms with the error %s", (decides, durationMs, code) => {
  const { attribute, failures } = rig();
  const result = error(code);
  failures.note(4, checkout, result, attribute(checkout, result, { durationMs }));
  const cause = failures.decide("time_budget", [UNMET]);
  expect(cause.step).toBe(decides ? 4 : undefined);
  expect(cause.attribution).toBe(decides ? "target" : "simulation");
});

test("a success recovers a failure, and a verification read replaces its cause", () => {
  const { failures } = rig();
  const failed = answer(409, "POST /checkout");
  failures.note(1, checkout, failed, { attribution: "unclear", because: "either" });
  failures.settle(2, { attribution: "simulation", because: "another step" });
  expect(failures.decide("failed", [UNMET])).toMatchObject({ attribution: "unclear", step: 1 });
  failures.settle(1, { attribution: "target", because: "it was read" });
  expect(failures.decide("failed", [UNMET])).toEqual({
    attribution: "target",
    reason: "POST /checkout answered 409 in step 1; it was read",
    step: 1,
  });
  failures.note(3, checkout, answer(201, "POST /checkout"), undefined);
  expect(failures.decide("failed", [UNMET]).step).toBeUndefined();
});

const PROBED: UnmetCheck = {
  key: "shop GET /orders/{}",
  label: "GET /orders/{order}",
  refuted: "GET /orders/o-777 answered 404",
  missing: true,
  place: "shop /orders/o-777",
};

test.each<
  [attribution: string, why: string, write: (failures: SessionFailures) => void, check?: Partial<UnmetCheck>]
>([
  ["target", "nothing happened to it", () => undefined],
  [
    "unclear",
    "the session deleted it",
    (one) => one.noteAccepted(call("DELETE", "/orders/o-777"), "DELETE /orders/{order}", "", []),
  ],
  [
    "target",
    "the session deleted another one",
    (one) => one.noteAccepted(call("DELETE", "/orders/o-1"), "DELETE /orders/{order}", "", []),
  ],
  ["unclear", "the target had queued work", (one) => one.noteQueued(call("POST", "/orders"), answer(202))],
  [
    "target",
    "another target had queued work",
    (one) => one.noteQueued(call("POST", "/orders", { target: "other" }), answer(202)),
  ],
  [
    "unclear",
    "the session wrote to it",
    (one) => one.noteAccepted(call("POST", "/refunds"), "POST /refunds", "", ["x", "o-777"]),
  ],
  [
    "target",
    "the session wrote to another one",
    (one) => one.noteAccepted(call("POST", "/refunds"), "POST /refunds", "", ["o-77"]),
  ],
  [
    "unclear",
    "the session wrote to it, and its id is escaped in the path",
    (one) => one.noteAccepted(call("POST", "/refunds"), "POST /refunds", "", ["o 777"]),
    { place: "shop /orders/o%20777" },
  ],
  ["unclear", "it was not missing", () => undefined, { missing: false }],
  [
    "target",
    "the target failed to answer",
    (one) => one.noteQueued(call("POST", "/orders"), answer(202)),
    { missing: false, failed: true },
  ],
])("the end is %s where the order of a probe is missing and %s", (attribution, _why, write, check = {}) => {
  const { failures } = rig();
  write(failures);
  expect(failures.decide("failed", [{ ...PROBED, ...check }])).toMatchObject({ attribution });
});

test("a missing resource without a place is the target's, whatever was written", () => {
  const { failures } = rig();
  failures.noteQueued(call("POST", "/orders"), answer(202));
  const { place: _, ...nowhere } = PROBED;
  expect(failures.decide("failed", [nowhere]).attribution).toBe("target");
});

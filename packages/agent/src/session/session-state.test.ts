import type { Clock } from "@ape/core/lib/clock";
import type { Json } from "@ape/core/lib/json";
import type { ApiDescription, ApiOperation } from "@ape/core/protocol/api";
import type { HttpMethod } from "@ape/core/protocol/operations/operation";
import type { Page, PageControl, PageForm } from "@ape/core/protocol/page";
import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import type { ViewAnswer } from "@ape/core/protocol/view";
import { expect, test } from "vitest";
import { jsonResult } from "../../test/json-result.ts";
import type { ActionDecision } from "./call-rendering.ts";
import { SessionState } from "./session-state.ts";

const operation = (method: HttpMethod, path: string, summary = "", secured = true): ApiOperation => ({
  method,
  path,
  summary,
  fields: [],
  secured,
  ...(path === "/orders" ? { answerHeaders: ["x-order"] } : {}),
});
const OPERATIONS = [
  operation("POST", "/login", "Log in", false),
  operation("POST", "/logout", "Log out"),
  operation("PUT", "/password", "Change the password"),
  operation("GET", "/password", "Rules of passwords"),
  operation("GET", "/orders"),
  operation("GET", "/open", "", false),
  operation("POST", "/orders"),
  operation("PUT", "/orders/{order}"),
  operation("POST", "/checkout"),
];
const TOKEN = "tok-abcdef-123456";

/** The state of a session with two targets of the same document. */
function rig(operations: readonly ApiOperation[] = OPERATIONS) {
  const clock: Clock = { now: () => 0, epoch: () => 1_000_000, sleep: async () => undefined };
  const apis = ["shop", "bank"].map(
    (target): ApiDescription => ({
      target,
      title: target,
      documented: true,
      auth: [{ type: "bearer" }],
      operations,
    }),
  );
  const state = new SessionState({
    prompt: "Buy a thing",
    persona: "in a hurry",
    row: { values: { email: "a@b.example", password: "hunter22" }, secret: ["password"] },
    apis,
    origins: { shop: "http://shop.example", bank: "http://bank.example" },
    secrets: ["configured-secret"],
    timeMs: 60_000,
    clock,
  });
  let step = 0;
  const take = (
    method: HttpMethod,
    path: string,
    result: Partial<ToolResult> & { json?: Json } = {},
    more: Partial<ActionDecision & { kind: "action" }> = {},
    operation = `${method} ${path.split("?", 1)[0]}`,
  ) => {
    step += 1;
    const { json = null, ...others } = result;
    const { target = "shop", data } = more;
    const call: ToolCall = { target, method, path, ...(data === undefined ? {} : { data }) };
    const decision = { kind: "action", tool: "t", args: {}, target, method, path, ...more } as ActionDecision;
    return state.ingest(step, decision, call, jsonResult(json, { operation, ...others }), 10);
  };
  const login = (json: Json = { accessToken: TOKEN }) =>
    take("POST", "/login", { json }, { data: { password: "{{password}}" } });
  const last = (): ViewAnswer => state.view(undefined).results.at(-1) as ViewAnswer;
  return { state, take, login, last };
}

const control = (more: Partial<PageControl>): PageControl => ({
  name: "csrf_token",
  type: "hidden",
  label: "",
  value: "c5rf-v4lue",
  required: false,
  ...more,
});
const FORM: PageForm = {
  id: "f1",
  label: "Save",
  method: "POST",
  path: "/save",
  enctype: "application/x-www-form-urlencoded",
  controls: [control({})],
};
const PAGE: Page = {
  title: "Start",
  path: "/",
  text: "",
  links: [
    { text: "One", path: "/1" },
    { text: "Two", path: "/2" },
  ],
  forms: [FORM, { ...FORM, id: "f2", path: "/other" }],
};
const body = (page: Partial<Page> = {}): ToolResult["body"] => ({
  kind: "page",
  page: { ...PAGE, ...page },
  bytes: 1,
  cut: false,
});

test("a view has the date, and the steps that are left and the problem where there are any", () => {
  const { state } = rig();
  expect(state.view(undefined)).toEqual({
    goal: "Buy a thing",
    persona: "in a hurry",
    facts: [
      { name: "email", value: "a@b.example", origin: "data" },
      { name: "password", value: "{{password}}", origin: "data" },
    ],
    trail: [],
    dropped: 0,
    results: [],
    today: "Thursday, 1970-01-01",
  });
  expect(state.view("it is empty", 0)).toMatchObject({ problem: "it is empty", stepsLeft: 0 });
});

test("the page that a target showed last has the forms and links that can be used there", () => {
  const { state, take } = rig();
  expect([state.forms("shop"), state.linkText("shop", "/1"), state.formOrigin("shop", "f1")]).toEqual([
    [],
    undefined,
    undefined,
  ]);
  take("GET", "/", { body: body() });
  expect(state.forms("shop").map(({ id }) => id)).toEqual(["f1", "f2"]);
  expect(state.forms("bank")).toEqual([]);
  expect([state.linkText("shop", "/2"), state.linkText("shop", "/3"), state.linkText("bank", "/2")]).toEqual([
    "Two",
    undefined,
    undefined,
  ]);
  expect(state.formOrigin("shop", "f2")).toMatchObject({ path: "/" });
  expect([state.formOrigin("shop", "f3"), state.formOrigin("bank", "f2")]).toEqual([undefined, undefined]);
  take("GET", "/2", { body: body({ forms: [] }) });
  expect(state.forms("shop")).toEqual([]);
});

test.each([
  [499, 0],
  [404, 0],
  [500, 2],
  [503, 2],
  [429, 2],
])("after an empty page with status %i, %i forms can be used", (status, forms) => {
  const { state, take } = rig();
  take("GET", "/", { body: body() });
  take("GET", "/", { status, body: body({ forms: [] }) });
  expect(state.forms("shop")).toHaveLength(forms);
});

test.each<[shown: string, control: Partial<PageControl>]>([
  ["{{csrf_token}}", {}],
  ["{{_xsrf}}", { name: "_xsrf" }],
  ["{{nonce}}", { name: "nonce", value: "12345678" }],
  ["1234567", { value: "1234567" }],
  ["c5rf-v4lue", { type: "text" }],
  ["c5rf-v4lue", { name: "basket" }],
])("a value of a form is shown as %s: %j", (shown, more) => {
  const { state, take } = rig();
  take("GET", "/", { body: body({ forms: [{ ...FORM, controls: [control(more)] }] }) });
  expect(state.hide(control(more).value)).toBe(shown);
});

test("what a model wants to remember is kept under a clean name, and bounded", () => {
  const { state } = rig();
  const name = "a/b\n{c}@$. -_1";
  expect(state.remember({ [name]: "x", count: 3, email: "other" }, "step 1")).toEqual([
    "a_b__c_@$. -_1",
    "count",
  ]);
  expect(state.remember({ [name]: "x", count: 4 }, "step 2")).toEqual(["count"]);
  expect([state.read("count"), state.read("email")]).toEqual(["4", "a@b.example"]);
  expect(state.remember({ ["n".repeat(61)]: "v".repeat(401) }, "step 3")).toEqual(["n".repeat(60)]);
  expect(state.read("n".repeat(60))).toBe("v".repeat(400));
});

test("the words of a search among the operations hold no secret", () => {
  const { state } = rig();
  state.noteFound("orders of hunter22", "GET /orders");
  expect(state.view(undefined).found).toEqual({ words: "orders of {{password}}", text: "GET /orders" });
});

const NOTHING_HELD = "no answer that was cut is held; what is held is shown as a whole";
const ROWS = Array.from({ length: 40 }, (_, index) => `row number ${index + 1}`);
const list = (bytes = 1_000): ToolResult["body"] => ({ kind: "json", json: ROWS, bytes });

test("of a list that was cut more is shown, from the first item that was not, or from a place", () => {
  const { state, take, last } = rig();
  expect(state.showMore()).toBe(NOTHING_HELD);
  take("GET", "/open", { json: ["a"] });
  expect(state.showMore()).toBe(NOTHING_HELD);
  take("GET", "/orders", { body: list() });
  expect(last().body).toContain('"row number 1"');
  expect(last().body).not.toContain('"row number 13"');
  expect(state.showMore()).toBeUndefined();
  expect(last().body).toContain('"row number 13"');
  expect(last().body).not.toContain('"row number 1"');
  expect(state.showMore()).toBeUndefined();
  expect(last().body).toContain('"row number 25"');
  expect(state.showMore(40)).toBeUndefined();
  expect(last().body).toContain('"row number 40"');
  expect(last().step).toBe(2);
  expect(state.showMore(41)).toBe("the list ends at 40: it is shown from its beginning");
  expect(last().body).toContain('"row number 1"');
});

test("an answer that left the memory, or is too long to be held, shows no more", () => {
  const dropped = rig();
  dropped.take("GET", "/orders", { body: list() });
  for (const path of ["/open?1", "/open?2"]) dropped.take("GET", path, { json: [path] });
  expect(dropped.state.showMore()).toBeUndefined();
  dropped.take("GET", "/open?3", { json: ["d"] });
  expect(dropped.state.showMore()).toBe(NOTHING_HELD);
  for (const [bytes, more] of [
    [65_536, undefined],
    [65_537, NOTHING_HELD],
  ] as const) {
    const { state, take } = rig();
    take("GET", "/orders", { body: list(bytes) });
    expect(state.showMore()).toBe(more);
  }
});

test.each<[ends: boolean, method: HttpMethod, path: string, target?: string]>([
  [true, "POST", "/logout"],
  [true, "POST", "/logout?all=1"],
  [true, "POST", "/logout#now"],
  [true, "PUT", "/password"],
  [false, "GET", "/password"],
  [false, "POST", "/orders"],
  [false, "POST", "/unknown"],
  [false, "POST", "/logout", "unknown"],
])("a call ends the session's credentials: %s for %s %s", (ends, method, path, target = "shop") => {
  expect(rig().state.endsCredentials({ target, method, path })).toBe(ends);
});

test("cookies that are credentials are hidden, and sent to their target alone", () => {
  const { state, take } = rig();
  const cookies = ["sid=c00kie-v4lue-1; HttpOnly", "session!id=c00kie-v4lue-2; HttpOnly"];
  take("GET", "/open", { headers: { "set-cookie": cookies } });
  expect(state.hide("c00kie-v4lue-1 c00kie-v4lue-2")).toBe("{{cookie sid}} ***");
  expect(state.valuesFor("shop").read("cookie sid")).toBe("c00kie-v4lue-1");
  expect(state.valuesFor("shop").read("sid")).toBeUndefined();
  expect(state.valuesFor("bank").read("cookie sid")).toBeUndefined();
});

test("the values of a call are those of its target", () => {
  const { state, login } = rig();
  login();
  const values = state.valuesFor("shop");
  expect(state.valuesFor("shop")).toBe(values);
  expect(values.read("accessToken")).toBe(TOKEN);
  expect(values.explain("x")).toBe("nothing is known as {{x}}");
  const others = state.valuesFor("bank");
  expect(others).not.toBe(values);
  expect(others.read("accessToken")).toBeUndefined();
  expect(others.explain("accessToken")).toMatch(/belongs to shop and is not sent to bank/);
  expect(others.read("password")).toBe("hunter22");
  expect([state.read("accessToken"), state.read("nothing")]).toEqual([TOKEN, undefined]);
});

const standing = ({ state }: ReturnType<typeof rig>) => state.credentials.standing("shop", 1_000_000);

test("a login brings credentials, a 401 takes them away, and a write that was lost does not", () => {
  const one = rig();
  expect(one.login()).toMatchObject({ loggedIn: true, gained: ["accessToken"], finding: undefined });
  expect(standing(one)).toBe("held");
  const lost = { status: 0, error: { code: "timeout", message: "too slow", like: 401 } } as const;
  expect(one.take("POST", "/orders", lost)).toMatchObject({ loggedIn: false, gained: [] });
  expect(standing(one)).toBe("held");
  one.take("GET", "/orders", { status: 403 });
  expect(standing(one)).toBe("held");
  one.take("GET", "/orders", { status: 401 });
  expect(standing(one)).toBe("none");
  expect(one.state.valuesFor("shop").read("accessToken")).toBeUndefined();
});

test("what a failed login shows is hidden, and is no credential", () => {
  const one = rig();
  const refused = one.take("POST", "/login", { status: 400, json: { accessToken: TOKEN } });
  expect(refused).toMatchObject({ loggedIn: false, gained: [] });
  expect([standing(one), one.state.hide(TOKEN)]).toEqual(["none", "{{accessToken}}"]);
});

test("a call that sends a secret of the data row signs in, whatever its operation", () => {
  const tokenAfter = (data: Json) => {
    const one = rig();
    one.take("POST", "/checkout", { json: { result: { sessionId: "s3ss10n-abcdef" } } }, { data });
    return standing(one);
  };
  expect(tokenAfter({ pin: "{{password}}" })).toBe("held");
  expect(tokenAfter({ pin: "{{email}}" })).toBe("none");
});

test.each<[standing: string, signedIn: boolean, method: HttpMethod, path: string, status: number]>([
  ["revoked", false, "POST", "/logout", 200],
  ["held", true, "POST", "/logout", 500],
  ["revoked", true, "PUT", "/password", 200],
  ["held", true, "PUT", "/password", 400],
  ["held", true, "GET", "/password", 200],
  ["held", true, "POST", "/orders", 200],
])(
  "credentials are %s, signed in: %s, after %s %s was answered %i",
  (expected, signedIn, method, path, status) => {
    const one = rig();
    one.login();
    one.take(method, path, { status });
    expect(standing(one)).toBe(expected);
    expect(one.state.credentials.signedIn("shop")).toBe(signedIn);
  },
);

test("an answer of a target without a description is kept", () => {
  const { take, last } = rig();
  take("GET", "/x", { json: { a: 1 }, headers: { etag: '"v1"' } }, { target: "elsewhere" });
  expect(last()).toMatchObject({ target: "elsewhere", body: '{"a":1}', headers: { etag: '"v1"' } });
});

test("an operation that revokes credentials and brings new ones leaves those", () => {
  const one = rig();
  one.login();
  one.take("PUT", "/password", { json: { accessToken: "tok-fedcba-654321" } }, { data: "{{password}}" });
  expect([standing(one), one.state.read("accessToken")]).toEqual(["held", "tok-fedcba-654321"]);
});

test.each<[attribution: string, why: string, before: (one: ReturnType<typeof rig>) => void]>([
  ["simulation", "nothing was done", () => undefined],
  ["simulation", "something was read", ({ take }) => void take("GET", "/orders")],
  ["simulation", "the session signed in", ({ login }) => void login()],
  ["simulation", "a write was refused", ({ take }) => void take("POST", "/orders", { status: 422 })],
  ["unclear", "a write was accepted", ({ take }) => void take("POST", "/orders", { status: 201 })],
  [
    "unclear",
    "a write was lost",
    ({ take }) => void take("POST", "/orders", { status: 0, error: { code: "reset", message: "" } }),
  ],
])("a conflict is %s after %s", (attribution, _why, before) => {
  const one = rig();
  before(one);
  expect(one.take("POST", "/checkout", { status: 409 }).finding?.attribution).toBe(attribution);
});

test("a failed call has evidence without secrets, as long as a record may be; a good one has none", () => {
  const { take } = rig();
  expect(take("POST", "/orders").evidence).toBeUndefined();
  const data = { text: "x".repeat(3_000) };
  const failed = take(
    "POST",
    "/orders?key=configured-secret",
    { status: 400, json: { said: "hunter22" } },
    { data },
  );
  // 2000 characters, with a secret of 17 as three.
  expect(failed.evidence?.request).toHaveLength(2_000 - 14);
  expect(failed.evidence?.request).toMatch(/^POST \/orders\?key=\*\*\* \{"text":"x+/);
  expect(failed.evidence?.response).toBe('{"said":"{{password}}"}');
  const long = take("GET", "/orders", {
    status: 500,
    body: { kind: "text", text: "y".repeat(2_001), bytes: 2_001, cut: false },
  });
  expect(long.evidence).toEqual({ request: "GET /orders", response: "y".repeat(2_000) });
});

test("an event's text is bounded, 500 characters by default", () => {
  const { state } = rig();
  expect(state.mask("z".repeat(501))).toHaveLength(500);
  expect(state.mask("configured-secret hunter22", 8)).toBe("*** {{pa");
});

/** Three logins, each followed by a refusal. */
function loops(one: ReturnType<typeof rig>, answer: Json, refusal: Json, between?: string) {
  let outcome: ReturnType<typeof one.take> | undefined;
  for (let at = 0; at < 3; at += 1) {
    one.login(answer);
    if (between !== undefined) one.take("GET", between);
    outcome = one.take("GET", `/orders?${at}`, { status: 401, json: refusal });
  }
  return outcome?.abandonReason;
}

test.each<[byTarget: boolean, why: string, answer: Json, refusal: Json]>([
  [true, "the target had stated its lifetime", { accessToken: TOKEN, expires_in: 60 }, null],
  [false, "its lifetime had passed", { accessToken: TOKEN, expires_in: 1 }, null],
  [false, "no lifetime was stated", { accessToken: TOKEN }, null],
  [
    false,
    "the answer is about a permission",
    { accessToken: TOKEN, expires_in: 60 },
    { error: "permission denied" },
  ],
])("logins in vain are the target's: %s, where %s", (byTarget, _why, answer, refusal) => {
  expect(loops(rig(), answer, refusal)).toEqual({
    reason: "logged in 3 times, and GET /orders still answers 401",
    byTarget,
  });
});

test("a login is not in vain if a call that needs it succeeds", () => {
  const answer = { accessToken: TOKEN };
  expect(loops(rig(), answer, null, "/orders")).toBeUndefined();
  expect(loops(rig(), answer, null, "/open")).toBeDefined();
  // Where the document marks nothing, a call that carried a token counts.
  const unmarked = OPERATIONS.map((one) => ({ ...one, secured: false }));
  expect(loops(rig(unmarked), answer, null, "/open")).toBeUndefined();
});

test("an answer is kept with the call, its step and its effective status", () => {
  const { take, last } = rig();
  take("POST", "/orders", { status: 201, json: { id: "o-1" } }, { data: { pin: "hunter22" } });
  expect(last()).toEqual({
    step: 1,
    target: "shop",
    call: 'POST /orders {"pin":"{{password}}"}',
    status: 201,
    body: '{"id":"o-1"}',
  });
  const failure = { code: "failure", message: "refused", like: 422 } as const;
  take("POST", "/checkout", { error: failure });
  expect(last()).toMatchObject({ status: 422, note: "refused" });
  take("POST", "/orders", {}, { data: "d".repeat(300) });
  expect(last().call).toHaveLength(200);
});

test.each<[note: string | undefined, result: Partial<ToolResult>]>([
  [undefined, {}],
  ["waited 2000 ms", { status: 503, headers: { "retry-after": "2" } }],
  ["no body", { warning: "no body", unproven: "nothing is shown" }],
  ["nothing is shown", { unproven: "nothing is shown", headers: { "retry-after": "2" } }],
  ["too slow", { status: 0, error: { code: "timeout", message: "too slow" }, warning: "no body" }],
  ["not {{password}}", { warning: "not hunter22" }],
  ["w".repeat(200), { warning: "w".repeat(201) }],
])("the note of an answer is %j", (note, result) => {
  const { take, last } = rig();
  take("GET", "/orders", result);
  expect(last().note).toBe(note);
  expect("note" in last()).toBe(note !== undefined);
});

test("what a model wrote beside a call, its headers and those of the answer are shown without secrets", () => {
  const { take, last } = rig();
  take(
    "GET",
    "/orders",
    { headers: { etag: '"v1"', "x-order": "of hunter22", "x-other": "1" } },
    {
      note: "it is hunter22",
      headers: { "x-pin": "hunter22" },
    },
  );
  expect(last()).toMatchObject({
    said: "it is {{password}}",
    sent: { "x-pin": "{{password}}" },
    headers: { etag: '"v1"', "x-order": "of {{password}}" },
  });
  take("GET", "/open", { headers: { "x-order": "1" } }, { headers: {} });
  expect(Object.keys(last()).sort()).toEqual(["body", "call", "status", "step", "target"]);
});

test("a version of an answer is one that the target issued", () => {
  const because = (headers: ToolResult["headers"]) => {
    const { state, take } = rig();
    take("GET", "/orders/o-1", { headers });
    const call: ToolCall = {
      target: "shop",
      method: "PUT",
      path: "/orders/o-1",
      headers: { "if-match": '"v1"' },
    };
    const decision = { kind: "action", tool: "t", args: {}, ...call } as ActionDecision;
    const result = jsonResult(null, { status: 412, operation: "PUT /orders/{order}" });
    return state.ingest(2, decision, call, result, 1).finding?.because;
  };
  expect(because({ etag: '"v1"' })).toMatch(/^either it refuses a version that still holds/);
  expect(because({})).toBe("no answer had issued the precondition of the request");
});

test("a list of objects is shown as a table too where that is shorter", () => {
  const { take, last } = rig();
  const rows = ["ann", "bob", "hunter22"].map((name, index) => ({ identifier: index, name, quantity: 2 }));
  take("GET", "/orders", { json: rows });
  const { body: plain, table } = last();
  expect(plain).toBe(JSON.stringify(rows).replace("hunter22", "{{password}}"));
  expect(table).toContain("{{password}}");
  expect(table?.length).toBeLessThan(plain.length);
  take("GET", "/open", { json: [{ a: 1 }] });
  expect(last().table).toBeUndefined();
});

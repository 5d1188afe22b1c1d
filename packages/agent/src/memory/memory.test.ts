import { renderView } from "@ape/core/protocol/view";
import { expect, test } from "vitest";
import { type Learned, Memory } from "./memory.ts";

const fact = (name: string, value: string, more: Partial<Learned> = {}): Learned => ({
  name,
  value,
  shown: value,
  issuer: undefined,
  issue: { kinds: ["thing"], operation: "GET /things", path: "/things", siblings: [] },
  origin: "step 1",
  ...more,
});
const source = { operation: "GET /things", path: "/things" };
const isIssued = (memory: Memory, value: string): boolean => memory.issues(value).length > 0;
const filled = (steps: number): Memory => {
  const memory = new Memory("buy", undefined, {
    values: { email: "a@b.c", password: "hunter22" },
    secret: ["password"],
  });
  for (let step = 1; step <= steps; step += 1) {
    memory.learn(fact(`id${step}`, `value-${step}`, { origin: `step ${step}` }));
    memory.remember(
      {
        step,
        target: "shop",
        call: "GET /things/1",
        status: 200,
        body: `{"orders":"none","id":${1000 + step}}`,
      },
      source,
    );
  }
  return memory;
};

test("a view of a thousand steps is no larger than one of thirty", () => {
  const long = renderView(filled(1000).view(undefined)).length;
  expect(long).toBeLessThan(renderView(filled(30).view(undefined)).length * 1.2);
  expect(filled(1000).view(undefined)).toMatchObject({ dropped: 980 });
});

test("secrets are placeholders in the view and real when read", () => {
  const memory = filled(1);
  memory.learn(fact("accessToken", "tok-123456", { issuer: "shop" }));
  const text = renderView(memory.view("why"));
  expect(text).not.toMatch(/hunter22|tok-123456/);
  expect(text).toContain("{{password}}");
  expect(memory.read("password")).toBe("hunter22");
  expect(memory.read("accessToken")).toBe("tok-123456");
});

test("secrets are forgotten last", () => {
  const memory = filled(0);
  memory.learn(fact("accessToken", "tok-123456", { issuer: "shop" }));
  for (let n = 0; n < 100; n += 1) memory.learn(fact(`id${n}`, String(n)));
  expect(memory.read("accessToken")).toBe("tok-123456");
  expect(memory.read("id99")).toBe("99");
  expect(memory.read("id1")).toBeUndefined();
  for (let n = 0; n < 100; n += 1) memory.learn(fact(`token${n}`, String(n), { issuer: "shop" }));
  expect(memory.view(undefined).facts.length).toBeLessThanOrEqual(2 + 24);
});

test("what a target issued is known from what the row or the model brought", () => {
  const memory = filled(3);
  memory.learn(fact("guess", "g-17", { issue: undefined }));
  expect(isIssued(memory, "value-2")).toBe(true);
  expect(isIssued(memory, "1003")).toBe(true);
  for (const value of ["100", "003", "a@b.c", "g-17", "orders", "id"])
    expect(isIssued(memory, value)).toBe(false);
});

test("what an error repeats was not issued by it", () => {
  const memory = filled(0);
  memory.remember({ step: 1, target: "shop", call: "GET /o/9", status: 404, body: '{"id":"o-9"}' }, source);
  expect(isIssued(memory, "o-9")).toBe(false);
});

test("a value that was used stays known when its answer has left the memory, within bounds", () => {
  const memory = filled(1);
  memory.use("1001");
  for (let n = 0; n < 10; n += 1)
    memory.remember({ step: n, target: "shop", call: `GET /a/${n}`, status: 200, body: "[]" }, source);
  expect(isIssued(memory, "1001")).toBe(true);
  for (let n = 0; n < 30; n += 1) {
    memory.learn(fact(`other${n}`, `other-${n}`));
    memory.use(`other-${n}`);
  }
  expect(isIssued(memory, "1001")).toBe(false);
});

test("calls that leave the history count by their operations, failed ones aside and repeated ones as often as made", () => {
  const memory = filled(0);
  expect(memory.view(undefined).done).toBeUndefined();
  const remember = (n: number, operation: string, status = 200, body = `"${n}"`): void =>
    memory.remember(
      { step: n, target: "shop", call: operation.replace("{id}", body), status, body },
      { operation, path: "/" },
    );
  remember(1, "POST /orders");
  remember(2, "GET /orders/{id}", 404);
  for (let n = 3; n < 6; n += 1) remember(n, "GET /stock", 200, "[]");
  for (let n = 6; n < 30; n += 1) remember(n, "GET /orders/{id}");
  expect(memory.view(undefined)).toMatchObject({
    dropped: 7,
    done: [
      { target: "shop", operation: "POST /orders", times: 1 },
      { target: "shop", operation: "GET /stock", times: 3 },
      { target: "shop", operation: "GET /orders/{id}", times: 4 },
    ],
  });
  for (let n = 30; n < 90; n += 1) remember(n, `POST /a${n}`);
  expect(memory.view(undefined).done).toHaveLength(24);
});

test("an answer cannot overwrite the data row", () => {
  const memory = filled(0);
  expect(memory.learn(fact("email", "evil@b.c"))).toBe(false);
  expect(memory.read("email")).toBe("a@b.c");
});

test("a secret is read only for the target that issued it, and a secret column only for those it is bound to", () => {
  const memory = new Memory("g", undefined, {
    values: { email: "a@b.c", password: "hunter22" },
    secret: ["password"],
    secretFor: ["shop"],
  });
  const token = (value: string, issuer: string): void =>
    void memory.learn({ name: "token", value, shown: "", issuer, issue: undefined, origin: "step 1" });
  token("tok-shop", "shop");
  token("tok-crm", "crm");
  memory.learn({ name: "id", value: "7", shown: "7", issuer: undefined, issue: undefined, origin: "step 1" });
  expect(["token", "password", "email", "id"].map((name) => memory.readFor(name, "shop"))).toEqual([
    "tok-shop",
    "hunter22",
    "a@b.c",
    "7",
  ]);
  expect(["token", "password", "email", "id"].map((name) => memory.readFor(name, "crm"))).toEqual([
    "tok-crm",
    undefined,
    "a@b.c",
    "7",
  ]);
  expect(memory.readFor("token", "other")).toBeUndefined();
  expect(memory.explain("token", "other")).toContain("belongs to crm");
  expect(memory.explain("password", "crm")).toContain("belongs to shop and is not sent to crm");
  expect(memory.explain("colour", "crm")).toBe("nothing is known as {{colour}}");
  memory.forget("token", "shop");
  expect(memory.readFor("token", "shop")).toBeUndefined();
  expect(memory.readFor("token", "crm")).toBe("tok-crm");
  const unbound = new Memory("g", undefined, { values: { pin: "1234" }, secret: ["pin"], secretFor: [] });
  expect(unbound.readFor("pin", "shop")).toBeUndefined();
  expect(unbound.explain("pin", "shop")).toContain("(data.for) does not say which API it is for");
});

/** The calls of the answers that are held after some calls. */
function held(calls: readonly (readonly [call: string, status: number, body?: string])[]): string[] {
  return memoryOf(calls)
    .view(undefined)
    .results.map(({ call, status, note }) => `${call} ${status}${note === undefined ? "" : ` ${note}`}`);
}

function memoryOf(calls: readonly (readonly [call: string, status: number, body?: string])[]): Memory {
  const memory = new Memory("g", undefined, undefined);
  for (const [at, [call, status, body]] of calls.entries())
    memory.remember({ step: at + 1, target: "shop", call, status, body: body ?? `"${call} ${at}"` }, source);
  return memory;
}

test("failures in a row leave the last good answers", () => {
  const failing = Array.from({ length: 9 }, (_, n) => [`POST /orders {"n":${n}}`, 500 + n] as const);
  expect(held([["GET /rooms", 200], ["POST /bookings {}", 201], ...failing])).toEqual([
    "GET /rooms 200",
    "POST /bookings {} 201",
    'POST /orders {"n":8} 508',
  ]);
});

test("the same call again makes room first, then the oldest", () => {
  const polls = ["a", "b", "c"].map((state) => ["GET /jobs/1", 200, `"${state}"`] as const);
  expect(held([["GET /rooms", 200], ["POST /jobs", 202], ...polls])).toEqual([
    "GET /rooms 200",
    "POST /jobs 202",
    "GET /jobs/1 200",
  ]);
  expect(held(["GET /a", "GET /b", "GET /c", "GET /d"].map((call) => [call, 200] as const))).toEqual([
    "GET /b 200",
    "GET /c 200",
    "GET /d 200",
  ]);
});

test("the same call with the same answer is one with its number", () => {
  const same = Array.from({ length: 3 }, () => ["GET /jobs/1", 200, '"made"'] as const);
  expect(held([["GET /rooms", 200], ...same])).toEqual([
    "GET /rooms 200",
    "GET /jobs/1 200 3 times the same answer",
  ]);
  const { trail } = memoryOf([...same, ["GET /rooms", 200]]).view(undefined);
  expect(trail.map(({ step, note }) => [step, note])).toEqual([
    [3, "3 times the same answer"],
    [4, undefined],
  ]);
});

test("a write that went well before is pointed out, a read or a failure is not", () => {
  const between = ["GET /rooms", 200] as const;
  const note = (call: string, status: number): string | undefined =>
    memoryOf([[call, status], between, [call, status]])
      .view(undefined)
      .results.at(-1)?.note;
  expect(note('POST /bookings {"room":1}', 201)).toBe("the same call went well in step 1");
  expect(note("mutation book {}", 200)).toContain("step 1");
  expect(note("GET /other", 200)).toBeUndefined();
  expect(note("POST /bookings {}", 409)).toBeUndefined();
});

test("what is only added to stands before what changes: consecutive prompts share their beginning", () => {
  const memory = new Memory("Buy a thing", "You are in a hurry", { values: { email: "a@b.c" }, secret: [] });
  const texts: string[] = [];
  for (let step = 1; step <= 12; step += 1) {
    memory.learn(fact(`id${step}`, `value-${step}`));
    memory.remember({ step, target: "shop", call: `GET /things/${step}`, status: 200, body: "{}" }, source);
    texts.push(renderView(memory.view(undefined, { today: "Friday, 2026-11-27", stepsLeft: 30 - step })));
  }
  const [before = "", after = ""] = texts.slice(-2);
  const shared = [...after].findIndex((char, at) => char !== before[at]);
  expect(shared).toBeGreaterThan(after.indexOf("8. shop: GET /things/8"));
  expect(after.indexOf("email: ")).toBeLessThan(after.indexOf("# Done so far"));
  expect(after.indexOf("id12: ")).toBeGreaterThan(after.indexOf("# Last answers"));
});

test("twenty-four values are kept, a value that is learned again as the newest; secrets of several targets apart", () => {
  const memory = filled(0);
  for (let n = 0; n < 24; n += 1) expect(memory.learn(fact(`id${n}`, "x"))).toBe(true);
  expect(memory.learn(fact("id0", "x"))).toBe(false);
  expect(memory.learn(fact("id0", "y"))).toBe(true);
  memory.learn(fact("more", "z"));
  expect([memory.read("id0"), memory.read("id1"), memory.read("id2")]).toEqual(["y", undefined, "x"]);
  const names = memory.view(undefined).facts.map(({ name }) => name);
  expect(names.slice(-2)).toEqual(["id0", "more"]);
  expect(names).toHaveLength(2 + 24);
});

test("of secrets alone the oldest is forgotten", () => {
  const memory = filled(0);
  for (let n = 0; n < 25; n += 1) memory.learn(fact(`token${n}`, `t${n}`, { issuer: "shop" }));
  expect([memory.read("token0"), memory.read("token1")]).toEqual([undefined, "t1"]);
});

test("a name is read from the row, then from facts, then from the latest secret of any target", () => {
  const memory = filled(0);
  memory.learn(fact("token", "of-shop", { issuer: "shop" }));
  memory.learn(fact("token", "of-bank", { issuer: "bank" }));
  expect(memory.read("token")).toBe("of-bank");
  memory.learn(fact("token", "plain"));
  expect([memory.read("token"), memory.readFor("token", "shop"), memory.readFor("token", "other")]).toEqual([
    "plain",
    "of-shop",
    "plain",
  ]);
  expect([memory.read("email"), memory.readFor("email", "shop"), memory.read("nothing")]).toEqual([
    "a@b.c",
    "a@b.c",
    undefined,
  ]);
  expect(memory.explain("token", "x")).toBe(
    "{{token}} belongs to bank and is not sent to x: another API must not see it",
  );
});

test("what is the session's own: its row, and what an answer about its account showed", () => {
  const memory = filled(0);
  memory.learn(fact("me", "u-1", { own: true }));
  memory.learn(fact("other", "u-2"));
  expect(["a@b.c", "u-1", "u-2", "x"].map((value) => memory.isOwn(value))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(["a@b.c", "u-1"].map((value) => memory.isData(value))).toEqual([true, false]);
});

test("an answer's version is issued by it, and what is used keeps where it came from, within bounds", () => {
  const memory = new Memory("g", undefined, undefined);
  memory.remember(
    { step: 1, target: "shop", call: "GET /a", status: 399, body: "{}" },
    { ...source, etag: '"v1"' },
  );
  memory.remember(
    { step: 2, target: "shop", call: "GET /b", status: 400, body: "{}" },
    { ...source, etag: '"v2"' },
  );
  expect(memory.issues('"v1"')).toEqual([
    { kinds: ["etag"], operation: "GET /things", path: "/things", siblings: [] },
  ]);
  expect(memory.issues('"v2"')).toEqual([]);
  memory.use('"v1"');
  expect(memory.issues('"v1"')).toHaveLength(2);
  for (const [length, kept] of [
    [100, true],
    [101, false],
  ] as const) {
    const value = "v".repeat(length);
    const one = new Memory("g", undefined, undefined);
    one.learn(fact("id", value));
    one.use(value);
    one.learn(fact("id", "other"));
    expect(one.issues(value).length > 0, String(length)).toBe(kept);
  }
});

test("a short value can name several things, a longer one is remembered once", () => {
  const used = (value: string): number => {
    const memory = new Memory("g", undefined, undefined);
    for (let n = 0; n < 6; n += 1) {
      memory.learn(fact("id", value, { issue: { kinds: [`k${n}`], operation: "", path: "", siblings: [] } }));
      memory.use(value);
    }
    memory.learn(fact("id", "other"));
    return memory.issues(value).length;
  };
  expect([used("123456"), used("1234567")]).toEqual([4, 1]);
});

test("a path is offered by the body or a header of a good answer that is held", () => {
  const memory = new Memory("g", undefined, undefined);
  const answer = (step: number, more: object) => ({
    step,
    target: "shop",
    call: `GET /${step}`,
    status: 200,
    body: "{}",
    ...more,
  });
  memory.remember(answer(1, { body: '{"next":"/a?page=2"}' }), source);
  memory.remember(answer(2, { headers: { location: "/b" } }), source);
  memory.remember(answer(3, { status: 404, body: '{"next":"/c"}', headers: { location: "/d" } }), source);
  expect(["/a?page=2", "/b", "/c", "/d", "/e"].map((path) => memory.offers(path))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

test("states are those of good answers; a made thing is free if nothing that is held about it shows one", () => {
  const made = (body: string, call = "POST /orders", status = 201): Memory => {
    const memory = new Memory("g", undefined, undefined);
    memory.remember(
      { step: 1, target: "shop", call, status, body },
      { operation: "POST /orders", path: "/orders" },
    );
    return memory;
  };
  expect(made('{"id":"o-1","state":"open"}').states("o-1")).toEqual(["open"]);
  expect(made('{"id":"o-1","state":"open"}', "POST /orders", 400).states("o-1")).toEqual([]);
  expect(made('{"id":"o-1"}').isShownFree("o-1")).toBe(true);
  expect(made('{"id":"o-1"}').isShownFree("o-2")).toBe(false);
  expect(made('{"id":"o-1"}', "POST /orders", 400).isShownFree("o-1")).toBe(false);
  expect(made('{"id":"o-1","state":"open"}').isShownFree("o-1")).toBe(false);
  expect(made('{"id":"o-1"}', 'POST /orders {"locked":true}').isShownFree("o-1")).toBe(false);
  expect(made('{"id":"o-1"}', 'POST /orders {"name":"a"}').isShownFree("o-1")).toBe(true);
  expect(made('{"id":"o-1",').isShownFree("o-1")).toBe(false);
  const read = new Memory("g", undefined, undefined);
  read.remember({ step: 1, target: "shop", call: "GET /o", status: 200, body: '{"id":"o-1"}' }, source);
  expect(read.isShownFree("o-1")).toBe(false);
  expect(
    [...made('{"id":"o-1","name":"a"}', 'POST /orders {"size":"b"}').shown("o-1")].length,
  ).toBeGreaterThan(0);
  expect([...made('{"id":"o-1"}', "POST /orders", 400).shown("o-1")]).toEqual([]);
  expect([...made('{"id":"o-1",').shown("o-1")]).toEqual([]);
  expect([...read.shown("o-1")]).toEqual([]);
});

test("an answer is found by its step, and another part of it can be shown, until it is dropped", () => {
  const memory = memoryOf([
    ["GET /a", 200],
    ["GET /b", 200],
  ]);
  memory.showAnew(1, { body: "[2]", table: "T" });
  expect(memory.answerOf(1)).toMatchObject({ call: "GET /a", body: "[2]", table: "T" });
  memory.showAnew(1, { body: "[3]" });
  expect(memory.answerOf(1)).not.toHaveProperty("table");
  memory.showAnew(9, { body: "[4]" });
  expect([memory.answerOf(9), memory.answerOf(2)?.body]).toEqual([undefined, '"GET /b 1"']);
});

test("a view has what there is, and nothing besides", () => {
  const memory = new Memory("g", undefined, undefined);
  expect(memory.view(undefined)).toEqual({ goal: "g", facts: [], trail: [], dropped: 0, results: [] });
  const full = new Memory("g", "hasty", undefined);
  full.keepFound({ words: "w", text: "t" });
  expect(full.view("p", { today: "d", stepsLeft: 1 })).toEqual({
    goal: "g",
    persona: "hasty",
    facts: [],
    trail: [],
    dropped: 0,
    results: [],
    found: { words: "w", text: "t" },
    problem: "p",
    today: "d",
    stepsLeft: 1,
  });
});

test("the same call is another one for another target, with another status or another answer", () => {
  const memory = new Memory("g", undefined, undefined);
  const remember = (step: number, more: object) =>
    memory.remember({ step, target: "shop", call: "POST /a", status: 200, body: "1", ...more }, source);
  remember(1, {});
  remember(2, { target: "bank" });
  remember(3, { target: "bank", status: 201 });
  remember(4, { target: "bank", status: 201, body: "2", note: "waited 1 ms" });
  const { trail } = memory.view(undefined);
  expect(trail.map(({ step, note }) => [step, note])).toEqual([
    [1, undefined],
    [2, undefined],
    [3, "the same call went well in step 2"],
    [4, "waited 1 ms; the same call went well in step 3"],
  ]);
});

test("an answer with 400 is a failure, and one with 399 is none", () => {
  const memory = (status: number) => {
    const made = new Memory("buy", undefined, undefined);
    const body = '{"href":"/x/y","id":"t-1","state":"open"}';
    made.remember(
      { step: 1, target: "shop", call: 'POST /things {"name":"lamp"}', status, body },
      { operation: "POST /things", path: "/things" },
    );
    return made;
  };
  const seen = (status: number) => {
    const made = memory(status);
    return [made.offers("/x/y"), made.states("t-1"), made.shown("t-1").size, made.issues("t-1").length];
  };
  expect([seen(399), seen(400)]).toEqual([
    [true, ["open"], 4, 1],
    [false, [], 0, 0],
  ]);
  expect([...memory(201).shown("t-1")].sort()).toEqual([
    "href\n/x/y",
    "id\nt-1",
    "name\nlamp",
    "state\nopen",
  ]);
});

test("what a request without a body, or another call, showed is not what a thing was made with", () => {
  const memory = new Memory("buy", undefined, undefined);
  const body = '{"id":"t-1"}';
  memory.remember(
    { step: 1, target: "shop", call: "POST /things", status: 201, body },
    { operation: "POST /things", path: "/things" },
  );
  memory.remember(
    { step: 2, target: "shop", call: "GET /things/t-1", status: 200, body: '{"id":"t-1","note":"x"}' },
    { operation: "GET /things/{id}", path: "/things/t-1" },
  );
  expect([...memory.shown("t-1")]).toEqual(["id\nt-1"]);
  expect(memory.isShownFree("t-1")).toBe(true);
});

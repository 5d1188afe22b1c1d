import { goalSchema } from "@ape/core/config/goal";
import type { Json } from "@ape/core/lib/json";
import type { CheckVerdict } from "@ape/core/protocol/events";
import type { ToolResult } from "@ape/core/protocol/tool-call";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fakeClock } from "../../test/session.ts";
import { checkLabels, compileChecks } from "./check.ts";
import { Oracle } from "./oracle.ts";

interface Seen {
  operation: string;
  /** Method and path of the call. */
  called?: string;
  status?: number;
  json?: Json;
  text?: string;
  headers?: ToolResult["headers"];
  warning?: string;
  unproven?: string;
  unfollowed?: true | undefined;
  /** Labels of the forms of the page that is the answer; their paths after a colon. */
  forms?: readonly string[];
  /** A form was sent whose button leads on. */
  leadsOn?: boolean;
}

const pageWith = (labels: readonly string[]): ToolResult["body"] => ({
  kind: "page",
  page: {
    title: "",
    path: "/",
    text: "",
    links: [],
    forms: labels
      .map((text) => text.split(":"))
      .map(([label = "", path = "/order/next"], index) => ({
        id: String(index),
        label,
        method: "POST",
        path,
        enctype: "application/x-www-form-urlencoded",
        controls: [],
      })),
  },
  bytes: 1,
  cut: false,
});

function result({ operation, status = 200, json, text, headers = {}, ...more }: Seen): ToolResult {
  return {
    ...(more.warning === undefined ? {} : { warning: more.warning }),
    ...(more.unproven === undefined ? {} : { unproven: more.unproven }),
    ...(more.unfollowed === undefined ? {} : { unfollowed: more.unfollowed }),
    status,
    headers,
    body:
      more.forms !== undefined
        ? pageWith(more.forms)
        : json !== undefined
          ? { kind: "json", json, bytes: 1 }
          : text === undefined
            ? { kind: "empty" }
            : { kind: "text", text, bytes: text.length, cut: false },
    timing: { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 },
    attempts: [],
    operation,
  };
}

async function judge(
  own: object,
  seen: readonly Seen[],
  known: Record<string, string> = {},
  answer?: Seen,
): Promise<{ verdicts: CheckVerdict[]; breach: Oracle["breach"]; unmet: ReturnType<Oracle["unmet"]> }> {
  const goal = goalSchema.parse({
    name: "g",
    prompt: "p",
    success: [{ state: { any: { exists: false } } }],
    ...own,
  });
  const oracle = new Oracle({
    checks: compileChecks(goal, "shop"),
    session: "s",
    tools: {
      call: () =>
        answer === undefined
          ? Promise.reject(new Error("no probe was asked for"))
          : Promise.resolve(result(answer)),
    },
    recorder: { record: () => undefined, commit: () => undefined },
    clock: fakeClock(),
    signal: new AbortController().signal,
    attach: () => undefined,
    mask: (text) => text,
    read: (name) => known[name],
  });
  for (const [index, one] of seen.entries())
    oracle.observe(index + 1, "shop", result(one), one.called, one.leadsOn);
  const verdicts = await oracle.verdict(seen.length);
  return { verdicts, breach: oracle.breach, unmet: oracle.unmet() };
}

const held = ({ verdicts }: { verdicts: CheckVerdict[] }): boolean[] =>
  verdicts.map((verdict) => verdict.held);
const order = { operation: "POST /orders", status: 201 };
const cart = { operation: "POST /cart", status: 200 };

test("an action may have to come after another one that succeeded", async () => {
  const success = [{ action: { operation: "POST /orders", after: "POST /cart" } }];
  expect(held(await judge({ success }, [cart, order]))).toEqual([true]);
  expect(held(await judge({ success }, [{ ...cart, status: 409 }, order, cart]))).toEqual([false]);
  const late = await judge({ success }, [order, cart]);
  expect(late.verdicts[0]?.evidence).toContain("step 1: was done before");
});

test("of several forms in a row only the one counts that leads to no further one", async () => {
  const success = [{ action: { operation: "POST /order/{step}", completes: true } }];
  const send = (step: string, leadsOn: boolean, ...forms: string[]): Seen => ({
    operation: `POST /order/${step}`,
    called: `POST /order/${step}`,
    leadsOn,
    forms,
  });
  const address = send("address", true, "Next");
  const confirmed = send("confirm", false, "Order again");
  expect(held(await judge({ success }, [address, confirmed]))).toEqual([true]);
  const { verdicts } = await judge({ success }, [address]);
  expect(verdicts[0]).toMatchObject({ held: false, evidence: "step 1: it leads to a further form" });
  // A button that leads on, and a page that has no form but that to log out.
  expect(held(await judge({ success }, [send("only", true, "Log out")]))).toEqual([true]);
  expect(held(await judge({ success }, [{ ...confirmed, called: "POST /orders/confirm" }]))).toEqual([false]);
  // Others count as ever, and name what was called.
  const plain = [{ action: { operation: "POST /order/address" } }];
  expect(held(await judge({ success: plain }, [address]))).toEqual([true]);
  expect(
    held(await judge({ success: [{ action: { operation: "POST /order/{step}" } }] }, [address])),
  ).toEqual([false]);
});

test("forms that an action has led on to belong to it, wherever they are sent", async () => {
  const success = [{ action: { operation: "POST /rooms/{id}/book", completes: true } }];
  const send = (path: string, leadsOn: boolean, next?: string, status = 200): Seen => ({
    operation: path === "/rooms/7/book" ? "POST /rooms/{id}/book" : `POST ${path}`,
    called: `POST ${path}`,
    leadsOn,
    status,
    forms: next === undefined ? [] : [`Go:${next}`],
  });
  const begun = send("/rooms/7/book", true, "/extras?draft=1");
  const extras = send("/extras", true, "/bookings");
  expect(held(await judge({ success }, [begun]))).toEqual([false]);
  expect(held(await judge({ success }, [begun, extras]))).toEqual([false]);
  expect(held(await judge({ success }, [begun, extras, send("/bookings", false)]))).toEqual([true]);
  expect(held(await judge({ success }, [begun, send("/bookings", false)]))).toEqual([false]);
  expect(held(await judge({ success }, [send("/bookings", false)]))).toEqual([false]);
  expect(held(await judge({ success }, [begun, send("/extras", false, undefined, 422)]))).toEqual([false]);
  expect(
    held(await judge({ success: [{ action: { operation: "POST /rooms/{id}/book" } }] }, [begun])),
  ).toEqual([true]);
});

test("an action may have to be done several times", async () => {
  const success = [{ action: { operation: "POST /orders", count: 2 } }];
  const once = await judge({ success }, [order, { ...order, status: 500 }]);
  expect(once.verdicts[0]).toMatchObject({ held: false, evidence: "step 2: answered 500, wanted 2xx" });
  expect(held(await judge({ success }, [order, order]))).toEqual([true]);
});

test("a redirect that is not followed is named, and told from one that the target should not have sent", async () => {
  const success = [{ action: { operation: "POST /orders" } }];
  const why = "the redirect leads to another site and was not followed";
  const away = { operation: "POST /orders", status: 302, warning: why, unfollowed: true } as const;
  const { verdicts, unmet } = await judge({ success }, [away]);
  expect(verdicts[0]?.evidence).toBe(`step 1: answered 302, wanted 2xx: ${why}`);
  expect(unmet).toMatchObject([{ unfollowed: expect.stringContaining(why) }]);
  const { unmet: other } = await judge({ success }, [
    { ...away, warning: "it is odd", unfollowed: undefined },
  ]);
  expect(other[0]).not.toHaveProperty("unfollowed");
  const allowed = { success: [{ action: { operation: "POST /orders", status: 302 } }] };
  expect(held(await judge(allowed, [away]))).toEqual([true]);
});

test("headers, text and a schema of the answer are judged", async () => {
  const success = (more: object) => ({ success: [{ action: { operation: "POST /orders", ...more } }] });
  const page = {
    operation: "POST /orders",
    text: "Thank you, order 17",
    headers: { location: "/orders/17" },
  };
  expect(
    held(await judge(success({ headers: { Location: { matches: "^/orders/\\d+$" } } }), [page])),
  ).toEqual([true]);
  expect(held(await judge(success({ headers: { location: "/other" } }), [page]))).toEqual([false]);
  expect(held(await judge(success({ text: { contains: "Thank you" } }), [page]))).toEqual([true]);
  expect(held(await judge(success({ text: { contains: "Sorry" } }), [page]))).toEqual([false]);
  const schema = { type: "object", required: ["id"], properties: { id: { type: "string" } } };
  expect(held(await judge(success({ schema }), [{ ...order, json: { id: "o1" } }]))).toEqual([true]);
  const broken = await judge(success({ schema }), [{ ...order, json: { id: 5 } }]);
  expect(broken.verdicts[0]?.evidence).toContain("breaks its schema: /id must be string");
});

test("what must not happen is a check that holds until it happens, and says who is to blame", async () => {
  const charge = { operation: "POST /charges", status: 201 };
  const never = [{ operation: "POST /charges", before: "POST /orders" }];
  expect(held(await judge({ never }, [order, charge]))).toEqual([true, true]);
  const early = await judge({ never }, [{ ...charge, status: 409 }, charge, order]);
  expect(held(early)).toEqual([true, false]);
  expect(early.breach).toMatchObject({ attribution: "target", step: 2 });
  expect(
    (await judge({ never: [{ operation: "DELETE /account" }] }, [{ operation: "DELETE /account" }])).breach,
  ).toMatchObject({
    attribution: "simulation",
  });
  const others = [{ operation: "GET /orders/{id}", body: { "$.owner": { ne: "me" } } }];
  const foreign = { operation: "GET /orders/{order}", json: { owner: "you" } };
  expect((await judge({ never: others }, [foreign])).breach?.attribution).toBe("target");
  expect((await judge({ never: others }, [{ ...foreign, json: { owner: "me" } }])).breach).toBeUndefined();
});

test("state is what the session knows at its end, numbers as numbers", async () => {
  const success = [{ state: { orderId: { matches: "^o-" }, total: { lt: 50 }, paid: true } }];
  expect(held(await judge({ success }, [], { orderId: "o-1", total: "49.9", paid: "true" }))).toEqual([true]);
  const dear = await judge({ success }, [], { orderId: "o-1", total: "50", paid: "true" });
  expect(dear.verdicts[0]).toMatchObject({ held: false, evidence: "total is 50, wanted a number below 50" });
  const unknown = await judge({ success }, [], { total: "1", paid: "true" });
  expect(unknown.verdicts[0]?.evidence).toBe("orderId is not known, wanted a text that matches /^o-/");
});

test("labels stand in the order of the verdicts, and a schema that is none is refused", () => {
  const own = { name: "g", prompt: "p", never: [{ operation: "DELETE /a", before: "POST /b" }] };
  const goal = goalSchema.parse({
    ...own,
    success: [{ action: { operation: "POST /b", count: 3 } }, { state: { x: 1 } }],
  });
  expect(checkLabels(goal)).toEqual(["action POST /b 3 times", "state x", "never DELETE /a before POST /b"]);
  const wrong = goalSchema.parse({
    ...own,
    success: [{ action: { operation: "POST /b", schema: { type: "nothing" } } }],
  });
  expect(() => compileChecks(wrong, "shop")).toThrow();
});

test("whatever happens in whatever order: number, order and what must never happen, as a plain count has them", async () => {
  const seen = fc.array(
    fc.record({
      operation: fc.constantFrom("POST /cart", "POST /orders", "POST /pay"),
      status: fc.constantFrom(200, 201, 409, 500),
    }),
    { maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(seen, fc.integer({ min: 1, max: 3 }), async (answers, count) => {
      const own = {
        success: [{ action: { operation: "POST /orders", after: "POST /cart", count } }],
        never: [{ operation: "POST /pay", before: "POST /orders" }],
      };
      let filled = false;
      let ordered = false;
      let orders = 0;
      let early = false;
      for (const { operation, status } of answers) {
        if (status >= 400) continue;
        if (operation === "POST /orders" && filled) orders += 1;
        if (operation === "POST /pay" && !ordered) early = true;
        filled ||= operation === "POST /cart";
        ordered ||= operation === "POST /orders";
      }
      expect(held(await judge(own, answers))).toEqual([orders >= count, !early]);
    }),
    { numRuns: 300 },
  );
});

test("an answer that shows nothing does not prove an action, unless its body is what the check wants", async () => {
  const login = {
    operation: "mutation login",
    json: { data: { login: { ok: null } } },
    unproven: "ok is null",
  };
  const action = { operation: "mutation login" };
  const { verdicts, unmet } = await judge({ success: [{ action }] }, [login]);
  expect(verdicts).toMatchObject([{ held: false, evidence: expect.stringContaining("ok is null") }]);
  expect(unmet[0]?.differs).toContain("shows nothing");
  const wanted = { ...action, body: { "$.data.login.ok": null } };
  expect(held(await judge({ success: [{ action: wanted }] }, [login]))).toEqual([true]);
  const proven = { operation: "mutation login", json: {} };
  expect(held(await judge({ success: [{ action }] }, [login, proven]))).toEqual([true]);
});

test("a probe that holds proves an action whose answer shows nothing", async () => {
  const place = { operation: "POST /orders", json: { id: "7", done: null }, unproven: "done is null" };
  const success = [
    { action: { operation: "POST /orders", capture: { orderId: "$.id" } } },
    { probe: { operation: "GET /orders/{orderId}", expect: { status: 200 } } },
  ];
  const good = await judge({ success }, [place], {}, { operation: "GET /orders/{orderId}" });
  expect(held(good)).toEqual([true, true]);
  const other = { action: { operation: "POST /orders", capture: { orderId: "$.id" }, status: 201 } };
  const bad = await judge(
    { success: [other, success[1]] },
    [place],
    {},
    { operation: "GET /orders/{orderId}" },
  );
  expect(held(bad)).toEqual([false, false]);
});

test("a check with values in place of parameters is about calls with those values only", async () => {
  const issues = (path: string): Seen => ({
    operation: "GET /repos/{owner}/{repo}/issues",
    called: `GET ${path}`,
  });
  const success = [
    { action: { operation: "GET /repos/acme/{name}/issues" } },
    { action: { operation: "GET /repos/acme/my%20site/issues" } },
  ];
  expect(held(await judge({ success }, [issues("/repos/acme/tool/issues")]))).toEqual([true, false]);
  expect(held(await judge({ success }, [issues("/repos/other/my%20site/issues")]))).toEqual([false, false]);
  expect(held(await judge({ success }, [issues("/repos/acme/my%20site/issues")]))).toEqual([true, true]);
  const failed = await judge({ success }, [{ ...issues("/repos/acme/tool/issues"), status: 500 }]);
  expect(failed.unmet[0]?.key).toBe("shop GET /repos/{}/{}/issues");
});

test("a prohibition and an order of steps can have values in place of parameters", async () => {
  const own = {
    success: [{ action: { operation: "POST /done", after: "PUT /flags/beta" } }],
    never: [{ operation: "DELETE /books/1" }],
  };
  const put = (name: string): Seen => ({ operation: "PUT /flags/{flag}", called: `PUT /flags/${name}` });
  const gone = (id: string): Seen => ({ operation: "DELETE /books/{id}", called: `DELETE /books/${id}` });
  const done = { operation: "POST /done" };
  expect(held(await judge(own, [put("beta"), done, gone("2")]))).toEqual([true, true]);
  expect(held(await judge(own, [put("alpha"), done, gone("1")]))).toEqual([false, false]);
});

test("one of several alternatives is enough, with the evidence of the one that holds", async () => {
  const own = {
    success: [
      { anyOf: [{ action: { operation: "POST /cards" } }, { action: { operation: "POST /transfers" } }] },
      { action: { operation: "POST /orders" } },
    ],
  };
  expect(checkLabels(goalSchema.parse({ name: "g", prompt: "p", ...own }))).toEqual([
    "action POST /cards or action POST /transfers",
    "action POST /orders",
  ]);
  const order = { operation: "POST /orders" };
  const paid = await judge(own, [{ operation: "POST /transfers" }, order]);
  expect(paid.verdicts).toEqual([
    {
      label: "action POST /cards or action POST /transfers",
      held: true,
      evidence: "step 1: POST /transfers -> 200",
    },
    { label: "action POST /orders", held: true, evidence: "step 2: POST /orders -> 200" },
  ]);
  expect(paid.unmet).toEqual([]);
  const unpaid = await judge(own, [{ operation: "POST /cards", status: 402 }, order]);
  expect(unpaid.verdicts[0]).toMatchObject({
    held: false,
    evidence: "step 1: answered 402, wanted 2xx; was not done",
  });
  expect(unpaid.unmet.map(({ label }) => label)).toEqual(["action POST /cards", "action POST /transfers"]);
});

test("alternatives of different kinds: a probe or an action", async () => {
  const success = [
    { action: { operation: "POST /orders", capture: { order: "$.id" } } },
    {
      anyOf: [
        {
          probe: {
            operation: "GET /orders/{order}",
            expect: { body: { "$.state": "paid" } },
            deadline: "1ms",
          },
        },
        { action: { operation: "POST /invoices" } },
      ],
    },
  ];
  const order = { operation: "POST /orders", json: { id: "7" } };
  const read = (state: string): Seen => ({ operation: "GET /orders/{order}", json: { state } });
  expect(held(await judge({ success }, [order], {}, read("paid")))).toEqual([true, true]);
  expect(held(await judge({ success }, [order], {}, read("open")))).toEqual([true, false]);
  const invoice = { operation: "POST /invoices" };
  expect(held(await judge({ success }, [order, invoice], {}, read("open")))).toEqual([true, true]);
});

test("a probe with `after` is made once that operation has succeeded, and again each time", async () => {
  const success = [
    { action: { operation: "POST /orders", capture: { order: "$.id" } } },
    {
      probe: {
        operation: "GET /orders/{order}",
        after: "DELETE /orders/{id}",
        expect: { status: 404 },
        deadline: "1ms",
      },
    },
  ];
  const order = { operation: "POST /orders", json: { id: "7" } };
  const gone = { operation: "GET /orders/{order}", status: 404 };
  const removal = { operation: "DELETE /orders/{id}" };
  const without = await judge({ success }, [order], {}, gone);
  expect(without.verdicts[1]).toMatchObject({
    held: false,
    evidence: "was not asked: DELETE /orders/{id} was not done",
  });
  expect(held(await judge({ success }, [order, { ...removal, status: 500 }], {}, gone))).toEqual([
    true,
    false,
  ]);
  expect(held(await judge({ success }, [order, removal], {}, gone))).toEqual([true, true]);
  expect(held(await judge({ success }, [order, removal], {}, { ...gone, status: 200 }))).toEqual([
    true,
    false,
  ]);
});

import { ApeError } from "@ape/core/lib/errors";
import fc from "fast-check";
import { expect, test } from "vitest";
import { importHar } from "./har.ts";
import { importK6 } from "./k6.ts";
import { importOpenApi } from "./openapi.ts";
import { importPostman } from "./postman.ts";

const HOST = "http://127.0.0.1:3000";
const entry = (
  method: string,
  url: string,
  more: { status?: number; type?: string; body?: string } = {},
): object => ({
  request: {
    method,
    url,
    ...(more.body === undefined
      ? {}
      : {
          postData: {
            mimeType: more.body.startsWith("{") ? "application/json" : "application/x-www-form-urlencoded",
            text: more.body,
          },
        }),
  },
  response: { status: more.status ?? 200, content: { mimeType: more.type ?? "text/html" } },
});
const har = (...entries: object[]): string => JSON.stringify({ log: { entries } });

test("HAR: pages and calls of one host, without pictures; the account, what was done and what may be done", () => {
  const imported = importHar(
    har(
      entry("GET", `${HOST}/`),
      entry("GET", `${HOST}/logo.png`, { type: "image/png" }),
      entry("GET", "https://ads.example/pixel", { type: "text/plain" }),
      entry("POST", `${HOST}/door`, { status: 302, body: "username=ada&password=s3cret&csrf=abc" }),
      entry("GET", `${HOST}/books/4711`),
      entry("POST", `${HOST}/basket`, { body: "no=4711" }),
      entry("GET", `${HOST}/wp-admin`, { status: 404 }),
      entry("OPTIONS", `${HOST}/basket`),
    ),
    "visit.har",
  );
  expect(imported).toEqual({
    baseUrl: HOST,
    kind: "web",
    goals: [
      {
        name: "recorded",
        prompt: "Look at the start, log in, look at books, create basket.",
        success: [{ action: { operation: "POST /basket", status: 200 } }],
      },
    ],
    allow: ["GET /", "POST /door", "GET /books/{id}", "POST /basket", "GET /wp-admin"],
    account: { username: "ada", password: "s3cret" },
    skipped: [
      "calls to https://ads.example: agents reach one host only; add it as a target of its own",
      `OPTIONS ${HOST}/basket: not a method of agents`,
      "entry 2: pictures, styles, scripts and other parts of pages",
      'GET /wp-admin: its status is 404, so it is no part of goal "recorded"',
    ],
  });
  const json = importHar(
    har(entry("POST", `${HOST}/api`, { type: "application/json", body: '{"a":1}' })),
    "f",
  );
  expect(json.kind).toBe("rest");
});

test("HAR: a read of what a call made proves it, where the recording has its answer", () => {
  const text = har(
    entry("POST", `${HOST}/login`, { type: "application/json", body: '{"email":"a@b.c","password":"x"}' }),
    {
      request: {
        method: "POST",
        url: `${HOST}/orders`,
        postData: { mimeType: "application/json", text: '{"sku":"4"}' },
      },
      response: {
        status: 201,
        content: { mimeType: "application/json", text: '{"id":4711,"state":"open"}' },
      },
    },
    entry("GET", `${HOST}/orders/4711`, { type: "application/json" }),
  );
  expect(importHar(text, "a.har").goals[0]?.success).toEqual([
    { action: { operation: "POST /orders", status: 201, capture: { orderId: "$.id" } } },
    { probe: { operation: "GET /orders/{orderId}", expect: { status: 200 } } },
  ]);
  const torn = text.replace('{\\"id\\":4711,', "{").replace('\\"open\\"}', "");
  expect(importHar(torn, "a.har").goals[0]?.success).toEqual([
    { action: { operation: "POST /orders", status: 201 } },
  ]);
});

test("Postman: folders are goals, variables are filled in, asked statuses taken over, scripts listed", () => {
  const imported = importPostman(
    JSON.stringify({
      info: { name: "Shop" },
      variable: [{ key: "base", value: HOST }],
      auth: { type: "bearer" },
      item: [
        {
          name: "Buy a lamp",
          item: [
            {
              name: "Log in",
              request: {
                method: "POST",
                url: { raw: "{{base}}/login" },
                body: { mode: "raw", raw: '{"email":"a@b.c","password":"x"}' },
              },
              event: [
                {
                  listen: "test",
                  script: {
                    exec: [
                      "pm.test('ok', () => pm.response.to.have.status(200));",
                      "pm.environment.set('token', pm.response.json().token);",
                    ],
                  },
                },
              ],
            },
            {
              name: "Order it",
              request: { method: "POST", url: "{{base}}/orders" },
              event: [{ listen: "test", script: { exec: "pm.response.to.have.status(201)" } }],
            },
            { name: "See it", request: { method: "GET", url: "{{base}}/orders/:orderId" } },
          ],
        },
        { name: "Health", request: "{{base}}/health" },
        { name: "Elsewhere", request: { method: "GET", url: "{{unknown}}/x" } },
      ],
    }),
    "shop.json",
  );
  expect(imported).toMatchObject({
    baseUrl: HOST,
    goals: [
      {
        name: "buy-lamp",
        prompt: "Log in, order it, see it.",
        success: [{ action: { operation: "POST /orders", status: 201 } }],
      },
      { name: "shop", prompt: "Health.", success: [{ action: { operation: "GET /health" } }] },
    ],
    allow: ["POST /login", "POST /orders", "GET /orders/{id}", "GET /health"],
    account: { email: "a@b.c", password: "x" },
  });
  expect(imported.skipped).toEqual([
    "Log in: part of its tests (agents keep ids and tokens by themselves)",
    "Elsewhere: GET {{unknown}}/x is no call that agents can make: unknown has no value",
    "auth bearer of the collection: choose it with --auth",
  ]);
});

test("k6: calls, checked statuses, options and thresholds; the rest is listed with its line", () => {
  const imported = importK6(
    `import http from "k6/http";
import { check, sleep } from "k6";
import { SharedArray } from "k6/data";
const BASE = __ENV.BASE || "${HOST}";
export const options = {
  stages: [{ duration: "30s", target: 20 }, { duration: "1m", target: 0 }],
  thresholds: { http_req_duration: ["p(95)<500"], http_req_failed: ["rate<0.01"], my_trend: ["avg<1"] },
  noConnectionReuse: true,
};
export default function () {
  const login = http.post(\`\${BASE}/login\`, JSON.stringify({ email: "a@b.c", password: "x" }));
  check(login, { ok: (r) => r.status === 200, fast: (r) => r.timings.duration < 200 });
  const id = login.json().id;
  http.get(BASE + "/items/" + id);
  const made = http.post(\`\${BASE}/orders\`, { item: "1" });
  check(made, { made: (r) => r.status == 201 });
  http.options(BASE);
  sleep(1);
}
`,
    "load.js",
  );
  expect(imported).toEqual({
    baseUrl: HOST,
    kind: "rest",
    goals: [
      {
        name: "script",
        prompt: "Log in, look at items, create orders.",
        success: [{ action: { operation: "POST /orders", status: 201 } }],
      },
    ],
    allow: ["POST /login", "GET /items/{id}", "POST /orders"],
    account: { email: "a@b.c", password: "x" },
    stages: [
      { duration: "30s", agents: 20 },
      { duration: "1m", agents: 0 },
    ],
    thresholds: { action_duration: ["p(95)<500"], action_failed: ["rate<0.01"] },
    skipped: [
      "line 3: import of k6/data",
      "line 7: threshold of my_trend: avg<1",
      "line 8: options.noConnectionReuse",
      'line 12: check "fast": it looks at more than the status',
      `line 17: http.options(${HOST})`,
    ],
  });
});

test("HAR: what changes something is in the prompt however much was looked at, and what has no room is listed", () => {
  const looks = Array.from({ length: 14 }, (_, page) =>
    entry("GET", `${HOST}/page-${"abcdefghijklmn"[page]}`),
  );
  const { goals, skipped } = importHar(har(...looks, entry("DELETE", `${HOST}/orders/77`)), "f");
  expect(goals[0]?.prompt).toMatch(/page k, remove orders\.$/);
  expect(goals[0]?.success).toEqual([{ action: { operation: "DELETE /orders/{id}", status: 200 } }]);
  expect(skipped).toEqual([
    'goal "recorded": 3 of 15 steps are not in its prompt: look at page l, look at page m, look at page n',
  ]);
  const writes = Array.from({ length: 7 }, (_, at) => entry("POST", `${HOST}/part-${"abcdefg"[at]}`));
  expect(importHar(har(...writes), "f").skipped).toEqual([
    'goal "recorded": no check asks for POST /part-a, POST /part-b: add one where it matters',
  ]);
});

test("HAR: credentials in headers are listed by name", () => {
  const request = {
    method: "GET",
    url: `${HOST}/me`,
    headers: [
      { name: "Authorization", value: "Bearer x" },
      { name: "X-Api-Key", value: "k" },
      { name: "Accept", value: "*/*" },
    ],
  };
  expect(importHar(har({ request, response: { status: 200 } }), "f").skipped).toEqual([
    "header authorization: choose the credentials with --auth",
    "header x-api-key: choose the credentials with --auth",
  ]);
});

const tests = (...exec: string[]) => ({ event: [{ listen: "test", script: { exec } }] });
test("Postman: every test, file, behaviour and variable that is not taken over has a line", () => {
  const item = (name: string, more: object, request: object = {}) => ({
    name,
    request: { method: "POST", url: `${HOST}/a`, ...request },
    ...more,
  });
  const { skipped, goals } = importPostman(
    JSON.stringify({
      info: { name: "c" },
      item: [
        item("teapot", tests("pm.response.to.have.status(418);")),
        item("either", tests("pm.expect(pm.response.code).to.be.oneOf([200, 201]);")),
        item("asks", tests("pm.sendRequest('http://x/', () => {});", "postman.setNextRequest('teapot');")),
        item(
          "framed",
          tests(
            'pm.test("ok", function () {',
            "  pm.response.to.have.status(201);",
            "});",
            "const body = pm.response.json();",
            'pm.test("total", () => pm.expect(body.total).to.eql(5));',
          ),
        ),
        item(
          "file",
          {},
          { body: { mode: "formdata", formdata: [{ key: "photo", type: "file", src: "a.png" }] } },
        ),
        item("odd", {}, { body: { mode: "weird", weird: {} } }),
        item("empty", {}, { body: { mode: "none" } }),
        item("behaves", { protocolProfileBehavior: { followRedirects: false } }),
        item(
          "unknown",
          {},
          { url: `${HOST}/a/{{orderId}}`, body: { mode: "raw", raw: '{"x":"{{couponCode}}"}' } },
        ),
      ],
    }),
    "c.json",
  );
  expect(skipped).toEqual([
    "asks: its test pm.sendRequest('http://x/', () => {});",
    "asks: its test postman.setNextRequest('teapot');",
    'framed: its test pm.test("total", () => pm.expect(body.total).to.eql(5));',
    'file: the file of form field "photo"',
    "odd: a body of mode weird",
    "behaves: protocolProfileBehavior.followRedirects",
    "unknown: {{orderId}} has no value: agents look for one",
    "unknown: {{couponCode}} has no value: agents look for one",
    'teapot: its status is 418, so it is no part of goal "c"',
  ]);
  expect(goals[0]?.prompt).not.toContain("teapot");
});

test("k6: loops, conditions, hooks, parameters and checks that are not taken over have a line", () => {
  const { skipped } = importK6(
    `import http from "k6/http";
import { check, fail } from "k6";
export function setup() { return http.get("${HOST}/seed"); }
export default function () {
  for (let i = 0; i < 3; i++) { http.get("${HOST}/a"); }
  if (Math.random() < 0.5) http.post("${HOST}/b", {}, { headers: { "X-Api-Key": "k", "Content-Type": "text/plain" }, tags: { a: "b" }, timeout: "5s" });
  const r = http.post("${HOST}/c", { f: http.file("x", "x.txt") });
  if (r.status !== 203) fail("no");
  check(r, { has: (x) => x.body.includes("ok"), good: (x) => x.status === 201 });
  const all = http.batch([["GET", "${HOST}/d"]]);
  check(all, { two: (rs) => rs.length === 1 });
  check(r, makeChecks());
}
export function handleSummary() { return {}; }
`,
    "load.js",
  );
  expect(skipped.map((line) => line.replace(/^line (\d+): /, "$1 "))).toEqual([
    "3 setup: its calls are taken as the goal's; once before a run they are in `setup`",
    "5 a loop around a call: taken as if made once",
    "6 header X-Api-Key of http.post: set it in the target's `headers` or with --auth",
    "6 timeout of http.post",
    "6 a condition around a call: taken as if made once",
    "7 call of http.file",
    "8 call of fail: what makes an iteration fail is a check",
    '9 check "has": it looks at more than the status',
    '11 check "two": it looks at more than the status',
    "12 a check that is written elsewhere",
    "14 handleSummary: reports are made with --out and `ape-test report`",
  ]);
});

test("OpenAPI: where it is, what may be done, and nothing that deletes", () => {
  const operations = ["GET /orders", "POST /orders", "GET /orders/{id}", "DELETE /orders/{id}"].map((one) => {
    const [method = "", path = ""] = one.split(" ");
    return { method, path };
  });
  const read = (url: string, source: string) =>
    importOpenApi({ root: { openapi: "3.1.0", servers: [{ url }] }, operations }, source);
  expect(read("/v1", "http://127.0.0.1:9/openapi.yaml")).toMatchObject({
    baseUrl: "http://127.0.0.1:9/v1",
    allow: ["GET /orders", "POST /orders", "GET /orders/{id}"],
    skipped: ["DELETE /orders/{id}: deletes, so it is not allowed; add it to `allow`"],
  });
  expect(read("/v1", "./openapi.yaml").baseUrl).toBeUndefined();
  expect(read("http://10.0.0.1:8080/", "f").baseUrl).toBe("http://10.0.0.1:8080");
  expect(read("http://{host}/", "http://127.0.0.1:9/openapi.yaml").baseUrl).toBe("http://127.0.0.1:9");
});

const READERS = { importHar, importPostman, importK6 };
test.each(Object.entries(READERS))(
  "%s: what it cannot read is an error with a code, never a crash",
  (_, read) => {
    for (const text of ["", "null", "[]", "{", '{"log":{}}', '{"item":[]}', "import x from", "// nothing"])
      expect(() => read(text, "f")).toThrow(ApeError);
    fc.assert(
      fc.property(fc.json(), fc.webUrl({ withQueryParameters: true }), (json, url) => {
        const shapes = [
          json,
          har({ request: { method: "GET", url }, response: { status: 200 } }),
          `{"item":[${json},{"request":"${url}"}]}`,
          `http.get(${JSON.stringify(url)});${json}`,
        ];
        for (const text of shapes) {
          try {
            read(text, "f");
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(ApeError);
          }
        }
      }),
      { numRuns: 200 },
    );
  },
);

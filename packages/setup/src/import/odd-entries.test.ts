import { expect, test } from "vitest";
import { importHar } from "./har.ts";
import { importK6 } from "./k6.ts";
import { importPostman } from "./postman.ts";

const HOST = "http://127.0.0.1:3000";
const har = (...entries: unknown[]): string => JSON.stringify({ log: { entries } });
const post = (url: string, postData: unknown, response: unknown = { status: 200 }) => ({
  request: { method: "POST", url: `${HOST}${url}`, postData },
  response,
});

test("HAR: odd entries are passed over and listed with their place, and the others are read", () => {
  const imported = importHar(
    `\ufeff${har(
      null,
      "x",
      { request: null },
      { request: { url: 7 } },
      { request: { method: 1, url: `${HOST}/caf%E9` }, response: null },
      { request: { method: "get", url: `${HOST}/%` }, response: { status: "200", content: null } },
      { request: { method: "GET", url: "data:text/plain,x" } },
      post("/a", null, { status: 0, content: null }),
      post("/b", "text"),
      post("/c", { mimeType: null, text: "<xml/>" }),
      post("/d/4711/e/4712", { mimeType: "application/json", text: '{"id":9007199254740993123}' }),
    )}`,
    "visit.har",
  );
  expect(imported.skipped).toEqual([
    "entry 1: no request with an address",
    "entry 2: no request with an address",
    "entry 3: no request with an address",
    "entry 4: no request with an address",
    "entry 5: no answer was recorded, so it is taken without a status",
    "entry 7: an address of data, which agents do not call",
    "entry 8: no answer was recorded, so it is taken without a status",
    "entry 9: a body that is no object",
    "entry 10: a body that is neither a JSON object nor a form",
  ]);
  expect(imported.allow).toEqual([
    "GET /caf%E9",
    "GET /%",
    "POST /a",
    "POST /b",
    "POST /c",
    "POST /d/{id}/e/{id2}",
  ]);
});

test("HAR: an account comes from recorded parameters too; what a form adds against forgery is none of it", () => {
  const params = [
    { name: "csrf_token", value: "c5" },
    { name: "authenticity_token", value: "r" },
    { name: "token", value: "t" },
    { name: "email", value: "ada@example.com" },
    { name: "password", value: "s3cret" },
    null,
    { value: "nameless" },
  ];
  for (const postData of [
    { mimeType: "application/x-www-form-urlencoded", params },
    { mimeType: "multipart/form-data", params, text: "" },
    {
      mimeType: "application/x-www-form-urlencoded",
      text: "__RequestVerificationToken=x&_token=y&email=ada%40example.com&password=s3cret",
    },
  ])
    expect(importHar(har(post("/login", postData)), "f").account).toEqual({
      email: "ada@example.com",
      password: "s3cret",
    });
});

test.each([
  { mimeType: "application/json", text: 5 },
  { mimeType: "application/json", text: { a: 1 } },
  { mimeType: "application/x-www-form-urlencoded", params: { a: "b" } },
])("HAR: a body that is %j is listed", (postData) => {
  expect(importHar(har(post("/a", postData)), "f").skipped).toEqual([
    "entry 1: a body that is neither a JSON object nor a form",
  ]);
});

const MISSING = "item 1: a body that is neither a JSON object nor a form";
test.each<[unknown, object | undefined, string[]]>([
  [
    '// of the desk\n{"email": "ada@x.example", /* kept */ "password": "http://p"}',
    { password: "http://p" },
    [],
  ],
  [
    '{"email": "ada@x.example", "password": "p-1", "no": {{no}}}',
    { password: "p-1" },
    ["item 1: {{no}} has no value: agents look for one"],
  ],
  ["<a/>", undefined, [MISSING]],
  [7, undefined, [MISSING]],
  ["", undefined, []],
  [null, undefined, []],
])("Postman: the raw body %j has the account %j", (raw, account, listed) => {
  const item = [{ request: { method: "POST", url: `${HOST}/login`, body: { mode: "raw", raw } } }];
  const imported = importPostman(JSON.stringify({ info: { name: "c" }, item }), "c.json");
  expect(imported.account).toEqual(account && { email: "ada@x.example", ...account });
  expect(imported.skipped).toEqual(listed);
});

const script = (body: string, options = ""): string =>
  `import http from "k6/http";\nimport { check, group } from "k6";\n${options}\nconst H = "${HOST}";\nexport default function () {\n${body}\n}\n`;
const statuses = (body: string) =>
  importK6(script(body), "load.js").goals[0]?.success.map((check) =>
    "action" in check ? `${check.action.operation} ${check.action.status ?? "-"}` : "",
  );

test("k6: a checked status belongs to the call whose answer is checked", () => {
  expect(
    statuses(`const c = http.post(H + "/a"); const d = http.post(H + "/b");
      check(c, { ok: (r) => r.status === 201 }); check(http.post(H + "/c"), { ok: (r) => 200 === r.status });
      check(d, { ok: (r) => r.status == 202 });`),
  ).toEqual(["POST /a 201", "POST /b 202", "POST /c 200"]);
  expect(
    statuses(`let res; group("x", () => { res = http.request("PUT", H + "/a"); check(res, { ok: (r) => r.status === 204 }); });
      res = http.post(H + "/b"); check(res, { ok: (r) => r.status === 201 });`),
  ).toEqual(["PUT /a 204", "POST /b 201"]);
  expect(
    statuses(`const all = http.batch([["POST", H + "/a"], { method: "POST", url: H + "/b" }, H + "/c"]);
      check(all[1], { ok: (r) => r.status === 201 }); check(all[0], { ok: (r) => r.status === 200 });
      const named = http.batch({ x: ["POST", H + "/d"] }); check(named.x, { ok: (r) => r.status === 203 });`),
  ).toEqual(["POST /a 200", "POST /b 201", "POST /d 203"]);
});

test("k6: functions and modules have the names that the script gives them", () => {
  const called = (text: string): string[] =>
    importK6(text, "load.js").goals[0]?.success.map((check) =>
      "action" in check ? check.action.operation : "",
    ) ?? [];
  const host = 'const H = "http://127.0.0.1:9";';
  for (const text of [
    `import { post as send } from "k6/http"; ${host} export default () => { send(H + "/a", "{}"); }`,
    `import h from "k6/http"; ${host} export default () => { h.post(H + "/a", "{}"); }`,
    `import * as net from "k6/http"; ${host} export default () => { net["post"](H + "/a", "{}"); }`,
    `import http, { request } from "k6/http"; ${host} export default () => { request("POST", H + "/a"); }`,
    `import { post } from "./own.js"; import http from "k6/http"; ${host} export default () => { post(H + "/b"); http.post(H + "/a"); }`,
  ])
    expect(called(text), text).toEqual(["POST /a"]);
  const checked = importK6(
    `import { check as holds } from "k6"; import http from "k6/http"; ${host}
export default () => { holds(http.post(H + "/a"), { ok: (r) => r.status === 201 }); }`,
    "load.js",
  );
  expect(checked.goals[0]?.success).toMatchObject([{ action: { operation: "POST /a", status: 201 } }]);
});

test("k6: a check on what is not known to be a call is listed, not put on another", () => {
  const imported = importK6(
    script(`const c = http.post(H + "/a");
verify(c);
function verify(r) { check(r, { ok: (x) => x.status === 201 }); }
check(c, { either: (r) => r.status === 200 || r.body === "ok" });`),
    "load.js",
  );
  expect(imported.goals[0]?.success).toEqual([{ action: { operation: "POST /a" } }]);
  expect(imported.skipped).toEqual([
    "line 8: a check of status 201 on what is not known to be a call",
    'line 9: check "either": it looks at more than the status',
  ]);
});

const withOptions = (options: string) =>
  importK6(script('http.get(H + "/a");', `export const options = ${options};`), "load.js");

test("k6: scenarios with a counterpart become the load, the others are listed", () => {
  expect(
    withOptions('{ scenarios: { s: { executor: "constant-vus", vus: 7, duration: "1d" } } }'),
  ).toMatchObject({ agents: 7, duration: "24h", skipped: [] });
  expect(
    withOptions(
      '{ scenarios: { s: { executor: "ramping-vus", startVUs: 1, stages: [{ duration: "10s", target: 5 }] }, t: { executor: "constant-arrival-rate", rate: 3 } } }',
    ),
  ).toMatchObject({
    stages: [{ duration: "10s", agents: 5 }],
    skipped: [
      "line 3: options.scenarios.s.startVUs",
      "line 3: options.scenarios.t: constant-arrival-rate, beside another scenario",
    ],
  });
  expect(
    withOptions('{ scenarios: { s: { executor: "shared-iterations", vus: 2, iterations: 9 } } }'),
  ).toMatchObject({ agents: 2, skipped: ["line 3: options.scenarios.s.iterations: use `load.sessions`"] });
});

test("k6: threshold objects are taken over; what cannot be used is listed with its line and refuses nothing", () => {
  const imported = withOptions(`{
  vus: 0, duration: "forever", stages: [{ duration: "5s", target: -1 }],
  thresholds: { http_req_duration: [{ threshold: "p(95)<500", abortOnFail: true }, "p(95)<"], nothing: 7 } }`);
  expect(imported).toMatchObject({ thresholds: { action_duration: ["p(95)<500"] } });
  expect(imported).not.toHaveProperty("agents");
  expect(imported.skipped).toEqual([
    "line 4: options.vus: 0 is no number of agents",
    "line 4: options.duration: forever is no duration",
    'line 4: options.stages[0]: {"duration":"5s","target":-1} is no stage',
    "line 4: options.stages: no stage can be read",
    "line 5: threshold of http_req_duration: abortOnFail of p(95)<500",
    "line 5: threshold of http_req_duration: p(95)<",
    "line 5: threshold of nothing",
  ]);
  expect(
    importK6(
      script(
        'http.get(H + "/a");',
        'import { SharedArray } from "k6/data"; const u = new SharedArray("users", () => JSON.parse(open("./u.json")));',
      ),
      "load.js",
    ).skipped,
  ).toEqual([
    "line 3: import of k6/data",
    "line 3: call of open (./u.json): give it as the goal's data",
    'line 3: SharedArray "users": give its rows as the goal\'s data',
  ]);
});

test("Postman: nested variables, an environment, addresses in parts, disabled entries, inherited credentials", () => {
  const collection = {
    info: null,
    variable: [
      { key: "base", value: "{{scheme}}://{{host}}" },
      { key: "scheme", value: "http" },
      { key: "loop", value: "{{loop}}" },
      { key: "host", value: "old", disabled: true },
    ],
    item: [
      null,
      { name: "Nothing" },
      {
        name: "Shop",
        auth: { type: "basic" },
        event: [{ listen: "prerequest", script: { exec: "pm.variables.set('x', 1)" } }],
        item: [
          {
            name: "Log in",
            request: {
              method: "post",
              url: { protocol: "{{scheme}}", host: ["{{host}}"], path: ["login", { value: "now" }] },
              body: {
                mode: "urlencoded",
                urlencoded: [
                  { key: "user", value: "ada" },
                  { key: "password", value: "{{pw}}" },
                  { key: "debug", value: "1", disabled: true },
                ],
              },
            },
          },
          {
            name: "See",
            request: { url: { host: "{{base}}", path: ["orders", ":id"], variable: [{ key: "id" }] } },
          },
          { name: "Loop", request: "{{loop}}/x" },
          { name: "Odd", request: { method: "GET", url: null } },
        ],
      },
    ],
  };
  const environment = {
    values: [
      { key: "host", value: "127.0.0.1:3000", enabled: true },
      { key: "pw", value: "hunter22" },
      { key: "scheme", value: "https", enabled: false },
    ],
  };
  const imported = importPostman(JSON.stringify(collection), "c.json", {
    text: `\ufeff${JSON.stringify(environment)}`,
    file: "e.json",
  });
  expect(imported).toMatchObject({
    baseUrl: HOST,
    allow: ["POST /login/now", "GET /orders/{id}"],
    account: { user: "ada", password: "hunter22" },
  });
  expect(imported.skipped).toEqual([
    "item 1: no request",
    "Nothing: no request",
    'folder "Shop": its pre-request script (agents keep ids and tokens by themselves)',
    "Loop: GET {{loop}}/x is no call that agents can make",
    "Odd: GET  is no call that agents can make",
    'auth basic of folder "Shop": choose it with --auth',
  ]);
});

test("Postman: a line of many beginnings of tests is read in linear time", () => {
  const item = {
    name: "A",
    request: { method: "GET", url: `${HOST}/a` },
    event: [{ listen: "test", script: { exec: ["pm.test('".repeat(20_000)] } }],
  };
  const began = performance.now();
  const { skipped } = importPostman(JSON.stringify({ info: {}, item: [item] }), "c.json");
  expect(performance.now() - began).toBeLessThan(2_000);
  expect(skipped[0]).toMatch(/^A: its test pm\.test\('.*\.\.\.$/);
});

test("Postman: folders are read however deep they are nested, in the order of the file", () => {
  let item: object = { name: "deep", item: [{ request: `${HOST}/first` }, { request: `${HOST}/second` }] };
  for (let level = 0; level < 1_000; level += 1)
    item = { name: `f${level}`, item: [item, ...(level === 500 ? [{ request: `${HOST}/third` }] : [])] };
  const imported = importPostman(JSON.stringify({ item: [item, { request: `${HOST}/see` }] }), "c.json");
  expect(imported.allow).toEqual(["GET /first", "GET /second", "GET /third", "GET /see"]);
  expect(imported.skipped).toEqual([]);
});

test("Postman: without an address the hint asks for variables only where some have no value", () => {
  const hintOf = (request: unknown): unknown => {
    try {
      return importPostman(JSON.stringify({ item: [{ name: "a", request }] }), "c.json");
    } catch (thrown) {
      return (thrown as { hint?: string }).hint;
    }
  };
  expect(hintOf("{{base}}/x")).toContain("--postman-env: base");
  expect(hintOf({ method: "GET" })).toBe("Give its requests addresses such as http://127.0.0.1:3000/orders.");
});

test("HAR: entries that are no calls of agents, without an answer, and parts of pages have a line with their place", () => {
  const get = (url: string, status: number, more: object = {}) => ({
    request: { method: "GET", url },
    response: { status, content: {} },
    ...more,
  });
  const imported = importHar(
    har(
      get(`${HOST}/a.css`, 200),
      get(`${HOST}/orders`, 200),
      get("chrome-extension://abc/x.js", 200),
      get("blob:http://127.0.0.1:3000/7", 200),
      get("ws://127.0.0.1:3000/live", 101),
      get(`${HOST}/a.png`, 200),
      get(`${HOST}/b.png`, 200),
      get(`${HOST}/live`, 200, { _resourceType: "websocket" }),
      get(`${HOST}/blocked`, 0),
    ),
    "f",
  );
  expect(imported.baseUrl).toBe(HOST);
  expect(imported.allow).toEqual(["GET /orders", "GET /blocked"]);
  expect(imported.skipped).toEqual([
    "entry 3: an address of chrome-extension, which agents do not call",
    "entry 4: an address of blob, which agents do not call",
    "entry 5: an address of ws, which agents do not call",
    "entry 9: no answer was recorded, so it is taken without a status",
    "entries 1, 6 to 8: pictures, styles, scripts and other parts of pages",
  ]);
});

test("HAR: files of multipart forms are listed, of recorded parameters and of the body's text alike", () => {
  const params = [
    { name: "user", value: "ada" },
    { name: "password", value: "s3cret" },
    { name: "photo", fileName: "a.png", contentType: "image/png" },
  ];
  const text = params
    .map(
      ({ name, value, fileName }) =>
        `--x\r\nContent-Disposition: form-data; name="${name}"${fileName === undefined ? "" : '; filename="a.png"'}\r\n\r\n${value ?? "bytes"}\r\n`,
    )
    .join("");
  for (const postData of [
    { mimeType: "multipart/form-data; boundary=x", params },
    { mimeType: "multipart/form-data; boundary=x", text: `${text}--x--\r\n` },
  ]) {
    const imported = importHar(har(post("/me", postData)), "f");
    expect(imported.account).toEqual({ user: "ada", password: "s3cret" });
    expect(imported.skipped).toEqual(['entry 1: the file of form field "photo"']);
  }
});

test("the user in an address is listed, and stands in no other line", () => {
  const address = "http://ada:s3cret@127.0.0.1:3000/me";
  const other = "http://ada:s3cret@10.0.0.9/x";
  const asked = "the user in its address: choose the credentials with --auth";
  const read = {
    har: importHar(
      har(
        ...[address, address, other].map((url) => ({
          request: { method: "GET", url },
          response: { status: 200 },
        })),
        { request: { method: "OPTIONS", url: address }, response: { status: 200 } },
      ),
      "f",
    ),
    postman: importPostman(
      JSON.stringify({
        variable: [{ key: "pw", value: "s3cret" }],
        item: [
          { name: "me", request: address },
          { name: "again", request: address.replace("s3cret", "{{pw}}") },
          { name: "other", request: other },
        ],
      }),
      "f",
    ),
    k6: importK6(script(`http.get("${address}"); http.get("${address}"); http.get("${other}");`), "f"),
  };
  expect(read.har.skipped).toContain(`entry 1: ${asked}`);
  expect(read.postman.skipped).toContain(`again: ${asked}`);
  expect(read.k6.skipped).toContain(`line 6: http.get: ${asked}`);
  for (const [kind, { baseUrl, allow, skipped }] of Object.entries(read)) {
    expect(baseUrl, kind).toBe(HOST);
    expect(allow, kind).toEqual(["GET /me"]);
    expect(skipped.join(), kind).not.toContain("s3cret");
  }
});

test("Postman: several statuses that a test accepts are taken over", () => {
  const one = (name: string, test: string) => ({
    name,
    request: { method: "POST", url: `${HOST}/${name}` },
    event: [{ listen: "test", script: { exec: [test] } }],
  });
  const imported = importPostman(
    JSON.stringify({
      item: [
        one("a", 'pm.test("ok", () => pm.expect(pm.response.code).to.be.oneOf([200, 201]));'),
        one("b", "pm.expect(pm.response.code).to.be.oneOf([ 204 ]);"),
        one("c", "pm.expect(pm.response.code).to.be.oneOf(GOOD);"),
      ],
    }),
    "f",
  );
  expect(imported.goals[0]?.success.map((check) => "action" in check && check.action.status)).toEqual([
    [200, 201],
    204,
    undefined,
  ]);
  expect(imported.skipped).toEqual(["c: its test pm.expect(pm.response.code).to.be.oneOf(GOOD);"]);
});

test.each(["base64", "BASE64"])("HAR: bodies that are kept as bytes are read (%s)", (encoding) => {
  const bytes = (value: object) => ({
    mimeType: "application/json",
    encoding,
    text: Buffer.from(JSON.stringify(value)).toString("base64"),
  });
  const read = (id: number) => ({
    request: { method: "GET", url: `${HOST}/orders/${id}` },
    response: { status: 200, content: bytes({ id, item: "tea" }) },
  });
  const imported = importHar(
    har(
      post("/login", bytes({ email: "ada@example.com", password: "pw-12345" }), { status: 200 }),
      post("/orders", bytes({ item: "tea" }), { status: 201, content: bytes({ id: 7, item: "tea" }) }),
      read(7),
    ),
    "visit.har",
  );
  expect(imported.skipped).toEqual([]);
  expect(imported.account).toEqual({ email: "ada@example.com", password: "pw-12345" });
});

test("HAR: bytes that are no text are named as any other body", () => {
  const body = { mimeType: "application/json", encoding: "base64", text: "////" };
  expect(importHar(har(post("/a", body)), "visit.har").skipped).toEqual([
    "entry 1: a body that is neither a JSON object nor a form",
  ]);
});

test.each(["exports", "module.exports"])("k6: options of a script of CommonJS are read (%s)", (exports) => {
  const script = `const http = require("k6/http"); ${exports}.options = { vus: 2, duration: "5s" };
    ${exports}.default = function () { http.get("${HOST}/x"); };`;
  expect(importK6(script, "s.js")).toMatchObject({ agents: 2, duration: "5s" });
});

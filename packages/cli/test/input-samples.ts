/** What a configuration needs beside its targets. */
export const REST_OF_CONFIG = `version: 1
inference: { provider: simulated }
goals: [{ name: g, prompt: Look., success: [{ action: { operation: GET / } }] }]
`;

export const GATEWAY = JSON.stringify({
  version: 1,
  targets: {
    shop: { baseUrl: "http://127.0.0.1:9", readOnly: "${RO:-true}", headers: { "x-a": "${NAME}" } },
  },
  gateway: { expose: "operations", drain: "5s" },
});

export const OPENAPI = `openapi: 3.1.0
info: { title: Shop, version: "1" }
servers: [{ url: "http://127.0.0.1:9/{base}", variables: { base: { default: v1 } } }]
components:
  schemas:
    Pet:
      type: object
      required: [id]
      discriminator: { propertyName: kind }
      properties: { id: { type: integer, format: int64, example: 7 }, kind: { type: string, enum: [cat] }, tags: { type: array, items: { type: string, pattern: "^[a-z]+$" } } }
    Cat: { allOf: [{ $ref: "#/components/schemas/Pet" }, { type: object, properties: { lives: { type: integer, minimum: 1, maximum: 9 } } }] }
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
security: [{ key: [] }]
paths:
  /pets:
    get: { summary: List pets, parameters: [{ name: page, in: query, schema: { type: integer } }, { name: filter, in: query, style: deepObject, schema: { type: object, properties: { a: { type: string } } } }], responses: { "200": { description: ok, content: { application/json: { schema: { type: array, items: { $ref: "#/components/schemas/Cat" } } } } } } }
    post: { requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } }, responses: { "201": { description: made } } }
  /pets/{id}:run: { post: { parameters: [{ name: id, in: path, required: true, schema: { type: string } }], responses: { default: { description: x } } } }
`;

export const GRAPHQL = `"A shop" schema { query: Query mutation: Mutation }
scalar Date
interface Node { id: ID! }
type Item implements Node { id: ID! name: String! price(currency: String = "EUR"): Float parts: [Item!]! since: Date @deprecated }
union Result = Item | Problem
type Problem { message: String! }
enum Sort { UP DOWN }
input Filter { text: String sort: Sort = UP inner: Filter }
type Query { items(filter: Filter, first: Int = 10): [Item!]! item(id: ID!): Item }
type Mutation { buy(id: ID!, count: Int!): Result! }
`;

const H = "http://127.0.0.1:3000";

export const HAR = JSON.stringify({
  log: {
    version: "1.2",
    entries: [
      {
        request: { method: "GET", url: `${H}/caf%E9?a=%`, headers: [] },
        response: { status: 200, content: { mimeType: "text/html" } },
      },
      {
        _resourceType: "xhr",
        request: {
          method: "POST",
          url: `${H}/login/4711`,
          postData: {
            mimeType: "application/x-www-form-urlencoded",
            text: "user=ada&password=x&csrf=y",
            params: [{ name: "user", value: "ada" }],
          },
        },
        response: { status: 302, content: {} },
      },
    ],
  },
});

export const POSTMAN = JSON.stringify({
  info: { name: "Shop" },
  variable: [
    { key: "base", value: "{{host}}" },
    { key: "host", value: H },
  ],
  auth: { type: "bearer" },
  event: [{ listen: "test", script: { exec: ["pm.test('a')"] } }],
  item: [
    {
      name: "Folder",
      item: [
        {
          name: "Log in",
          request: {
            method: "POST",
            url: { raw: "{{base}}/login/:id" },
            body: { mode: "raw", raw: '{"user":"a","password":"b"}' },
          },
        },
        {
          name: "Form",
          request: {
            method: "PUT",
            url: { protocol: "http", host: ["127", "0", "0", "1"], port: "3000", path: ["x", "%E9"] },
            body: { mode: "urlencoded", urlencoded: [{ key: "a", value: "1" }] },
          },
        },
      ],
    },
    {
      name: "Health",
      request: "{{base}}/health",
      event: [{ listen: "test", script: { exec: "pm.response.to.have.status(200)" } }],
    },
  ],
});

export const K6 = `import http from "k6/http";
import { check, group, sleep } from "k6";
import { SharedArray } from "k6/data";
const users = new SharedArray("users", () => JSON.parse(open("./users.json")));
const BASE = \`\${__ENV.BASE || "${H}"}/v1\`;
export const options = {
  scenarios: { a: { executor: "ramping-vus", stages: [{ duration: "1d", target: 3 }] }, b: { executor: "constant-arrival-rate", rate: 3 } },
  thresholds: { http_req_duration: ["p(95)<500", { threshold: "avg<9", abortOnFail: true }], "checks{a:b}": ["rate>0.9"] },
};
export default function () {
  const login = http.post(BASE + "/login", JSON.stringify({ user: "a", password: "b" }));
  check(login, { ok: (r) => r.status === 200 });
  const all = http.batch([["GET", \`\${BASE}/a\`], { method: "POST", url: BASE + "/b", body: { c: "d" } }, BASE]);
  check(all[1], { made: (r) => r.status === 201 && r.body !== "" });
  group("x", () => { sleep(1); http.del(http.url\`\${BASE}/items/\${login.json().id}\`); });
}
`;

export const CSV = 'email,password,name\na@b.c,one,"Doe, ""J"""\nü@b.c,two,"x\ny"\n\nc@b.c,three,z\n';

export const ROWS = JSON.stringify([
  { email: "a@b.c", id: 7, tags: ["x"], inner: { a: null }, ok: false },
  { email: "ü", id: 9, tags: [], inner: "", ok: true },
]);

export const ENVIRONMENT =
  '# keys\nexport AGENTS="3" # three\nTOKEN=\'a b\'\nLONG="x\ny"\nEMPTY=\nOTHER=${AGENTS}\n';

export const PAGE = `<!doctype html><html><head><meta charset="utf-8"><title>Shop &amp; co</title><base href="/a/"></head><body>
<a href="/caf%E9">Coffee</a><a href="b?c=%">B</a><nav><a href="//x/y">Y</a></nav>
<form action="/login" method="post" enctype="multipart/form-data"><label for="u">User</label><input id="u" name="u" required minlength="3" pattern="[a-z]+">
<input type="password" name="p"><input type="hidden" name="csrf" value="x&#x41;"><select name="s" multiple><option value="1" selected>One<option>Two</select>
<textarea name="t">x</textarea><button name="go" value="1">Go</button><p class="error">Wrong</p></form>
<table><tr><td>1</td></tr></table><script>if (a < b) {}</script></body></html>`;

export const ANSWER =
  'HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\nset-cookie: a=b; path=/\r\ncontent-length: 62\r\nconnection: close\r\n\r\n{"items":[{"id":9007199254740993123,"token":"abc","p":1.10}]}\n';

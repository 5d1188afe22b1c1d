import { expect, test } from "vitest";
import { diagnoseConfig } from "../parse.ts";
import { targetSchema } from "../target.ts";
import { dataSecrets, headerSecrets, targetSecrets } from "./target-secrets.ts";

test.each([
  "x-api-key",
  "x-jwt",
  "x-bearer",
  "x-passcode",
  "x-otp",
  "x-basic",
  "x-hmac",
  "x-sas",
  "x-signature",
  "x-hub-signature-256",
  "x-client-cert",
  "x-pass",
  "x-pw",
  "x-pin",
  "private-token",
  "X-Vault-Token",
  "x-shopify-access-token",
  "cf-access-client-id-secret",
  "x-sid",
  "x-credential",
])("the value of the header %s is a secret", (name) => {
  expect(headerSecrets({ [name]: "pa55phrase" })).toContain("pa55phrase");
});

test("a value that looks drawn at random is a secret under any name", () => {
  expect(headerSecrets({ "x-partner": "Kx7Qp2Vb9Lm4Rt6Yw8Zn" })).toEqual([
    "Kx7Qp2Vb9Lm4Rt6Yw8Zn",
    "Kx7Qp2Vb9Lm4Rt6Yw8Zn",
  ]);
});

test.each([
  ["x-tenant", "acme"],
  ["x-region", "eu-central-1"],
  ["x-shop", "winter-sale-2026.example"],
  ["accept", "application/vnd.github.v3+json"],
  ["user-agent", "load-test/1.0.0-beta.12345"],
  ["content-type", "application/x-www-form-urlencoded;charset=utf8"],
  ["x-request-id", "0af7651916cd43dd8448eb211c80319c"],
  ["x-github-api-version", "2022-11-28"],
  ["x-opinion", "good"],
  ["x-compass", "north"],
])("the value of the header %s is none: %s", (name, value) => {
  expect(headerSecrets({ [name]: value })).toEqual([]);
});

test("data of calls that the configuration makes holds secrets by the names of fields", () => {
  expect(
    dataSecrets({
      user: { name: "ada", password: "hunter22" },
      keys: [{ apiKey: "k-4711-x" }],
      pinned: true,
    }),
  ).toEqual(["hunter22", "k-4711-x"]);
});

test("the configuration that a run keeps has none of them", () => {
  const { parsed } = diagnoseConfig(
    `version: 1
targets: { shop: { baseUrl: "http://127.0.0.1:1", headers: { x-jwt: hunter2234, x-tenant: acme } } }
inference: { provider: simulated }
goals: [{ name: g, prompt: p, success: [{ action: { operation: "GET /" } }] }]
load: { sessions: 1 }
setup: [{ operation: "POST /login", data: { user: ada, password: hunter2245 } }]
`,
    {},
  );
  const kept = JSON.stringify(parsed?.written);
  expect(kept).toContain("acme");
  expect(kept).toContain("ada");
  expect(kept).not.toContain("hunter2");
});

test.each([
  ["Ab1".padEnd(15, "x"), false],
  ["Ab1".padEnd(16, "x"), true],
  ["1Ab".padEnd(16, "x"), true],
  ["1Ab".padEnd(15, "x"), false],
  [" 1Ab".padEnd(17, "x"), false],
  [`${"1Ab".padEnd(16, "x")} y`, false],
  ["abcdefghijklmnop", false],
  ["1234567890123456", false],
  ["release-2026/07.b4_x1", false],
  ["release-20260/07.b4", true],
  ["release-2026-7x/0", true],
])("the header's value %s was drawn at random: %j", (value, random) => {
  expect(headerSecrets({ "x-partner": value }).length > 0).toBe(random);
});

test("a credential is known with and without its scheme, a cookie by each of its values", () => {
  expect(headerSecrets({ authorization: "bearer  abc" })).toEqual(["bearer  abc", "abc", "abc"]);
  expect(headerSecrets({ "x-token": "my Bearer abc" })).toEqual(["my Bearer abc", "my Bearer abc"]);
  expect(headerSecrets({ Cookie: "a=1; b=x=2;c" })).toEqual([
    "a=1; b=x=2;c",
    "a=1; b=x=2;c",
    "1",
    "x=2",
    "c",
  ]);
  expect(headerSecrets({ "x-token": "" })).toEqual([]);
});

test("basic and client credentials are known as they are sent", () => {
  const secrets = (auth: object) => targetSecrets(targetSchema.parse({ baseUrl: "http://a.test/", auth }));
  const base64 = (text: string) => Buffer.from(text).toString("base64").replace(/=+$/, "");
  expect(secrets({ bearer: "t" })).toEqual(["t"]);
  expect(secrets({ basic: { username: "ü", password: "pw" } })).toEqual(["pw", base64("ü:pw")]);
  expect(secrets({ basic: { username: "k-1", password: "" } })).toEqual(["k-1", base64("k-1:")]);
  expect(secrets({ apiKey: { in: "header", name: "Authorization", value: "Key v1==" } })).toContain("v1");
  expect(secrets({ apiKey: { in: "query", name: "n", value: "v" } })).toEqual(["v"]);
  expect(secrets({ oauth2: { tokenUrl: "http://a.test", clientId: "i/d", clientSecret: "s e" } })).toEqual([
    "s e",
    base64("i%2Fd:s%20e"),
    base64("i/d:s e"),
  ]);
  expect(targetSecrets(targetSchema.parse({ baseUrl: "http://a.test/?api_key=k-123-x" }))).toContain(
    "k-123-x",
  );
  const spec = "http://ada:s%20w@b.test/openapi.json?token=t-1&v=2";
  expect(targetSecrets(targetSchema.parse({ baseUrl: "http://a.test/", spec }))).toEqual([
    "t-1",
    "t-1",
    "s w",
    base64("ada:s w"),
  ]);
  expect(targetSecrets(targetSchema.parse({ baseUrl: "http://a.test", headers: { "x-jwt": "j" } }))).toEqual([
    "j",
    "j",
  ]);
});

test("data that is no object has no secrets, numbers and truth values under such names may be some", () => {
  expect([dataSecrets(undefined), dataSecrets("a"), dataSecrets(5), dataSecrets(null)]).toEqual([
    [],
    [],
    [],
    [],
  ]);
  expect(dataSecrets([[{ password: "a1b2c3" }]])).toEqual(["a1b2c3"]);
});

test("a key in the address of tokens is a secret", () => {
  const oauth2 = { tokenUrl: "http://a.test/token?api_key=k-99-y", clientId: "i", clientSecret: "s" };
  const auth = { oauth2 };
  expect(targetSecrets(targetSchema.parse({ baseUrl: "http://a.test/", auth }))).toContain("k-99-y");
});

const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;
test.each([
  ["authorization", basic("ada:p@ss:wörd"), ["p@ss:wörd"], ["ada"]],
  ["Proxy-Authorization", basic("ada:hunter22"), ["hunter22"], ["ada"]],
  ["x-upstream", basic("ada:hunter22").toLowerCase(), [], []],
  ["x-upstream", basic("ada:hunter22"), ["hunter22", Buffer.from("ada:hunter22").toString("base64url")], []],
  ["x-upstream", "Bearer abcdefgh", ["abcdefgh"], []],
  ["x-plan", "Basic plan", [], ["plan"]],
  ["authorization", basic("sk_live_77:"), ["sk_live_77"], []],
  ["authorization", basic("key-77:x"), ["key-77"], []],
  ["authorization", basic("9Kx7Qp2Vb9Lm4Rt6Yw8Zn:api_token"), ["9Kx7Qp2Vb9Lm4Rt6Yw8Zn", "api_token"], []],
  ["authorization", basic("no colon"), [], ["no colon"]],
  ["authorization", "Basic %%%", [], []],
  ["authorization", "SSWS 00abc==", ["00abc"], []],
  ["authorization", 'Token token="ab\\"c9", email=ada@b.c', ['ab"c9'], ["ada@b.c"]],
  [
    "authorization",
    "AWS4-HMAC-SHA256 Credential=AKIA77/eu/s3, SignedHeaders=host;range, Signature=fe5f80f77d",
    ["AKIA77/eu/s3", "fe5f80f77d"],
    ["host", "host;range"],
  ],
])("the header %s: %s holds %j and not %j", (name, value, held, not) => {
  const secrets = headerSecrets({ [name]: value });
  expect(secrets).toEqual(expect.arrayContaining(held));
  for (const one of not) expect(secrets).not.toContain(one);
});

import { expect, test } from "vitest";
import { diagnoseConfig } from "../parse.ts";
import { dataSecrets, headerSecrets } from "./target-secrets.ts";

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

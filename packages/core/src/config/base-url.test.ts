import { expect, test } from "vitest";
import { maskUrl, querySecrets, splitUserinfo } from "./base-url.ts";
import { diagnoseConfig, parseConfig } from "./parse.ts";

test.each([
  ["http://ada:secret@host/x", { url: "http://host/x", username: "ada", password: "secret" }],
  ["https://ada@host", { url: "https://host", username: "ada", password: "" }],
  ["http://a%40b:p%3Aw%2F@host:1", { url: "http://host:1", username: "a@b", password: "p:w/" }],
  ["http://ada:se:cr@et@host/", { url: "http://host/", username: "ada", password: "se:cr@et" }],
  ["http://:key@host", { url: "http://host", username: "", password: "key" }],
  ["http://host/@x?a=b@c", undefined],
  ["http://[::1]:80/", undefined],
])("the credentials of %s", (url, wanted) => {
  expect(splitUserinfo(url)).toEqual(wanted);
});

test.each([
  ["http://ada:secret@host/x", "http://ada:***@host/x"],
  ["http://ada:${PASSWORD}@host/x", "http://ada:${PASSWORD}@host/x"],
  [
    "http://host/?api-version=2024-01-01&code=abc%2F&token=",
    "http://host/?api-version=2024-01-01&code=***&token=",
  ],
  ["http://host/?api_key=${KEY}", "http://host/?api_key=${KEY}"],
  ["POST /orders?token=abc", "POST /orders?token=abc"],
  ["no url", "no url"],
])("%s is kept as %s", (url, wanted) => {
  expect(maskUrl(url)).toBe(wanted);
});

test("values of a query that are credentials are secrets, as written and decoded", () => {
  expect(querySecrets("http://h/?api-version=1&api_key=a%2Fb&x")).toEqual(["a%2Fb", "a/b"]);
});

const config = (target: string): string => `version: 1
targets: { api: ${target} }
inference: { provider: simulated }
goals: [{ name: g, prompt: x, success: [{ action: { operation: GET /x } }] }]
load: { agents: 1, sessions: 1 }
`;

test("credentials in baseUrl become basic credentials; neither they nor a key in its query are written down", () => {
  const text = config('{ baseUrl: "http://ada:pa%24sword@host/v1?api-version=2&code=topsecret" }');
  const { config: read, written, secrets } = parseConfig(text, "ape.config.yaml", {});
  expect(read.targets.api).toMatchObject({
    baseUrl: "http://host/v1?api-version=2&code=topsecret",
    auth: { basic: { username: "ada", password: "pa$sword" } },
  });
  expect(secrets).toEqual(expect.arrayContaining(["pa$sword", "topsecret"]));
  expect(JSON.stringify(written)).not.toMatch(/sword|topsecret/);
});

test.each([
  [
    '{ baseUrl: "http://ada:secret@host", auth: { bearer: abc } }',
    "targets.api.baseUrl: the URL has credentials",
  ],
  ['{ baseUrl: "http://host/#part" }', "targets.api.baseUrl: a fragment"],
  ['{ baseUrl: "ftp://ada:secret@host" }', "targets.api.baseUrl: an absolute http or https URL is expected"],
])("%s is refused without its password", (target, message) => {
  const { problems } = diagnoseConfig(config(target), {});
  expect(problems.map((problem) => problem.message).join("\n")).toContain(message);
  expect(JSON.stringify(problems)).not.toContain("secret");
});

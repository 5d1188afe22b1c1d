import { expect, test } from "vitest";
import { attemptTimeouts, inferenceSchema } from "./inference.ts";
import { diagnoseConfig } from "./parse.ts";

const diagnose = (text: string, environment: Record<string, string> = {}) =>
  diagnoseConfig(
    `version: 1
targets: { shop: { baseUrl: "http://127.0.0.1:1" } }
inference:
${text}
goals: [{ name: g, prompt: Buy, success: [{ action: { operation: GET /a } }] }]
load: { sessions: 1 }
`,
    environment,
  );

test("values of headers that come from variables are secrets, whatever the headers are called", () => {
  const { parsed, problems } = diagnose(
    `  provider: custom
  request: { headers: { x-tenant: "\${TENANT}", api-key: literal-key-1, x-team: blue-team-1 } }
  fallback: [{ provider: custom, request: { headers: { authorization: "Bearer \${TOKEN}" } } }]`,
    { TENANT: "tenant-12345\n", TOKEN: "token-12345" },
  );
  expect(problems).toEqual([]);
  expect(parsed?.secrets).toEqual(expect.arrayContaining(["tenant-12345", "literal-key-1", "token-12345"]));
  expect(parsed?.secrets).not.toContain("blue-team-1");
  expect(JSON.stringify(parsed?.written)).not.toMatch(/12345|literal-key/);
});

test.each([
  ["  request: { omit: [seed], add: { seed: 3 } }", 4, "`seed` is left out here and added by `add`"],
  ['  baseUrl: "http://127.0.0.1:8000/v1/chat/completions"', 4, "ends before /chat/completions"],
  ['  fallback: [{ provider: custom, baseUrl: "https://a.example/v1/chat/completions/" }]', 4, "ends before"],
  ["  request: { omit: [messages] }", 4, "model, messages and stream are set by APE itself"],
  ["  request: { add: { stream: false } }", 4, "model, messages and stream are set by APE itself"],
  ['  request: { headers: { "bad name": a } }', 4, "a header name has letters"],
  ["  request: { headers: { content-length: '1' } }", 4, "is not the caller's to set"],
  [
    '  provider: custom\n  fallback: [{ provider: custom, request: { headers: { x-a: "\\u0007" } } }]',
    5,
    "control character",
  ],
  ['  apiKey: "sk one"', 4, "a key has only visible ASCII characters"],
  ["  timeouts: { idle: soon }", 4, "a duration such as"],
])("%s is refused at its place", (text, line, message) => {
  expect(diagnose(text).problems).toEqual([
    expect.objectContaining({ line, message: expect.stringContaining(message) }),
  ]);
});

test("a key loses the line break of its file, and a key of blanks alone is none", () => {
  expect(diagnose('  apiKey: "${KEY}"', { KEY: " sk-1\r\n" }).parsed).toMatchObject({
    config: { inference: { apiKey: "sk-1" } },
    secrets: ["sk-1"],
  });
  expect(
    diagnose('  apiKeys: ["${KEY}", { key: "${KEY}" }]', { KEY: "sk-1\n" }).parsed?.config.inference.apiKeys,
  ).toEqual(["sk-1", { key: "sk-1" }]);
  expect(diagnose('  apiKey: " \\n"').problems.length).toBeGreaterThan(0);
});

test("an attempt has limits for its parts, and for the whole where one is named, under either name", () => {
  const limits = (config: object) => attemptTimeouts(inferenceSchema.parse(config));
  expect(limits({})).toEqual({ connect: 5_000, firstByte: 60_000, idle: 30_000, total: undefined });
  expect(limits({ timeout: "20s" }).total).toBe(20_000);
  expect(limits({ timeout: "20s", timeouts: { total: "90s" } }).total).toBe(90_000);
  expect(limits({ timeouts: { total: "off", idle: "1s" } })).toMatchObject({ total: undefined, idle: 1_000 });
});

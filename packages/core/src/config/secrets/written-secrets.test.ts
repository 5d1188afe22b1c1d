import { expect, test } from "vitest";
import { parseConfig } from "../parse.ts";
import { maskConfiguration } from "./mask-configuration.ts";
import { writtenSecrets } from "./written-secrets.ts";

const configOf = (more: object): string =>
  JSON.stringify({
    version: 1,
    targets: { api: { baseUrl: "http://127.0.0.1:1", allow: ["GET /a"] } },
    inference: { provider: "simulated" },
    goals: [{ name: "g", prompt: "x", success: [{ action: { operation: "GET /a" } }] }],
    load: { agents: 1, sessions: 1 },
    ...more,
  });
const parse = (more: object) =>
  parseConfig(configOf(more), "ape.config.yaml", { TOKEN: "value-from-outside-1" });
const writtenOf = (more: object): string => {
  const { config, written } = parse(more);
  return JSON.stringify(maskConfiguration(written, writtenSecrets(config)));
};
const target = (more: object) => ({ compose: { target: { image: "x", ...more } } });
const SECRET = "Kq82jwZz9TtPw4";

test.each<[string, object]>([
  ["the address of a webhook", { compose: { webhook: `https://hooks.slack.com/services/T0/${SECRET}` } }],
  ["a password of a container", target({ environment: { DB_PASSWORD: SECRET } })],
  ["a key of a container", target({ environment: { API_KEY: SECRET, PORT: "80" } })],
  ["an address with a password", target({ environment: { DATABASE_URL: `postgres://app:${SECRET}@db/x` } })],
  ["the value of a flag", target({ command: ["serve", "--token", SECRET] })],
  ["the value within a flag", target({ command: ["serve", `--api-key=${SECRET}`] })],
  ["a variable of a command", target({ command: ["env", `AUTH_TOKEN=${SECRET}`, "serve"] })],
  ["the command of an MCP server", { targets: { t: { kind: "mcp", command: ["x", "--secret", SECRET] } } }],
  ["the query of a setup", { setup: [{ operation: `GET /a?api_key=${SECRET}` }] }],
  ["the query of a teardown", { teardown: [{ operation: `GET /a?x=1&access_token=${SECRET}` }] }],
  [
    "the query of a probe",
    {
      goals: [
        {
          name: "g",
          prompt: "x",
          success: [
            { action: { operation: "GET /a" } },
            { probe: { operation: "GET /a", query: { api_key: SECRET, page: "2" } } },
          ],
        },
      ],
    },
  ],
  ...["action", "probe"].flatMap((kind): [string, object][] =>
    [
      { "x-api-key": SECRET },
      { "x-session-token": { eq: SECRET } },
      { "set-cookie": { contains: SECRET } },
    ].map((headers) => [
      `what the ${kind} of a check expects of ${Object.keys(headers).join()}`,
      {
        goals: [
          {
            name: "g",
            prompt: "x",
            success: [
              { action: { operation: "GET /a" } },
              {
                anyOf: [
                  {
                    [kind]: {
                      operation: "GET /a",
                      ...(kind === "action" ? { headers } : { expect: { headers } }),
                    },
                  },
                  { action: { operation: "GET /a" } },
                ],
              },
            ],
          },
        ],
      },
    ]),
  ),
])("%s is not written", (_, more) => {
  const text = writtenOf(
    "targets" in more
      ? { goals: [{ name: "g", prompt: "x", success: [{ action: { operation: "tool x" } }] }], ...more }
      : more,
  );
  expect(text).not.toContain(SECRET);
  expect(text).toContain("***");
});

test("what is no credential is written as it is", () => {
  const text = writtenOf({
    ...target({ environment: { PORT: "8080", NAME: "shop" }, command: ["node", "--port", "8080", "a=b"] }),
    setup: [{ operation: "GET /a?page=2" }],
  });
  expect(text).not.toContain("***");
});

test("a variable is written by its name, and secrets of other systems are not searched for in answers", () => {
  const { written, secrets } = parse(target({ environment: { DB_PASSWORD: "${TOKEN}" } }));
  expect(JSON.stringify(written)).toContain("${TOKEN}");
  expect(secrets).toEqual([]);
  expect(parse({ setup: [{ operation: `GET /a?api_key=${SECRET}` }] }).secrets).toContain(SECRET);
});

import { expect, test } from "vitest";
import { diagnoseConfig } from "./parse.ts";

const problemsOf = (target: object, more: object = {}): string[] => {
  const written = {
    version: 1,
    targets: { api: { baseUrl: "http://host", ...target } },
    inference: { provider: "simulated" },
    goals: [{ name: "g", prompt: "x", success: [{ action: { operation: "GET /x" } }] }],
    load: { agents: 1, sessions: 1 },
    ...more,
  };
  return diagnoseConfig(JSON.stringify(written), {}).problems.map(({ message }) => message);
};
const apiKey = (place: string, name: string, value: string) => ({
  auth: { apiKey: { in: place, name, value } },
});

test.each<[object, string]>([
  [{ headers: { "X-A": "日本" } }, "targets.api.headers.X-A: the header X-A has characters beyond Latin-1"],
  [{ headers: { "X-A": "a\r\nX-B: c" } }, "targets.api.headers.X-A: the header X-A has a line break"],
  [{ headers: { "X-A": "a".repeat(9000) } }, "targets.api.headers.X-A: the header X-A has more than 8192"],
  [
    { headers: { "Content-Length": "3" } },
    "targets.api.headers.Content-Length: the header Content-Length is not",
  ],
  [{ headers: { "transfer-encoding": "chunked" } }, "targets.api.headers.transfer-encoding: "],
  [{ headers: { host: "a b" } }, "targets.api.headers.host: "],
  [{ headers: { connection: "upgrade" } }, "targets.api.headers.connection: "],
  [{ traceHeader: "Host" }, "targets.api.traceHeader: "],
  [{ auth: { bearer: "abc\n" } }, "targets.api.auth.bearer: the header authorization has a line break"],
  [{ auth: { bearer: "tökén€" } }, "targets.api.auth.bearer: the header authorization has characters beyond"],
  [{ auth: { basic: { username: "a:b", password: "c" } } }, "targets.api.auth.basic.username: "],
  [{ auth: { basic: { username: "a", password: "c\n" } } }, "targets.api.auth.basic.password: "],
  [apiKey("header", "X A", "v"), "targets.api.auth.apiKey.name: a header name has letters"],
  [apiKey("header", "Content-Length", "v"), "targets.api.auth.apiKey.name: "],
  [apiKey("header", "X-Key", "v\r\n"), "targets.api.auth.apiKey.value: "],
  [apiKey("cookie", "a b", "v"), "targets.api.auth.apiKey.name: a cookie's name"],
  [apiKey("cookie", "a=b", "v"), "targets.api.auth.apiKey.name: a cookie's name"],
  [apiKey("cookie", "sid", "a; b"), "targets.api.auth.apiKey.value: "],
])("%j can never be sent, and has its place", (target, message) => {
  const problems = problemsOf(target);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(message);
});

test("headers of setup, teardown and probes are looked at, too", () => {
  const problems = problemsOf(
    {},
    {
      setup: [{ operation: "POST /a", headers: { Host: "x" } }],
      teardown: [{ operation: "POST /a", headers: { "x-a": "日" } }],
      goals: [
        {
          name: "g",
          prompt: "x",
          success: [
            { action: { operation: "GET /x" } },
            { probe: { operation: "GET /y", as: { headers: { "x b": "1" } }, expect: { status: 200 } } },
          ],
        },
      ],
    },
  );
  expect(problems.map((message) => message.split(": ")[0])).toEqual([
    "setup[0].headers.Host",
    "teardown[0].headers.x-a",
    "goals[0].success[1].probe.as.headers.x b",
  ]);
});

test.each<object>([
  { headers: { host: "shop.example:8080", connection: "close", "x-name": "Zoë", accept: "*/*" } },
  { headers: { host: "[::1]:80" } },
  { auth: { basic: { username: "ada", password: "pässwörd: 日本" } } },
  apiKey("query", "a key", "日本"),
  apiKey("cookie", "sid", '"abc=="'),
  apiKey("header", "X-Key", "a b;c"),
])("%j can be sent", (target) => {
  expect(problemsOf(target)).toEqual([]);
});

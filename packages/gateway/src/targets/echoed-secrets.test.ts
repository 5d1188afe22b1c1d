import { createServer, type IncomingMessage } from "node:http";
import { gzipSync } from "node:zlib";
import { targetSchema } from "@ape/core/config/target";
import { closeServer, listen } from "@ape/http/server/http-server";
import { afterEach, expect, test } from "vitest";
import { createGateway } from "../gateway.ts";
import { EchoedSecrets } from "./echoed-secrets.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const REFRESH = "refresh-of-endpoint-5";
const IDENTITY = "eyJhbGciOiJub25lIn0.eyJzdWIiOiI3In0.c2ln";
const TOKEN = "fetched-by-ape-0815";

/** What a target echoes of a request, by path. */
const ECHO: Record<string, (request: IncomingMessage) => { type: string; text: string }> = {
  "/json": (request) => ({
    type: "application/json",
    text: JSON.stringify({ headers: request.headers, url: request.url, n: 12345678 }),
  }),
  "/text": (request) => ({ type: "text/plain", text: `${request.url} ${JSON.stringify(request.headers)}` }),
  "/html": (request) => ({
    type: "text/html",
    text: `<p>${request.url?.replaceAll("&", "&amp;")} ${JSON.stringify(request.headers).replaceAll('"', "&quot;")}</p>`,
  }),
  "/base64": (request) => ({
    type: "text/plain",
    text: Buffer.from(String(request.headers["x-api-key"])).toString("base64"),
  }),
  "/broken": (request) => ({
    type: "application/json",
    text: `{"u": "${request.url}", "h": ${JSON.stringify(request.headers)}`,
  }),
};

/** Calls a target that echoes; returns all that an agent sees of the answer, and what the target saw. */
async function echoed(path: string, config: object): Promise<{ seen: string; sent: string }> {
  let sent = "";
  const server = createServer((request, response) => {
    if (request.url === "/oauth") {
      response.setHeader("content-type", "application/json");
      const others = {
        refresh_token: REFRESH,
        id_token: IDENTITY,
        token_type: "Bearer",
        scope: "read write",
      };
      response.end(JSON.stringify({ access_token: TOKEN, expires_in: 60, ...others }));
      return;
    }
    sent += JSON.stringify([request.url, request.headers]);
    const echo = ECHO[request.url?.split("?")[0] ?? ""] ?? ECHO["/text"];
    const { type, text } = echo?.(request) ?? { type: "", text: "" };
    response.writeHead(200, {
      "content-type": type,
      "content-encoding": "gzip",
      "x-echo": String(request.headers.authorization ?? request.headers["x-api-key"] ?? ""),
    });
    response.end(gzipSync(text));
  });
  closing.push(() => closeServer(server));
  const baseUrl = await listen(server, { host: "127.0.0.1", port: 0, hint: "" });
  const text = JSON.stringify(config).replaceAll("BASE", baseUrl);
  const gateway = await createGateway({
    targets: { api: targetSchema.parse({ baseUrl, allow: ["* /**"], ...(JSON.parse(text) as object) }) },
    clock: {
      now: () => performance.now(),
      epoch: () => Date.now(),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    },
    baseDir: import.meta.dirname,
  });
  closing.push(() => gateway.close());
  const result = await gateway.transport.call({ target: "api", method: "GET", path });
  return { seen: JSON.stringify(result), sent };
}

const basic = Buffer.from("ada:s3cr&t pass").toString("base64");
const CREDENTIALS: [string, object, string[]][] = [
  ["a header", { headers: { "x-api-key": "key-of-config-77" } }, ["key-of-config-77"]],
  ["a cookie header", { headers: { cookie: "a=1; sid=config-cookie-9" } }, ["config-cookie-9"]],
  ["a bearer token", { auth: { bearer: "bearer/of+config==" } }, ["bearer/of+config=="]],
  [
    "basic credentials",
    { auth: { basic: { username: "ada", password: "s3cr&t pass" } } },
    [basic.replace(/=+$/, "")],
  ],
  [
    "an API key in the query",
    { auth: { apiKey: { in: "query", name: "k", value: "k&y of config" } } },
    ["k&y of config", "k%26y%20of%20config", "k%26y+of+config"],
  ],
  [
    "an API key in a cookie",
    { auth: { apiKey: { in: "cookie", name: "k", value: "cookie-key-1" } } },
    ["cookie-key-1"],
  ],
  [
    "a token that APE fetched",
    { auth: { oauth2: { tokenUrl: "BASE/oauth", clientId: "ape", clientSecret: "client-secret-1" } } },
    [TOKEN],
  ],
];

for (const path of ["/json", "/text", "/html", "/broken"])
  test.each(CREDENTIALS)(`${path} that echoes %s is read without it`, async (_, config, secrets) => {
    const { seen, sent } = await echoed(path, config);
    expect(secrets.some((secret) => sent.includes(secret))).toBe(true);
    for (const secret of secrets) expect(seen).not.toContain(secret);
    expect(seen).toContain("***");
  });

test("a derived form is masked too, and what is no secret stays", async () => {
  const config = { headers: { "x-api-key": "key-of-config-77", "x-tenant": "acme" } };
  expect((await echoed("/base64", config)).seen).not.toContain(
    Buffer.from("key-of-config-77").toString("base64").slice(0, -2),
  );
  expect((await echoed("/json", config)).seen).toContain("acme");
});

test("a secret of digits leaves JSON that is JSON, and a short one is masked as a whole value only", async () => {
  const digits = await echoed("/json", { headers: { "x-api-key": "12345678" } });
  expect(digits.seen).not.toContain("12345678");
  expect(digits.seen).toContain('"kind":"json"');
  const short = await echoed("/json?x=domain", { headers: { "x-api-key": "main" } });
  expect(short.seen).toContain("domain");
  expect(short.seen).toContain('"x-api-key":"***"');
});

test("what a target's configuration adds to calls is not in those of another target", async () => {
  const seen: Record<string, string> = {};
  const open = async (name: string): Promise<string> => {
    const server = createServer((request, response) => {
      seen[name] = JSON.stringify([request.url, request.headers]);
      response.end();
    });
    closing.push(() => closeServer(server));
    return listen(server, { host: "127.0.0.1", port: 0, hint: "" });
  };
  const own = {
    headers: { "x-api-key": "key-of-one" },
    auth: { apiKey: { in: "query", name: "k", value: "query-of-one" } },
  };
  const gateway = await createGateway({
    targets: {
      one: targetSchema.parse({ baseUrl: await open("one"), allow: ["* /**"], ...own }),
      two: targetSchema.parse({ baseUrl: await open("two"), allow: ["* /**"] }),
    },
    clock: {
      now: () => performance.now(),
      epoch: () => Date.now(),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    },
    baseDir: import.meta.dirname,
  });
  closing.push(() => gateway.close());
  for (const target of ["one", "two"]) await gateway.transport.call({ target, method: "GET", path: "/a" });
  expect(seen.one).toMatch(/query-of-one.*key-of-one/);
  expect(seen.two).not.toMatch(/of-one/);
});

test("what a token endpoint gives besides the token is masked too, and its type and scope are not", async () => {
  const { seen, sent } = await echoed(`/text?r=${REFRESH}&i=${IDENTITY}&scope=read%20write&type=Bearer`, {
    auth: { oauth2: { tokenUrl: "BASE/oauth", clientId: "ape", clientSecret: "client-secret-1" } },
  });
  expect(sent).toContain(REFRESH);
  for (const secret of [REFRESH, IDENTITY]) expect(seen).not.toContain(secret);
  expect(seen).toMatch(/read(?:%20| )write.*type=Bearer/);
});

test("the last tokens are remembered, and one that is given again is as new", () => {
  const echoed = new EchoedSecrets(targetSchema.parse({ baseUrl: "http://127.0.0.1:1" }));
  echoed.addToken("refresh-token-kept");
  for (let n = 0; n < 11; n += 1) echoed.addToken(`access-token-number-${n}-`);
  echoed.addToken("refresh-token-kept");
  echoed.addToken("access-token-number-11-");
  const shown = echoed.masker.mask("refresh-token-kept access-token-number-0- access-token-number-11-");
  expect(shown).toBe("*** access-token-number-0- ***");
});

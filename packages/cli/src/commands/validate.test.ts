import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { GOOD_CONFIG, GOOD_FILES } from "../../test/broken.ts";
import { TestFolder } from "../../test/run-directory.ts";

let folder: TestFolder;
beforeEach(async () => {
  folder = await TestFolder.create();
  for (const [name, text] of Object.entries(GOOD_FILES)) await folder.write(name, text);
});
afterEach(() => folder.remove());

const config = (text: string): Promise<void> => folder.write("ape.config.yaml", text);

test("a mistake is shown with its line, a caret and what to do", async () => {
  await config(
    GOOD_CONFIG.replace("kind: rest", "kind: rset").replace('POST /orders", status', 'POST /order", status'),
  );
  const { exit, io } = await folder.run("validate");
  expect(exit).toBe(104);
  expect(
    io.stdout(),
  ).toBe(`error ape.config.yaml:6:5: targets.shop.kind: one of rest, graphql, web, mcp is expected, not "rset"; did you mean "rest"? [CONFIG_INVALID]
  6 |     kind: rset
    |     ^^^^
1 error, 0 warnings
`);
});

test("--fix puts misspelt keys right, and those that only then come to light", async () => {
  await config(
    GOOD_CONFIG.replace("targets:", "targts:").replace(
      "baseUrl: http://127.0.0.1:9\n",
      "baseURL: http://127.0.0.1:9\n",
    ),
  );
  const { exit, io } = await folder.run("validate --fix");
  expect(exit, io.stdout()).toBe(0);
  expect(io.stderr()).toContain("put right: 2 keys in ape.config.yaml");
  expect(await readFile(join(folder.path, "ape.config.yaml"), "utf8")).toBe(GOOD_CONFIG);
});

test("--fix writes nothing where nothing is mechanical, and no key over another", async () => {
  const text = GOOD_CONFIG.replace("seed: 7", "seed: 7\nsed: 8");
  await config(text);
  expect((await folder.run("validate --fix")).exit).toBe(104);
  expect(await readFile(join(folder.path, "ape.config.yaml"), "utf8")).toBe(text);
});

test("JSON has every finding with its place; SARIF is what code hosts read", async () => {
  await config(GOOD_CONFIG.replace("agents: 3", "agents: three"));
  const { findings, ok } = JSON.parse((await folder.run("validate --format json")).io.stdout());
  expect(ok).toBe(false);
  expect(findings).toMatchObject([{ severity: "error", rule: "CONFIG_INVALID", line: 33, column: 3 }]);
  const sarif = JSON.parse((await folder.run("validate --format sarif")).io.stdout());
  expect(sarif).toMatchObject({
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "ape-test", rules: [{ id: "CONFIG_INVALID" }] } },
        results: [
          {
            ruleId: "CONFIG_INVALID",
            level: "error",
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: "ape.config.yaml" },
                  region: { startLine: 33, startColumn: 3, charLength: 6 },
                },
              },
            ],
          },
        ],
      },
    ],
  });
  await config(GOOD_CONFIG);
  expect(JSON.parse((await folder.run("validate --json")).io.stdout())).toMatchObject({ ok: true });
});

test("no secret is in the lines that are shown", async () => {
  await config(
    GOOD_CONFIG.replace(
      "provider: simulated",
      "provider: openai\n  apiKey: sk-very-secret\n  maxCost: 1 USD",
    ).replace("auth: none", "auth: { bearer: tok-secret, x: 1 }"),
  );
  const broken = (await folder.run("validate")).io.stdout();
  expect(broken).toContain("unknown key");
  expect(broken).not.toContain("secret,");
  await config(
    GOOD_CONFIG.replace(
      "provider: simulated",
      "provider: openai\n  apiKey: sk-very-secret\n  maxCost: 1 USD",
    ),
  );
  const whole = (await folder.run("validate")).io.stdout();
  expect(whole).toContain("the key is in the configuration itself");
  expect(whole).not.toContain("sk-very");
});

test("--online: targets must answer, and the provider must know the key and the model", async () => {
  const server = createServer((request, response) => {
    const good = request.headers.authorization === "Bearer right";
    response.writeHead(good ? 200 : 401, { "content-type": "application/json" });
    response.end(good ? '{"data":[{"id":"small"},{"id":"large"}]}' : "{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const asking = (key: string, model: string): string =>
    GOOD_CONFIG.replaceAll("http://127.0.0.1:9", url).replace(
      "provider: simulated",
      `provider: custom\n  baseUrl: ${url}/v1\n  model: ${model}\n  apiKey: ${key}\n  maxCost: 1 USD`,
    );
  const online = async (text: string): Promise<{ exit: number; out: string }> => {
    await config(text);
    const { exit, io } = await folder.run("validate --online");
    return { exit, out: io.stdout() };
  };
  try {
    expect((await online(GOOD_CONFIG)).exit).toBe(104);
    expect((await online(GOOD_CONFIG)).out).toContain("refused the connection");
    expect((await online(asking("right", "large"))).exit).toBe(0);
    expect((await online(asking("wrong", "large"))).out).toContain("custom refuses the key (401)");
    expect((await online(asking("right", "huge"))).out).toMatch(
      /has no model "huge"[\s\S]*It has small, large/,
    );
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

const withDocument = async (document: object): Promise<void> => {
  await folder.write("strange.json", JSON.stringify({ openapi: "3.2.0", ...document }));
  await config(`version: 1
targets: { shop: { baseUrl: "http://127.0.0.1:9", spec: ./strange.json } }
inference: { provider: simulated }
goals: [{ name: g, prompt: Look., success: [{ action: { operation: "GET /a" } }] }]
load: { agents: 1, sessions: 1 }
thresholds: { session_success: ["rate>0.9"] }
`);
};

test("what agents cannot use of a document is a warning with its place: 20 as text, all as JSON", async () => {
  const unused = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`/x${index}`, { head: {} }]));
  await withDocument({ paths: { "/a": { get: {} }, ...unused } });
  const { exit, io } = await folder.run("validate");
  expect(exit, io.stdout()).toBe(0);
  expect(io.stdout()).toContain("#/paths/~1x19/head: agents call no HEAD operations");
  expect(io.stdout()).not.toContain("~1x20");
  expect(io.stdout()).toContain("and 5 more parts of API documents");
  const { findings } = JSON.parse((await folder.run("validate --json")).io.stdout());
  expect(findings.filter(({ rule }: { rule: string }) => rule === "SPEC_INVALID")).toHaveLength(25);
});

test.each([
  [{ paths: { "/a": { head: {} } } }, "no operation that agents can call"],
  [{ paths: { "/a": { $ref: "./none.yaml" } } }, "#/paths/~1a: the reference ./none.yaml is refused"],
])("a document without a usable operation is an error: %j", async (document, why) => {
  await withDocument(document);
  const { exit, io } = await folder.run("validate");
  expect(exit).toBe(104);
  expect(io.stdout()).toContain(why);
});

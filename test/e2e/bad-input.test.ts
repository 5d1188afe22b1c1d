import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Shop, startShop } from "@ape/shop/shop";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ProjectFolder } from "./ape.ts";
import { shopping } from "./shopping.ts";

let shop: Shop;
const folders: ProjectFolder[] = [];
const servers: Server[] = [];
beforeAll(async () => {
  shop = await startShop({});
});
afterAll(() => shop.close());
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await Promise.all(folders.splice(0).map((folder) => folder.remove()));
});

const LOAD = "{ agents: 2, sessions: 2 }";
async function project(
  options: Partial<Parameters<typeof shopping>[1]> = {},
  change: (config: string) => string = (text) => text,
  url = shop.url,
) {
  const files = shopping(url, { load: LOAD, ...options });
  files["ape.config.yaml"] = change(files["ape.config.yaml"] ?? "");
  const folder = await ProjectFolder.create(files);
  folders.push(folder);
  return folder;
}
async function serve(handler: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(handler as never);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each<[string, (config: string) => string, RegExp]>([
  [
    "an unknown key",
    (text) => text.replace("load:", "lode:"),
    /CONFIG_INVALID[\s\S]*ape\.config\.yaml:\d+:\d+: unknown key "lode"; did you mean "load"\?/,
  ],
  [
    "a wrong type",
    (text) => text.replace("agents: 2", "agents: two"),
    /CONFIG_INVALID[\s\S]*load\.agents: a number is expected, not "two"/,
  ],
  [
    "a missing environment variable",
    (text) => text.replace(/baseUrl: "[^"]*"/, 'baseUrl: "${NO_SUCH_THING}"'),
    /ENV_MISSING[\s\S]*NO_SUCH_THING/,
  ],
  [
    "a missing data file",
    (text) => text.replace("accounts.csv", "acounts.csv"),
    /FILE_MISSING[\s\S]*acounts\.csv/,
  ],
  [
    "a missing API document",
    (text) => text.replace("openapi.yaml", "openapy.yaml"),
    /FILE_MISSING[\s\S]*openapy\.yaml/,
  ],
  [
    "empty goals",
    (text) => text.replace(/goals:[\s\S]*?\nload:/, "goals: []\nload:"),
    /CONFIG_INVALID[\s\S]*at least one goal/,
  ],
  [
    "a check of an operation that the document lacks",
    (text) => text.replace("POST /orders", "POST /order"),
    /OPERATION_UNKNOWN[\s\S]*POST \/order`[\s\S]*Did you mean `POST \/orders`/,
  ],
  [
    "a model that was withdrawn",
    (text) =>
      text.replace(
        "{ provider: simulated }",
        "{ provider: cerebras, apiKey: k, model: llama-4-scout-17b-16e-instruct }",
      ),
    /MODEL_UNKNOWN[\s\S]*gpt-oss-120b/,
  ],
  [
    "a target that nobody allowed",
    (text) => text.replace(/baseUrl: "[^"]*"/, 'baseUrl: "http://203.0.113.7"'),
    /TARGET_NOT_AUTHORIZED[\s\S]*authorized: true/,
  ],
])("%s: exit 104, the place and the next step, no stack", async (_, change, message) => {
  const folder = await project({}, change);
  const { exit, stderr } = await folder.run(["start"]);
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/hint: /);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(exit).toBe(104);
});

test("no configuration, an unknown option and contradicting options are told apart from a crash", async () => {
  const folder = await ProjectFolder.create();
  folders.push(folder);
  expect(await folder.run(["start"])).toMatchObject({
    exit: 104,
    stderr: expect.stringContaining("CONFIG_NOT_FOUND"),
  });
  expect(await folder.run(["start", "--agent", "3"])).toMatchObject({
    exit: 104,
    stderr: expect.stringContaining("--agents"),
  });
  const shopper = await project();
  expect(await shopper.run(["start", "--duration", "5s", "--sessions", "5"])).toMatchObject({
    exit: 104,
    stderr: expect.stringContaining("contradict"),
  });
});

test("a target that refuses connections", async () => {
  const folder = await project({}, undefined, "http://127.0.0.1:9");
  expect(await folder.run(["start"])).toMatchObject({
    exit: 104,
    stderr: expect.stringMatching(/TARGET_UNREACHABLE[\s\S]*127\.0\.0\.1:9/),
  });
});

test("a run directory that cannot be made", async () => {
  const folder = await project();
  await (await import("node:fs/promises")).writeFile(
    `${folder.directory}/.ape`,
    "a file where a folder is wanted",
  );
  expect(await folder.run(["start"])).toMatchObject({
    exit: 104,
    stderr: expect.stringContaining("RUN_DIRECTORY"),
  });
});

test("a port in use", async () => {
  const url = await serve((_, response) => response.end());
  const folder = await project();
  const { exit, stderr } = await folder.run(["serve", "inference", "--port", new URL(url).port]);
  expect(stderr).toMatch(/PORT_IN_USE[\s\S]*hint: /);
  expect(exit).toBe(104);
});

const stream = (...deltas: unknown[]): string =>
  `${deltas.map((delta) => `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`).join("")}data: [DONE]\n\n`;
const tool = (name: string, args: string): string =>
  stream({
    role: "assistant",
    tool_calls: [{ index: 0, id: "a", type: "function", function: { name, arguments: args } }],
  });

test.each([
  ["prose", "inference", stream({ content: "I would log in first." })],
  ["half a JSON", "inference", tool("http_get", '{"path": "/prod')],
  ["an unknown tool", "inference", tool("browse_web", "{}")],
  ["nothing at all", "inference", stream()],
  ["a placeholder that it made up", "simulation", tool("http_get", '{"path": "/{{nobody}}"}')],
  ["no stream but half a page", "inference", "<html>"],
])(
  "a model that answers %s: the session ends as an error, attributed to %s",
  async (_, attribution, body) => {
    const url = await serve((request, response) => {
      request.resume();
      response.writeHead(200, { "content-type": "text/event-stream" }).end(body);
    });
    const folder = await project({
      inference: `{ provider: custom, baseUrl: "${url}/v1", model: m, apiKey: k, retries: { attempts: 1 } }`,
    });
    const { stderr } = await folder.run(["start", "--quiet"]);
    const summary = await folder.summary();
    expect(stderr).not.toMatch(/INTERNAL/);
    expect(summary.sessions).toMatchObject({ ended: 2, succeeded: 0, byOutcome: { error: 2 } });
    expect(summary.attribution).toMatchObject({ [attribution]: 2 });
  },
);

test.each<[string, Parameters<typeof createServer>[1], RegExp]>([
  [
    "HTML where JSON was promised",
    (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>maintenance</html>"),
    /html/i,
  ],
  [
    "a redirect to another host",
    (_, response) => response.writeHead(302, { location: "http://192.0.2.1/" }).end(),
    /302|not pursued|POST \/orders/,
  ],
  [
    "a body that never ends",
    (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const timer = setInterval(() => response.write("x".repeat(65_536)), 1);
      response.on("close", () => clearInterval(timer));
    },
    /large|cut|long/i,
  ],
  [
    "invalid UTF-8",
    (_, response) =>
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(Buffer.from([0x22, 0xff, 0xfe, 0x22])),
    /UTF-8|JSON/i,
  ],
])("a target that answers %s: a failure of the target, with evidence", async (kind, handler, evidence) => {
  const url = await serve(handler as never);
  const folder = await project({}, undefined, url);
  const { exit, stdout } = await folder.run(["start"]);
  const summary = await folder.summary();
  expect(summary.sessions).toMatchObject({ succeeded: 0, ended: 2 });
  expect(
    JSON.stringify(summary.failures) +
      JSON.stringify((await folder.events()).filter((event) => event.type === "step")),
  ).toMatch(evidence);
  // What is longer than `maxBody` is a limit of APE's own.
  expect(summary.attribution).toMatchObject(
    kind === "a body that never ends" ? { infrastructure: 2 } : { infrastructure: 0 },
  );
  expect(stdout).toContain("ape-test trace");
  expect(exit).toBe(99);
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "@ape/core/config/parse";
import type { ApiDescription } from "@ape/core/protocol/api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { testEnvironment } from "../../test/environment.ts";
import { configFileOf } from "../generate/config-file.ts";
import type { Imported } from "../import/imported.ts";
import { type CliAnswers, resolveAnswers } from "./resolve-answers.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-decide-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const SPEC = "openapi: 3.1.0\ninfo: { title: t, version: '1' }\npaths: {}\n";
const API: ApiDescription = {
  target: "app",
  title: "t",
  documented: true,
  auth: [],
  operations: [
    {
      method: "POST",
      path: "/desk/visits",
      summary: "Sign in",
      secured: false,
      fields: ["member", "pin"].map((name) => ({
        in: "body",
        name,
        type: "string",
        required: true,
        description: "",
      })),
    },
    { method: "GET", path: "/tools", summary: "List the tools", secured: true, fields: [] },
  ],
};
const say = (more: Partial<CliAnswers> = {}): CliAnswers => ({ goals: [], checks: [], ...more });

test("nothing said, nothing found: the simulated model looks at what may come", async () => {
  const environment = testEnvironment({ look: { reachable: "connection refused" } });
  const { answers, warnings } = await resolveAnswers(say(), environment);
  expect(answers).toMatchObject({
    target: { name: "app", kind: "rest", baseUrl: "http://127.0.0.1:3000", auth: "none" },
    data: { file: "./accounts.csv", secret: ["password"] },
    goals: [{ name: "look" }],
    agents: 10,
    provider: "simulated",
    ci: "none",
  });
  expect(warnings).toEqual([
    "nothing answers at http://127.0.0.1:3000 now (connection refused): start it before the run",
  ]);
});

test("without a document agents may do what the checks name, and the file says so", async () => {
  const environment = testEnvironment({ look: { reachable: true } });
  const reading = await resolveAnswers(say({ target: "http://127.0.0.1:3000", kind: "rest" }), environment);
  expect(reading.warnings.join()).toContain("agents may only read");
  const said = say({
    target: "http://127.0.0.1:3000",
    kind: "rest",
    goals: ["Order something."],
    checks: ["POST /orders 201", "GET /orders"],
  });
  const writing = await resolveAnswers(said, environment);
  expect(writing.warnings.join()).not.toContain("only read");
  const { config } = parseConfig(configFileOf(writing.answers), "ape.config.yaml", {});
  expect(config.targets.app?.allow).toEqual(["GET /**", "POST /orders", "GET /orders"]);
});

const imported = (prompt: string): Imported => ({
  baseUrl: "http://127.0.0.1:3000",
  kind: "rest",
  goals: [{ name: "recorded", prompt, success: [{ action: { operation: "POST /orders" } }] }],
  allow: ["GET /items", "POST /orders", "DELETE /orders/{id}"],
  skipped: [],
});

test("without a document an imported test's `allow` says what agents may do", async () => {
  const environment = testEnvironment({ look: { reachable: true } });
  const { answers, warnings } = await resolveAnswers(
    say({ spec: "none" }),
    environment,
    imported("Create orders."),
  );
  expect(answers.target.allow).toHaveLength(3);
  expect(warnings.filter((line) => line.includes("document"))).toEqual([
    "no API document was found, so agents do only what `allow` lists (3 operations): name a document with --spec, or change `allow`",
  ]);
});

test("accounts are invented for an imported test only where it logs in", async () => {
  const dataOf = async (prompt: string, api?: ApiDescription) =>
    (
      await resolveAnswers(
        say(),
        testEnvironment({ look: { reachable: true, ...(api === undefined ? {} : { api }) } }),
        imported(prompt),
      )
    ).answers.data;
  expect(await dataOf("Look at items, create orders.")).toBeUndefined();
  expect(await dataOf("Log in, create orders.")).toMatchObject({ secret: ["password"] });
  expect(await dataOf("Look at items, create orders.", API)).toMatchObject({ secret: ["pin"] });
});

test("a document at a usual place of the same host is found, accounts have the fields of its sign-in", async () => {
  const environment = testEnvironment({
    look: { reachable: true, api: API },
    pages: {
      "http://127.0.0.1:8080/v3/api-docs": { text: SPEC },
      "http://127.0.0.1:8080/openapi.json": { text: "<html>" },
    },
  });
  const { answers } = await resolveAnswers(say({ target: "8080", agents: 20 }), environment);
  expect(answers.target.spec).toBe("http://127.0.0.1:8080/v3/api-docs");
  expect(environment.asked.every((url) => url.startsWith("http://127.0.0.1:8080/"))).toBe(true);
  expect(answers.data).toMatchObject({ secret: ["pin"], sample: { columns: ["member", "pin"] } });
  expect(answers.data?.sample?.rows).toHaveLength(20);
  expect(answers.data?.sample?.rows[1]).toEqual(["user2", "change-me-2"]);
  expect(answers.goals[0]?.prompt).toBe("Sign in, list the tools.");
});

test("what is said wins: words, checks, data that is there, provider, credentials", async () => {
  await writeFile(join(folder, "members.csv"), "member,pin\na,1\n");
  const environment = testEnvironment({
    look: { reachable: true, api: API },
    environment: { CEREBRAS_API_KEY: "k" },
    directory: folder,
  });
  const { answers, warnings } = await resolveAnswers(
    say({
      target: "tools.internal/api",
      kind: "rest",
      spec: "./api.yaml",
      auth: "oauth2",
      data: "members.csv",
      goals: ["Borrow a saw"],
      checks: ["POST /loans 201", "tools: GET /x 2xx"],
      agents: 3,
      duration: "5m",
      ci: "gitlab",
    }),
    environment,
  );
  expect(answers).toMatchObject({
    target: { name: "tools", baseUrl: "http://tools.internal/api", spec: "./api.yaml", auth: "oauth2" },
    data: { file: "./members.csv", secret: ["pin"] },
    goals: [
      {
        name: "borrow-saw",
        success: [
          { action: { operation: "POST /loans", status: 201 } },
          { action: { operation: "tools: GET /x", status: "2xx" } },
        ],
      },
    ],
    provider: "cerebras",
    model: "gpt-oss-120b",
    keyVariable: "CEREBRAS_API_KEY",
  });
  expect(warnings).toEqual(["fill in TOOLS_CLIENT_ID and TOOLS_CLIENT_SECRET in ape.env"]);
  const text = configFileOf(answers);
  const env = { CEREBRAS_API_KEY: "k", TOOLS_CLIENT_ID: "i", TOOLS_CLIENT_SECRET: "s" };
  expect(parseConfig(text, "f", env).config.targets.tools?.auth).toEqual({
    oauth2: { tokenUrl: "http://tools.internal/oauth/token", clientId: "i", clientSecret: "s" },
  });
});

test("a run on Kubernetes has its part of the file, which says what image nodes pull", async () => {
  const { answers } = await resolveAnswers(say({ runtime: "kubernetes" }), testEnvironment({}));
  const text = configFileOf(answers);
  expect(text).toMatch(
    /# The pods of a run\. `image` must be .* pull it\.(?:.*\n)+kubernetes:\n +image: ape-test:latest\n/,
  );
  expect(parseConfig(text, "f", {}).config.kubernetes.image).toBe("ape-test:latest");
});

test("a provider whose key is not set falls back to the simulated model, and says so", async () => {
  const { answers, warnings } = await resolveAnswers(say({ provider: "openai" }), testEnvironment({}));
  expect(answers.provider).toBe("simulated");
  expect(answers.keyVariable).toBeUndefined();
  expect(warnings.join()).toContain("OPENAI_API_KEY is not set");
});

test("kinds are known by the address or its first answer; an MCP server may be a command", async () => {
  const kindOf = async (target: string, pages = {}): Promise<string> =>
    (await resolveAnswers(say({ target }), testEnvironment({ pages }))).answers.target.kind;
  expect(await kindOf("http://h/graphql")).toBe("graphql");
  expect(await kindOf("http://h/mcp")).toBe("mcp");
  expect(await kindOf("http://h", { "http://h/": { type: "text/html; charset=utf-8" } })).toBe("web");
  expect(await kindOf("http://h", { "http://h/": { type: "text/html", status: 404 } })).toBe("rest");
  const { answers } = await resolveAnswers(
    say({ target: "node server.js", kind: "mcp" }),
    testEnvironment({}),
  );
  expect(answers.target).toMatchObject({ name: "server", baseUrl: "", command: ["node", "server.js"] });
  expect(answers.data).toBeUndefined();
});

test.each([
  [{ target: "ftp://h" }, "USAGE", '"ftp://h" is no address'],
  [{ target: "http://a:b@h" }, "USAGE", "an address must hold no credentials"],
  [
    { target: "http://public.example" },
    "TARGET_NOT_AUTHORIZED",
    "public.example is neither loopback nor private",
  ],
  [{ data: "none.csv" }, "FILE_MISSING", "none.csv cannot be read"],
  [{ checks: ["PUSH /x"] }, "USAGE", '"PUSH /x" is no check'],
  [{ provider: "custom" }, "USAGE", "a custom provider needs its address"],
] as const)("%j is refused with %s", async (more, code, message) => {
  await expect(resolveAnswers(say(more as Partial<CliAnswers>), testEnvironment({}))).rejects.toMatchObject({
    code,
    message,
  });
});

test.each([
  ["text/html", 'Basic realm="x"', undefined, "web"],
  ["text/html", "", undefined, "rest"],
  ["application/json", 'Basic realm="x"', undefined, "rest"],
  ["text/html", 'Basic realm="x"', "rest", "rest"],
] as const)(
  "an address that answers 401 with %s and the challenge %j, --kind %s: %s",
  async (type, challenge, said, kind) => {
    const environment = testEnvironment({ look: { reachable: true } });
    environment.read = async (url) =>
      url === "http://127.0.0.1:9/" ? { status: 401, type, text: "", challenge } : undefined;
    const { answers, warnings } = await resolveAnswers(
      { goals: [], checks: [], target: "127.0.0.1:9", ...(said === undefined ? {} : { kind: said }) },
      environment,
    );
    expect(answers.target.kind).toBe(kind);
    expect(warnings.filter((text) => text.includes("(401)"))).toEqual(
      said === undefined ? [expect.stringContaining(`so the kind ${kind} is a guess: say --kind`)] : [],
    );
  },
);

test("a web application is looked at as the first row of the data sees it", async () => {
  await writeFile(join(folder, "users.csv"), "login,password\nann,pw\nben,pq\n");
  const environment = testEnvironment({ look: { reachable: true } });
  const looked: unknown[] = [];
  environment.look = async (_target, wanted) => {
    looked.push(wanted);
    return { reachable: true };
  };
  for (const data of [join(folder, "users.csv"), "none", undefined])
    await resolveAnswers(
      { goals: ["Find P7."], checks: [], kind: "web", ...(data === undefined ? {} : { data }) },
      environment,
    );
  const goals = ["Find P7."];
  expect(looked).toEqual([{ account: { login: "ann", password: "pw" }, goals }, { goals }, { goals }]);
});

test("a check of a form that was only guessed from a link is said to be a guess", async () => {
  const operations = [
    { method: "GET" as const, path: "/", summary: "Home", secured: false, fields: [] },
    {
      method: "POST" as const,
      path: "/places/{id}/withdraw",
      summary: "withdraw places",
      secured: false,
      guessedFrom: "Withdraw",
      fields: [],
    },
  ];
  const api = { target: "app", kind: "web" as const, title: "", documented: false, auth: [], operations };
  const { answers, warnings } = await resolveAnswers(
    say({ goals: ["Withdraw my place."], kind: "web" }),
    testEnvironment({ look: { reachable: true, api } }),
  );
  expect(answers.goals[0]?.success).toEqual([
    { action: { operation: "POST /places/{id}/withdraw", status: "2xx" } },
  ]);
  expect(warnings.join("\n")).toContain(
    'the page behind "Withdraw" was not opened, so the check POST /places/{id}/withdraw is a guess',
  );
});

test("every combination of kind, credentials and provider makes a good configuration", async () => {
  const environment = { CEREBRAS_API_KEY: "k", APP_TOKEN: "t", APP_USER: "u", APP_PASSWORD: "p" };
  const more = { APP_API_KEY: "a", APP_CLIENT_ID: "i", APP_CLIENT_SECRET: "s" };
  for (const kind of ["rest", "graphql", "web", "mcp"] as const)
    for (const auth of ["none", "bearer", "basic", "apiKey", "oauth2"] as const)
      for (const provider of ["simulated", "cerebras"] as const) {
        const { answers } = await resolveAnswers(
          say({ target: "http://127.0.0.1:1/x", kind, auth, provider }),
          testEnvironment({ environment }),
        );
        expect(() =>
          parseConfig(configFileOf(answers), "ape.config.yaml", { ...environment, ...more }),
        ).not.toThrow();
      }
});

test.each([
  ["api.yaml", SPEC, "rest"],
  ["swagger.json", '{"swagger":"2.0","paths":{}}', "rest"],
  ["none.yaml", undefined, "rest"],
  ["schema.graphql", "type Query { a: Int }", "graphql"],
  ["schema.txt", '"""API"""\nschema { query: Root }\ntype Root {\n  a: Int\n}\n', "graphql"],
  ["schema.json", '{"data":{"__schema":{"types":[]}}}', "graphql"],
])("the document %s decides the kind, although / answers HTML", async (name, text, kind) => {
  if (text !== undefined) await writeFile(join(folder, name), text);
  const environment = testEnvironment({
    directory: folder,
    pages: { "http://127.0.0.1:8080/": { text: "<html>", type: "text/html" } },
  });
  const { answers } = await resolveAnswers(say({ target: "8080", spec: name }), environment);
  expect(answers.target).toMatchObject({ kind, spec: `./${name}` });
  const chosen = resolveAnswers(say({ target: "8080", spec: name, kind: "web" }), environment);
  await expect(chosen).rejects.toMatchObject({ code: "USAGE" });
});

test("a document at a URL decides the kind; one that is only looked for does not", async () => {
  const pages = {
    "http://127.0.0.1:8080/": { text: "<html>", type: "text/html" },
    "http://127.0.0.1:8080/schema": { text: "type Query {\n  a: Int\n}\n" },
    "http://127.0.0.1:8080/api": { text: '{"swagger":"2.0","paths":{}}' },
  };
  const kindOf = async (spec: string) =>
    (await resolveAnswers(say({ target: "8080", spec }), testEnvironment({ pages }))).answers.target.kind;
  expect(await kindOf("http://127.0.0.1:8080/schema")).toBe("graphql");
  expect(await kindOf("http://127.0.0.1:8080/api")).toBe("rest");
  expect(await kindOf("look")).toBe("web");
});

test("Swagger 2.0 at a usual place is found", async () => {
  const pages = { "http://127.0.0.1:8080/swagger.json": { text: '{"paths":{},"swagger":"2.0"}' } };
  const { answers } = await resolveAnswers(say({ target: "8080" }), testEnvironment({ pages }));
  expect(answers.target.spec).toBe("http://127.0.0.1:8080/swagger.json");
});

test("a command is an MCP server; without its tools the check has to be replaced", async () => {
  const environment = testEnvironment({ look: { reachable: "spawn ENOENT" } });
  const typed = say({ target: "node server.js" });
  const unknown = await resolveAnswers(typed, environment);
  expect(unknown.answers.goals).toMatchObject([
    { name: "replace-me", success: [{ action: { operation: "tool replace_me" } }] },
  ]);
  expect(unknown.warnings).toContain(
    'nothing is known of what the target offers: replace the check of the goal "replace-me" in ape.config.yaml',
  );
  const { answers } = await resolveAnswers(
    { ...typed, goals: ["Echo a word"], checks: ["tool echo"] },
    environment,
  );
  expect(answers.target).toMatchObject({ kind: "mcp", command: ["node", "server.js"] });
  expect(answers.goals).toMatchObject([{ success: [{ action: { operation: "tool echo" } }] }]);
});

test.each([
  ["Order a lamp and pay for it.", "POST /replace_me"],
  ["Look around.", "GET /"],
])("of an API of which nothing is known: %s is checked by %s", async (goal, operation) => {
  const environment = testEnvironment({ look: { reachable: true } });
  const { answers } = await resolveAnswers(say({ goals: [goal] }), environment);
  expect(answers.goals).toMatchObject([{ success: [{ action: { operation } }] }]);
});

test.each([
  ["basic", true],
  ["bearer", undefined],
] as const)("an API with %s wants rows for every goal: %s", async (type, everyGoal) => {
  const api = { target: "app", title: "An API", documented: true, auth: [{ type }], operations: [] };
  const environment = testEnvironment({ look: { reachable: true, api } });
  const { answers } = await resolveAnswers(say({ goals: ["Show the lamps."] }), environment);
  expect(answers.data?.everyGoal).toBe(everyGoal);
});

test("a long goal has more steps", async () => {
  const environment = testEnvironment({ look: { reachable: true } });
  const buy = "find a lamp, add it to the cart, check out, ";
  const { answers } = await resolveAnswers(
    say({ goals: [`Log in, ${buy.repeat(10)}log out.`, "Buy a lamp."], checks: ["POST /orders"] }),
    environment,
  );
  const { config } = parseConfig(configFileOf(answers), "ape.config.yaml", {});
  expect(config.goals.map(({ budget }) => budget.steps)).toEqual([128, 30]);
});

const webApi = (more: object[] = []) => ({
  target: "app",
  kind: "web" as const,
  title: "",
  documented: false,
  auth: [],
  operations: [
    { method: "POST" as const, path: "/letter", summary: "Subscribe", secured: false, fields: [] },
    ...(more as never[]),
  ],
});
const signIn = {
  method: "POST",
  path: "/login",
  summary: "Log in",
  secured: false,
  fields: ["user", "password"].map((name) => ({
    in: "body",
    name,
    type: "string",
    required: true,
    description: name,
  })),
};

test.each([
  ["Subscribe to the letter.", [], false],
  ["Log in and subscribe to the letter.", [], true],
  ["Subscribe to the letter.", [signIn], true],
])("%s at a site with %j gets made-up accounts: %s", async (goal, more, made) => {
  const { answers } = await resolveAnswers(
    say({ goals: [goal], kind: "web" }),
    testEnvironment({ look: { reachable: true, api: webApi(more) } }),
  );
  expect(answers.data !== undefined).toBe(made);
});

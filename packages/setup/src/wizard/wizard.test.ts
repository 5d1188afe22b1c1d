import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "@ape/core/config/parse";
import type { ApiDescription } from "@ape/core/protocol/api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { testEnvironment } from "../../test/environment.ts";
import { type Script, scriptedPrompter } from "../../test/scripted-prompter.ts";
import type { Answers } from "../answers/answers.ts";
import type { CliAnswers } from "../answers/resolve-answers.ts";
import { configFileOf } from "../generate/config-file.ts";
import type { Imported } from "../import/imported.ts";
import { writeAfterAsking } from "./files-question.ts";
import { interview } from "./wizard.ts";

const API: ApiDescription = {
  target: "app",
  title: "t",
  documented: true,
  auth: [],
  operations: [
    { method: "GET", path: "/tools", summary: "List the tools", secured: false, fields: [] },
    { method: "POST", path: "/loans", summary: "Borrow a tool", secured: false, fields: [] },
  ],
};
const HOST = "http://127.0.0.1:8080";
const SPEC = "openapi: 3.1.0\npaths: {}\n";
const PAGES = { [`${HOST}/`]: { text: "ok" }, [`${HOST}/openapi.yaml`]: { text: SPEC } };

async function talk(
  script: Script,
  options: { said?: Partial<CliAnswers> } & Parameters<typeof testEnvironment>[0] = {},
): Promise<{ answers: Answers; said: string[] }> {
  const { prompter, said, unused } = scriptedPrompter(script);
  const { said: told, ...world } = options;
  const environment = testEnvironment({ look: { reachable: true, api: API }, pages: PAGES, ...world });
  const answers = await interview({ goals: [], checks: [], ...told }, environment, prompter);
  expect(unused()).toEqual([]);
  return { answers, said };
}

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-wizard-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("an address and Enter all the way: everything else is found", async () => {
  const { answers, said } = await talk([["What is under test?", "8080"]]);
  expect(answers).toMatchObject({
    target: { kind: "rest", baseUrl: HOST, spec: `${HOST}/openapi.yaml`, auth: "none" },
    data: { file: "./accounts.csv" },
    goals: [{ name: "browse", prompt: "List the tools." }],
    agents: 10,
    duration: "1m",
    provider: "simulated",
    ci: "none",
  });
  expect(said.find((text) => text.startsWith("Your answers"))).toContain(
    `API document  ${HOST}/openapi.yaml (2 operations)`,
  );
});

test("every question can be answered otherwise", async () => {
  await writeFile(join(folder, "people.csv"), "user,pin\na,1\n");
  const { answers } = await talk(
    [
      ["What is under test?", HOST],
      ["What is it?", "rest"],
      ["Where is its OpenAPI", "typed"],
      ["Its path or URL", "./api.yaml"],
      ["Which credentials", "oauth2"],
      ["Where are tokens given?", "http://127.0.0.1:9/token"],
      ["Which accounts", "file"],
      ["The file", "people.csv"],
      ["What do agents want?", ["own words"]],
      ["The goal, as you", "Borrow a tool"],
      ["What proves", ["POST /loans", "own words"]],
      ["An operation that proves it", "GET /loans/{id} 200"],
      ["Another goal?", false],
      ["How many agents", "25"],
      ["For how long?", "5m"],
      ["Who decides", "openai"],
      ["Which model?", "gpt-4.1"],
      ["Which environment variable", "MY_KEY"],
      ["CI?", "gitlab"],
    ],
    { directory: folder },
  );
  expect(answers).toMatchObject({
    target: { spec: "./api.yaml", auth: "oauth2", tokenUrl: "http://127.0.0.1:9/token" },
    data: { file: "./people.csv", secret: ["pin"] },
    goals: [
      {
        name: "borrow-tool",
        success: [
          { action: { operation: "POST /loans" } },
          { action: { operation: "GET /loans/{id}", status: 200 } },
        ],
      },
    ],
    agents: 25,
    duration: "5m",
    provider: "openai",
    model: "gpt-4.1",
    keyVariable: "MY_KEY",
    ci: "gitlab",
  });
});

test("each answer is checked at once, and asked again with what is wrong", async () => {
  const { said } = await talk(
    [
      ["What is under test?", "ftp://x"],
      ["What is under test?", "8080"],
      ["Which accounts", "file"],
      ["The file", "missing.csv"],
      ["Which accounts", "none"],
      ["How many agents", "none"],
      ["How many agents", "3"],
      ["For how long?", "soon"],
      ["For how long?", "30s"],
      ["Who decides", "openai"],
      ["Which environment variable", "sk-1234"],
      ["Which environment variable", "MY_KEY"],
    ],
    { directory: folder },
  );
  expect(said.filter((text) => text.startsWith("refused"))).toEqual([
    'refused: "ftp://x" is no address. Give a URL such as http://127.0.0.1:3000, host:port, or a port alone.',
    "refused: a whole number of at least 1 is expected",
    "refused: a duration such as 30s, 2m or 1h is expected",
    "refused: the name of a variable is expected, not the key",
  ]);
  expect(said.join("\n")).toContain("missing.csv cannot be read");
  expect(said.join("\n")).toContain("MY_KEY is not set");
});

test("an address where nothing answers can be kept or changed; a public one needs a word", async () => {
  const { answers, said } = await talk([
    ["What is under test?", "http://public.example"],
    ["May you load-test it?", false],
    ["What is under test?", "9"],
    ["Go on with this address?", false],
    ["What is under test?", "8080"],
  ]);
  expect(answers.target).toMatchObject({ baseUrl: HOST, authorized: false });
  expect(said).toContain("public.example is neither loopback nor private.");
  expect(said).toContain("Nothing answers at http://127.0.0.1:9 now. The test can be set up all the same.");
  const allowed = await talk([
    ["What is under test?", "http://public.example"],
    ["May you load-test it?", true],
    ["Go on with this address?", true],
  ]);
  expect(allowed.answers.target.authorized).toBe(true);
});

const GRAPHQL_AT = `${HOST}/?query=%7B__typename%7D`;

test.each([
  ["graphql", { [GRAPHQL_AT]: { text: '{"data":{"__typename":"Query"}}' } }],
  ["graphql", { [`${HOST}/`]: { type: "text/html", text: "<title>Yoga GraphiQL</title>" } }],
  [
    "rest",
    {
      [`${HOST}/`]: { type: "text/html", text: "<form>Log in</form>" },
      [`${HOST}/openapi.yaml`]: { text: SPEC },
    },
  ],
  ["web", { [`${HOST}/`]: { type: "text/html", text: "<form>Log in</form>" } }],
  ["rest", { [`${HOST}/`]: { type: "application/json", text: '{"hello":"there"}' } }],
])("what answers like %s is offered as that", async (kind, pages) => {
  const { answers } = await talk([["What is under test?", HOST]], { pages });
  expect(answers.target.kind).toBe(kind);
});

test("without a document: nothing is preselected that proves nothing, and what agents may do is asked", async () => {
  const { answers, said } = await talk(
    [
      ["What is under test?", HOST],
      ["What do agents want?", ["own words"]],
      ["The goal, as you", "Log in, order a lamp, then reply to it."],
      ["An operation that proves it", ""],
      ["An operation that proves it", "POST /orders 201"],
      ["Another goal?", false],
      ["Which calls may agents make", "POST /sessions, POST /orders"],
    ],
    { look: { reachable: true }, pages: { [`${HOST}/`]: { text: "ok" } } },
  );
  expect(answers.target.allow).toEqual(["GET /**", "POST /sessions", "POST /orders"]);
  expect(answers.goals).toEqual([
    {
      name: "order-lamp",
      prompt: "Log in, order a lamp, then reply to it.",
      success: [{ action: { operation: "POST /orders", status: 201 } }],
    },
  ]);
  expect(said.filter((text) => text.startsWith("refused"))).toHaveLength(1);
  expect(said).toContain('checks prove 1 of 2 parts of the goal: nothing proves "reply to it".');
});

test("a document that is typed decides what kind of API it is", async () => {
  await writeFile(join(folder, "a.graphql"), "type Query { tools: [String] }\n");
  const { answers, said } = await talk(
    [
      ["What is under test?", HOST],
      ["What is it?", "rest"],
      ["Where is its OpenAPI", "typed"],
      ["Its path or URL", "a.graphql"],
    ],
    { directory: folder },
  );
  expect(answers.target).toMatchObject({ kind: "graphql", spec: "./a.graphql" });
  expect(said).toContain("a.graphql describes a GraphQL API.");
});

test.each([
  ['Basic realm="api"', "basic"],
  ["Bearer", "bearer"],
  ["", "apiKey"],
])("what answers 401 with the challenge %j is offered those credentials: %s", async (challenge, auth) => {
  const { answers, said } = await talk([["What is under test?", HOST]], {
    pages: { [`${HOST}/`]: { status: 401, challenge } },
  });
  expect(answers.target.auth).toBe(auth);
  expect(said.join("\n")).toContain("asks for credentials (401)");
});

test("the command of an MCP server is known as one", async () => {
  const { answers } = await talk([["What is under test?", "node server.js"]]);
  expect(answers.target).toMatchObject({ kind: "mcp", command: ["node", "server.js"], baseUrl: "" });
  expect(answers.data).toBeUndefined();
});

test("a Docker image is reached by its service's name, from agents in containers", async () => {
  const { answers } = await talk([
    ["Where does it run?", "image"],
    ["Which image?", "shop:1"],
    ["Which port", "3000"],
    ["What runs beside", "full"],
  ]);
  expect(answers).toMatchObject({
    target: { baseUrl: "http://sut_target:3000" },
    image: "shop:1",
    runtime: "compose",
    observability: "full",
  });
  expect(parseConfig(configFileOf(answers), "f", {}).config.compose).toMatchObject({
    observability: "full",
    target: { image: "shop:1" },
  });
});

test("a service of a Compose file that lies there is one of the places", async () => {
  const { answers, said } = await talk([["Where does it run?", "in the service api of compose.yaml"]], {
    services: { file: "compose.yaml", services: [{ name: "api", url: HOST }] },
  });
  expect(answers.target).toMatchObject({ baseUrl: HOST, spec: `${HOST}/openapi.yaml` });
  expect(said).not.toContain("What is under test? A URL, host:port, or the command of an MCP server");
});

const RECORDED: Imported = {
  baseUrl: HOST,
  kind: "rest",
  goals: [{ name: "lend", prompt: "Borrow a tool.", success: [{ action: { operation: "POST /loans" } }] }],
  allow: ["GET /tools", "POST /loans"],
  account: { user: "ada", password: "secret" },
  stages: [{ duration: "1m", agents: 5 }],
  thresholds: { action_failed: ["rate<0.1"] },
  skipped: ["WebSocket frames"],
};

test("what another tool's file says is not asked again; the rest is", async () => {
  const { answers, said } = await talk(
    [
      ["What do you begin with?", "k6"],
      ["Which one?", "load.js"],
      ["CI?", "github"],
    ],
    { imported: RECORDED },
  );
  expect(answers).toMatchObject({
    target: { baseUrl: HOST, kind: "rest", allow: RECORDED.allow },
    goals: RECORDED.goals,
    stages: RECORDED.stages,
    thresholds: RECORDED.thresholds,
    data: { sample: { rows: [["ada", "secret"]] } },
    ci: "github",
  });
  for (const question of [
    "What do agents want?",
    "How many agents at once?",
    "Which accounts do agents use?",
  ])
    expect(said).not.toContain(question);
  expect(said).toContain("left out: WebSocket frames");
  expect(said.find((text) => text.startsWith("Your answers"))).toContain("a k6 script: load.js");
});

test("a file that was named on the command line is taken; one's own words come before it", async () => {
  const { answers, said } = await talk([], {
    imported: RECORDED,
    said: { from: { kind: "har", source: "a.har" }, goals: ["List the tools"], agents: 3, data: "none" },
  });
  expect(said).not.toContain("What do you begin with?");
  expect(answers).toMatchObject({ goals: [{ prompt: "List the tools" }], agents: 3 });
  expect(answers.stages).toBeUndefined();
  expect(answers.data).toBeUndefined();
});

test("a file that cannot be read is told, and nothing of it stays once something else is chosen", async () => {
  const { said } = await talk([
    ["What do you begin with?", "har"],
    ["Which one?", "missing.har"],
    ["What is under", "8080"],
  ]);
  expect(said).toContain("missing.har cannot be read. Name another.");
  const { answers } = await talk(
    [
      ["What do you begin with?", "k6"],
      ["Which one?", "load.js"],
      ["Is this right?", "Begins with"],
      ["What do you begin with?", "itself"],
      ["How many agents", "4"],
    ],
    { imported: RECORDED },
  );
  expect(answers).toMatchObject({ agents: 4, goals: [{ name: "browse" }], target: { baseUrl: HOST } });
  expect([answers.stages, answers.thresholds, answers.target.allow]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("a port that is taken is told, with the variable that names another", async () => {
  const { said } = await talk(
    [
      ["What is under test?", "8080"],
      ["What runs beside", "full"],
    ],
    { taken: [3000], said: { runtime: "compose" } },
  );
  expect(said).toContain("port 3000 of grafana is taken: name another with APE_GRAFANA_PORT in ape.env.");
});

test("on the last page any answer can be changed, and what hangs on it is asked again", async () => {
  const { answers, said } = await talk([
    ["What is under test?", "8080"],
    ["Is this right?", "Agents"],
    ["How many agents", "10"],
    ["How many agents", "77"],
    ["Is this right?", "API document"],
    ["Where is its OpenAPI", "none"],
    ["Where is its OpenAPI", "found"],
  ]);
  expect(answers.agents).toBe(77);
  expect(answers.target.spec).toBe(`${HOST}/openapi.yaml`);
  expect(said.filter((text) => text === "What do agents want?")).toHaveLength(2);
});

test("what the command line said is not asked", async () => {
  const { said, answers } = await talk([], {
    said: {
      target: "8080",
      kind: "rest",
      spec: "look",
      auth: "none",
      data: "none",
      goals: ["Borrow a tool"],
      checks: [],
      agents: 2,
      duration: "9s",
      provider: "simulated",
      observability: "none",
      ci: "github",
    },
  });
  expect(said.filter((text) => text.endsWith("?"))).toEqual(["Is this right?"]);
  expect(answers).toMatchObject({
    goals: [{ prompt: "Borrow a tool", success: [{ action: { operation: "POST /loans" } }] }],
    agents: 2,
    ci: "github",
  });
});

test.each([
  "What do you begin with?",
  "Where does it run?",
  "What is under test?",
  "What is it?",
  "Where is its OpenAPI",
  "Which credentials",
  "Which accounts",
  "What do agents want?",
  "How many agents",
  "For how long?",
  "Who decides",
  "CI?",
  "Is this right?",
])("one can go away at: %s", async (question) => {
  const script: Script = [
    [question, "cancel"],
    ...(question.includes("under test") ? [] : ([["What is under", "8080"]] as const)),
  ];
  const { prompter } = scriptedPrompter(script);
  const environment = testEnvironment({ look: { reachable: true, api: API }, pages: PAGES });
  await expect(interview({ goals: [], checks: [] }, environment, prompter)).rejects.toThrow(
    "nothing was written",
  );
});

test("files are shown before they are written; one that differs is kept unless it is given up", async () => {
  await writeFile(join(folder, "a"), "one\nmine\nthree\n");
  await writeFile(join(folder, "b"), "mine\n");
  const files = [
    { path: "a", text: "one\ntwo\nthree\n" },
    { path: "b", text: "ours\n" },
    { path: "c/d", text: "new\n" },
  ];
  const { prompter, said } = scriptedPrompter([["Write over a?", true]]);
  const placements = await writeAfterAsking(files, folder, prompter);
  expect(placements.map(({ change }) => change)).toEqual(["changed", "kept", "new"]);
  expect(said).toContain("a\nline 2:\n- mine\n+ two");
  expect(said).toContain("Write 2 files?");
  const read = (name: string): Promise<string> => readFile(join(folder, name), "utf8");
  expect([await read("a"), await read("b"), await read("c/d")]).toEqual([
    "one\ntwo\nthree\n",
    "mine\n",
    "new\n",
  ]);
});

test.each([false, "cancel"] as const)("the last question answered with %s writes nothing", async (answer) => {
  const { prompter } = scriptedPrompter([["Write 1 files?", answer]]);
  await expect(writeAfterAsking([{ path: "x", text: "" }], folder, prompter)).rejects.toThrow(
    "nothing was written",
  );
  expect(await readdir(folder)).toEqual([]);
});

import { parseConfig } from "@ape/core/config/parse";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { Answers } from "../answers/answers.ts";
import { type ProjectPlace, projectFiles } from "./project-files.ts";

const PLACE: ProjectPlace = {
  directory: "/nowhere",
  name: "My Tests",
  templates: new URL("../../templates", import.meta.url).pathname,
  environment: {},
  version: "1.2.3",
};
const ANSWERS: Answers = {
  target: { name: "shop", kind: "rest", baseUrl: "http://127.0.0.1:4010", auth: "bearer", authorized: false },
  data: {
    file: "./accounts.csv",
    secret: ["pin"],
    sample: { columns: ["who", "pin"], rows: [['a "b", c', "1"]] },
  },
  goals: [
    {
      name: "buy",
      prompt: "Buy: a | b\n# not a comment",
      success: [{ action: { operation: "POST /orders" } }],
    },
  ],
  agents: 3,
  duration: "2m",
  provider: "simulated",
  runtime: "embedded",
  observability: "metrics",
  ci: "gitlab",
};

const files = async (answers = ANSWERS): Promise<Map<string, string>> =>
  new Map((await projectFiles(answers, PLACE)).map(({ path, text }) => [path, text]));

test("every file is there, and what is of one form can be read in it", async () => {
  const all = await files();
  expect([...all.keys()]).toEqual([
    "ape.config.yaml",
    "ape.prompt.md",
    "accounts.csv",
    "ape.env.example",
    "ape.env",
    ".gitlab/ape-test.yml",
    ".gitlab-ci.yml",
    ".gitignore",
    "package.json",
    "README.md",
  ]);
  const { config } = parseConfig(all.get("ape.config.yaml") ?? "", "f", { SHOP_TOKEN: "t" });
  expect(config.goals[0]?.prompt).toBe("Buy: a | b\n# not a comment");
  expect(config.inference.instructions).toBe("./ape.prompt.md");
  expect(all.get("accounts.csv")).toBe('who,pin\n"a ""b"", c",1\n');
  expect(all.get("ape.env")).toContain("SHOP_TOKEN=change-me\n");
  expect(all.get("ape.env.example")).toContain("SHOP_TOKEN=\n");
  expect(JSON.parse(all.get("package.json") ?? "")).toMatchObject({
    name: "my-tests",
    devDependencies: { "ape-test": "^1.2.3" },
  });
  expect(parse(all.get(".gitlab/ape-test.yml") ?? "")["load-test"].script).toContain("npx ape-test validate");
  expect(parse(all.get(".gitlab-ci.yml") ?? "")).toEqual({ include: [{ local: ".gitlab/ape-test.yml" }] });
  expect(all.get("README.md")).toContain("3 agents for 2m");
});

test("a test without containers and CI is at most nine files; one in containers has all that they need", async () => {
  expect((await files({ ...ANSWERS, ci: "none" })).size).toBeLessThanOrEqual(9);
  const all = await files({ ...ANSWERS, ci: "none", runtime: "compose" });
  expect([...all.keys()]).toEqual(
    expect.arrayContaining([
      "ape.mcp-gateway.json",
      "ape.docker-compose.yml",
      "ape.docker-compose.override.yml",
      "ape.observability/prometheus.yml",
    ]),
  );
  expect(JSON.parse(all.get("ape.mcp-gateway.json") ?? "")).toMatchObject({
    targets: { shop: { auth: { bearer: "${SHOP_TOKEN}" } } },
  });
  const observed = await files({ ...ANSWERS, observability: "full" });
  expect(observed.has("ape.docker-compose.yml")).toBe(true);
});

test("GitHub's workflow hands the secrets on", async () => {
  const text = (await files({ ...ANSWERS, ci: "github" })).get(".github/workflows/ape-test.yml") ?? "";
  const { jobs } = parse(text) as { jobs: { load: { env: object; steps: { run?: string }[] } } };
  expect(jobs.load.env).toEqual({ SHOP_TOKEN: "${{ secrets.SHOP_TOKEN }}" });
  expect(jobs.load.steps.map(({ run }) => run)).toContain("npx ape-test start --quiet");
});

test("a package.json and a .gitignore that are there lose nothing", async () => {
  const all = await projectFiles(ANSWERS, PLACE);
  const merge = (path: string, before: string): string =>
    all.find((file) => file.path === path)?.merge?.(before) ?? "";
  const before = '{"name":"app","scripts":{"load":"mine"},"dependencies":{"ape-test":"1"}}';
  const after = JSON.parse(merge("package.json", before)) as Record<string, unknown>;
  expect(after).toMatchObject({ name: "app", scripts: { load: "mine", "load:check": "ape-test validate" } });
  expect(after.devDependencies).toBeUndefined();
  expect(merge("package.json", merge("package.json", before))).toBe(merge("package.json", before));
  expect(merge(".gitignore", "dist\n.ape/")).toBe("dist\n.ape/\nnode_modules/\nape.env\n");
  expect(merge(".gitignore", "node_modules/\n.ape/\nape.env")).toBe("node_modules/\n.ape/\nape.env");
  expect(() => merge("package.json", "[]")).toThrow("cannot be read");
});

test("files with accounts and secrets are for their user alone", async () => {
  const modes = new Map((await projectFiles(ANSWERS, PLACE)).map(({ path, mode }) => [path, mode]));
  expect(modes.get("accounts.csv")).toBe(0o600);
  expect(modes.get("ape.env")).toBe(0o600);
});

test.each([
  ["only those that log in", undefined, [true, false]],
  ["all of an API that wants a user with each call", true as const, [true, true]],
])("rows go to goals, %s", async (_, everyGoal, expected) => {
  const prompts = ["Log in and buy a lamp.", "Show the lamps."];
  const goals = prompts.map((prompt, at) => ({
    name: `g${at}`,
    prompt,
    success: [{ action: { operation: "GET /lamps" } }],
  }));
  const data = { file: "./accounts.csv", secret: ["pin"], ...(everyGoal === undefined ? {} : { everyGoal }) };
  const all = await files({ ...ANSWERS, goals, data });
  const { config } = parseConfig(all.get("ape.config.yaml") ?? "", "f", { SHOP_TOKEN: "t" });
  expect(config.goals.map((goal) => goal.data !== undefined)).toEqual(expected);
});

test.each([
  ["Buy a lamp", false],
  ["Buy a lamp. Never pay with a card", false],
  ["Find a lamp and buy it", true],
])("%s: the time between actions is judged where there can be two: %s", async (prompt, isJudged) => {
  const [goal] = ANSWERS.goals;
  const all = await files({ ...ANSWERS, goals: goal === undefined ? [] : [{ ...goal, prompt }] });
  const { thresholds } = parse(all.get("ape.config.yaml") ?? "") as { thresholds: Record<string, unknown> };
  expect("time_between_actions" in thresholds).toBe(isJudged);
});

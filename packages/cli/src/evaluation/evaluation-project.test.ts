import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readEvaluation } from "./evaluation-project.ts";

const SHOP = new URL("../../../../examples/shop", import.meta.url).pathname;
const ADDRESSES = {
  url: "http://127.0.0.1:1",
  graphql: "http://127.0.0.1:2/graphql",
  web: "http://127.0.0.1:3",
  mcp: "http://127.0.0.1:4/mcp",
};

/** A folder with a configuration, and one with the bundled goals. */
async function folders(config?: string) {
  const directory = await mkdtemp(join(tmpdir(), "ape-evaluation-"));
  const cwd = await mkdtemp(join(tmpdir(), "ape-project-"));
  onTestFinished(async () => {
    await rm(directory, { recursive: true });
    await rm(cwd, { recursive: true });
  });
  await cp(join(SHOP, "evaluation"), directory, { recursive: true });
  if (config !== undefined) await writeFile(join(cwd, "ape.config.yaml"), config);
  return { directory, cwd };
}

const CONFIG = `
version: 1
targets: { api: { kind: rest, baseUrl: "http://127.0.0.1:9" } }
inference: { provider: custom, baseUrl: "http://127.0.0.1:8", model: mine, apiKey: "\${MY_KEY}", keyFile: keys.txt }
goals: [{ name: g, prompt: look around, success: [{ action: { operation: GET /a } }] }]
`;

test("each goal is a project with the target of its kind alone and the configuration's model", async () => {
  const { directory, cwd } = await folders(CONFIG);
  const evaluation = await readEvaluation({}, { directory, cwd, environment: { MY_KEY: "secret-key" } });
  expect(evaluation.model).toEqual({ provider: "custom", name: "mine", simulated: false });
  expect(evaluation.goals.map(({ kind, goals }) => [kind, goals.length])).toEqual([
    ["rest", 4],
    ["graphql", 2],
    ["web", 2],
    ["mcp", 2],
  ]);
  const { config, secrets, written } = evaluation.projectOf("graphql", "graphql-buy", ADDRESSES, 3);
  expect(config.targets).toMatchObject({ graphql: { baseUrl: ADDRESSES.graphql } });
  expect(Object.keys(config.targets)).toEqual(["graphql"]);
  expect(config.goals.map(({ name }) => name)).toEqual(["graphql-buy"]);
  expect(config.load).toMatchObject({ agents: 3, sessions: 3 });
  expect(config.inference).toMatchObject({ model: "mine", keyFile: join(cwd, "keys.txt") });
  expect(secrets).toContain("secret-key");
  expect(JSON.stringify(written)).not.toContain("secret-key");
});

test("the command line can name another model of the same provider", async () => {
  const { directory, cwd } = await folders(CONFIG);
  const evaluation = await readEvaluation(
    { model: "other" },
    { directory, cwd, environment: { MY_KEY: "k" } },
  );
  expect(evaluation.projectOf("rest", "rest-buy", ADDRESSES, 1).config.inference.model).toBe("other");
});

test("a provider needs no configuration, and takes its key from its usual variable", async () => {
  const { directory, cwd } = await folders();
  const choice = { provider: "cerebras" } as const;
  await expect(readEvaluation(choice, { directory, cwd, environment: {} })).rejects.toThrow(
    "CEREBRAS_API_KEY",
  );
  const evaluation = await readEvaluation(choice, {
    directory,
    cwd,
    environment: { CEREBRAS_API_KEY: "csk" },
  });
  expect(evaluation.projectOf("rest", "rest-buy", ADDRESSES, 1).config.inference.apiKey).toBe("csk");
});

test("a server of one's own is named by its address, and its key by a variable", async () => {
  const { directory, cwd } = await folders();
  const choice = { baseUrl: "http://127.0.0.1:8080/v1", model: "local", key: "LOCAL_KEY" };
  const evaluation = await readEvaluation(choice, { directory, cwd, environment: { LOCAL_KEY: "a-key" } });
  expect(evaluation.model).toEqual({ provider: "custom", name: "local", simulated: false });
  expect(evaluation.projectOf("mcp", "mcp-buy", ADDRESSES, 1).config.inference).toMatchObject({
    baseUrl: "http://127.0.0.1:8080/v1",
    apiKey: "a-key",
  });
});

test.each([
  ["neither a configuration nor a model", {}, "CONFIG_NOT_FOUND"],
  ["a server without a model's name", { baseUrl: "http://127.0.0.1:1" }, "USAGE"],
  ["a configuration beside a provider", { config: "a.yaml", provider: "ollama" as const }, "USAGE"],
  ["a key for no provider", { key: "KEY" }, "USAGE"],
  ["an address that is none", { baseUrl: "nowhere", model: "m" }, "CONFIG_INVALID"],
])("%s is refused with what to do", async (_, choice, code) => {
  const { directory, cwd } = await folders();
  await expect(readEvaluation(choice, { directory, cwd, environment: {} })).rejects.toMatchObject({ code });
});

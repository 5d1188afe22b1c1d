import { afterEach, beforeEach, expect, test } from "vitest";
import { TestFolder } from "../../test/run-directory.ts";
import { runOverridesOf } from "./start.ts";

let folder: TestFolder;
beforeEach(async () => {
  folder = await TestFolder.create();
});
afterEach(() => folder.remove());

const config = (runtime: string, more = ""): string => `version: 1
runtime: ${runtime}
targets: { app: { baseUrl: "http://127.0.0.1:1" } }
goals:
  - { name: look, prompt: Look around., success: [{ action: { operation: GET / } }], budget: { steps: 2, time: 5s, tokens: auto } }
inference: { provider: simulated }
load: { agents: 1, duration: 1s }
${more}`;

test.each<[Parameters<typeof runOverridesOf>[0], object]>([
  [{}, {}],
  [{ agents: 5 }, { agents: 5 }],
  [{ duration: 2_000 }, { durationMs: 2_000 }],
  [{ sessions: 3 }, { sessions: 3 }],
  [{ workers: 2 }, { workers: 2 }],
  [{ seed: 0 }, { seed: 0 }],
  [{ rampUp: 0 }, { rampUpMs: 0 }],
  [{ goal: ["a", "b"] }, { goals: ["a", "b"] }],
  [{ goal: [] }, {}],
  [{ thresholds: true }, {}],
  [{ thresholds: false }, { unjudged: true }],
])("the options %j override %j of the configuration", (options, overrides) => {
  expect(runOverridesOf(options)).toEqual(overrides);
});

/** What a start that is refused says. */
async function refusal(options: string, runtime = "embedded", more = ""): Promise<string> {
  await folder.write("ape.config.yaml", config(runtime, more));
  const { exit, io } = await folder.run(`start ${options}`);
  expect(exit).toBeGreaterThan(100);
  return io.stderr();
}

test.each([
  ["--dry-run --detach", "--dry-run contradicts --detach"],
  ["--dry-run --baseline x", "--dry-run contradicts --baseline"],
  ["--dry-run --out csv=x", "--dry-run contradicts --out"],
  ["--engine local", "--engine is for runs on Kubernetes"],
  ["--engine cluster", "--engine is for runs on Kubernetes"],
  ["--runtime embedded --engine local", "--engine is for runs on Kubernetes"],
  ["--observability full", "--observability is for runs in containers"],
  ["--baseline none", "there are no runs in"],
  ["--agents 0", "a whole number of at least 1 and at most 1000000 is expected."],
  ["--seed 4294967296", "at most 4294967295"],
  ["--workers 257", "at most 256"],
  ["--metrics-port 65536", "at most 65535"],
  ["--runtime moon", "--runtime"],
])("start %s is refused: %s", async (options, message) => {
  expect(await refusal(options)).toContain(message);
});

test.each([
  ["--engine local --detach", "--engine local contradicts --detach"],
  ["--observability full", "--observability is not for runs on Kubernetes"],
  ["--out csv=x", "--out is not for runs on Kubernetes"],
  ["--metrics-port 0", "--metrics-port is not for runs on Kubernetes"],
  ["--page", "--page is not for runs on Kubernetes"],
  ["--open", "--open is not for runs on Kubernetes"],
  ["--engine local --continue x", "--engine is for runs on Kubernetes"],
])("on Kubernetes start %s is refused: %s", async (options, message) => {
  expect(await refusal(options, "kubernetes")).toContain(message);
});

test("a run in containers has a gateway of its own", async () => {
  const gateway = "gateway: { url: 'http://127.0.0.1:1' }\n";
  expect(await refusal("--runtime compose", "embedded", gateway)).toContain(
    "a run in containers starts a gateway of its own",
  );
});

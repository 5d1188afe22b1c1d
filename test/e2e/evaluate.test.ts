import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { ProjectFolder } from "./ape.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function folder(): Promise<ProjectFolder> {
  const made = await ProjectFolder.create();
  closing.push(() => made.remove());
  return made;
}

test("the simulated model reaches every bundled goal", { timeout: 120_000 }, async () => {
  const project = await folder();
  const { exit, stdout } = await project.start([
    "evaluate",
    "--provider",
    "simulated",
    "--repeat",
    "1",
    "--json",
  ]).finished;
  expect(exit).toBe(0);
  const card = JSON.parse(stdout);
  expect(card.sessions).toEqual({ sessions: 10, succeeded: 10 });
  expect(Object.keys(card.byKind)).toEqual(["rest", "graphql", "web", "mcp"]);
  expect(card.decisions.validPct).toBe(100);
  expect(card.perSession.inputTokens).toBeGreaterThan(0);
});

/** A model that talks and never calls a tool. */
async function talker(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on("end", () =>
      response.writeHead(200, { "content-type": "application/json" }).end(
        JSON.stringify({
          id: "1",
          object: "chat.completion",
          choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Hello!" } }],
          usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
        }),
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

test("of a model that only talks the card says so", { timeout: 60_000 }, async () => {
  const project = await folder();
  const { exit, stdout, stderr } = await project.start([
    "evaluate",
    "--base-url",
    await talker(),
    "--model",
    "talker",
    "--goal",
    "rest-look",
    "--repeat",
    "1",
  ]).finished;
  expect(exit).toBe(0);
  expect(stderr).toContain("rest-look: 0 of 1");
  expect(stdout).toContain("talker (custom): 0 of 1 sessions reached their goal");
  expect(stdout).toMatch(/valid decisions +0% of/);
});

test("without a model it says how to name one", async () => {
  const project = await folder();
  const { exit, stderr } = await project.start(["evaluate"]).finished;
  expect(exit).toBe(104);
  expect(stderr).toContain("ape-test evaluate --provider cerebras");
});

import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Summary } from "@ape/core/report/summary";
import { startShop } from "@ape/shop/shop";
import { expect, test } from "vitest";
import { type Finished, ProjectFolder } from "../e2e/ape.ts";
import { shopping } from "../e2e/shopping.ts";

interface Braked extends Finished {
  requests: number;
  summary: Summary;
}

const AGENTS = 4;

/** A run against a model server that answers as given, with a load that only a brake ends early. */
async function runAgainst(
  answer: (response: ServerResponse, request: number) => void,
  inference = "",
): Promise<Braked> {
  let requests = 0;
  const server: Server = createServer((request, response) => {
    request.resume().on("end", () => {
      requests += 1;
      answer(response, requests);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const shop = await startShop({});
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const folder = await ProjectFolder.create(
    shopping(shop.url, {
      load: `{ agents: ${AGENTS}, thinkTime: { constant: 0ms } }`,
      inference: `{ provider: custom, model: any, baseUrl: "${url}"${inference} }`,
    }),
  );
  try {
    const finished = await folder.run(["start", "--json", "--no-thresholds", "--sessions", "1000"]);
    return { ...finished, requests, summary: await folder.summary() };
  } finally {
    await folder.remove();
    await shop.close();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }
}

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
};

const stream = (response: ServerResponse, delta: unknown, finish: string, usage: unknown): void => {
  const chunk = (choices: unknown, more = {}): string =>
    `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", model: "any", choices, ...more })}\n\n`;
  response
    .writeHead(200, { "content-type": "text/event-stream" })
    .end(
      `${chunk([{ index: 0, delta, finish_reason: null }])}${chunk([{ index: 0, delta: {}, finish_reason: finish }])}${chunk([], { usage })}data: [DONE]\n\n`,
    );
};

const USAGE = { prompt_tokens: 1_000, completion_tokens: 10 };

test.for<[what: string, words: string, answer: (response: ServerResponse) => void]>([
  [
    "answers 400 to each call",
    "the engine of this deployment is asleep",
    (response) => json(response, 400, { error: { message: "the engine of this deployment is asleep" } }),
  ],
  [
    "refuses each request in words",
    "I cannot help with that",
    (response) => stream(response, { role: "assistant", refusal: "I cannot help with that" }, "stop", USAGE),
  ],
  [
    "filters each answer",
    "content_filter",
    (response) => stream(response, { role: "assistant", content: "" }, "content_filter", USAGE),
  ],
])("a run whose model %s ends after few calls", { timeout: 60_000 }, async ([, words, answer]) => {
  const { exit, requests, summary, stderr, stdout } = await runAgainst(answer);
  expect({ exit, status: summary.run.status, stderr: exit === 111 ? "" : stderr + stdout }).toEqual({
    exit: 111,
    status: "aborted",
    stderr: "",
  });
  expect(requests).toBeLessThanOrEqual(30 + AGENTS);
  expect(summary.run.reason).toContain(words);
});

test("a run whose model answers now and then goes on", { timeout: 60_000 }, async () => {
  const finish = { id: "f", index: 0, type: "function", function: { name: "finish", arguments: "{}" } };
  const { exit, requests } = await runAgainst((response, request) => {
    if (request > 60) json(response, 400, { error: { message: "from now on" } });
    else if (request % 3 === 0)
      stream(response, { role: "assistant", tool_calls: [finish] }, "tool_calls", USAGE);
    else json(response, 400, { error: { message: "now and then" } });
  });
  expect(exit).toBe(111);
  expect(requests).toBeGreaterThan(60);
});

test("a cost budget is not exceeded, whatever a call costs", { timeout: 60_000 }, async () => {
  const call = { id: "f", index: 0, type: "function", function: { name: "finish", arguments: "{}" } };
  const { exit, summary } = await runAgainst(
    (response) =>
      stream(response, { role: "assistant", tool_calls: [call] }, "tool_calls", {
        prompt_tokens: 1_500,
        completion_tokens: 20,
      }),
    ", maxCost: 2 USD, price: { input: 100, output: 400 }",
  );
  expect(exit).toBe(108);
  expect(summary.run.reason).toContain("cost budget");
  const spent = summary.metrics.cost_usd?.values.count ?? 0;
  expect(spent).toBeLessThanOrEqual(2);
  expect(spent).toBeGreaterThan(1);
});

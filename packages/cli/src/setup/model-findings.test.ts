import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { inferenceSchema as schema } from "@ape/core/config/inference";
import type { Project } from "@ape/engine/project/project";
import { afterEach, expect, test } from "vitest";
import { tryModel } from "./model-findings.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

type Fields = Readonly<Record<string, unknown>>;
type Answering = (response: ServerResponse, request: Fields, turn: number) => void;

/** What the model of a server of this behaviour is said to be, by the findings' names. */
async function judge(
  answer: Answering,
  more: object = {},
): Promise<Record<string, [ok: boolean, message: string]>> {
  let turn = 0;
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      turn += 1;
      answer(response, JSON.parse(Buffer.concat(pieces).toString("utf8")) as Fields, turn);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const inference = schema.parse({
    provider: "custom",
    model: "m",
    apiKey: "sk-hidden-1",
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    retries: { backoff: "1ms" },
    ...more,
  });
  const project = { config: { inference }, environment: {}, directory: ".", secrets: [] };
  const findings = await tryModel(project as unknown as Project);
  return Object.fromEntries(findings.map(({ name, ok, message }) => [name, [ok, message]]));
}

const USAGE = { prompt_tokens: 90, completion_tokens: 12 };
const REPORT = JSON.stringify({ order: 4711, state: "paid" });
const call = (name: string, args: string) => ({
  tool_calls: [{ index: 0, id: "c", type: "function", function: { name, arguments: args } }],
});

function stream(response: ServerResponse, delta: object, usage: object | undefined): void {
  const event = (json: object): string => `data: ${JSON.stringify(json)}\n\n`;
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(event({ choices: [{ index: 0, delta, finish_reason: null }] }));
  response.write(event({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }));
  if (usage !== undefined) response.write(event({ choices: [], usage }));
  response.end("data: [DONE]\n\n");
}

const refuse = (response: ServerResponse, status: number, message: string): void => {
  response
    .writeHead(status, { "content-type": "application/json" })
    .end(JSON.stringify({ error: { message } }));
};

test("a model that takes everything is said to", async () => {
  const told = await judge((response) => stream(response, call("report_order", REPORT), USAGE));
  expect(Object.values(told).every(([ok]) => ok)).toBe(true);
  expect(told).toMatchObject({
    "model tools": [true, "the tool was called as asked for"],
    "model strict schemas": [true, expect.stringContaining("taken, where")],
    "model streaming": [true, expect.stringContaining("came as a stream")],
    "model usage": [true, "the answer tells its tokens"],
    "model seed": [true, expect.stringMatching(/^taken/)],
  });
});

test("what a server refuses or leaves out is told with its consequence", async () => {
  const told = await judge((response, request) => {
    for (const field of ["seed", "stream_options"])
      if (field in request) return refuse(response, 400, `Unrecognized request argument supplied: ${field}`);
    if (JSON.stringify(request.tools ?? []).includes("strict"))
      return refuse(response, 400, "Unknown parameter: 'tools[0].function.strict'.");
    const message = { role: "assistant", ...call("report_order", REPORT) };
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: "tool_calls" }] }));
  });
  expect(told).toMatchObject({
    "model tools": [true, "the tool was called as asked for"],
    "model strict schemas": [true, expect.stringMatching(/^not taken/)],
    "model streaming": [true, expect.stringContaining("in one piece")],
    "model usage": [true, expect.stringContaining("estimates")],
    "model seed": [true, expect.stringMatching(/^not taken/)],
    "model fields": [true, expect.stringContaining("inference.request")],
  });
});

test("a server that reads no calls but answers JSON of a schema works with `decisions: json`", async () => {
  const told = await judge((response, request) =>
    stream(response, { content: "tools" in request ? "<tool_call>report_order</tool_call>" : REPORT }, USAGE),
  );
  expect(told["model tools"]).toEqual([true, expect.stringContaining("`inference.decisions: json`")]);
});

test("a server that refuses tools but answers JSON of a schema works, and its own switch is named", async () => {
  const told = await judge(
    (response, request) => {
      if ("tools" in request)
        return refuse(response, 400, '"auto" tool choice requires --enable-auto-tool-choice');
      return stream(response, { content: REPORT }, USAGE);
    },
    { provider: "vllm", apiKey: undefined },
  );
  expect(told["model tools"]).toEqual([true, expect.stringContaining("--tool-call-parser")]);
  expect(told["model tools"]?.[1]).toContain("`inference.decisions: json`");
});

test.each<[string, object, string]>([
  [
    "text alone",
    { content: "Order 4711 is paid." },
    'the tool was not called; the answer was "Order 4711 is paid."; ',
  ],
  ["nothing", { content: "" }, "the tool was not called; the answer was empty; "],
  [
    "another tool",
    call("functions_report", REPORT),
    "the tool was called with a wrong name or wrong arguments: functions_report(",
  ],
  [
    "broken arguments",
    call("report_order", '{"order": 4711'),
    "the tool was called with a wrong name or wrong arguments: report_order(",
  ],
  [
    "invented values",
    call("report_order", '{"order":1,"state":"paid"}'),
    "the tool was called with a wrong name or wrong arguments: report_order(",
  ],
])("a model that answers with %s cannot decide", async (_, delta, what) => {
  const told = await judge((response) => stream(response, delta, USAGE));
  expect(told["model tools"]).toEqual([
    false,
    expect.stringContaining("take another model: JSON of a schema is not answered either"),
  ]);
  expect(told["model tools"]?.[1]?.startsWith(what)).toBe(true);
});

test("a call that is not the one asked for is shown", async () => {
  const told = await judge((response) => stream(response, call("report_order", '{"order":1}'), USAGE));
  expect(told["model tools"]?.[1]).toContain('report_order({"order":1})');
});

test("an answer that is cut off before it begins fails with what to change", async () => {
  const told = await judge((response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(
      JSON.stringify({ choices: [{ message: { content: "" }, finish_reason: "length" }], usage: USAGE }),
    );
  });
  expect(told["model call"]).toEqual([
    false,
    expect.stringContaining("raise `inference.maxCompletionTokens`"),
  ]);
});

test.each<[number, string, string]>([
  [401, "Incorrect API key provided: sk-hidden-1", "see that the key is whole"],
  [402, "Insufficient balance", "the account needs money"],
  [404, "The model `m` does not exist", "correct `inference.model`"],
  [429, "You exceeded your current quota", "its limits are used up"],
  [500, "down", ""],
])(
  "a call that fails with %i is told with what to do, and without the key",
  async (status, words, advice) => {
    const told = await judge((response) => refuse(response, status, words));
    expect(Object.keys(told)).toEqual(["model call"]);
    const [ok, message] = told["model call"] as [boolean, string];
    expect(ok).toBe(false);
    expect(message).toContain(words.split(":")[0]);
    expect(message).toContain(advice);
    expect(message).not.toContain("sk-hidden");
  },
);

test("an address without /v1 is told", async () => {
  const told = await judge((response) => refuse(response, 404, "Not Found"), {});
  expect(told["model call"]?.[1]).not.toContain("most servers need /v1");
  const [server] = servers as [Server];
  const bare = await judge((response) => refuse(response, 404, "Not Found"), {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
  expect(bare["model call"]?.[1]).toContain("most servers need /v1");
});

test.each<[string, object]>([
  ["a number as text", call("report_order", JSON.stringify({ order: "4711", state: "paid" }))],
  ["a name with a prefix", call("functions.report_order", REPORT)],
  ["fenced arguments", call("report_order", `\`\`\`json\n${REPORT}\n\`\`\``)],
  ["a call as text", { content: `<tool_call>{"name": "report_order", "arguments": ${REPORT}}</tool_call>` }],
])("what agents repair is no fault of a model: %s", async (_what, delta) => {
  const told = await judge((response) => stream(response, delta, USAGE));
  expect(told["model tools"]?.[0]).toBe(true);
});

test("an answer that is cut off is asked for once more with twice the length, as agents do", async () => {
  const limits: unknown[] = [];
  const told = await judge((response, request) => {
    limits.push(request.max_completion_tokens);
    if (limits.length > 1) return stream(response, call("report_order", REPORT), USAGE);
    response.writeHead(200, { "content-type": "application/json" }).end(
      JSON.stringify({
        choices: [{ index: 0, message: { content: "" }, finish_reason: "length" }],
        usage: USAGE,
      }),
    );
  });
  expect(told["model tools"]?.[0]).toBe(true);
  expect(limits).toEqual([limits[0], Number(limits[0]) * 2]);
});

import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { ChatRequest, ModelAnswer } from "@ape/core/protocol/chat";
import type { View } from "@ape/core/protocol/view";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { DecisionModeSelector } from "./decision-mode.ts";
import { createModelPolicy } from "./model-policy.ts";
import type { PolicyResult } from "./policy.ts";

const api: ApiDescription = {
  target: "shop",
  title: "Shop",
  documented: true,
  auth: [],
  operations: [
    {
      method: "POST",
      path: "/orders",
      id: "placeOrder",
      summary: "Place an order",
      secured: true,
      fields: [
        {
          in: "body",
          name: "lines",
          type: "array",
          required: true,
          description: "",
          minItems: 1,
          maxItems: 500,
        },
        {
          in: "body",
          name: "lines[].id",
          type: "string",
          required: true,
          description: "",
          maxLength: 4000,
          pattern: "a|b",
        },
        {
          in: "body",
          name: "lines[].many",
          type: "integer",
          required: false,
          description: "",
          minimum: 1,
          maximum: 1e300,
        },
      ],
    },
  ],
};
const view: View = { goal: "Buy", facts: [], trail: [], dropped: 0, results: [] };

type Turn = Partial<Pick<ModelAnswer, "content" | "toolCalls" | "error">>;

function policy(decisions: "tools" | "json" | "auto", turns: Turn[]) {
  const requests: ChatRequest[] = [];
  const notices: string[] = [];
  const { decide } = createModelPolicy({
    model: {
      complete: async ({ request }) => {
        requests.push(request);
        const turn = turns[Math.min(requests.length, turns.length) - 1];
        return {
          inference: "i",
          content: "",
          toolCalls: [],
          inputTokens: 1,
          outputTokens: 1,
          queueMs: 0,
          ...turn,
        };
      },
    },
    modelName: "m",
    maxCompletionTokens: 100,
    temperature: 0,
    apis: [api],
    mode: new DecisionModeSelector(decisions, (message) => notices.push(message)),
  });
  const ask = (): Promise<PolicyResult> =>
    decide(view, { session: "s", step: 1, traceparent: "", seed: 1, signal: new AbortController().signal });
  return { ask, requests, notices };
}

const TEXT = '<tool_call>{"name":"placeOrder","arguments":{"data":{"lines":[{"id":"a"}]}}}</tool_call>';
const DECIDED = '{"tool":"placeOrder","arguments":{"lines":[{"id":"a"}]}}';
const ORDER = { kind: "action", method: "POST", path: "/orders", data: { lines: [{ id: "a" }] } };

test("with json the same tools are one schema, and the content is the decision", async () => {
  const { ask, requests } = policy("json", [{ content: DECIDED }]);
  const { decision, problem } = await ask();
  expect(problem).toBeUndefined();
  expect(decision).toMatchObject(ORDER);
  expect(decision?.repairs).toBeUndefined();
  const [request] = requests;
  expect(request?.tools).toBeUndefined();
  expect(request?.tool_choice).toBeUndefined();
  const schema = request?.response_format?.json_schema.schema as JsonObject;
  const fits = new Ajv({ strict: false }).compile(schema);
  expect(fits(JSON.parse(DECIDED))).toBe(true);
  expect(fits({ tool: "finish", arguments: {} })).toBe(true);
  expect(fits({ tool: "buy", arguments: {} })).toBe(false);
  expect(fits({ tool: "placeOrder", arguments: { lines: [{}] } })).toBe(false);
  const prompt = request?.messages[0]?.content ?? "";
  expect(prompt).toContain('- placeOrder({"lines": {"id": string');
  expect(prompt).toContain("- finish(");
});

/** What llama.cpp's conversion of a JSON Schema to a grammar cannot read, or makes a large grammar of. */
function unreadable(schema: Json): string[] {
  if (Array.isArray(schema)) return schema.flatMap(unreadable);
  if (!isJsonObject(schema)) return [];
  const found: string[] = [];
  for (const [key, value] of Object.entries(schema)) {
    if (["pattern", "not", "if", "$ref", "patternProperties", "uniqueItems"].includes(key)) found.push(key);
    if (["minLength", "maxLength", "minItems", "maxItems"].includes(key) && Number(value) > 64)
      found.push(key);
    if (["minimum", "maximum"].includes(key) && !Number.isSafeInteger(value)) found.push(key);
    found.push(...unreadable(value));
  }
  return found;
}

test("the schema of decisions has nothing that llama.cpp's grammars do not take", async () => {
  const { ask, requests } = policy("json", [{ content: DECIDED }]);
  await ask();
  expect(unreadable(requests[0]?.response_format?.json_schema.schema as JsonObject)).toEqual([]);
});

test.each([
  [`Sure!\n\`\`\`json\n${DECIDED}\n\`\`\``, "call_in_text"],
  [TEXT, "call_in_text"],
])("with json, %j is repaired", async (content, kind) => {
  const { decision } = await policy("json", [{ content }]).ask();
  expect(decision).toMatchObject(ORDER);
  expect(decision?.repairs).toContain(kind);
});

test("with json, arguments beside the tool's name are its arguments", async () => {
  const { tool, arguments: args } = JSON.parse(DECIDED) as { tool: string; arguments: object };
  const wanted = (await policy("json", [{ content: DECIDED }]).ask()).decision;
  const { decision } = await policy("json", [{ content: JSON.stringify({ tool, ...args }) }]).ask();
  expect(decision).toEqual(wanted);
});

test.each(["", "I would order it.", '{"id":5}'])("with json, %j is explained", async (content) => {
  const { decision, problem } = await policy("json", [{ content }]).ask();
  expect(decision).toBeUndefined();
  expect(problem).toMatch(/answer with \{"tool"/);
});

test("with tools, a call as text is repaired and the mode stays", async () => {
  const { ask, requests, notices } = policy("tools", [{ content: TEXT }]);
  for (let i = 0; i < 5; i += 1)
    expect((await ask()).decision).toMatchObject({ ...ORDER, repairs: ["call_in_text"] });
  expect(requests.every(({ tools }) => tools !== undefined)).toBe(true);
  expect(notices).toEqual([]);
});

test.each([
  [
    "multi_tool_use.parallel",
    {
      tool_uses: [
        { recipient_name: "functions.placeOrder", parameters: { data: { lines: [{ id: "a" }] } } },
        { recipient_name: "finish", parameters: {} },
      ],
    },
    1,
  ],
  ["function", JSON.parse(DECIDED), 0],
  ["tool_call", { name: "placeOrder", arguments: { data: { lines: [{ id: "a" }] } } }, 0],
])("calls within the arguments of a call of no tool are read: %s", async (name, args, others) => {
  const { ask } = policy("tools", [{ toolCalls: [{ name, arguments: JSON.stringify(args) }] }]);
  const { decision, next } = await ask();
  expect(decision).toMatchObject(ORDER);
  expect(next ?? []).toHaveLength(others);
});

test("a call of no tool that holds no call is explained", async () => {
  const { ask } = policy("tools", [
    { toolCalls: [{ name: "rm", arguments: '{"name":"other","arguments":{}}' }] },
  ]);
  expect((await ask()).problem).toContain('there is no tool "rm"');
});

test("auto changes to json after three calls as text in a row, says so once, and stays", async () => {
  const { ask, requests, notices } = policy("auto", [{ content: TEXT }]);
  for (let i = 0; i < 5; i += 1) expect((await ask()).decision).toMatchObject(ORDER);
  expect(requests.map(({ tools }) => tools !== undefined)).toEqual([true, true, true, false, false]);
  expect(notices).toHaveLength(1);
  expect(notices[0]).toContain("inference.decisions: json");
});

test("a real tool call between them keeps auto at tools", async () => {
  const real: Turn = { toolCalls: [{ name: "placeOrder", arguments: '{"data":{"lines":[{"id":"a"}]}}' }] };
  const { ask, requests } = policy("auto", [
    { content: TEXT },
    { content: TEXT },
    real,
    { content: TEXT },
    { content: TEXT },
    real,
  ]);
  for (let i = 0; i < 7; i += 1) await ask();
  expect(requests.every(({ tools }) => tools !== undefined)).toBe(true);
});

test.each([
  [400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'],
  [400, "registry.ollama.ai/library/gemma:2b does not support tools"],
  [404, "No endpoints found that support tool use"],
  [422, "unexpected field tool_choice"],
])("auto asks again with json where tools are refused: %i %s", async (status, message) => {
  const error = { code: "refused" as const, status, message };
  const { ask, requests, notices } = policy("auto", [{ error }, { content: DECIDED }]);
  expect((await ask()).decision).toMatchObject(ORDER);
  expect((await ask()).decision).toMatchObject(ORDER);
  expect(requests.map(({ tools }) => tools !== undefined)).toEqual([true, false, false]);
  expect(notices).toHaveLength(1);
});

test("a refusal of tools says what to do where the configuration wants tools", async () => {
  const error = { code: "refused" as const, status: 400, message: "m does not support tools" };
  const { ask, requests } = policy("tools", [{ error }]);
  expect((await ask()).error?.message).toBe(
    "m does not support tools (set `inference.decisions` to `json` or `auto`)",
  );
  expect(requests).toHaveLength(1);
  const other = policy("tools", [{ error: { ...error, message: "temperature must be 1" } }]);
  expect((await other.ask()).error?.message).toBe("temperature must be 1");
});

test.each([
  [401, "invalid key"],
  [400, "maximum context length is 4096 tokens"],
  [400, "tool_use_failed: Failed to call a function. Please adjust your prompt."],
])("auto keeps tools after another refusal: %i %s", async (status, message) => {
  const error = { code: "refused" as const, status, message };
  const { ask, requests } = policy("auto", [{ error }]);
  expect((await ask()).error).toEqual(error);
  expect(requests).toHaveLength(1);
});

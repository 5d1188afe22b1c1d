import { Buffer } from "node:buffer";
import type { ProviderName } from "@ape/core/config/inference";
import type { ChatRequest } from "@ape/core/protocol/chat";
import fc from "fast-check";
import { expect, test } from "vitest";
import { chat } from "../../test/peer.ts";
import { type Dialect, editsOf, NO_EDITS, OPENAI_DIALECT, type RequestEdits } from "./dialect.ts";
import { editBody, editRequest } from "./edit-request.ts";
import { configured } from "./model-dialect.ts";
import { dialectOf, PROVIDERS } from "./provider-list.ts";

const dialect: fc.Arbitrary<Dialect> = fc.record({
  limit: fc.constantFrom("max_tokens", "max_completion_tokens"),
  temperature: fc.boolean(),
  seed: fc.constantFrom("seed", "random_seed", null),
  toolChoice: fc.constantFrom("required", "any", "auto", null),
  streamOptions: fc.boolean(),
  parallelToolCalls: fc.boolean(),
  maxTools: fc.constant(null),
  strictTools: fc.boolean(),
  unions: fc.constantFrom("types", "anyOf", "nullable", "described"),
  responseFormat: fc.constantFrom("json_schema", "json_object", null),
  usage: fc.constant("asked"),
});
const strictTool = {
  type: "function",
  function: { name: "f", description: "", strict: true, parameters: { strict: 1 } },
};
const unionTool = {
  type: "function",
  function: {
    name: "g",
    description: "",
    parameters: {
      type: "object",
      properties: { a: { type: "integer", description: "How many <min 1; or null>" }, b: {} },
    },
  },
};
const request = fc.record(
  {
    model: fc.string({ minLength: 1 }),
    messages: fc.array(
      fc.record({ role: fc.constantFrom("user", "system"), content: fc.string({ unit: "grapheme" }) }),
    ),
    tools: fc.constantFrom([], [strictTool], [unionTool, strictTool], chat().tools),
    tool_choice: fc.constantFrom("required", "auto", { type: "function" }),
    temperature: fc.nat(2),
    max_tokens: fc.nat(),
    max_completion_tokens: fc.nat(),
    seed: fc.nat(),
    response_format: fc.constantFrom({ type: "json_schema", json_schema: { name: "d" } }, { type: "text" }),
    stream_options: fc.constant({ include_usage: true }),
    "odd\n": fc.jsonValue(),
  },
  { requiredKeys: ["model", "messages"] },
);
const edits: fc.Arbitrary<RequestEdits> = fc
  .tuple(
    dialect,
    fc.boolean(),
    fc.subarray(["seed", "user", "temperature"]),
    fc.constantFrom<Record<string, number>>({}, { seed: 1 }, { max_tokens: 3 }),
  )
  .map(([one, open, omit, add]) =>
    configured(
      {
        ...editsOf(one, open ? { temperature: 0, max_completion_tokens: 9 } : {}),
        plainSchemas: open,
        mergedSystem: open,
      },
      omit,
      add,
    ),
  );

test("a request on the wire is changed as one in memory is, however it is spaced", () => {
  fc.assert(
    fc.property(
      request,
      edits,
      fc.option(fc.string(), { nil: undefined }),
      fc.constantFrom(0, 1, "\t"),
      (one, changes, model, space) => {
        const body = Buffer.from(JSON.stringify(one, null, space));
        const changed = editBody(body, model, changes);
        const expected = editRequest(one as unknown as ChatRequest, model, changes);
        expect(JSON.parse(changed.toString("utf8"))).toEqual(JSON.parse(JSON.stringify(expected)));
      },
    ),
    { numRuns: 500 },
  );
});

test("a body that needs no change is the very body, and one that does keeps its other bytes", () => {
  const text =
    '{ "model":"m",\n "big":12345678901234567890, "seed" : 1, "messages":[{"role":"user","content":"h\\u0069"}] }';
  const body = Buffer.from(text);
  expect(editBody(body, undefined, undefined)).toBe(body);
  expect(editBody(body, undefined, NO_EDITS)).toBe(body);
  expect(editBody(body, undefined, configured(NO_EDITS, ["seed"], {})).toString()).toBe(
    text.replace(' "seed" : 1,', ""),
  );
  expect(editBody(body, "other", undefined).toString()).toBe(text.replace('"m"', '"other"'));
  expect(editBody(body, undefined, configured(NO_EDITS, [], { seed: 2 })).toString()).toBe(
    text.replace(": 1", ": 2"),
  );
});

test("messages and tools keep their identity, so that what is kept of them is found again", () => {
  const asked = chat();
  const edited = editRequest(asked, undefined, editsOf(dialectOf("mistral", "m")));
  expect(edited.messages).toBe(asked.messages);
  expect(edited.tools).toBe(asked.tools);
});

const sent = (provider: ProviderName, model: string): Record<string, unknown> =>
  JSON.parse(JSON.stringify(editRequest(chat(), undefined, editsOf(dialectOf(provider, model)))));

test("each provider gets the fields that it documents", () => {
  expect(sent("mistral", "mistral-small-latest")).toMatchObject({
    max_tokens: 512,
    random_seed: 7,
    tool_choice: "any",
  });
  for (const name of ["max_completion_tokens", "seed", "stream_options"])
    expect(sent("mistral", "mistral-small-latest")).not.toHaveProperty(name);
  expect(sent("ollama", "qwen3")).toMatchObject({ max_tokens: 512, seed: 7 });
  expect(sent("ollama", "qwen3")).not.toHaveProperty("tool_choice");
  expect(sent("gemini", "gemini-2.5-flash")).not.toHaveProperty("seed");
  expect(sent("deepseek", "deepseek-v4-pro").tool_choice).toBe("auto");
  expect(sent("cerebras", "gpt-oss-120b")).toEqual(JSON.parse(JSON.stringify(chat())));
});

test("JSON of a schema becomes any JSON object where a provider knows no schemas, and nothing where it knows neither", () => {
  const asked: ChatRequest = {
    ...chat(),
    response_format: { type: "json_schema", json_schema: { name: "d", schema: {} } },
  };
  const formOf = (responseFormat: Dialect["responseFormat"]): unknown =>
    (
      editRequest(asked, undefined, editsOf({ ...OPENAI_DIALECT, responseFormat })) as {
        response_format?: unknown;
      }
    ).response_format;
  expect(formOf("json_schema")).toEqual(asked.response_format);
  expect(formOf("json_object")).toEqual({ type: "json_object" });
  expect(formOf(null)).toBeUndefined();
});

test.each([
  ["gpt-5", false],
  ["gpt-5-mini-2025-08-07", false],
  ["gpt-5.1", false],
  ["o3", false],
  ["o4-mini", false],
  ["openai/o1-preview", false],
  ["gpt-5-chat-latest", true],
  ["gpt-4.1-mini", true],
  ["gpt-4o", true],
  ["gpt-oss-120b", true],
  ["olmo-2", true],
])("%s takes a temperature: %s", (model, takes) => {
  expect("temperature" in sent("openai", model)).toBe(takes);
});

test("every provider of the configuration has a dialect", () => {
  for (const { dialect: one } of Object.values(PROVIDERS))
    expect(Object.keys(one)).toEqual(Object.keys(OPENAI_DIALECT));
});

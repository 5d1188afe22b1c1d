import fc from "fast-check";
import { expect, test } from "vitest";
import { ChunkForms } from "./chunk-forms.ts";
import { ResponseAssembler } from "./response-assembler.ts";

type Piece = { content: string } | { call: number; name?: string; text: string };

const finish = (id: string, more: object): string =>
  JSON.stringify({ id, choices: [{ index: 0, delta: {}, finish_reason: "stop" }], ...more });

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom('"', "\\", '","arguments":"', "\u0001", '"}}]}}]}'),
);
const piece: fc.Arbitrary<Piece> = fc.oneof(
  fc.record({ content: text }),
  fc.record({ call: fc.constantFrom(0, 1, 5), text }),
  fc.record({ call: fc.constantFrom(0, 1, 5), name: fc.constantFrom("http_get", "arguments"), text }),
);

function payload(piece: Piece, id: string, more: object): string {
  const delta =
    "content" in piece
      ? piece
      : {
          tool_calls: [
            {
              index: piece.call,
              function: { ...(piece.name === undefined ? {} : { name: piece.name }), arguments: piece.text },
            },
          ],
        };
  return JSON.stringify({
    id,
    note: 'x"arguments":"',
    choices: [{ index: 0, delta, finish_reason: null }],
    ...more,
  });
}

test("what is put together by forms is what JSON.parse of every chunk would give, answer after answer", () => {
  const answer = fc.array(fc.tuple(piece, fc.constantFrom({}, {}, { usage: null }, { x: 1 })), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 5 }), (answers) => {
      const forms = new ChunkForms();
      for (const [nth, pieces] of answers.entries()) {
        const assembly = new ResponseAssembler(200, forms);
        const calls = new Map<number, { name: string; arguments: string }>();
        let content = "";
        for (const [one, more] of pieces) {
          assembly.event(payload(one, `c${nth}`, more));
          if ("content" in one) content += one.content;
          else if (one.text !== "" || one.name !== undefined) {
            const call = calls.get(one.call) ?? { name: "", arguments: "" };
            const goesOn =
              call.name !== "" && call.arguments === "" && one.name?.startsWith(call.name) !== true;
            const name = one.name === undefined ? call.name : goesOn ? call.name + one.name : one.name;
            calls.set(one.call, { name, arguments: call.arguments + one.text });
          }
        }
        expect(assembly.content).toBe(content);
        const named = [...calls].sort(([a], [b]) => a - b).map(([, call]) => call);
        expect(assembly.toolCalls.filter((call) => call.name !== "" || call.arguments !== "")).toEqual(named);
        const ended = new ResponseAssembler(200, forms);
        ended.event(payload({ content: "x" }, `e${nth}`, {}));
        ended.event(finish(`e${nth}`, { usage: { prompt_tokens: nth, completion_tokens: 1 } }));
        ended.end();
        expect([ended.error, ended.content, ended.inputTokens]).toEqual([undefined, "x", nth]);
      }
    }),
    { numRuns: 300 },
  );
});

test("an end, an error or a usage that looks like an earlier one counts for its own answer too", () => {
  const forms = new ChunkForms();
  const last = { choices: [{ index: 0, delta: { content: "x" }, finish_reason: "stop" }] };
  for (let nth = 0; nth < 4; nth += 1) {
    const assembly = new ResponseAssembler(200, forms);
    assembly.event(JSON.stringify({ id: `i${nth}`, choices: [{ index: 0, delta: { role: "assistant" } }] }));
    assembly.event(
      JSON.stringify({ id: `i${nth}`, ...last, usage: { prompt_tokens: 7, completion_tokens: 1 } }),
    );
    assembly.end();
    expect([assembly.error, assembly.content, assembly.inputTokens]).toEqual([undefined, "x", 7]);
    const failed = new ResponseAssembler(200, forms);
    failed.event(JSON.stringify({ id: `f${nth}`, choices: [], error: { message: "no" } }));
    expect(failed.error?.message).toContain("no");
  }
});

test("a chunk that looks like the last one but is broken is not believed", () => {
  const assembly = new ResponseAssembler(200);
  assembly.event('{"choices":[{"index":0,"delta":{"content":"a"}}]}');
  assembly.event('{"choices":[{"index":0,"delta":{"content":"b"}}]}');
  assembly.event('{"choices":[{"index":0,"delta":{"content":"c"d"}}]}');
  expect(assembly.content).toBe("ab");
  expect(assembly.error?.code).toBe("protocol");
});

test("a role alone, empty deltas and other choices do not begin an answer", () => {
  const assembly = new ResponseAssembler(200);
  assembly.event('{"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}');
  assembly.event(
    '{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":""}}]}}]}',
  );
  assembly.event('{"choices":[{"index":1,"delta":{"content":"other"}}]}');
  expect(assembly.begun).toBe(false);
  assembly.event(
    '{"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}',
  );
  expect(assembly.begun).toBe(true);
  assembly.end();
  expect(assembly.error).toBeUndefined();
  expect([assembly.content, assembly.inputTokens, assembly.outputTokens]).toEqual(["x", 3, 1]);
});

test("a whole answer may have its arguments as an object", () => {
  const assembly = new ResponseAssembler(200);
  assembly.body(
    '{"choices":[{"message":{"content":null,"tool_calls":[{"function":{"name":"wait","arguments":{"ms":5}}}]}}]}',
  );
  expect(assembly.error).toBeUndefined();
  expect(assembly.toolCalls).toEqual([{ name: "wait", arguments: '{"ms":5}' }]);
});

test.each([
  ["", /not JSON with an empty body/],
  ["<html><body>hi", /HTML page/],
  ['{"choices":[{"mess', /not JSON/],
  ["[]", /no JSON object/],
  ["{}", /no choices/],
  ['{"choices":[]}', /no choices/],
  ['{"choices":[{"index":0}]}', /no message/],
])("the body %j is a protocol error", (body, message) => {
  const assembly = new ResponseAssembler(200);
  assembly.body(body);
  expect(assembly.error?.code).toBe("protocol");
  expect(assembly.error?.message).toMatch(message);
});

test("whatever comes, nothing is thrown", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.json(), fc.string()), { maxLength: 4 }), (events) => {
      const assembly = new ResponseAssembler(200);
      for (const event of events) assembly.event(event);
      assembly.end();
      expect(assembly.toolCalls).toBeInstanceOf(Array);
    }),
  );
});

test("a legacy function_call is a call, streamed or whole", () => {
  const assembly = new ResponseAssembler(200);
  const chunk = (call: object, finish: string | null = null): string =>
    JSON.stringify({ choices: [{ index: 0, delta: { function_call: call }, finish_reason: finish }] });
  for (const call of [
    { name: "http_" },
    { name: "get", arguments: "" },
    { arguments: '{"path"' },
    { arguments: ':"/a"}' },
  ])
    assembly.event(chunk(call));
  assembly.event(chunk({}, "function_call"));
  assembly.event("[DONE]");
  assembly.end();
  expect(assembly.error).toBeUndefined();
  expect(assembly.toolCalls).toEqual([{ name: "http_get", arguments: '{"path":"/a"}' }]);
  const whole = new ResponseAssembler(200);
  whole.body('{"choices":[{"message":{"content":null,"function_call":{"name":"wait","arguments":"{}"}}}]}');
  expect(whole.toolCalls).toEqual([{ name: "wait", arguments: "{}" }]);
});

/** The answer of a stream of choices. */
function assembled(...choices: object[]): ResponseAssembler {
  const assembly = new ResponseAssembler(200);
  for (const choice of choices)
    assembly.event(JSON.stringify({ id: "c", choices: [{ index: 0, ...choice }] }));
  assembly.event("[DONE]");
  assembly.end();
  return assembly;
}
const part = (text: string, more: object = {}) => ({
  delta: { tool_calls: [{ index: 0, function: { arguments: text }, ...more }] },
});

test.each([
  [['{"a":', '{"a":{"b":1}}'], '{"a":{"b":1}}'],
  [["{", '{"a"', '{"a":1}'], '{"a":1}'],
  [['{"a":1}', '{"a":1}'], '{"a":1}'],
  // Text that is only added, however it begins, stays.
  [['{"a":', '{"a":1}}'], '{"a":{"a":1}}'],
  [['{"a":', "1}"], '{"a":1}'],
  [['{"a":', '{"a":'], '{"a":{"a":'],
])("parts %j that each repeat the ones before are one text", (parts, whole) => {
  const [first = "", ...others] = parts;
  const call = { id: "x", function: { name: "order", arguments: first } };
  const calls = assembled(part(first, call), ...others.map((text) => part(text))).toolCalls;
  expect(calls).toEqual([{ name: "order", arguments: whole }]);
  expect(assembled(...parts.map((content) => ({ delta: { content } }))).content).toBe(whole);
});

const message = {
  role: "assistant",
  content: null,
  tool_calls: [{ id: "a", function: { name: "order", arguments: "{}" } }],
};
test.each<[string, object[]]>([
  ["in place of a delta", [{ message, finish_reason: "tool_calls" }]],
  ["beside an empty delta", [{ delta: {}, message, finish_reason: "tool_calls" }]],
  ["beside null", [{ delta: null, message, finish_reason: "tool_calls" }]],
  ["again at the end", [{ delta: message }, { delta: {}, message, finish_reason: "tool_calls" }]],
])("a chunk that has its message %s is read once", (_what, choices) => {
  expect(assembled(...choices).toolCalls).toEqual([{ name: "order", arguments: "{}" }]);
});

test("text that comes as messages in place of deltas is joined", () => {
  expect(assembled({ message: { content: "Hel" } }, { message: { content: "lo" } }).content).toBe("Hello");
});

test("an HTML page in place of an answer names the address", () => {
  const assembly = new ResponseAssembler(200);
  assembly.body("<!DOCTYPE html><title>Log in</title>");
  expect(assembly.error?.message).toMatch(/HTML page.*inference\.baseUrl/);
});

/** The answer of a stream of these chunks. */
function streamed(...chunks: (object | string)[]): ResponseAssembler {
  const assembly = new ResponseAssembler(200);
  for (const chunk of chunks) assembly.event(typeof chunk === "string" ? chunk : JSON.stringify(chunk));
  assembly.end();
  return assembly;
}

const delta = (piece: object, more: object = {}): object => ({
  choices: [{ index: 0, delta: piece, ...more }],
});
const calls = (...list: object[]): object => delta({ tool_calls: list });
const callPart = (name: string | undefined, args: string, more: object = {}): object => ({
  function: { ...(name === undefined ? {} : { name }), arguments: args },
  ...more,
});

test.each<[string, object[], { name: string; arguments: string }[]]>([
  [
    "one id and index for two tools",
    [callPart("a", '{"x":1}', { id: "1", index: 0 }), callPart("b", '{"y":2}', { id: "1", index: 0 })],
    [
      { name: "a", arguments: '{"x":1}' },
      { name: "b", arguments: '{"y":2}' },
    ],
  ],
  [
    "one id and no index for two calls of a tool",
    [callPart("a", '{"x":1}', { id: "1" }), callPart("a", '{"x":2}', { id: "1" })],
    [
      { name: "a", arguments: '{"x":1}' },
      { name: "a", arguments: '{"x":2}' },
    ],
  ],
  [
    "the same call twice as a whole",
    [callPart("a", '{"x":1}', { id: "1" }), callPart("a", '{"x":1}', { id: "1" })],
    [{ name: "a", arguments: '{"x":1}' }],
  ],
  [
    "an id of its own for each part",
    [callPart("a", '{"x"', { id: "1", index: 0 }), callPart(undefined, ":1}", { id: "2", index: 0 })],
    [{ name: "a", arguments: '{"x":1}' }],
  ],
  [
    "an index as text",
    [callPart("a", "{}", { id: "1", index: "0" }), callPart("b", "{}", { id: "2", index: "1" })],
    [
      { name: "a", arguments: "{}" },
      { name: "b", arguments: "{}" },
    ],
  ],
  [
    "an empty call first",
    [callPart("", "", { index: 1 }), callPart("a", "{}", { id: "1", index: 0 })],
    [{ name: "a", arguments: "{}" }],
  ],
  [
    "no object around name and arguments",
    [{ name: "a", arguments: "{}", id: "1" }],
    [{ name: "a", arguments: "{}" }],
  ],
  [
    "parameters in place of arguments",
    [{ function: { name: "a", parameters: { x: 1 } }, id: "1" }],
    [{ name: "a", arguments: '{"x":1}' }],
  ],
])("calls are told apart: %s", (_what, parts, wanted) => {
  const assembly = streamed(...parts.map((one) => calls(one)), "[DONE]");
  expect(assembly.error).toBeUndefined();
  expect(assembly.toolCalls).toEqual(wanted);
});

test("a content in parts is read, without its reasoning", () => {
  const parts = [
    { type: "thinking", thinking: [{ type: "text", text: "let me see" }] },
    { type: "text", text: '{"tool":' },
    '"finish"}',
    { type: "refusal", refusal: "no" },
    null,
  ];
  const chunks = streamed(
    delta({ content: parts.slice(0, 2) }),
    delta({ content: parts.slice(2) }),
    "[DONE]",
  );
  expect(chunks).toMatchObject({ content: '{"tool":"finish"}', refused: "no", reasoned: true });
  const whole = new ResponseAssembler(200);
  whole.body(JSON.stringify({ choices: [{ message: { content: parts }, finish_reason: "stop" }] }));
  expect(whole).toMatchObject({ content: '{"tool":"finish"}', refused: "no", error: undefined });
});

test.each(["error", "insufficient_system_resource", "abort", "network_error", "internal_error"])(
  "an answer that ends with the reason %s has failed",
  (reason) => {
    const { error } = streamed(delta({ content: "I" }, { finish_reason: reason }), "[DONE]");
    expect(error).toMatchObject({ code: "unavailable", message: expect.stringContaining(reason) });
    const call = callPart("a", "{}", { id: "1" });
    expect(streamed(calls(call), delta({}, { finish_reason: reason }), "[DONE]").error).toBeUndefined();
  },
);

test.each(["errorless", "an error", "aborting", "no_abort", "server_errors"])(
  "an answer that ends with the reason %s, which only resembles a failure, has not failed",
  (reason) => {
    const { content, error } = streamed(delta({ content: "I" }, { finish_reason: reason }), "[DONE]");
    expect([content, error]).toEqual(["I", undefined]);
  },
);

test.each(["[DONE] x", "x [DONE]"])("%s is no end of a stream", (data) => {
  expect(streamed(delta({ content: "yes" }), data).error).toMatchObject({ code: "protocol" });
});

test("an error within a choice fails the answer in the provider's words", () => {
  const told = { code: 502, message: "upstream overloaded" };
  expect(streamed(delta({ content: "" }, { error: told }), "[DONE]").error).toMatchObject({
    code: "unavailable",
    status: 502,
    message: "upstream overloaded",
  });
});

test.each(["malformed_function_call", "function_call_filter: MALFORMED_FUNCTION_CALL"])(
  "a call that the server could not parse (%s) is a text that the model may correct",
  (reason) => {
    const { content, error } = streamed(delta({}, { finish_reason: reason }), "[DONE]");
    expect(error).toBeUndefined();
    expect(content).toContain("could not be read");
  },
);

test.each(["[DONE] ", "[done]", "", "null", '{"choices":[],"error":{}}', '{"choices":[],"error":""}'])(
  "data that says nothing of an answer changes nothing: %j",
  (data) => {
    const { content, error } = streamed(
      delta({ content: "yes" }),
      data,
      delta({}, { finish_reason: "stop" }),
    );
    expect([content, error]).toEqual(["yes", undefined]);
  },
);

test("what follows the end of an answer does not take it back, and within an answer it does", () => {
  const end = delta({}, { finish_reason: "stop" });
  expect(streamed(delta({ content: "yes" }), end, "{broken").error).toBeUndefined();
  expect(streamed(delta({ content: "yes" }), "{broken", end).error).toMatchObject({ code: "protocol" });
});

test.each<[string, object, unknown, unknown]>([
  ["a negative one is none", { usage: { prompt_tokens: -5, completion_tokens: 7 } }, undefined, 7],
  [
    "one that cannot be is none",
    { usage: { prompt_tokens: 1e300, completion_tokens: 1e9 } },
    undefined,
    undefined,
  ],
  [
    "no tokens are a number too",
    { usage: { prompt_tokens: 0, completion_tokens: 100_000_000 } },
    0,
    100_000_000,
  ],
  ["Groq's streams", { x_groq: { usage: { prompt_tokens: 3, completion_tokens: 4 } } }, 3, 4],
  [
    "of a choice",
    { choices: [{ index: 0, delta: {}, usage: { prompt_tokens: 3, completion_tokens: 4 } }] },
    3,
    4,
  ],
])("usage: %s", (_what, chunk, input, output) => {
  const { inputTokens, outputTokens } = streamed(
    delta({ content: "x" }),
    { choices: [], ...chunk },
    "[DONE]",
  );
  expect([inputTokens, outputTokens]).toEqual([input, output]);
});
